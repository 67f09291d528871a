"""The table of conventions: a row a point where backends differ, a column a runner.

One convention: runners that answer alike in every row share a column.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from results.atlas.conventions import Row, rows, runners_in
from results.atlas.layers import Atlas, short
from results.layout import Matrix, dim


def conventions(atlas: Atlas, most: int | None) -> list[RenderableType]:
    """Show the first derivatives that differ where none exists; nothing where none does."""
    found = rows(atlas)
    if not found:
        return []
    some = found[:most]
    columns = {
        together(several): [Text(row.answers.get(several[0], "")) for row in some]
        for several in alike(some, runners_in(some, atlas.runners))
    }
    names = [f"{row.primitive} {','.join(map(short, row.ways))} {row.spot}" for row in some]
    title = Text("conventions: where no derivative exists and backends differ", "bold")
    left = len(found) - len(some)
    more = f"and {left} more rows: harness show {atlas.records[0].run}, or --html"
    return [title, Matrix(names, columns), *dim([more] if left else []), ""]


def together(runners: Sequence[str]) -> str:
    """Name several runners, each backend once: `jax:eager,jit torch:eager`."""
    variants: dict[str, list[str]] = {}
    for backend, _, variant in (runner.partition(":") for runner in runners):
        variants.setdefault(backend, []).append(variant)
    return " ".join(f"{backend}:{','.join(several)}" for backend, several in variants.items())


def alike(rows: Sequence[Row], runners: Sequence[str]) -> list[list[str]]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for runner in runners:
        groups.setdefault(tuple(row.answers.get(runner, "") for row in rows), []).append(runner)
    return list(groups.values())
