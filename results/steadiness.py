"""Whether a trial's blocks and launches repeat themselves; if not, in what way and in what words.

One convention: a size is relative, 0.05 for 5 %, and only what is not steady has one; a table marks
such a trial with `!`, so that a number that moves is never read as one that holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from results.cases import Names, Timed
from results.launches import launches_of
from results.schema import Block, Seconds
from results.statistics import per_launch, percent, scatter

SCATTER = 0.03  # standard deviation of the logarithms of launch medians that is still steady
FEWEST = 8  # blocks of a launch: with fewer nothing is said of their shape
BIMODAL, DRIFTING, SPREAD = "bimodal", "drifting", "launches spread"
WAYS = {
    BIMODAL: "bimodal, with two levels within a launch",
    DRIFTING: "drifting within a launch",
    SPREAD: f"launches spread more than {100 * SCATTER:.0f} %",
}
Unsteady = Mapping[str, Mapping[str, float]]  # by record id, in what ways and how much


def unsteady(seconds: Seconds, blocks: Sequence[Block] = ()) -> dict[str, float]:
    """Say in what ways a trial is not steady, and how much.

    "bimodal" is the distance of the two levels that blocks of a launch fall in, "drifting" the
    largest change over a launch, "launches spread" the standard deviation of the logarithms of
    launch medians. Without blocks only the last can be known.
    """
    sizes = {**shape(blocks), SPREAD: spread(seconds)}
    return {way: size for way, size in sizes.items() if size}


def shape(blocks: Sequence[Block]) -> dict[str, float]:
    """Return the sizes that speak of the blocks inside launches, 0 for what is steady."""
    launches = [one for one in per_launch(blocks, "operator") if len(one) >= FEWEST]
    if not launches:
        return {}
    from results.shapes import drift, levels  # NumPy takes 0.1 s

    logs = [[math.log(value) for value in one] for one in launches]
    return {BIMODAL: levels(logs), DRIFTING: drift(logs)}


def spread(seconds: Seconds) -> float:
    """Return how much the launch medians scatter, 0 where it is little or can't be known."""
    medians = launches_of(seconds)
    if len(medians) < 2:
        return 0.0
    found = scatter(medians)
    return found if found > SCATTER else 0.0


def all_unsteady(rows: Iterable[Timed], blocks: Mapping[str, Sequence[Block]]) -> Unsteady:
    """Look at every row of a table; `blocks` are by record id, and some may lack."""
    found = {r.record.id: unsteady(r.seconds, blocks.get(r.record.id, ())) for r in rows}
    return {id: sizes for id, sizes in found.items() if sizes}


def why(rows: Iterable[Timed], found: Unsteady, names: Names) -> list[str]:
    """Write a line a way of not being steady, which names backends and cases."""
    marked = [row for row in rows if row.record.id in found]
    told = []
    for way, words in WAYS.items():
        runners: dict[str, list[tuple[float, str]]] = {}
        for row in marked:
            if size := found[row.record.id].get(way):
                of = runners.setdefault(names.runner(row.record), [])
                of.append((size, names.case(row.record)))
        who = [f"{runner} {amount(several)}" for runner, several in runners.items()]
        told += [f"! {words}: {', '.join(who)}"] if who else []
    return told


def amount(several: Sequence[tuple[float, str]]) -> str:
    """Write the size of one case with its name, or the largest of several."""
    largest, case = max(several)
    if len(several) > 1:
        return f"up to {percent(largest)} ({len(several)} cases)"
    return f"{percent(largest)} ({case})"
