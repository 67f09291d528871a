"""What a survey found, the worst first: wrong answers, exceptions, lost digits, pruned ledgers.

One convention: new comes before known, and of each the worst record speaks for those that fail
alike; how many there are is always told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from results.atlas.layers import Atlas, Way, place, primitive_of, way
from results.schema import Record

ALIKE = 60  # characters of a reason by which it is told from others
RAISING = ("failed", "crashed", "timeout", "out-of-memory")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Records that are bad in the same manner: one primitive's on one backend, or all of a backend
    that end with the same words. The first is the worst."""

    records: Sequence[Record]

    @property
    def worst(self) -> Record:
        return self.records[0]

    @property
    def ways(self) -> list[Way]:
        return sorted({way(record) for record in self.records}, key=place)

    @property
    def primitives(self) -> list[str]:
        return list(dict.fromkeys(primitive_of(record) for record in self.records))


def severity(record: Record) -> float:
    """The relative error; infinite where the answer is not finite or has another shape."""
    return math.inf if record.error is None else record.error.relative


def wrong(atlas: Atlas) -> list[Finding]:
    """Wrong answers by primitive, backend and issue."""
    found = (record for record in atlas.records if record.status == "wrong")
    return worst_first(grouped(found, lambda r: (primitive_of(r), r.backend, r.known)))


def imprecise(atlas: Atlas) -> list[Finding]:
    """Answers that lost digits, by primitive and backend."""
    found = (record for record in atlas.records if record.status == "imprecise")
    return worst_first(grouped(found, lambda r: (primitive_of(r), r.backend)))


def raising(atlas: Atlas) -> list[Finding]:
    """What raised, died or ran out of time or memory, by backend and by what it said; what
    is said most often first."""
    found = (record for record in atlas.records if record.status in RAISING)
    groups = grouped(found, lambda r: (r.backend, r.status, gist(r.reason), r.known))
    return sorted(groups, key=lambda one: (one.worst.known is not None, -len(one.records)))


def passing(atlas: Atlas) -> dict[str, list[Record]]:
    """What is right by the issue that lists it as failing, where nothing that it lists fails."""
    found: dict[str, list[Record]] = {}
    for record in atlas.records:
        if record.known and atlas.state(record) == "passes":
            found.setdefault(record.known, []).append(record)
    return found


def grouped(records: Iterable[Record], alike: Callable[[Record], Hashable]) -> list[Finding]:
    """Put together what is alike, the worst record first."""
    groups: dict[Hashable, list[Record]] = {}
    for record in records:
        groups.setdefault(alike(record), []).append(record)
    return [
        Finding(records=sorted(several, key=severity, reverse=True)) for several in groups.values()
    ]


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    def place(one: Finding) -> tuple[bool, float, int]:
        return one.worst.known is not None, -severity(one.worst), -len(one.records)

    return sorted(findings, key=place)


def gist(reason: str | None) -> str:
    """What an exception says without what differs from call to call: names of nodes, numbers."""
    words = re.sub(r"{{.*?}}|\[.*?\]|[\[\]{}\d]", "", reason or "")
    return " ".join(words.split())[:ALIKE]
