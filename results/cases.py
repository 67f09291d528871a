"""Records of one case side by side: how they are named, and which ratios may be formed.

One convention: only what is `ok` and timed has a place in a ratio or a rank, and only launches
decide a rank.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from results.launches import launches_of
from results.ranks import Place, places
from results.schema import Record, Seconds


@dataclass(frozen=True, kw_only=True)
class Names:
    """How the records of one table are named: what they all share is said once, in `shared`."""

    shared: str
    family: str
    size: bool
    point: bool
    dtype: bool
    device: bool

    def case(self, record: Record) -> str:
        """Name a record's case, such as `gradient-penalty gradient n=1000 float32`."""
        return f"{self.scenario(record)} {way_of(record)} {self.setting(record)}".rstrip()

    def scenario(self, record: Record) -> str:
        return record.scenario.removeprefix(self.family)

    def setting(self, record: Record, *, without: str = "") -> str:
        """Name size, point and dtype where they differ, leaving out the size called `without`."""
        parts = [size_of(record, without=without)] if self.size else []
        parts += [f"{record.point} point"] if self.point and not without else []
        parts += [record.dtype] if self.dtype else []
        return " ".join(part for part in parts if part)

    def runner(self, record: Record) -> str:
        """Name what a record ran on, such as `torch:eager` or `torch:eager cuda:0`."""
        name = runner_name(record)
        return f"{name} {record.device}" if self.device else name

    def runners(self, records: Iterable[Record]) -> list[str]:
        """Name all that the records ran on, in the order of their first appearance."""
        return list(dict.fromkeys(self.runner(record) for record in records))


def runner_name(record: Record) -> str:
    """Name backend, variant and environment as on the command line: `jax:jit==0.9.0`."""
    return f"{record.backend}:{record.variant}{record.environment or ''}"


FULL = Names(shared="", family="", size=True, point=True, dtype=True, device=True)


def names_for(records: Sequence[Record]) -> Names:
    """Look for what the records have in common."""
    families = {record.scenario.rpartition("/")[0] for record in records}
    traits = {
        "size": {size_of(record) for record in records},
        "point": {f"{record.point} point" for record in records},
        "dtype": {record.dtype for record in records},
        "device": {record.device for record in records},
    }
    family = f"{families.pop()}/" if len(families) == 1 and "" not in families else ""
    shared = [f"{family}*"] if family else []
    shared += [word for found in traits.values() if len(found) == 1 for word in found if word]
    several = {trait: len(found) > 1 for trait, found in traits.items()}
    return Names(shared=", ".join(shared), family=family, **several)


def size_of(record: Record, *, without: str = "") -> str:
    return " ".join(f"{name}={number}" for name, number in record.size.items() if name != without)


def way_of(record: Record) -> str:
    """Name what is computed: the operator, and the composition where there is one."""
    return f"{record.operator} {record.composition}" if record.composition else record.operator


def question(record: Record) -> Hashable:
    """Return what makes two records answers to the same case."""
    size = tuple(sorted(record.size.items()))
    way = (record.operator, record.composition, record.wrt)
    return (record.scenario, size, record.point, record.dtype, way)


def by_case(records: Iterable[Record]) -> list[list[Record]]:
    """Group records by case; cases and records stay in the order of their first appearance."""
    groups: dict[Hashable, list[Record]] = {}
    for record in records:
        groups.setdefault(question(record), []).append(record)
    return list(groups.values())


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A right and timed record in the ratios that may be shown.

    `to_fastest` is its median over the least median of its case, `to_value` over that of the same
    backend's plain function. `place` is where launches rank it, None where they can't: it has
    fewer than two of them, or nothing to be held against.
    """

    record: Record
    seconds: Seconds
    to_fastest: float
    to_value: float | None
    place: Place | None


def timed(group: Iterable[Record]) -> list[Timed]:
    """Return the right and timed records of one case: by rank, in a rank the least median first;
    what can't be ranked, where others can, at the end."""
    right = [
        (record, record.seconds)
        for record in group
        if record.status == "ok" and record.seconds is not None
    ]
    least = min((seconds.median for _, seconds in right), default=0.0)
    found = places([launches_of(seconds) for _, seconds in right])
    rows = [
        Timed(
            record=record,
            seconds=seconds,
            to_fastest=seconds.median / least,
            to_value=seconds.median / seconds.value if seconds.value else None,
            place=place,
        )
        for (record, seconds), place in zip(right, found, strict=True)
    ]
    return sorted(rows, key=in_order)


def in_order(row: Timed) -> tuple[float, float]:
    return row.place.rank if row.place else math.inf, row.seconds.median
