"""What a call costs beside its time: which records have something to say of it, and whose time is
not the computation's but that of being called.

One convention: memory in bytes, times in seconds a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod

from results.cases import question
from results.schema import Record

WORTH = 50_000_000  # bytes of a peak that is told unasked; below, it may be a framework's own code
LARGER = 2  # times as large a size is from which on times tell what grows with it


def worth_showing(record: Record) -> bool:
    """Whether a right and timed record tells more than its time on the CPU."""
    seconds = record.seconds
    if record.status != "ok" or seconds is None:
        return False
    large = (record.bytes["host_peak"] or 0) >= WORTH
    return large or record.device != "cpu" or seconds.throughput is not None


def sweeps(records: Iterable[Record]) -> dict[object, list[Record]]:
    """Group the right and timed records that differ in size alone."""
    found: dict[object, list[Record]] = {}
    for record in records:
        if record.status == "ok" and record.seconds is not None:
            found.setdefault(sweep_of(record), []).append(record)
    return found


def dispatch_bound(record: Record, among: Mapping[object, Sequence[Record]]) -> bool | None:
    """Say whether most of a record's time is that of being called; None where nothing tells.

    `among` are all `sweeps`. It is where the device works less than half of the time by its own
    clock; on the CPU, where the time is less than twice that of the backend's least call, or where
    more than half of it does not grow with the size. The last is what tells of an eager framework,
    which is called once for every operation: its least call says little, so without a larger size
    nothing tells. A time t that is t' at r times the size would be fixed by half or more if
    t' <= t (r + 1) / 2, were the rest proportional to the size; where that grows faster, fewer are
    found.
    """
    seconds = record.seconds
    if seconds is None:
        return None
    if seconds.device is not None:
        return seconds.device < seconds.median / 2
    if seconds.dispatch and seconds.median < 2 * seconds.dispatch:
        return True
    larger = [
        one.seconds.median <= seconds.median * (times_larger(one, record) + 1) / 2
        for one in among.get(sweep_of(record), ())
        if one.seconds and times_larger(one, record) >= LARGER
    ]
    return any(larger) if larger else None


def times_larger(one: Record, other: Record) -> float:
    """Return how many times as large one record's size is than another's of its sweep, where no
    number of it is smaller; else 0."""
    if any(one.size[name] < number for name, number in other.size.items()):
        return 0.0
    if not all(other.size.values()):
        return 0.0
    return prod(one.size.values()) / prod(other.size.values())


def sweep_of(record: Record) -> object:
    """Return what records have in common that differ in size alone."""
    runner = (record.backend, record.variant, record.environment, record.device)
    way = (record.operator, record.composition, record.wrt)
    return (record.scenario, tuple(record.size), record.dtype, way, runner)


def told(records: Sequence[Record]) -> list[Record]:
    """Return the right and timed records of the cases in which one of them is worth showing."""
    cases = {question(record) for record in records if worth_showing(record)}
    right = [r for r in records if r.status == "ok" and r.seconds is not None]
    return [record for record in right if question(record) in cases]


def remarks(record: Record) -> dict[str, str]:
    """Return what is to be said of a record's numbers that are not quite what they are called."""
    return {
        name: record.lacks[f"bytes.{name}"]
        for name, count in record.bytes.items()
        if count is not None and f"bytes.{name}" in record.lacks
    }
