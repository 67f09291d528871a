"""Runs that were launched several times, to compare."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from results.comparison.sides import Side, among, timing_of
from results.schema import Record, Run
from results.statistics import median
from tests.results.samples import a_record, a_run, a_time

STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)  # launches of one thing, over their median


def launched(
    record: str = "one",
    per_call: float = 1e-3,
    *,
    spread: Sequence[float] = STEADY,
    **changes: Any,
) -> Record:
    """Make a right record whose launches are `per_call` times the numbers of `spread`."""
    launches = [per_call * one for one in spread]
    seconds = a_time(median(launches), by_launch={"operator": launches}, launches=len(launches))
    return a_record(record, **{"seconds": seconds, **changes})


def a_side(word: str, *records: Record, runner: str = "", run: Run | None = None) -> Side:
    by_id = {record.id: record for record in records}
    return Side(
        word=word,
        run=run or a_run(word),
        timings={id: timing_of(record, "operator") for id, record in by_id.items()},
        details=partial(among, by_id),
        runner=runner,
        broken_off=run is not None and run.end is None,
    )
