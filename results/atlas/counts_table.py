"""How much of the map each runner has right: its cells counted by state.

One convention: a primitive runs where a backend has it, whatever its answers are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.console import Group
from rich.table import Table
from rich.text import Text

from results.atlas.layers import Atlas, Cell
from results.atlas.states import STATES
from results.layout import dim, ruled

REFUSED = ("unsupported", "not run")


def counts(states: Mapping[Cell, str]) -> dict[str, Counter[str]]:
    """Count the cells of every runner by state."""
    found: dict[str, Counter[str]] = {}
    for (_, runner, _), state in states.items():
        found.setdefault(runner, Counter())[state] += 1
    return found


def share_that_runs(states: Mapping[Cell, str], runner: str) -> float:
    """The part of the primitives of which a runner has any way at all."""
    asked = {cell[0] for cell in states if cell[1] == runner}
    runs = {cell[0] for cell, one in states.items() if cell[1] == runner and one not in REFUSED}
    return len(runs) / len(asked)


def percent(share: float) -> str:
    """Write a share so that only all is 100 % and only nothing 0 %."""
    return f"{min(max(round(100 * share), 1 if share else 0), 100 if share == 1 else 99)} %"


def by_runner(atlas: Atlas, states: Mapping[Cell, str]) -> Group:
    found = counts(states)
    shown = [name for name in STATES if any(several[name] for several in found.values())]
    table: Table = ruled()
    table.add_column("cells")
    for name in shown:
        table.add_column(name.replace(" ", "\n"), justify="right")
    table.add_column("runs", justify="right")
    for runner in atlas.runners:
        numbers = [
            Text(str(found[runner][name] or ""), STATES[name].style if found[runner][name] else "")
            for name in shown
        ]
        share = percent(share_that_runs(states, runner))
        table.add_row(Text(runner, overflow="fold"), *numbers, Text(share))
    return Group(table, *dim(["runs: of the primitives asked for, those that the backend has"]), "")
