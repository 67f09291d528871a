"""A stored run as Markdown: times, and where the run has them what compiling costs and scaling.

One convention: what the screen says is said here in the same words and digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from results import compilation, scaling_rows
from results.cases import Names, Timed, by_case, names_for, timed
from results.ranks import ranking, standing, told_from
from results.scaling import sweeps
from results.schema import Block, Record, Run
from results.statistics import relative, shown
from results.steadiness import Unsteady, all_unsteady, why


def as_markdown(run: Run, records: Sequence[Record], blocks: Mapping[str, Sequence[Block]]) -> str:
    """Return a table of times, then of compiled variants beside their twins, then of each sweep."""
    names = names_for(records)
    cases = [(group, timed(group)) for group in by_case(records)]
    rows = [row for _, case in cases for row in case]
    moving = all_unsteady(rows, blocks)
    parts = [times(cases, names, moving), markdown_note(run, names, rows)]
    parts += why(rows, moving, names)
    parts += compilations(run, records, names)
    for sweep in sweeps(records, names):
        grid = [scaling_rows.header(sweep), *scaling_rows.cells(sweep)]
        parts += [f"**{scaling_rows.title(sweep, names)}**", table(grid)]
        parts += scaling_rows.overtakings(sweep)
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows of cells, the first of them the header."""
    header, *rest = rows
    lines = [header, ["---", *("---:" for _ in header[1:])], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def times(
    cases: Sequence[tuple[Sequence[Record], Sequence[Timed]]],
    names: Names,
    moving: Unsteady,
) -> str:
    """Return a row a case, a column a backend:variant.

    A cell holds the median, and its rank and its ratio to the row's fastest; where nothing was
    timed, or not rightly, the status and the relative error.
    """
    runners = names.runners(record for group, _ in cases for record in group)
    rows = [["case", *runners]]
    for group, case in cases:
        found = {names.runner(record): record for record in group}
        ranked = {names.runner(row.record): row for row in case}
        cells = [markdown_cell(found.get(name), ranked.get(name), moving) for name in runners]
        rows.append([names.case(group[0]) + told_from(row.place for row in case), *cells])
    return table(rows)


def markdown_cell(record: Record | None, row: Timed | None, moving: Unsteady) -> str:
    if record is None:
        return ""
    if row is None:
        error = f" {relative(record.error.relative)}" if record.error else ""
        return f"{record.status}{error}{' (known)' if record.known else ''}"
    seconds = row.seconds
    middle = shown(seconds.median, seconds.low, seconds.high).median
    return f"{middle} ({standing(row.place, row.to_fastest)}){'!' if record.id in moving else ''}"


def compilations(run: Run, records: Iterable[Record], names: Names) -> list[str]:
    """Return the table of compiled variants whose eager twins are in the run, if there are any."""
    rows = [
        [names.case(one.record), names.runner(one.record), *compilation.cells(one)]
        for case in compilation.compiled(run, records)
        for one in case
        if one.present
    ]
    return [table([["case", "compiled", *compilation.NAMES], *rows])] if rows else []


def markdown_note(run: Run, names: Names, rows: Sequence[Timed]) -> str:
    """Say in a sentence what the table was made with, and in others what launches tell."""
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    shared = f"{names.shared}; " if names.shared else ""
    said = [
        f"Median time per call of right answers, in brackets rank and ratio to the least median; "
        f"{shared}{run.machine.get('cpu', 'unknown machine')}; {versions}."
    ]
    launches = "; ".join(ranking([row.seconds for row in rows], [row.place for row in rows]))
    return " ".join([*said, f"{launches[:1].upper()}{launches[1:]}."] if launches else said)
