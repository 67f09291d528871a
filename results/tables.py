"""The screens around the tables: what went wrong, what passed unexpectedly, and the runs stored.

One convention: whatever is a known failure says so, wherever it is shown or counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from results.cases import Names, names_for, way_of
from results.layout import STYLES, dim, ruled
from results.schema import BROKEN, SKIPPED, STATUSES, Record, Run
from results.statistics import relative
from results.summary import Summary, left_over, summary_of

TROUBLES = (*BROKEN, "imprecise", "interrupted", *SKIPPED, "convention")
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


def closing(run: Run, records: Sequence[Record], *, where: str) -> Text:
    """Return the last line: how many trials ended how, where they are stored, what is left."""
    summary = summary_of(run, records)
    how = counted(summary.counts, summary.known) or "none"
    trials = "1 trial" if len(records) == 1 else f"{len(records)} trials"
    stored = f"stored as run {run.id} in {where}"
    return Text(f"{trials}: {how}; {stored}{left_over(summary)}", overflow="fold")


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


def typed(command: str) -> str:
    """Return a command without the folders of its program, which nobody types."""
    program, space, words = command.partition(" ")
    return PurePath(program).name + space + words


def listing(summaries: Sequence[Summary], limit: int | None = None) -> RenderableType:
    """Show the stored runs, as `Store.runs` returns them: newest first, of many only `limit`."""
    table = ruled()
    table.add_column("run", no_wrap=True)
    table.add_column("start (UTC)", no_wrap=True)
    table.add_column("launches", justify="right", no_wrap=True)
    table.add_column("label, records, command", overflow="fold")
    for summary in summaries[:limit]:
        run = summary.run
        state = counted(summary.counts, summary.known) or "no record"
        label = [Text(run.label, "bold")] if run.label else []
        told = [*label, Text(f"{state}{left_over(summary)}"), Text(typed(run.command), "dim")]
        start = run.start[:16].replace("T", " ")
        launches = Text(str(run.settings.get("launches", "")))
        table.add_row(Text(run.id), Text(start), launches, Text("\n").join(told))
    older = len(summaries[limit:]) if limit else 0
    more = dim([f"and {older} older: harness list runs --all"] if older else [])
    return Group(table, *more)
