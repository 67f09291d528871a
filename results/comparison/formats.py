"""A comparison as Markdown, for a comment on a change, and as JSON.

One convention: Markdown says what the screen says; JSON holds every trial, whatever is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from results.comparison.lines import closing, heading, title, warnings
from results.comparison.rows import Report, Section, name_of
from results.comparison.sides import Side, Timing
from results.comparison.verdicts import failures
from results.encoding import encode
from results.launches import Comparison
from results.markdown import table
from results.schema import Record

CASE = ("scenario", "size", "point", "dtype", "operator", "composition", "wrt", "device")
HEADER = ("trial", "A", "B", "B/A", "95 % interval", "told from", "why")


def as_markdown(found: Report, above: float | None = None) -> str:
    """Return what the screen shows: a table a verdict, those without rows counted."""
    sides = (f"**{name}** {heading(side)}" for name, side in (("A", found.a), ("B", found.b)))
    about = ["  \n".join(sides), *(f"**{line}**" for line in warnings(found))]
    sections = [part for one in found.sections if one.rows for part in section(one)]
    return "\n\n".join([*about, *sections, *closing(found, above)]) + "\n"


def section(one: Section) -> list[str]:
    rows = [HEADER, *([cell_of(text) for text in (name_of(row), *row[2:])] for row in one.rows)]
    more = [f"and {one.more} more (--all)"] if one.more else []
    return [f"**{title(one)}**", table(rows), *more]


def cell_of(text: str) -> str:
    """Write what a framework said so that it stays in its cell."""
    return " ".join(text.replace("|", r"\|").split())


def as_json(found: Report, above: float | None = None) -> str:
    """Return one object: both runs, their differences, and every trial with its verdict."""
    whole = {
        "series": found.series,
        "a": side_of(found.a),
        "b": side_of(found.b),
        "differences": [asdict(difference) for difference in found.differences],
        "trials": trials(found),
        "fails": bool(failures(found.compared, above)) if above is not None else None,
    }
    return json.dumps(encode(whole), indent=2, allow_nan=False) + "\n"


def side_of(side: Side) -> dict[str, Any]:
    return {"word": side.word, "runner": side.runner or None, "header": side.run.to_json()}


def trials(found: Report) -> list[dict[str, Any]]:
    ones = found.a.details([one.a for one in found.compared if one.a])
    others = found.b.details([one.b for one in found.compared if one.b])
    return [
        {
            "verdict": one.verdict,
            **asked(others[one.b] if one.b else ones[one.a or ""]),
            "comparison": numbers(one.comparison),
            "a": end_of(one.a, found.a.timings),
            "b": end_of(one.b, found.b.timings),
        }
        for one in found.compared
    ]


def asked(record: Record) -> dict[str, Any]:
    """Return what was asked of the trial; its runners stand with its two ends."""
    data = record.to_json()
    return {name: data[name] for name in CASE}


def numbers(comparison: Comparison | None) -> dict[str, Any] | None:
    if comparison is None:
        return None
    return {
        "ratio": comparison.ratio,
        "low": comparison.low,
        "high": comparison.high,
        "told_from": comparison.told_from,
    }


def end_of(id: str | None, timings: Mapping[str, Timing]) -> dict[str, Any] | None:
    return {"id": id, **timings[id]._asdict()} if id else None
