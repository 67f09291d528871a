"""The screen of how times grow with a size, and where one runner overtakes another."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import names_for
from results.layout import Sections, dim
from results.scaling import FEWEST, FLAT, NOISE, Sweep, sweeps
from results.scaling_rows import cells, header, overtakings, title
from results.schema import Record

NOTES = (
    "fit: time = fixed + factor n^exponent, least squares of relative errors",
    f"x to y: exponents that fit as well, but for noise of {NOISE:.0%} or what the fit leaves",
    f"flat: one fixed time is within {FLAT:.0%} of all times",
    "overtakes: where their intervals are apart; those of one launch say less than --launches 5",
    f"-: not right and timed there, or at fewer than {FEWEST} sizes",
)


def scaling(records: Sequence[Record]) -> RenderableType | None:
    """Show a table for every sweep over one size; None where there is none."""
    names = names_for(records)
    found = sweeps(records, names)
    if not found:
        return None
    parts: list[RenderableType] = []
    for sweep in found:
        parts += [Text(title(sweep, names), "bold"), table(sweep)]
        parts += [*map(Text, overtakings(sweep)), ""]
    return Group(*parts[:-1], *dim(NOTES), "")


def table(sweep: Sweep) -> Sections:
    rows = [[Text(cell) for cell in row] for row in cells(sweep)]
    return Sections(header(sweep), [(None, rows)])
