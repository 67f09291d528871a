"""What `harness environment` shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from harness.environments.cache import Environment, cache, environments, size
from results import units

COLUMNS = ("environment", "python", "size", "made", "folder")


def show() -> None:
    """Print the environments that there are, and how to come by one where there is none."""
    Console(highlight=False).print(shown(environments(), cache()))


def shown(present: Sequence[Environment], folder: Path) -> RenderableType:
    """Return a line each, below the folder that holds them."""
    if not present:
        return Text(f"no environment in {folder}; try: harness environment add jax==0.9.0")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        table.add_column(column, justify="right" if column == "size" else "left", overflow="fold")
    for one in present:
        taken = units.size(size(one.folder))
        made = one.made[:16].replace("T", " ") or "not finished"
        made += f"\nfrom {one.wheels}" if one.wheels else ""
        cells = (one.requirement, one.python, taken, made, one.folder.name)
        table.add_row(*(Text(cell) for cell in cells))
    return Group(Text(f"in {folder}", overflow="fold"), table)
