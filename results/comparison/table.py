"""The screen of `harness compare`: what differs, the trials by verdict, and the counts.

One convention: whatever could mislead about the numbers stands above them, in bold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from results.comparison.lines import closing, heading, title, warnings
from results.comparison.rows import Report, Row, Section, name_of
from results.comparison.verdicts import GONE, NEWLY_RIGHT, NEWLY_WRONG, VERDICTS
from results.launches import FASTER, NOT_APART, SAME, SLOWER
from results.layout import Sections, dim
from results.schema import SERIES
from results.tables import indented

WORST = (NEWLY_WRONG, GONE)
TIMED = (SLOWER, NOT_APART, FASTER, SAME)
STYLES = {
    NEWLY_WRONG: "bold red",
    GONE: "bold red",
    SLOWER: "red",
    NOT_APART: "yellow",
    FASTER: "green",
    NEWLY_RIGHT: "green",
}
Block = tuple[Text | None, Sequence[Sequence[Text]]]
HEADER = ("", "A", "B", "B/A", "95 % interval", "told\nfrom")


def comparison(found: Report, above: float | None = None) -> RenderableType:
    """Show a comparison; `above` is the slow-down from which a gate fails."""
    sides = Table.grid(padding=(0, 2, 0, 0))
    for name, side in (("A", found.a), ("B", found.b)):
        sides.add_row(Text(name, "bold"), Text(heading(side), overflow="fold"))
    before = [one for one in found.sections if one.verdict in WORST]
    after = [one for one in found.sections if one.verdict not in (*WORST, *TIMED)]
    return Group(
        sides,
        *(Text(line, "bold yellow", overflow="fold") for line in warnings(found)),
        "",
        *untimed(before),
        *timed(found),
        *untimed(after),
        *(Text(line, overflow="fold") for line in closing(found, above)),
    )


def timed(found: Report) -> list[RenderableType]:
    """Return one table of all that has a ratio, a section a verdict."""
    sections = [one for one in found.sections if one.verdict in TIMED and one.rows]
    if not sections:
        return []
    blocks: list[Block] = []
    for section in sections:
        blocks.append((titled(section), []))
        blocks += [block for row in section.rows for block in block_of(row)]
        blocks += [(line, []) for line in more(section)]
    lines = [
        *([found.shared] if found.shared else []),
        "B/A: ratio of times, above 1 B is slower",
        "told from: the least effect that the launches would have told, 4 times in 5",
    ]
    heading = Text(f"{found.series}: {SERIES[found.series]}", "bold")
    return [heading, Sections(HEADER, blocks), *dim(lines), ""]


def block_of(row: Row) -> list[Block]:
    """Return the case and, below it, its runner with the numbers; where the runner is said
    elsewhere, the case with the numbers."""
    numbers = [Text(cell) for cell in row[2:7]]
    if not row.runner:
        return [(None, [[Text(f"  {row.case}"), *numbers]])]
    return [(Text(f"  {row.case}"), [[Text(f"    {row.runner}"), *numbers]])]


def untimed(sections: Iterable[Section]) -> list[RenderableType]:
    """Return what has no ratio, a line a trial with both ends, and why below all that share it."""
    lines: list[RenderableType] = []
    for section in sections:
        if section.rows:
            lines.append(titled(section))
            for reason, rows in groupby(section.rows, key=lambda row: row.reason):
                lines += [ends(row) for row in rows]
                lines += [indented(reason)] if reason else []
            lines += [*more(section), ""]
    return lines


def ends(row: Row) -> Text:
    return Text(f"  {name_of(row)}: {row.a} in A, {row.b} in B", overflow="fold")


def titled(section: Section) -> Text:
    text = Text(title(section), STYLES.get(section.verdict, "bold"))
    return text.append(f" ({VERDICTS[section.verdict]})", "dim")


def more(section: Section) -> list[Text]:
    return dim([f"  and {section.more} more (--all)"]) if section.more else []
