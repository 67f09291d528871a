"""The lines around the tables of a comparison: what it is of, what differs, and what comes out.

One convention: nothing here depends on which rows are shown; every trial counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from results.comparison.rows import Report, Section
from results.comparison.sides import Side
from results.comparison.verdicts import (
    GONE,
    NEWLY_WRONG,
    NOT_TIMED,
    ONLY_A,
    VERDICTS,
    Compared,
    another_backend,
    failures,
    geometric_mean,
    needs_launches,
)
from results.launches import NOT_APART, SLOWER
from results.statistics import ratio

LAUNCHES = "a single launch tells nothing apart; run both sides with --launches 5"
SAME_RUN = (
    "warning: both are of one run, before and after it was resumed: what they share counts twice"
)
ELSEWHERE = "A and B come from different machines: their ratios speak of the machines too"


def heading(side: Side) -> str:
    """Say what a side is: what was written for it, the run, its label, when, and the runner."""
    run = side.run
    what = [run.id, run.label if run.label != side.word else None]
    what += [run.start[:16].replace("T", " ")]
    what += ["not finished"] if side.broken_off else []
    what += [side.runner] if side.runner and side.runner not in side.word else []
    words = "  ".join(word for word in what if word)
    return words if side.word == run.id else f"{side.word}: {words}"


def warnings(found: Report) -> list[str]:
    """Name each difference between the runs, and say what another machine means."""
    several = [f"differs: {difference}" for difference in found.differences]
    if any(difference.machine for difference in found.differences):
        several.insert(0, ELSEWHERE)
    if (found.a.run.id, found.a.runner) == (found.b.run.id, found.b.runner):
        several.insert(0, SAME_RUN)
    return several


def title(section: Section) -> str:
    return f"{section.verdict}: {section.count}"


def closing(found: Report, above: float | None) -> list[str]:
    """Return the last lines: counts, means, what would tell more, and the gate's verdict."""
    lines = [counted(found.compared), *not_asked(found)]
    mean, number = geometric_mean(found.compared)
    if number > 1:
        lines.append(f"B/A, geometric mean of {number}: {ratio(mean)}{means(found)}")
    if needs_launches(found.compared):
        lines.append(LAUNCHES)
    if not number and any(one.verdict == NOT_TIMED for one in found.compared):
        lines.append(f"nothing has times of the series {found.series!r} on both sides")
    if above is not None:
        lines.append(gate(found.compared, above))
    return lines


def counted(compared: Sequence[Compared]) -> str:
    """Count the trials by verdict."""
    counts = Counter(one.verdict for one in compared)
    several = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return f"{trials(len(compared))}: {several}"


def trials(count: int) -> str:
    return f"{count} {'trial' if count == 1 else 'trials'}"


def not_asked(found: Report) -> list[str]:
    """Name whose trials were right in A and don't count as lost, as B was not asked for them."""
    if another_backend(found.a, found.b):
        return []
    timings = [found.a.timings[one.a] for one in found.compared if one.verdict == ONLY_A and one.a]
    right = Counter((one.runner, one.device) for one in timings if one.status == "ok")
    several = (f"{runner} on {device} {count}" for (runner, device), count in right.items())
    return [f"B was not asked for {trials(right.total())}: {', '.join(several)}"] if right else []


def means(found: Report) -> str:
    """Write the geometric mean of every runner, where there are several."""
    groups: dict[str, list[Compared]] = {}
    for one in found.compared:
        if one.comparison and one.b:
            groups.setdefault(found.b.timings[one.b].runner, []).append(one)
    if len(groups) < 2:
        return ""
    several = (f"{name} {ratio(geometric_mean(group)[0])}" for name, group in groups.items())
    return f" ({', '.join(several)})"


def gate(compared: Sequence[Compared], above: float) -> str:
    """Say why --fail-above fails, or that it passes."""
    counts = Counter(one.verdict for one in failures(compared, above))
    end = "fails" if counts else "passes"
    several = f"{counts[SLOWER]} slower by more, {counts[NEWLY_WRONG]} newly wrong"
    blind = sum(blind_to(above, one) for one in compared)
    besides = f"; in {trials(blind)} so much could not have been told" if blind else ""
    return f"--fail-above {100 * above:g}% {end}: {several}, {counts[GONE]} no longer run{besides}"


def blind_to(above: float, one: Compared) -> bool:
    """Whether a slow-down by as much would be missed: it takes times of both, and a `told_from`
    that is not larger."""
    if one.comparison is None or one.verdict != NOT_APART:
        return one.verdict == NOT_TIMED
    return one.comparison.told_from is None or one.comparison.told_from > above
