"""The screens around the tables: what went wrong, what passed unexpectedly, and the runs stored.

One convention: whatever is a known failure says so, wherever it is shown or counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from results.cases import Names, names_for, way_of
from results.layout import STYLES, ruled
from results.schema import BROKEN, SKIPPED, STATUSES, Record
from results.statistics import relative

if TYPE_CHECKING:
    from results.store import Summary

TROUBLES = (*BROKEN, "interrupted", *SKIPPED)
EVERY = ("every scenario",)
FEW = 3  # cases that are named one by one


def troubles(records: Sequence[Record]) -> RenderableType | None:
    """Name everything that is not ok, with its reason; the broken before the skipped.

    None where everything is ok.
    """
    names = names_for(records)
    runners = Counter(names.runner(record) for record in records)
    found: dict[tuple[str, str, str], list[Record]] = {}
    for record in records:
        if record.status != "ok":
            key = (record.status, names.runner(record), reason(record))
            found.setdefault(key, []).append(record)
    if not found:
        return None
    lines: list[RenderableType] = [Text("not ok, so neither timed nor ranked", "bold")]
    for status, runner, why in sorted(found, key=lambda key: TROUBLES.index(key[0])):
        several = found[status, runner, why]
        every = len(several) > 1 and len(several) == runners[runner]
        what = f"all {len(several)} cases" if every else named(several, names, records)
        lines.append(Text.assemble((status, STYLES[status]), f" {runner}: {what}"))
        lines.append(indented(why))
    return Group(*lines, "")


def named(records: Sequence[Record], names: Names, run: Iterable[Record]) -> str:
    """Name cases of one runner; of many, their scenarios by what was computed.

    `run` holds all records, to know when they are all that the runner has.
    """
    if len(records) <= FEW:
        return ", ".join(names.case(record) for record in records)
    runner = names.runner(records[0])
    whole = scenarios_by_way([one for one in run if names.runner(one) == runner], names)
    ways: dict[tuple[str, ...], list[str]] = {}
    for way, scenarios in scenarios_by_way(records, names).items():
        every = len(scenarios) > 1 and scenarios == whole[way]
        ways.setdefault(EVERY if every else scenarios, []).append(way)
    parts = (f"{', '.join(way)} of {', '.join(of)}" for of, way in ways.items())
    return f"{len(records)} cases: {'; '.join(parts)}"


def scenarios_by_way(records: Iterable[Record], names: Names) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for record in records:
        scenario = f"{names.scenario(record)} {names.setting(record)}".rstrip()
        found.setdefault(way_of(record), {})[scenario] = None
    return {way: tuple(scenarios) for way, scenarios in found.items()}


def indented(text: str) -> Padding:
    return Padding(Text(text, overflow="fold"), (0, 0, 0, 4))


def reason(record: Record) -> str:
    """Return why a record is not ok, with the known issue where it is a listed failure."""
    why = record.reason
    if why is None and record.status == "wrong" and record.error:
        why = f"relative error {relative(record.error.relative)} against {record.error.against}, "
        why += f"tolerance {record.error.tolerance:.1e}"
    known = f" (known: {record.known})" if record.known else ""
    return f"{why or STATUSES[record.status]}{known}"


def passes(records: Sequence[Record]) -> RenderableType | None:
    """Name what is right though a ledger lists it as a known failure; None where nothing is."""
    names = names_for(records)
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if record.status == "ok" and record.known:
            found.setdefault((record.known, names.runner(record)), []).append(record)
    if not found:
        return None
    lines: list[RenderableType] = [Text("passes, though the ledger lists it", "bold")]
    for (known, runner), several in found.items():
        lines.append(
            Text.assemble(("ok", STYLES["ok"]), f" {runner}: {named(several, names, records)}")
        )
        lines.append(indented(f"take the entry out, or end its versions: {known}"))
    return Group(*lines, "")


def closing(records: Sequence[Record], *, run: str, where: str) -> Text:
    """Return the last line: how many trials ended how, and where they are stored."""
    counts = Counter(record.status for record in records)
    known = Counter(record.status for record in records if record.known)
    trials = "1 trial" if len(records) == 1 else f"{len(records)} trials"
    ended = counted(counts, known) or "none"
    return Text(f"{trials}: {ended}; stored as run {run} in {where}", overflow="fold")


def counted(counts: Mapping[str, int], known: Mapping[str, int] | None = None) -> str:
    """Count by status, in brackets how many of them are listed as known failures."""
    return ", ".join(
        f"{counts[status]} {status}{bracketed(status, (known or {}).get(status, 0))}"
        for status in STATUSES
        if counts.get(status)
    )


def bracketed(status: str, known: int) -> str:
    if not known:
        return ""
    return f" ({known} listed as failing)" if status == "ok" else f" ({known} known)"


def listing(summaries: Sequence[Summary]) -> RenderableType:
    """Show the stored runs, as `Store.runs` returns them: newest first."""
    table = ruled()
    table.add_column("run", no_wrap=True)
    table.add_column("start (UTC)", no_wrap=True)
    table.add_column("label", overflow="fold")
    table.add_column("records, command", overflow="fold")
    for summary in summaries:
        run = summary.run
        state = counted(summary.counts) or "none"
        unfinished = "" if run.end else "; not finished"
        start = run.start[:16].replace("T", " ")
        cells = (run.id, start, run.label or "", f"{state}{unfinished}\n{run.command}")
        table.add_row(*map(Text, cells))
    return table
