"""The screens: what was right, how fast it was, and what went wrong.

One convention: everything shown is `Text`, never markup, for a framework's sentence may hold
brackets; and everything fits 80 columns by breaking at words, never by cutting a name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from results.cases import LaunchMedians, Names, Timed, by_case, names_for, timed
from results.schema import BROKEN, SKIPPED, STATUSES, Error, Record
from results.statistics import ENOUGH, OVER, WITHIN, ratio, shown

if TYPE_CHECKING:
    from rich.console import JustifyMethod

    from results.store import Summary

TROUBLES = (*BROKEN, "interrupted", *SKIPPED)
STYLES = {
    "ok": "green",
    **dict.fromkeys(BROKEN, "bold red"),
    **dict.fromkeys(SKIPPED, "yellow"),
    "interrupted": "yellow",
}
GAP = 2  # columns between two columns
MARKED = {"fastest": "bold green", "not told apart": "yellow", "": ""}


@dataclass(frozen=True)
class Matrix:
    """Rows by columns; what does not fit the screen's width goes into further tables below."""

    rows: Sequence[str]
    columns: Mapping[str, Sequence[Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max((len(word) for row in self.rows for word in row.split()), default=0)
        for columns in fitting(self.columns, options.max_width - longest - GAP):
            table = ruled()
            table.add_column("", overflow="fold")
            for name in columns:
                table.add_column(heading(name), no_wrap=True)
            for position, row in enumerate(self.rows):
                table.add_row(Text(row), *(self.columns[name][position] for name in columns))
            yield table


def ruled() -> Table:
    padding = (0, GAP - 1, 0, 0)  # the box adds one between columns
    return Table(box=box.SIMPLE_HEAD, padding=padding, pad_edge=False, show_edge=False)


def heading(name: str) -> Text:
    """Break `backend:variant device` where it can be broken, as columns are narrow."""
    return Text(name.replace(":", ":\n", 1).replace(" ", "\n"))


def fitting(columns: Mapping[str, Sequence[Text]], width: int) -> list[list[str]]:
    """Deal out columns to as few tables as their widths allow; at least one column each."""
    tables: list[list[str]] = []
    used = width
    for name, cells in columns.items():
        wide = GAP + max(width_of(text) for text in (heading(name), *cells))
        if used + wide > width or not tables:
            tables.append([])
            used = 0
        tables[-1].append(name)
        used += wide
    return tables


def width_of(text: Text) -> int:
    return max(line.cell_len for line in text.split(allow_blank=True))


def agreement(records: Sequence[Record]) -> RenderableType:
    """Show which answers were right: a row a case, a column a backend:variant.

    A cell holds the status and, where an answer was compared, its relative error.
    """
    names = names_for(records)
    groups = by_case(records)
    columns = {
        runner: [agreement_cell(group, names, runner) for group in groups]
        for runner in dict.fromkeys(names.runner(record) for record in records)
    }
    title = f"agreement: relative error ({names.shared})"
    rows = [names.case(group[0]) for group in groups]
    return Group(Text(title, "bold"), Matrix(rows, columns), "")


def agreement_cell(group: Iterable[Record], names: Names, runner: str) -> Text:
    for record in group:
        if names.runner(record) == runner:
            error = f" {relative(record.error)}" if record.error else ""
            return Text.assemble((record.status, STYLES[record.status]), error)
    return Text("")


def relative(error: Error) -> str:
    return "0" if error.relative == 0 else f"{error.relative:.1e}"


def timing(
    records: Sequence[Record], launch_medians: LaunchMedians | None = None
) -> RenderableType | None:
    """Show how long every right answer took, case by case, the least median first.

    None where no right answer was timed.

    `launch_medians` holds the medians of each launch by record id: without two launches or more
    nothing is called the fastest.
    """
    names = names_for(records)
    cases = [timed(group, launch_medians or {}) for group in by_case(records)]
    cases = [case for case in cases if case]
    if not cases:
        return None
    blocks = [[timing_row(row, names) for row in case] for case in cases]
    header = [
        Text(name) for name in ("", "median", "95 % interval", "to\nfastest", "to\nvalue", "")
    ]
    widths = [
        max(width_of(row[column]) for row in (header, *(row for block in blocks for row in block)))
        for column in range(len(header))
    ]
    body: list[RenderableType] = [aligned([header], widths)]
    for case, block in zip(cases, blocks, strict=True):
        body += [Text(names.case(case[0].record)), aligned(block, widths)]
    title = Text(f"timing: time per call ({names.shared})", "bold")
    return Group(title, *body, *captions([row for case in cases for row in case]), "")


def timing_row(row: Timed, names: Names) -> list[Text]:
    seconds = row.seconds
    middle, interval = shown(seconds.median, seconds.low, seconds.high)
    few = "*" if is_range(row) else ""
    return [
        Text(f"  {names.runner(row.record)}"),
        Text(middle),
        Text(interval + few),
        Text(ratio(row.to_fastest)),
        Text(ratio(row.to_value) if row.to_value else "-"),
        Text(row.rank, MARKED[row.rank]),
    ]


def is_range(row: Timed) -> bool:
    return row.seconds.interval == WITHIN and row.seconds.blocks < ENOUGH


def aligned(rows: Iterable[Sequence[Text]], widths: Sequence[int]) -> Table:
    """Lay out rows so that tables with text between them have their columns in line."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, show_header=False)
    for position, width in enumerate(widths):
        justify: JustifyMethod = "right" if 0 < position < len(widths) - 1 else "left"
        table.add_column(justify=justify, min_width=width, overflow="fold", vertical="bottom")
    for row in rows:
        table.add_row(*row)
    return table


def captions(rows: Sequence[Timed]) -> list[Text]:
    """Say what the intervals and ranks of a timing table rest on."""
    intervals = {row.seconds.interval for row in rows}
    lines = []
    if WITHIN in intervals:
        lines.append("intervals within one launch; for ranks: --launches 3")
    if OVER in intervals:
        lines.append("intervals and ranks over launches (not told apart: they don't suffice)")
    if any(is_range(row) for row in rows):
        lines.append(f"* fewer than {ENOUGH} blocks: smallest and largest")
    lines.append("to fastest, to value: ratio to the least median, to the backend's own function")
    return [Text(line, "dim") for line in lines]


def troubles(records: Sequence[Record]) -> RenderableType | None:
    """Name everything that is not ok, with its reason; the broken before the skipped.

    None where everything is ok.
    """
    names = names_for(records)
    found: dict[tuple[str, str, str], list[str]] = {}
    runners = Counter(names.runner(record) for record in records)
    for record in records:
        if record.status != "ok":
            key = (record.status, names.runner(record), reason(record))
            found.setdefault(key, []).append(names.case(record))
    if not found:
        return None
    lines: list[RenderableType] = [Text("not ok, so neither timed nor ranked", "bold")]
    for status, runner, why in sorted(found, key=lambda key: TROUBLES.index(key[0])):
        cases = found[status, runner, why]
        every = len(cases) > 1 and len(cases) == runners[runner]
        what = f"all {len(cases)} cases" if every else ", ".join(cases)
        lines.append(Text.assemble((status, STYLES[status]), f" {runner}: {what}"))
        lines.append(Padding(Text(why, overflow="fold"), (0, 0, 0, 4)))
    return Group(*lines, "")


def reason(record: Record) -> str:
    """Return why a record is not ok, with the known issue where it is a listed failure."""
    why = record.reason
    if why is None and record.status == "wrong" and record.error:
        why = f"relative error {relative(record.error)} against {record.error.against}, "
        why += f"tolerance {record.error.tolerance:.1e}"
    known = f" (known: {record.known})" if record.known else ""
    return f"{why or STATUSES[record.status]}{known}"


def closing(records: Sequence[Record], *, run: str, where: str) -> Text:
    """Return the last line: how many trials ended how, and where they are stored."""
    counts = counted({status: [r.status for r in records].count(status) for status in STATUSES})
    trials = "1 trial" if len(records) == 1 else f"{len(records)} trials"
    return Text(f"{trials}: {counts or 'none'}; stored as run {run} in {where}", overflow="fold")


def counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts.get(status))


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
