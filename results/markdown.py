"""A stored run as Markdown: times, and where the run has them what compiling costs and scaling.

One convention: what the screen says is said here in the same words and digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from results import compilation, scaling_rows
from results.cases import Names, Timed, by_case, names_for, timed
from results.scaling import sweeps
from results.schema import Block, Record, Run
from results.statistics import ratio, relative, shown


def as_markdown(run: Run, records: Sequence[Record], blocks: Mapping[str, Sequence[Block]]) -> str:
    """Return a table of times, then of compiled variants beside their twins, then of each sweep."""
    names = names_for(records)
    parts = [times(records, names), markdown_note(run, names), *compilations(run, records, names)]
    for sweep in sweeps(records, names):
        rows = [scaling_rows.header(sweep), *scaling_rows.cells(sweep)]
        parts += [f"**{scaling_rows.title(sweep, names)}**", table(rows)]
        parts += scaling_rows.overtakings(sweep)
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows of cells, the first of them the header."""
    header, *rest = rows
    lines = [header, ["---", *("---:" for _ in header[1:])], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def times(records: Sequence[Record], names: Names) -> str:
    """Return a row a case, a column a backend:variant.

    A cell holds the median and its ratio to the row's fastest; where nothing was timed, or not
    rightly, the status and the relative error.
    """
    runners = names.runners(records)
    rows = [["case", *runners]]
    for group in by_case(records):
        found = {names.runner(record): record for record in group}
        ranked = {names.runner(row.record): row for row in timed(group, {})}
        cells = [markdown_cell(found.get(name), ranked.get(name)) for name in runners]
        rows.append([names.case(group[0]), *cells])
    return table(rows)


def markdown_cell(record: Record | None, row: Timed | None) -> str:
    if record is None:
        return ""
    if row is None:
        error = f" {relative(record.error.relative)}" if record.error else ""
        return f"{record.status}{error}{' (known)' if record.known else ''}"
    seconds = row.seconds
    middle = shown(seconds.median, seconds.low, seconds.high).median
    return f"{middle} ({ratio(row.to_fastest)})"


def compilations(run: Run, records: Iterable[Record], names: Names) -> list[str]:
    """Return the table of compiled variants whose eager twins are in the run, if there are any."""
    rows = [
        [names.case(one.record), names.runner(one.record), *compilation.cells(one)]
        for case in compilation.compiled(run, records)
        for one in case
        if one.present
    ]
    return [table([["case", "compiled", *compilation.NAMES], *rows])] if rows else []


def markdown_note(run: Run, names: Names) -> str:
    """Say in a sentence what the table was made with."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    shared = f"{names.shared}; " if names.shared else ""
    return (
        f"Median time per call of right answers, in brackets the ratio to the row's fastest; "
        f"{shared}{run.machine.get('cpu', 'unknown machine')}; {versions}."
    )
