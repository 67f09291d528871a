"""The map as data: which records stand in which cell, and in what order everything comes.

One convention: primitives stand in the table's order under their chapters, runners by name, ways
by their order of differentiation; how the records happened to arrive means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from results.atlas.about import About
from results.atlas.states import failing, state_of, worst
from results.cases import names_for
from results.schema import Record

Way = tuple[str, str | None]
Cell = tuple[str, str, Way]  # primitive, runner, way

SHORT: Mapping[Way, str] = {
    ("value", None): "val",
    ("gradient", None): "grd",
    ("vjp", None): "vjp",
    ("jvp", None): "jvp",
    ("hvp", "forward-over-reverse"): "FoR",
    ("hvp", "reverse-over-reverse"): "RoR",
    ("hvp", "reverse-over-forward"): "RoF",
    ("second", "forward-over-forward"): "FoF",
    ("third", "forward-over-forward-over-forward"): "FFF",
    ("third", "reverse-over-reverse-over-reverse"): "RRR",
}
FIRST_ORDER = (("gradient", None), ("vjp", None), ("jvp", None))
NOWHERE = "other"  # the chapter of primitives of which nothing is known but their records


@dataclass(frozen=True, kw_only=True)
class Atlas:
    """All records of a survey by cell. `chapters` holds the primitives, `seen` the listed issues
    that fail, `spot` names a record's point (and dtype, where there are several)."""

    chapters: Mapping[str, Sequence[str]]
    runners: Sequence[str]
    ways: Sequence[Way]
    cells: Mapping[Cell, Sequence[Record]]
    about: Mapping[str, About]
    seen: frozenset[str]
    spot: Callable[[Record], str]
    runner: Callable[[Record], str]

    @property
    def primitives(self) -> list[str]:
        return [name for several in self.chapters.values() for name in several]

    @property
    def records(self) -> list[Record]:
        return [record for several in self.cells.values() for record in several]

    def state(self, record: Record) -> str:
        return state_of(record, self.seen)

    def states(self) -> dict[Cell, str]:
        """The state of every cell."""
        return {cell: worst(map(self.state, several)) for cell, several in self.cells.items()}


def laid_out(records: Sequence[Record], about: Mapping[str, About]) -> Atlas:
    """Lay a survey's records out; `about` holds what is known of primitives, by name."""
    names = names_for(records)
    cells: dict[Cell, list[Record]] = {}
    for record in records:
        cells.setdefault((primitive_of(record), names.runner(record), way(record)), []).append(
            record
        )
    return Atlas(
        chapters=chapters({cell[0]: None for cell in cells}, about),
        runners=sorted({cell[1] for cell in cells}),
        ways=sorted({cell[2] for cell in cells}, key=place),
        cells=cells,
        about=about,
        seen=failing(records),
        spot=lambda record: f"{record.point} {record.dtype}" if names.dtype else record.point,
        runner=names.runner,
    )


def primitive_of(record: Record) -> str:
    return record.scenario.partition("/")[2]


def way(record: Record) -> Way:
    return record.operator, record.composition


def place(way: Way) -> tuple[int, str]:
    known = list(SHORT)
    return (known.index(way) if way in SHORT else len(known), str(way))


def short(way: Way) -> str:
    """Three letters for a way."""
    return SHORT.get(way) or way[0][:3]


def full(way: Way) -> str:
    return f"{way[0]} {way[1]}" if way[1] else way[0]


def chapters(
    primitives: Mapping[str, None], about: Mapping[str, About]
) -> dict[str, tuple[str, ...]]:
    """Group primitives by chapter, in the order of `about`; the unknown at the end."""
    order = [name for name in about if name in primitives]
    order += [name for name in primitives if name not in about]
    found: dict[str, list[str]] = {}
    for name in order:
        kind = about[name].kind if name in about else ""
        found.setdefault(kind or NOWHERE, []).append(name)
    return {kind: tuple(several) for kind, several in found.items()}
