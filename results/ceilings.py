"""What a machine gives at most, measured as everything else is, and what share of it was reached.

A run of the family `machine` holds the ceilings: bytes a second from `machine/read`, operations a
second from `machine/matmul`, of the best backend. The share that a trial reached is the least time
that its work allows, over its median: the roofline model (Williams, Waterman and Patterson 2009,
Roofline: an insightful visual performance model).

One convention: ceilings are {device: {"bytes" or "operations float64": Ceiling}}, plain data as it
lies in `Run.machine`: moving a byte takes as long in every dtype, an operation does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

from results.cases import runner_name
from results.conditions import device_of, machine_of
from results.schema import Block, Record, Run
from results.statistics import median
from results.store import Store
from results.units import size

FAMILY = "machine"
KINDS = {f"{FAMILY}/read": "bytes", f"{FAMILY}/matmul": "operations"}
CACHES = 4  # times the last cache: what an array has to be not to be kept there (McCalpin 1995)
LEAST = 2**23  # bytes or operations: with fewer a call itself takes the time
FAULTS = 1.0  # a call: with more, the time is also that of pages that the kernel hands out
DISTURBED = "others worked meanwhile"


class Ceiling(TypedDict):
    """The most that was reached, a second, with its interval, which speaks of what `interval` says;
    `by` names the backend, `run` and `start` when that was, and `doubts` why it may not hold."""

    most: float
    low: float
    high: float
    interval: str
    by: str
    run: str
    start: str
    doubts: list[str]


Ceilings = Mapping[str, Mapping[str, Ceiling]]
Blocks = Mapping[str, Sequence[Block]]


def ceilings_of(
    run: Run, records: Iterable[Record], blocks: Blocks, *, disturbed: bool
) -> dict[str, dict[str, Ceiling]]:
    """Return the best of each kind on each device, by blocks without page faults; where others
    `disturbed` the run it is kept, with its doubts."""
    found: dict[str, dict[str, Ceiling]] = {}
    for record in records:
        kind = KINDS.get(record.scenario)
        if kind is None or record.status != "ok" or not (record.seconds and record.work):
            continue
        if record.device == "cpu" and faults(blocks.get(record.id, ())) >= FAULTS:
            continue
        one, amount, name = record.seconds, record.work[kind], name_of(kind, record.dtype)
        if amount < LEAST:
            continue
        ceiling = Ceiling(
            most=amount / one.median,
            low=amount / one.high,
            high=amount / one.low,
            interval=one.interval,
            by=runner_name(record),
            run=run.id,
            start=run.start,
            doubts=[DISTURBED] * disturbed + (cached(run, record) if kind == "bytes" else []),
        )
        best = found.setdefault(record.device, {})
        if name not in best or better(ceiling, best[name]):
            best[name] = ceiling
    return found


def name_of(kind: str, dtype: str) -> str:
    return kind if kind == "bytes" else f"{kind} {dtype}"


def better(one: Ceiling, other: Ceiling) -> bool:
    """Say whether one is to be taken rather than the other: first the less doubted, then the
    higher."""
    return (-len(one["doubts"]), one["most"]) > (-len(other["doubts"]), other["most"])


def faults(blocks: Sequence[Block]) -> float:
    """Return the page faults of a call; one that happens now and then is no more than that."""
    counted = [block.faults / block.calls for block in blocks if block.series == "operator"]
    return median(counted) if counted else 0.0


def cached(run: Run, record: Record) -> list[str]:
    """Say so where what was read may have stayed in the processor's last cache."""
    caches = run.machine.get("caches") or {}
    last, read = max(caches.values(), default=0), (record.work or {})["bytes"]
    if record.device != "cpu" or read >= CACHES * last:
        return []
    return [f"{size(read)} were read, and may have stayed in the last cache of {size(last)}"]


def newest(
    store: Store, run: Run, is_disturbed: Callable[[Run], bool]
) -> dict[str, dict[str, Ceiling]]:
    """Return by device the newest ceilings in the store that hold for `run`: those measured on its
    machine and card, with its threads and numeric settings; disturbed ones only where there are no
    others."""
    found: dict[str, dict[str, Ceiling]] = {}
    runs = (one for one in store.headers() if is_measurement(one) and alike(one, run))
    for one in sorted(runs, key=is_disturbed):
        blocks, disturbed = store.all_blocks(one.id), is_disturbed(one)
        best = ceilings_of(one, store.records(one.id), blocks, disturbed=disturbed)
        for device, ceilings in best.items():
            if device_of(one, device) == device_of(run, device):
                found[device] = ceilings | found.get(device, {})
    return found


def is_measurement(run: Run) -> bool:
    """Whether a run is of the whole family, as `harness machine` makes it."""
    return list(run.selection.get("scenarios", ())) == [FAMILY]


def alike(one: Run, other: Run) -> bool:
    settings = all(
        one.settings.get(name) == other.settings.get(name) for name in ("threads", "numerics")
    )
    return settings and machine_of(one.machine) == machine_of(other.machine)


def share(record: Record, ceilings: Ceilings) -> tuple[float, str] | None:
    """Return the share of the nearer ceiling that a trial reached, and that one's name. None where
    there is nothing to hold it against."""
    if record.status != "ok" or record.seconds is None or record.work is None:
        return None
    best = ceilings.get(record.device, {})
    names = {kind: name_of(kind, record.dtype) for kind in ("bytes", "operations")}
    if any(name not in best for name in names.values()):
        return None
    least = [(record.work[kind] / best[name]["most"], name) for kind, name in names.items()]
    seconds, name = max(least)
    return seconds / record.seconds.median, name


def ceilings_in(run: Run) -> Ceilings:
    """Return the ceilings that a run was given."""
    found: Any = run.machine.get("ceilings", {})
    return {device: best for device, best in found.items() if device != "clock"}
