"""Is an answer waited for that comes after the call has returned?

One fake answers `LATE` seconds behind the caller's back; the other does too, but its `wait` does
nothing, so what can be read is not yet the answer, and has to be called wrong.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.faults import LATE
from harness.options import Options
from harness.selftest.finding import FAILED, PASSED, UNDECIDED, Check, Finding, Setting
from harness.selftest.running import STEPS, records_of
from results.schema import Record
from results.statistics import once, shown

SLACK = 2.0  # times LATE: beyond it the machine was too busy for the time to mean anything
OPTIONS = Options(budget=0.3, timeout=30.0)


def measure(setting: Setting) -> list[Record]:
    return records_of(setting, STEPS, ("async", "unawaited"), OPTIONS)


def judge(records: Sequence[Record]) -> Finding:
    late, unawaited = sorted(records, key=lambda record: record.variant)
    verdict, says = verdict_on(late, unawaited)
    rows = [(f"fake:{r.variant}", once(LATE), timed(r), r.status) for r in (late, unawaited)]
    header = ("", "its work takes at least", "timed at", "status")
    return Finding(verdict=verdict, says=says, header=header, rows={"": rows})


def verdict_on(late: Record, unawaited: Record) -> tuple[str, str]:
    if unawaited.status != "wrong":
        return FAILED, f"an answer that was not there yet came out {unawaited.status}"
    if late.status != "ok" or late.seconds is None:
        return FAILED, f"an answer that was waited for came out {late.status}: {late.reason}"
    if late.seconds.median < LATE:
        return FAILED, f"{once(LATE)} of work behind the caller's back were timed at {timed(late)}"
    if late.seconds.median > SLACK * LATE:
        return UNDECIDED, (
            f"{once(LATE)} of work were timed at {timed(late)}, which a busy machine explains; try "
            "again when it is idle"
        )
    return PASSED, f"{once(LATE)} of work behind the caller's back are timed at {timed(late)}"


def timed(record: Record) -> str:
    if record.seconds is None:
        return ""
    return shown(record.seconds.median, record.seconds.low, record.seconds.high).median


CHECK = Check(
    name="waiting",
    promise="an answer that comes late is waited for",
    measure=measure,
    judge=judge,
)
