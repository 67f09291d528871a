"""Is nothing found where there is nothing? Two fakes without a fault are compared (A/A)."""

from __future__ import annotations

from collections.abc import Sequence

from harness.selftest.finding import CHANCE, FAILED, PASSED, Check, Finding, most_by_chance, percent
from harness.selftest.launched import LEVEL, TWIN, by_size, lost, measure, paired, told_at_least
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
    allowed = most_by_chance(len(pairs), LEVEL)
    return Finding(
        verdict=PASSED if pairs and told <= allowed else FAILED,
        says=(
            f"{told} of {len(pairs)} identical pairs told apart, chance allows {allowed}; "
            f"{told_at_least(pairs)} could be told"
        ),
        header=("size", "told apart", "ratio", "launches spread", "could be told"),
        rows={"": by_size(pairs, TOLD)},
        notes=[
            f"were each told apart with a chance of {percent(LEVEL)}, more than {allowed} would be "
            f"once in {1 / CHANCE:.0f} times"
        ],
    )


CHECK = Check(
    name="identical",
    promise="identical code is not told apart",
    measure=measure,
    judge=judge,
)
