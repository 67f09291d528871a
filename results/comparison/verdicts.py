"""Two runs compared, trial by trial: what became of each.

One convention: every verdict speaks of B, and above 1 a ratio says that B is slower.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from results.comparison.asked import unasked
from results.comparison.pairs import matched
from results.comparison.runners import without_environment
from results.comparison.sides import Side, Timing
from results.launches import (
    FASTER,
    FLOOR,
    NOT_APART,
    SAME,
    SLOWER,
    Comparison,
    compare_launches,
)
from results.schema import BROKEN

NEWLY_WRONG, NEWLY_RIGHT, STILL_WRONG = "newly wrong", "newly right", "still wrong"
GONE, KNOWN, NOT_TIMED, SKIPPED = "no longer run", "a known failure", "not timed", "skipped"
ONLY_A, ONLY_B = "only in A", "only in B"
VERDICTS = {
    NEWLY_WRONG: "wrong, failed or died in B, and in A not, or listed with its issue",
    GONE: "right in A; in B skipped, interrupted or missing",
    SLOWER: "B takes longer, and launches tell",
    NOT_APART: "the launches don't suffice to tell",
    FASTER: "B takes less time, and launches tell",
    NEWLY_RIGHT: "right in B, and wrong, failed or died in A",
    SAME: "any difference is below the floor",
    NOT_TIMED: "right on both sides, and on one of them or both not timed",
    STILL_WRONG: "wrong, failed or died on both sides",
    KNOWN: "wrong in B and not in A, but listed with its issue",
    ONLY_A: "B has none and need not have, or A was not right",
    ONLY_B: "A has no such trial, or skipped it",
    SKIPPED: "with an answer on neither side",
}


class Compared(NamedTuple):
    """One trial on both sides: the ids of its records, and where both were timed the comparison."""

    verdict: str
    a: str | None
    b: str | None
    comparison: Comparison | None


def compare(a: Side, b: Side, floor: float = FLOOR) -> list[Compared]:
    """Return every trial of both sides with its verdict. Raises StoreError where none belongs to
    one of the other side."""
    pairs = matched(a, b)
    free = unasked(a, b, pairs)
    due = not another_backend(a, b)
    found = []
    for one, other in pairs:
        left, right = a.timings.get(one or ""), b.timings.get(other or "")
        verdict, comparison = status_verdict(left, right, due and one not in free), None
        if verdict == NOT_TIMED and left and right and is_timed(left) and is_timed(right):
            comparison = compare_launches(left.launches, right.launches, floor)
            verdict = comparison.verdict
        found.append(Compared(verdict, one, other, comparison))
    return found


def another_backend(a: Side, b: Side) -> bool:
    """Say whether the sides are one runner each, and of different backends or variants."""
    names = {without_environment(runner) for side in (a, b) for runner in side.runners}
    return bool(a.runner or b.runner) and len(names) > 1


def is_timed(timing: Timing) -> bool:
    """A device's clock may be too coarse for a call and say 0."""
    return bool(timing.launches) and min(timing.launches) > 0


def status_verdict(a: Timing | None, b: Timing | None, due: bool) -> str:
    """Return the verdict on how a trial ended; `NOT_TIMED` where it is right on both sides.

    `due` says that what A does B should do too.
    """
    was, is_ = (one.status if one else None for one in (a, b))
    if was == is_ == "ok":
        return NOT_TIMED
    if b and is_ in BROKEN:
        if a and was in BROKEN:
            return NEWLY_WRONG if a.known and not b.known else STILL_WRONG
        return KNOWN if b.known else NEWLY_WRONG
    if is_ == "ok":
        return NEWLY_RIGHT if was in BROKEN else ONLY_B
    if was == "ok":
        return GONE if due else ONLY_A
    return ONLY_A if was in BROKEN else SKIPPED


def by_verdict(compared: Iterable[Compared]) -> dict[str, list[Compared]]:
    """Group by verdict, worst first; within, the largest ratio first, and the smallest of what
    became faster."""
    groups: dict[str, list[Compared]] = {verdict: [] for verdict in VERDICTS}
    for one in compared:
        groups[one.verdict].append(one)
    for verdict, group in groups.items():
        sign = 1 if verdict == FASTER else -1
        group.sort(key=lambda one: sign * one.comparison.ratio if one.comparison else 0.0)
    return {verdict: group for verdict, group in groups.items() if group}


def geometric_mean(compared: Iterable[Compared]) -> tuple[float, int]:
    """Return the geometric mean of all ratios, and of how many."""
    logs = [math.log(one.comparison.ratio) for one in compared if one.comparison]
    return math.exp(math.fsum(logs) / len(logs)) if logs else 1.0, len(logs)


def failures(compared: Iterable[Compared], above: float) -> list[Compared]:
    """Return what a gate must not let pass: newly wrong, no longer run, or told slower by more
    than `above`."""
    return [
        one
        for one in compared
        if one.verdict in (NEWLY_WRONG, GONE)
        or (one.verdict == SLOWER and one.comparison and one.comparison.ratio > 1 + above)
    ]


def needs_launches(compared: Sequence[Compared]) -> bool:
    """Whether something was not told apart because a side had a single launch."""
    return any(
        one.verdict == NOT_APART and one.comparison and one.comparison.low is None
        for one in compared
    )
