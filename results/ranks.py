"""Ranks of several things by their launches, and how they are written.

One convention: what is told faster than another has the smaller rank, so a rank is shared only by
things that are not told apart; of identical things at most one case in 20 shows a rank above 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from results.launches import CHANCE, SLOWER, Comparison, compare_launches
from results.schema import Seconds
from results.statistics import OVER, WITHIN, effect, geometric_mean, ratio

Pairs = Mapping[tuple[int, int], Comparison]  # of positions, the lesser geometric mean first


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where launches place one among several.

    `rank` is 1 and one more for each that is told faster, straight or through others between.
    `fastest` says that it is told faster than every other one. `told_from` is the smallest effect,
    0.03 for 3 %, that would have told it from all that share its rank; None where nobody does.
    """

    rank: int
    fastest: bool
    told_from: float | None


def places(several: Sequence[Sequence[float]]) -> list[Place | None]:
    """Return the place of each list of launch medians, None for a list of fewer than two.

    All are None where fewer than two can be ranked. What has too few launches to be ranked still
    keeps the others from being called the fastest.
    """
    able = [position for position, medians in enumerate(several) if len(medians) > 1]
    if len(able) < 2:
        return [None] * len(several)
    able.sort(key=lambda position: geometric_mean(several[position]))
    pairs = all_pairs(able, several)
    ahead = leaders(able, pairs)
    found: list[Place | None] = [None] * len(several)
    for position in able:
        mine = [pair for pair in pairs if position in pair]
        mates = [pairs[a, b].told_from or 0.0 for a, b in mine if len(ahead[a]) == len(ahead[b])]
        found[position] = Place(
            rank=1 + len(ahead[position]),
            fastest=len(able) == len(several)
            and all(position == a and pairs[a, b].verdict == SLOWER for a, b in mine),
            told_from=max(mates, default=None),
        )
    return found


def all_pairs(ordered: Sequence[int], several: Sequence[Sequence[float]]) -> Pairs:
    """Compare every one with those behind it, so that the chance of telling any identical ones
    apart is `CHANCE` for all pairs together.

    The pairs that are not told apart yet share the chance out among them, until no more are told
    (Holm, A simple sequentially rejective multiple test procedure, 1979). With the whole chance for
    each, a third of cases with eight identical backends showed a rank above 1.
    """
    pairs: dict[tuple[int, int], Comparison] = {}
    told, left = True, list(combinations(ordered, 2))
    while told and left:
        chance = CHANCE / len(left)
        for a, b in left:
            pairs[a, b] = compare_launches(several[a], several[b], chance=chance)
        still = [pair for pair in left if pairs[pair].verdict != SLOWER]
        told, left = len(still) < len(left), still
    return pairs


def leaders(ordered: Sequence[int], pairs: Pairs) -> dict[int, set[int]]:
    """Return what is told faster than each, straight or through others between.

    Where numbers of launches differ, telling apart does not carry over: with many of its own, a
    second can be told from a first and from a third of two launches each, and those two not from
    each other. Without the way through, the second and the third would share a rank.
    """
    ahead: dict[int, set[int]] = {position: set() for position in ordered}
    for (a, b), comparison in pairs.items():
        if comparison.verdict == SLOWER:
            ahead[b] |= {a} | ahead[a]
    return ahead


def standing(place: Place | None, to_fastest: float) -> str:
    """Write the ratio to the least median behind the rank; `fastest` in place of both."""
    if place is None:
        return ratio(to_fastest)
    return "fastest" if place.fastest else f"#{place.rank} {ratio(to_fastest)}"


def told_from(case: Iterable[Place | None]) -> str:
    """Write beside a case what would have told apart all that share a rank; "" where none is."""
    effects = [place.told_from for place in case if place and place.told_from]
    return f" (told from {effect(max(effects))} on)" if effects else ""


def ranking(times: Sequence[Seconds], ranked: Iterable[Place | None]) -> list[str]:
    """Say what the intervals and ranks of a table rest on."""
    intervals, found = {one.interval for one in times}, [place for place in ranked if place]
    said = []
    if WITHIN in intervals:
        said.append("intervals within one launch; for ranks: --launches 5")
    if OVER in intervals:
        said.append("intervals and ranks over launches; median: the geometric mean of theirs")
    if any(one.launches == 2 for one in times):
        said.append("two launches tell little: --launches 5")
    if found:
        said.append("#: rank, shared where launches do not tell apart; chance does in 5 % of cases")
    if told_from(found):
        said.append("told from N % on: such a difference within a rank shows in 80 % of runs")
    return said
