"""The screen of how fast every right answer was, with its error beside it.

One convention: a ratio, a rank and an error have a place here only where the answer was right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import Names, Timed, by_case, names_for, timed
from results.costs import dispatch_bound, sweeps
from results.layout import Sections, dim
from results.ranks import ranking, standing, told_from
from results.schema import Block, Record
from results.statistics import ENOUGH, WITHIN, ratio, relative, shown, ulps
from results.steadiness import Unsteady, all_unsteady, why

HEADER = (
    "",
    "median",
    "95 % interval",
    "to\nfastest",
    "to\nvalue",
    "rel.\nerror",
    "ULP\nerror",
)


def timing(
    records: Sequence[Record], blocks: Mapping[str, Sequence[Block]] | None = None
) -> RenderableType | None:
    """Show how long every right answer took, case by case, the fastest first.

    None where no right answer was timed. `blocks`, by record id, tell which trials are not steady;
    without them only the spread of launches does. Nothing is ranked without two launches.
    """
    names = names_for(records)
    cases = [timed(group) for group in by_case(records)]
    cases = [case for case in cases if case]
    if not cases:
        return None
    rows = [row for case in cases for row in case]
    moving = all_unsteady(rows, blocks or {})
    known = {oracles(case) for case in cases}
    sections = [
        (case_title(case, names, known), [timing_row(row, names, moving) for row in case])
        for case in cases
    ]
    title = Text(f"timing: time per call ({names.shared})", "bold")
    below = [*captions(rows, known), *why(rows, moving, names), *called(rows, names)]
    return Group(title, Sections(HEADER, sections), *dim(below), "")


def oracles(case: Sequence[Timed]) -> str:
    """Name what the answers of a case were held against."""
    found = dict.fromkeys(row.record.error.against for row in case if row.record.error)
    return ", ".join(found)


def case_title(case: Sequence[Timed], names: Names, known: set[str]) -> Text:
    title = Text(names.case(case[0].record))
    if len(known) > 1 and oracles(case):
        title.append(f" (against: {oracles(case)})", "dim")
    title.append(told_from(row.place for row in case), "dim")
    return title


def timing_row(row: Timed, names: Names, moving: Unsteady) -> list[Text]:
    seconds, error = row.seconds, row.record.error
    middle, interval = shown(seconds.median, seconds.low, seconds.high)
    marks = ("*" if is_range(row) else "") + ("!" if row.record.id in moving else "")
    return [
        Text(f"  {names.runner(row.record)}"),
        Text(middle),
        Text(interval + marks),
        to_fastest(row),
        Text(ratio(row.to_value) if row.to_value else "-"),
        Text(relative(error.relative) if error else "-"),
        Text(ulps(error.ulp) if error else "-"),
    ]


def is_range(row: Timed) -> bool:
    return row.seconds.interval == WITHIN and row.seconds.blocks < ENOUGH


def to_fastest(row: Timed) -> Text:
    fastest = row.place is not None and row.place.fastest
    shares = row.place is not None and row.place.told_from is not None
    return Text(
        standing(row.place, row.to_fastest), "bold green" if fastest else "yellow" if shares else ""
    )


def called(rows: Sequence[Timed], names: Names) -> list[str]:
    """Name those whose time is mostly that of being called."""
    among = sweeps(row.record for row in rows)
    every = Counter(names.runner(row.record) for row in rows)
    bound = Counter(names.runner(row.record) for row in rows if dispatch_bound(row.record, among))
    who = [f"{runner} ({count} of {every[runner]})" for runner, count in bound.items()]
    return [f"dispatch-bound, most of the time is that of being called: {', '.join(who)}"][
        : len(who)
    ]


def captions(rows: Sequence[Timed], known: set[str]) -> list[str]:
    """Say what the intervals, ranks and errors of a timing table rest on."""
    said = ranking([row.seconds for row in rows], [row.place for row in rows])
    if any(is_range(row) for row in rows):
        said.append(f"* fewer than {ENOUGH} blocks: smallest and largest")
    said.append("to fastest, to value: ratio to the least median, to the backend's own function")
    against = next(iter(known)) if len(known) == 1 else "what is beside each case"
    said.append(f"errors against: {against or '-'}; ULP at the scale of the largest element")
    return said
