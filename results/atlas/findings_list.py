"""The lists below the map: what is wrong, what raises, what lost digits, what the ledger can drop.

One convention: each finding has its number of answers, its worst one in full, and the command that
shows it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import RenderableType
from rich.text import Text

from results.atlas.findings import Finding, imprecise, passing, raising, wrong
from results.atlas.layers import Atlas, primitive_of, short, way
from results.atlas.numbers import precise
from results.atlas.states import STATES
from results.schema import Record
from results.statistics import relative
from results.tables import indented

LONGEST = 220  # characters of an exception; the page has it whole
NAMED = 4  # points or primitives that are named one by one
Lines = list[RenderableType]
Told = Callable[[Atlas, Finding, str], Lines]


def lists(atlas: Atlas, repro: str, most: int | None) -> Lines:
    """All lists that have an entry; `repro` is the command before a record's id, `most` how many
    findings a list names."""
    return [
        *part("wrong, worst first", wrong(atlas), told_wrong, atlas, repro, most),
        *part("raises where a derivative exists", raising(atlas), told_raising, atlas, repro, most),
        *part("imprecise", imprecise(atlas), told_imprecise, atlas, repro, most),
        *pruned(atlas),
    ]


def part(
    title: str, found: Sequence[Finding], told: Told, atlas: Atlas, repro: str, most: int | None
) -> Lines:
    if not found:
        return []
    answers = sum(len(one.records) for one in found)
    head = f"{title} ({answers} {'answer' if answers == 1 else 'answers'})"
    lines: Lines = [Text(head, "bold")]
    for one in found[:most]:
        lines += told(atlas, one, repro)
    left = len(found[most:]) if most is not None else 0
    if left:
        run = found[0].worst.run
        lines.append(Text(f"and {left} more such entries: harness show {run}, or --html", "dim"))
    return [*lines, ""]


def told_wrong(atlas: Atlas, one: Finding, repro: str) -> Lines:
    state = STATES["known" if one.worst.known else "wrong"]
    lines: Lines = [summed(atlas, one, state.symbol, state.style)]
    lines.append(indented(f"{short(way(one.worst))} at {atlas.spot(one.worst)}: {said(one.worst)}"))
    if one.worst.known:
        lines.append(indented(f"known: {one.worst.known}"))
    return [*lines, indented(f"{repro} {one.worst.id}")]


def told_imprecise(atlas: Atlas, one: Finding, repro: str) -> Lines:
    line = summed(atlas, one, "~", STATES["imprecise"].style)
    where = f"{short(way(one.worst))} at {atlas.spot(one.worst)}"
    return [line, indented(f"{where}: {said(one.worst)}")]


def told_raising(atlas: Atlas, one: Finding, repro: str) -> Lines:
    state = STATES["known" if one.worst.known else "raises"]
    ways = ", ".join(short(each) for each in one.ways)
    where = f"{named(one.primitives, 'primitives')} ({ways})"
    line = Text.assemble((state.symbol, state.style), f" {runners(atlas, one)}: {where}")
    why = shortened(one.worst.reason or one.worst.status)
    lines: Lines = [
        line,
        indented(why if one.worst.status in why else f"{one.worst.status}: {why}"),
    ]
    return [*lines, indented(f"known: {one.worst.known}")] if one.worst.known else lines


def pruned(atlas: Atlas) -> Lines:
    """Listed failures of which nothing fails any more."""
    lines: Lines = []
    for issue, records in passing(atlas).items():
        primitives = named(list(dict.fromkeys(map(primitive_of, records))), "primitives")
        runners = ", ".join(dict.fromkeys(map(atlas.runner, records)))
        state = STATES["passes"]
        lines.append(Text.assemble((state.symbol, state.style), f" {primitives} on {runners}"))
        lines.append(indented(f"take the entry out, or end its versions: {issue}"))
    return [Text("passes, though the ledger lists it", "bold"), *lines, ""] if lines else []


def summed(atlas: Atlas, one: Finding, symbol: str, style: str) -> Text:
    """Say on one line what fails, where, and how often."""
    ways = ", ".join(short(each) for each in one.ways)
    spots = named(list(dict.fromkeys(atlas.spot(record) for record in one.records)), "points")
    many = f", {len(one.records)} answers" if len(one.records) > 1 else ""
    who = f" {primitive_of(one.worst)} on {runners(atlas, one)}"
    return Text.assemble((symbol, style), (who, "bold"), f": {ways} at {spots}{many}")


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rpartition(' ')[0]} ..."


def runners(atlas: Atlas, one: Finding) -> str:
    return ", ".join(sorted(set(map(atlas.runner, one.records))))


def named(words: Sequence[str], noun: str) -> str:
    if len(words) <= NAMED:
        return ", ".join(words)
    return f"{', '.join(words[: NAMED - 1])} and {len(words) - NAMED + 1} more {noun}"


def said(record: Record) -> str:
    """Say what was expected and what came, with the error and the tolerance."""
    if record.error is None or not record.error.worst:
        return record.reason or record.status
    error, worst = record.error, record.error.worst
    expected, got = precise(worst["expected"], worst["got"])
    return (
        f"expected {expected}, got {got}{element(record)}; "
        f"relative error {relative(error.relative)}, tolerance {relative(error.tolerance)}"
    )


def element(record: Record) -> str:
    """Say which number of the answer is meant, where it has several."""
    worst = record.error.worst if record.error else None
    if not worst:
        return ""
    output = f" of output {worst['output']}" if worst["output"] else ""
    index = f" at {list(worst['index'])}" if worst["index"] else ""
    return f"{index}{output}"
