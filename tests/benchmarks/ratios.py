"""What derivatives cost in units of the function: gradient / value and hvp / gradient.

`make ratios` runs every scenario that has both operators on every compiled variant, at size M, and
marks what exceeds the goals. Theory has a gradient cost at most five values in operations (Baur and
Strassen 1983), and a Hessian times a vector a small multiple of a gradient.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

import harness
from harness import plugins
from results.schema import Record, Seconds
from results.statistics import ratio, shown

GOALS = {"gradient": 5.0, "hvp": 3.0}
FAMILIES = ("classic", "adbench", "physics", "learning")


def compiled() -> str:
    """The compiled variants of all backends, as the words of --backend."""
    found = plugins.backends().items.values()
    return ",".join(f"{d.name}:{variant}" for d in found if d.listed for variant in d.compiled)


def smooth(words: list[str]) -> list[str]:
    """The scenarios with a gradient and an hvp, of the families or names given."""
    return [
        name
        for name, scenario in plugins.scenarios().items.items()
        if not scenario.primitive
        and {"gradient", "hvp"} <= set(scenario.operators)
        and {name, scenario.short, scenario.family} & set(words)
    ]


@dataclass(frozen=True)
class Row:
    """One scenario on one backend: the gradient's time, and the two ratios."""

    scenario: str
    runner: str
    gradient: Seconds
    to_value: float
    product: float | None


def rows(records: list[Record]) -> list[Row]:
    """Pair each right and timed gradient with the hvp of the same scenario and backend."""
    right = {
        (r.scenario, f"{r.backend}:{r.variant}", r.operator): r.seconds
        for r in records
        if r.seconds
    }
    found = []
    for (scenario, runner, operator), seconds in right.items():
        if operator == "gradient" and seconds.value:
            second = right.get((scenario, runner, "hvp"))
            product = second.median / seconds.median if second else None
            row = Row(scenario, runner, seconds, seconds.median / seconds.value, product)
            found.append(row)
    return found


def table(found: list[Row]) -> Table:
    shown_table = Table(box=None, pad_edge=False)
    shown_table.add_column("scenario")
    for name in ("backend:variant", "gradient", "to value", "hvp to it"):
        shown_table.add_column(name, no_wrap=True, justify="right")
    for row in found:
        shown_table.add_row(
            row.scenario.partition("/")[2],
            row.runner,
            shown(row.gradient.median, row.gradient.low, row.gradient.high).median,
            marked(row.to_value, GOALS["gradient"]),
            marked(row.product, GOALS["hvp"]) if row.product else "-",
        )
    return shown_table


def marked(value: float, goal: float) -> str:
    return f"{ratio(value)} " + (" " if value <= goal else "!")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=list(FAMILIES))
    parser.add_argument("--backend", default=compiled())
    parser.add_argument("--size", default="M")
    parser.add_argument("--results", default=".harness/ratios.db")
    chosen = parser.parse_args()
    records = harness.run(
        *smooth(chosen.scenarios),
        backend=chosen.backend,
        operator="gradient,hvp",
        size=(chosen.size,),
        results=chosen.results,
        notify=lambda event: print(".", end="", file=sys.stderr, flush=True),
    )
    print(file=sys.stderr)
    Console().print(table(rows(records)))
    Console().print("! over the goal: {gradient:g} values, {hvp:g} gradients".format(**GOALS))


if __name__ == "__main__":
    main()
