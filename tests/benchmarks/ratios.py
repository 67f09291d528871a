"""What derivatives cost in units of the function: gradient / value and hvp / gradient.

`make ratios` runs every scenario that has both operators on every compiled variant, at size M, and
marks what exceeds the goals: theory (Griewank and Walther 2008, section 4.6) has a gradient cost at
most five values, and a Hessian times a vector at most a small multiple of a gradient.
"""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.table import Table

import harness
from harness import plugins
from results.schema import Record
from results.statistics import ratio

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
        if {"gradient", "hvp"} <= set(scenario.operators)
        and {name, scenario.short, scenario.family} & set(words)
    ]


def rows(records: list[Record]) -> list[tuple[str, str, float, float, float | None]]:
    """Scenario, backend:variant, seconds of the gradient, gradient / value, hvp / gradient."""
    right = {(r.scenario, f"{r.backend}:{r.variant}", r.operator): r for r in records if r.seconds}
    found = []
    for (scenario, runner, operator), record in right.items():
        if operator == "gradient" and record.seconds and record.seconds.value:
            median = record.seconds.median
            second = right.get((scenario, runner, "hvp"))
            product = second.seconds.median / median if second and second.seconds else None
            found.append((scenario, runner, median, median / record.seconds.value, product))
    return found


def table(found: list[tuple[str, str, float, float, float | None]]) -> Table:
    shown = Table("scenario", "backend:variant", "gradient", "/ value", "hvp / gradient", box=None)
    for scenario, runner, median, first, second in found:
        cells = [marked(first, GOALS["gradient"]), "-"]
        if second is not None:
            cells[1] = marked(second, GOALS["hvp"])
        shown.add_row(scenario, runner, f"{median * 1e6:.4g} us", *cells)
    return shown


def marked(value: float, goal: float) -> str:
    return ratio(value) if value <= goal else f"[bold]{ratio(value)}[/] over {goal:g}"


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


if __name__ == "__main__":
    main()
