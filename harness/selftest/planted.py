"""Is a slow-down of 5 % found? A fake without a fault is compared with one that takes longer."""

from __future__ import annotations

from collections.abc import Sequence

from harness.faults import MORE
from harness.selftest.finding import (
    CHANCE,
    FAILED,
    PASSED,
    UNDECIDED,
    Check,
    Finding,
    most_by_chance,
    percent,
)
from harness.selftest.launched import SLOWER, Pair, by_size, lost, measure, paired, told_at_least
from results.launches import SLOWER as TOLD_SLOWER
from results.schema import Record

QUIET = 0.02  # spread of launches up to which a slow-down of 5 % is promised to be found
MISSED = 0.05  # of the pairs that quiet, at most
LEAST = 5  # quiet pairs, to decide anything


def judge(records: Sequence[Record]) -> Finding:
    missing = lost(records)
    if missing:
        return Finding(verdict=FAILED, says=missing)
    pairs = paired(records, SLOWER)
    quiet = [pair for pair in pairs if pair.spread <= QUIET]
    verdict, says = verdict_on(pairs, quiet)
    return Finding(
        verdict=verdict,
        says=says,
        header=("size", "found slower", "ratio", "launches spread", "could be told"),
        rows={"": by_size(pairs, (TOLD_SLOWER,))},
        notes=[
            f"promised where launches spread by {percent(QUIET)} or less; were each missed with a "
            f"chance of {percent(MISSED)}, more would be than allowed once in {1 / CHANCE:.0f} "
            "times"
        ],
    )


def verdict_on(pairs: Sequence[Pair], quiet: Sequence[Pair]) -> tuple[str, str]:
    seen = f"launches spread by {percent(QUIET)} or less in {len(quiet)} of {len(pairs)} pairs"
    if len(quiet) < LEAST:
        return UNDECIDED, (
            f"too noisy here: {seen}, {told_at_least(pairs)} could be told; close other programs "
            "and try again"
        )
    found = sum(pair.comparison.verdict == TOLD_SLOWER for pair in quiet)
    allowed = most_by_chance(len(quiet), MISSED)
    return (
        PASSED if len(quiet) - found <= allowed else FAILED,
        f"{percent(MORE)} found in {found} of {len(quiet)}, chance allows {allowed} misses; {seen}",
    )


CHECK = Check(
    name="planted",
    promise=f"a slow-down of {percent(MORE)} is found",
    measure=measure,
    judge=judge,
)
