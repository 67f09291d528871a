"""Is nothing found where there is nothing? Two fakes without a fault are compared (A/A).

One convention: runs are counted, not pairs, as the pairs of a run share its processes. Where pairs
are told apart at `LEVEL`, half of a run's or more are in at most twice as many runs (Markov).
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.selftest.finding import CHANCE, FAILED, PASSED, Check, Finding, most_by_chance, percent
from harness.selftest.launched import (
    LEVEL,
    TWIN,
    Pair,
    by_size,
    lost,
    measure,
    paired,
    told_at_least,
)
from results.launches import FASTER
from results.launches import SLOWER as TOLD_SLOWER
from results.schema import Record

TOLD = (FASTER, TOLD_SLOWER)


def judge(records: Sequence[Record]) -> Finding:
    missing = lost(records)
    if missing:
        return Finding(verdict=FAILED, says=missing)
    pairs = paired(records, TWIN)
    told = sum(pair.comparison.verdict in TOLD for pair in pairs)
    runs = told_by_run(pairs)
    mostly = sum(share >= 0.5 for share in runs)
    allowed = most_by_chance(len(runs), 2 * LEVEL)
    return Finding(
        verdict=PASSED if pairs and mostly <= allowed else FAILED,
        says=(
            f"{told} of {len(pairs)} identical pairs told apart, half or more in {mostly} of "
            f"{len(runs)} runs, chance allows {allowed}; {told_at_least(pairs)} could be told"
        ),
        header=("size", "told apart", "ratio", "launches spread", "could be told"),
        rows={"": by_size(pairs, TOLD)},
        notes=[
            f"were each told apart with a chance of {percent(LEVEL)}, more than {allowed} runs "
            f"would be by half or more once in {1 / CHANCE:.0f} times"
        ],
    )


def told_by_run(pairs: Sequence[Pair]) -> list[float]:
    """Return the share of each run's pairs that were told apart."""
    runs: dict[str, list[bool]] = {}
    for pair in pairs:
        runs.setdefault(pair.record.run, []).append(pair.comparison.verdict in TOLD)
    return [sum(several) / len(several) for several in runs.values()]


CHECK = Check(
    name="identical",
    promise="identical code is not told apart",
    measure=measure,
    judge=judge,
)
