"""The screen of how fast every right answer was, with its error beside it.

One convention: a ratio, a rank and an error have a place here only where the answer was right.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import NOT_APART, LaunchMedians, Names, Timed, by_case, names_for, timed
from results.layout import Sections, dim
from results.schema import Record
from results.statistics import ENOUGH, OVER, WITHIN, ratio, relative, shown, ulps

HEADER = (
    "",
    "median",
    "95 % interval",
    "to\nfastest",
    "to\nvalue",
    "relative\nerror",
    "ULP\nerror",
)


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
    rows = [row for case in cases for row in case]
    known = {oracles(case) for case in cases}
    sections = [
        (case_title(case, names, known), [timing_row(row, names) for row in case]) for case in cases
    ]
    title = Text(f"timing: time per call ({names.shared})", "bold")
    return Group(title, Sections(HEADER, sections), *dim(captions(rows, known)), "")


def oracles(case: Sequence[Timed]) -> str:
    """Name what the answers of a case were held against."""
    found = dict.fromkeys(row.record.error.against for row in case if row.record.error)
    return ", ".join(found)


def case_title(case: Sequence[Timed], names: Names, known: set[str]) -> Text:
    title = Text(names.case(case[0].record))
    if len(known) > 1 and oracles(case):
        title.append(f" (against: {oracles(case)})", "dim")
    return title


def timing_row(row: Timed, names: Names) -> list[Text]:
    seconds, error = row.seconds, row.record.error
    middle, interval = shown(seconds.median, seconds.low, seconds.high)
    few = "*" if is_range(row) else ""
    return [
        Text(f"  {names.runner(row.record)}"),
        Text(middle),
        Text(interval + few),
        to_fastest(row),
        Text(ratio(row.to_value) if row.to_value else "-"),
        Text(relative(error.relative) if error else "-"),
        Text(ulps(error.ulp) if error else "-"),
    ]


def is_range(row: Timed) -> bool:
    return row.seconds.interval == WITHIN and row.seconds.blocks < ENOUGH


def to_fastest(row: Timed) -> Text:
    """Write the ratio, or in its place, where launches tell it from all others, `fastest`."""
    if row.rank == "fastest":
        return Text("fastest", "bold green")
    if row.rank == NOT_APART:
        return Text(f"~{ratio(row.to_fastest)}", "yellow")
    return Text(ratio(row.to_fastest))


def captions(rows: Sequence[Timed], known: set[str]) -> list[str]:
    """Say what the intervals, ranks and errors of a timing table rest on."""
    intervals = {row.seconds.interval for row in rows}
    lines = []
    if WITHIN in intervals:
        lines.append("intervals within one launch; for ranks: --launches 3")
    if OVER in intervals:
        lines.append("intervals and ranks over launches")
    if any(row.rank == NOT_APART for row in rows):
        lines.append(f"~ {NOT_APART} from the least median: the launches don't suffice")
    if any(is_range(row) for row in rows):
        lines.append(f"* fewer than {ENOUGH} blocks: smallest and largest")
    lines.append("to fastest, to value: ratio to the least median, to the backend's own function")
    against = next(iter(known)) if len(known) == 1 else "what is beside each case"
    lines.append(f"errors against: {against or '-'}; ULP at the scale of the largest element")
    return lines
