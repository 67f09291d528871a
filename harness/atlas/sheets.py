"""What an atlas covers: which primitives and points, in which ways, on which runners.

One convention: a sheet is a primitive's points of one form and shapes, which share what is compiled
for them; it is asked of a worker in one message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harness import plugins, variants
from harness.atlas.ways import WAYS, Way, case_of
from harness.case import DTYPES, Case, Runner
from harness.contract import Declaration
from harness.errors import UsageError, unknown
from harness.options import Selection
from harness.plan import Plan, with_files
from harness.primitive import Point, Primitive
from results.errors import nearest

TENTH = 10
DTYPE = "float64"


@dataclass(frozen=True)
class Sheet:
    """Points of one primitive and the ways that they are asked for."""

    primitive: Primitive
    points: tuple[Point, ...]
    ways: tuple[Way, ...]
    dtype: str

    @property
    def scenario(self) -> str:
        return f"primitive/{self.primitive.name}"

    def case(self, way: Way, point: Point) -> Case:
        return case_of(self.primitive, point, way, self.dtype)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The words of `harness atlas`, not yet looked up; none means all (of the first two orders)."""

    primitives: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    compositions: tuple[str, ...] = ()
    orders: tuple[int, ...] = ()
    sample: bool = False


def make(selection: Selection, chosen: Chosen) -> tuple[Plan, tuple[Sheet, ...]]:
    """Look everything up. Raises UsageError for what is not there, with the nearest names."""
    found, declared = plugins.scenarios(), plugins.backends()
    items, locators = with_files(chosen.primitives, found)
    primitives = [one.primitive for one in items.values() if one.primitive]
    if not primitives:
        raise UsageError("no table of primitives is installed; reinstall autodiff-harness")
    taken = named(chosen.primitives, primitives, locators)
    taken = a_tenth(taken) if chosen.sample else taken
    ways = ways_of(chosen)
    dtypes = selection.dtypes or (DTYPE,)
    for dtype in dtypes:
        if dtype not in DTYPES:
            raise unknown("dtype", dtype, DTYPES)
    sheets = tuple(
        Sheet(one, points, ways, dtype)
        for dtype in dtypes
        for one in taken
        for points in one.groups
    )
    runners = with_twins(selection, declared.items)
    plan = Plan(
        selection=selection,
        cases=tuple(s.case(way, point) for s in sheets for way in s.ways for point in s.points),
        runners=runners,
        beforehand=variants.beforehand(runners, declared.items),
        scenarios={name: items[name] for name in (f"primitive/{one.name}" for one in taken)},
        locators=locators,
        declarations=declared.items,
        notes=found.broken + declared.broken,
    )
    return plan, sheets


def named(
    words: Sequence[str], primitives: Sequence[Primitive], locators: Mapping[str, str]
) -> list[Primitive]:
    """Those whose names, chapters or files the words name; all where there is none."""
    chosen: dict[str, Primitive] = {}
    for word in words:
        short = word.removeprefix("primitive/")
        matches = [
            p
            for p in primitives
            if fnmatchcase(p.name, short) or word in (p.kind, locators[f"primitive/{p.name}"])
        ]
        if not matches:
            kinds = ", ".join(dict.fromkeys(p.kind for p in primitives))
            names = sorted({p.name for p in primitives} | {p.kind for p in primitives})
            remedy = nearest(short, names, f"the chapters are {kinds}")
            raise UsageError(f"no primitive called {word!r}; {remedy}")
        chosen |= {p.name: p for p in matches}
    return list(chosen.values()) if words else list(primitives)


def a_tenth(primitives: Iterable[Primitive]) -> list[Primitive]:
    """Every tenth of each chapter, from its first."""
    kinds: dict[str, list[Primitive]] = {}
    for one in primitives:
        kinds.setdefault(one.kind, []).append(one)
    return [one for several in kinds.values() for one in several[::TENTH]]


def ways_of(chosen: Chosen) -> tuple[Way, ...]:
    """The ways that are asked for. Compositions name ways of second or third order, and then these
    alone; operators narrow further."""
    orders = chosen.orders or ((1, 2, 3) if chosen.compositions else (1, 2))
    known = {way.composition for way in WAYS if way.composition}
    for word in chosen.compositions:
        if word not in (*known, "all"):
            raise unknown("composition", word, {*known, "all"})
    names = {way.operator for way in WAYS}
    for word in chosen.operators:
        if word not in (*names, "all"):
            raise unknown("operator", word, {*names, "all"})
    ways = tuple(way for way in WAYS if _asked(way, chosen, orders))
    if not ways:
        raise UsageError(
            "no way has these operators, compositions and orders together; leave one of them out"
        )
    return ways


def _asked(way: Way, chosen: Chosen, orders: Sequence[int]) -> bool:
    if chosen.operators and "all" not in chosen.operators and way.operator not in chosen.operators:
        return False
    if chosen.compositions:
        every = "all" in chosen.compositions and way.composition is not None
        return way.order in orders and (every or way.composition in chosen.compositions)
    return way.order in (0, *orders)


def with_twins(selection: Selection, declared: Mapping[str, Declaration]) -> tuple[Runner, ...]:
    """The runners that are named; where no variant is, the default and the eager one it compiles,
    since they can differ and do."""
    named_outright = {
        word.backend for word in map(variants.parsed, selection.backends) if word.variant
    }
    runners: dict[Runner, None] = {}
    for runner in variants.runners(selection, declared):
        if runner.variant == variants.EXPERT:  # wrote no primitive
            continue
        runners[runner] = None
        twin = declared[runner.backend].compiled.get(runner.variant)
        if twin and runner.backend not in named_outright | {
            word.backend for word in map(variants.parsed, selection.exclude) if word.variant == twin
        }:
            runners[runner._replace(variant=twin)] = None
    return tuple(runners)


def orders(words: Sequence[str]) -> tuple[int, ...]:
    """Read orders of derivatives. Raises UsageError for what is none of 1, 2 and 3."""
    for word in words:
        if word not in ("1", "2", "3"):
            raise UsageError(f"--order is {word!r}; give 1, 2 or 3, or several as 1,2")
    return tuple(int(word) for word in words)
