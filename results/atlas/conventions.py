"""Conventions side by side: what each backend answers where no first derivative exists.

One convention: a row is shown where backends differ, and once for all ways that answer alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from results.atlas.layers import FIRST_ORDER, Atlas, Way
from results.atlas.numbers import written
from results.schema import Record


@dataclass(frozen=True, kw_only=True)
class Row:
    """A point of a primitive and the ways that answer there as `answers` say, by runner."""

    primitive: str
    spot: str
    answers: dict[str, str]
    ways: list[Way] = field(default_factory=list)


def rows(atlas: Atlas) -> list[Row]:
    """Return the conventions that differ, in the map's order."""
    return [row for name in atlas.primitives for row in of_primitive(atlas, name)]


def of_primitive(atlas: Atlas, primitive: str) -> list[Row]:
    found: list[Row] = []
    for way in (one for one in FIRST_ORDER if one in atlas.ways):
        for spot, answers in answers_by_spot(atlas, primitive, way).items():
            if len(set(answers.values())) < 2:
                continue
            same = (row for row in found if (row.spot, row.answers) == (spot, answers))
            row = next(same, None)
            if row is None:
                row = Row(primitive=primitive, spot=spot, answers=answers)
                found.append(row)
            row.ways.append(way)
    return sorted(found, key=lambda row: list(dict.fromkeys(r.spot for r in found)).index(row.spot))


def answers_by_spot(atlas: Atlas, primitive: str, way: Way) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for runner in atlas.runners:
        for record in atlas.cells.get((primitive, runner, way), ()):
            if record.status == "convention":
                found.setdefault(atlas.spot(record), {})[runner] = answer(record)
    return found


def answer(record: Record) -> str:
    """Write what a backend answers; one that raises, or answers with many numbers, says so."""
    if record.value is not None:
        return written(record.value)
    return "raises" if "raises" in (record.reason or "") else "(long)"


def runners_in(rows: Sequence[Row], runners: Sequence[str]) -> list[str]:
    return [runner for runner in runners if any(runner in row.answers for row in rows)]
