"""What became of the trials of one scenario from run to run.

One convention: a run is held against the one before it that was measured under the same
conditions; runs of different machines, threads or numeric settings are never in one course.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from results.cases import runner_name
from results.comparison.runners import plain, without_environment, without_variant
from results.conditions import conditions
from results.errors import StoreError, nearest
from results.launches import FASTER, FLOOR, SLOWER, Comparison, compare_launches, launches_of
from results.schema import Record, Run

BARS = "▁▂▃▄▅▆▇█"
LEAST = math.log(1.1)  # a sparkline's height: less would draw noise as mountains

Stored = tuple[Run, Record]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One run of a trial, with its launch medians, and how they stand to those of the run before;
    None where there is none."""

    run: Run
    record: Record
    launches: Sequence[float]
    change: Comparison | None

    @property
    def step(self) -> bool:
        return self.change is not None and self.change.verdict in (FASTER, SLOWER)


@dataclass(frozen=True, kw_only=True)
class Course:
    """One trial over the runs that were made under the same conditions, oldest first."""

    conditions: Mapping[str, str]
    entries: Sequence[Entry]

    @property
    def record(self) -> Record:
        return self.entries[-1].record


def scenario_named(word: str, names: Sequence[str]) -> str:
    """Return the stored scenario meant by its name, with or without its family. Raises StoreError
    with the nearest one."""
    meant = [name for name in names if word in (name, name.partition("/")[2])]
    if len(meant) == 1 or word in meant:
        return word if word in meant else meant[0]
    if meant:
        raise StoreError(f"{word!r} is the name of several scenarios; give {' or '.join(meant)}")
    known = sorted({part for name in names for part in (name, name.partition("/")[2])})
    remedy = nearest(word, known, f"stored are {', '.join(names) or 'none'}")
    raise StoreError(f"no run of a scenario called {word!r}; {remedy}")


def chosen(
    stored: Sequence[Stored], backends: Collection[str], operators: Collection[str]
) -> list[Stored]:
    """Keep the records of some backends, named as on the command line, and of some operators.

    No word means all. Raises StoreError for a name that none of them has.
    """
    for kind, words, known in (
        ("backend", backends, {name for _, record in stored for name in names_of(record)}),
        ("operator", operators, {record.operator for _, record in stored}),
    ):
        for word in words:
            if word not in known:
                there = ", ".join(sorted(known))
                raise StoreError(f"no run of it with the {kind} {word!r}; there are: {there}")
    return [
        (run, record)
        for run, record in stored
        if (not backends or names_of(record) & set(backends))
        and (not operators or record.operator in operators)
    ]


def names_of(record: Record) -> set[str]:
    """Return what a record's runner may be called: `jax`, `jax:jit`, `jax==0.9.0`, or in full."""
    runner = runner_name(record)
    several = (record.backend, without_environment(runner), without_variant(runner), runner)
    return {*several, *map(plain, several)}


def courses(stored: Iterable[Stored], floor: float = FLOOR) -> list[Course]:
    """Part the records, oldest run first, by trial and conditions; hold each against the last."""
    found: dict[Hashable, list[Stored]] = {}
    for run, record in stored:
        key = (record.id, *sorted(conditions(run, record).items()))
        found.setdefault(key, []).append((run, record))
    return [
        Course(conditions=conditions(*several[-1]), entries=entries(several, floor))
        for several in found.values()
    ]


def entries(several: Iterable[Stored], floor: float) -> list[Entry]:
    before: Sequence[float] = ()
    found = []
    for run, record in several:
        right = record.status == "ok" and record.seconds is not None
        launches = launches_of(record.seconds) if right and record.seconds else ()
        change = compare_launches(before, launches, floor) if before and launches else None
        found.append(Entry(run=run, record=record, launches=launches, change=change))
        before = launches or before
    return found


def sparkline(medians: Sequence[float | None]) -> str:
    """Draw medians as bars on a logarithmic scale, the highest the slowest; a gap for None.

    The full height is a ratio of 1.1 or more.
    """
    logs = [math.log(one) if one else None for one in medians]
    known = [one for one in logs if one is not None]
    if not known:
        return ""
    least, height = min(known), max(max(known) - min(known), LEAST)
    steps = len(BARS) - 1
    return "".join(
        " " if one is None else BARS[round(steps * (one - least) / height)] for one in logs
    )
