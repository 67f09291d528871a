"""How tables are laid out: columns in line from section to section, wide ones continued below.

One convention: everything shown is `Text`, never markup, for a framework's sentence may hold
brackets; and everything fits the width by breaking at words, never by cutting a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from results.schema import BROKEN, SKIPPED

if TYPE_CHECKING:
    from rich.console import JustifyMethod

STYLES = {
    "ok": "green",
    **dict.fromkeys(BROKEN, "bold red"),
    **dict.fromkeys(SKIPPED, "yellow"),
    "imprecise": "yellow",
    "convention": "cyan",
    "interrupted": "yellow",
}
GAP = 2  # columns between two columns


@dataclass(frozen=True)
class Matrix:
    """Rows by columns; what does not fit the screen's width goes into further tables below.

    A row whose name begins with a space belongs to the nearest row above that has none.
    """

    rows: Sequence[str]
    columns: Mapping[str, Sequence[Text]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        longest = max((len(line) for row in self.rows for line in lines(row)), default=0)
        for columns in fitting(self.columns, options.max_width - longest - GAP):
            table = ruled()
            table.add_column("", overflow="fold")
            for name in columns:
                table.add_column(heading(name), no_wrap=True)
            for position, row in enumerate(self.rows):
                table.add_row(Text(row), *(self.columns[name][position] for name in columns))
            yield table


def lines(row: str) -> list[str]:
    """Return what must stay on one line: each word, or all of a row that belongs to another."""
    return [row] if row.startswith(" ") else row.split()


def words(name: str) -> list[str]:
    """Return the words of a name, the first with its indentation."""
    first, *rest = name.split() or [""]
    return [name[: name.find(first)] + first, *rest]


@dataclass(frozen=True)
class Sections:
    """Rows under titles, with one header above all and their columns in line.

    The first column holds names: where the width does not suffice they break at words, and where
    that does not suffice either they stand on lines of their own.
    """

    header: Sequence[str]
    sections: Sequence[tuple[Text | None, Sequence[Sequence[Text]]]]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        header = [Text(name) for name in self.header]
        rows = [header, *(row for _, block in self.sections for row in block)]
        widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
        numbers = sum(widths[1:]) + GAP * (len(widths) - 1)
        left = options.max_width - numbers
        alone = left < max(len(word) for row in rows for word in words(row[0].plain))
        widths[0] = 1 if alone else min(widths[0], left)
        yield aligned([header], widths)
        for title, block in self.sections:
            if title is not None:
                yield title
            for row in block:
                if alone:
                    yield row[0]
                yield aligned([[Text(""), *row[1:]] if alone else row], widths)


def aligned(rows: Iterable[Sequence[Text]], widths: Sequence[int]) -> Table:
    """Lay out rows so that tables with text between them have their columns in line."""
    table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, show_header=False)
    for position, width in enumerate(widths):
        justify: JustifyMethod = "right" if position else "left"
        table.add_column(justify=justify, width=width, overflow="fold", vertical="bottom")
    for row in rows:
        table.add_row(*row)
    return table


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


def dim(lines: Iterable[str]) -> list[Text]:
    """Return the captions below a table."""
    return [Text(line, "dim") for line in lines]
