"""What a compiled variant costs before its first answer, and when that has paid.

One convention: the cost is held against the same backend's eager twin in the same case; break-even
counts calls, the first included, and no difference of two timings is ever shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from results.cases import by_case, runner_name
from results.launches import NOT_APART
from results.schema import Record, Run, Seconds
from results.statistics import once

NAMES = ("prepare", "first call", "new shape", "break-even")


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """A right and timed record of a compiled variant; `twin` is its eager twin's, if that is right
    and timed too, and `present` says whether the run has the twin at all."""

    record: Record
    seconds: Seconds
    twin: Seconds | None
    present: bool


def compiled(run: Run, records: Iterable[Record]) -> list[list[Compiled]]:
    """Return the compiled variants of each case that has any, in the order of the records."""
    cases = [found(run.twins, case) for case in by_case(records)]
    return [case for case in cases if case]


def found(twins: Mapping[str, str], case: Sequence[Record]) -> list[Compiled]:
    by_runner = {(runner_name(record), record.device): record for record in case}
    pairs = [
        (record, by_runner.get((twins[runner_name(record)], record.device)))
        for record in case
        if runner_name(record) in twins
    ]
    return [
        Compiled(
            record=record,
            seconds=record.seconds,
            twin=twin.seconds if twin and twin.status == "ok" else None,
            present=twin is not None,
        )
        for record, twin in pairs
        if record.status == "ok" and record.seconds
    ]


def break_even(own: Seconds, twin: Seconds) -> float | None:
    """Return how many calls, the first included, the compiled variant needs to have overtaken.

    Infinite where the twin is faster. None where the intervals overlap, so that the number would be
    made of noise.
    """
    if own.low <= twin.high and twin.low <= own.high:
        return None
    if twin.median < own.median:
        return math.inf
    behind = before(own) - before(twin)
    return 1 + max(math.ceil(behind / (twin.median - own.median)), 0)


def before(seconds: Seconds) -> float:
    """Return the time until the first answer; a phase that was not measured counts as none."""
    return (seconds.prepare or 0.0) + (seconds.first or 0.0)


def cells(one: Compiled) -> list[str]:
    """Write the columns of `NAMES`."""
    phases = (one.seconds.prepare, one.seconds.first, one.seconds.new_shape)
    return [*("-" if phase is None else once(phase) for phase in phases), verdict(one)]


def verdict(one: Compiled) -> str:
    if one.twin is None:
        return "-"
    calls = break_even(one.seconds, one.twin)
    if calls is None:
        return NOT_APART
    return f"{two_digits(int(calls)):,}" if math.isfinite(calls) else "never"


def two_digits(calls: int) -> int:
    """Round up to two digits: more are not known."""
    unit = int(10 ** max(len(str(calls)) - 2, 0))
    return -(-calls // unit) * unit
