"""What several runs say together: `harness compare` and `harness history`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from harness.commands import results_option
from harness.options import fraction, split, store_path

if TYPE_CHECKING:
    from results.comparison.rows import Report
    from results.schema import Record, Run

FORMATS = ("table", "markdown", "json")


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--series", default="operator", metavar="NAME", help="Which times.  [operator]")
@click.option("--floor", default="2%", help="Effects up to this count as none.  [2%]")
@click.option(
    "--fail-above",
    metavar="5%",
    help="Exit 1 on what is slower by more, newly wrong, or no longer run.",
)
@click.option("--all", "whole", is_flag=True, help="Show every trial.")
@click.option("--format", default="table", metavar="table|markdown|json", help="[table]")
@results_option
def compare(
    a: str,
    b: str,
    series: str,
    floor: str,
    fail_above: str | None,
    whole: bool,
    format: str,
    results: str | None,
) -> None:
    """Compare B with A, trial by trial: what became slower, faster, wrong or right.

    A and B are stored runs (the beginning of an id, latest, latest~1, a label) or files made by
    'harness export RUN --format json' or 'harness run --json FILE'. RUN@NAME chooses one runner of
    a run, so that versions or backends race: latest@jax==0.9.0 latest@jax==0.10.2. Whether
    something is slower is told by launches: run both with --launches 5.
    """
    from contextlib import ExitStack
    from functools import cache

    from harness.errors import UsageError, unknown
    from results.comparison import sides, verdicts
    from results.comparison.rows import report
    from results.rows import many_objects
    from results.schema import SERIES
    from results.store import Store

    for kind, word, known in (("series", series, SERIES), ("format", format, FORMATS)):
        if word not in known:
            raise unknown(kind, word, known)
    effect, above = fraction(floor), fraction(fail_above) if fail_above else None
    if above is not None and above < effect:
        raise UsageError(
            f"--fail-above {fail_above} is below --floor {floor}, and nothing below the floor is "
            "called slower; lower --floor as well"
        )
    with many_objects(), ExitStack() as stack:
        # Opened when first needed: both may be files, where no store is.
        store = cache(lambda: stack.enter_context(Store(store_path(results))))
        left, right = (sides.find(word, store, series) for word in (a, b))
        compared = verdicts.compare(left, right, effect)
        failed = above is not None and bool(verdicts.failures(compared, above))
        if above is not None and not failed and not any(one.comparison for one in compared):
            raise UsageError(
                f"nothing was timed on both sides, so --fail-above {fail_above} would always pass; "
                "run both without --check, with --launches 5"
            )
        show(report(left, right, compared, series=series, whole=whole), above, format)
    sys.exit(int(failed))


def show(found: Report, above: float | None, format: str) -> None:
    from rich.console import Console

    from results.comparison import formats, table

    if format == "table":
        Console(highlight=False).print(table.comparison(found, above))
    else:
        written = {"markdown": formats.as_markdown, "json": formats.as_json}
        sys.stdout.write(written[format](found, above))


@click.command()
@click.argument("scenario")
@click.option("--backend", multiple=True, metavar="NAME[:VARIANT],...", help="Only these.  [all]")
@click.option("--operator", multiple=True, metavar="NAME,...", help="Only these.  [all]")
@click.option("--machine", default="all", metavar="this|all", help="Whose runs.  [all]")
@click.option("--floor", default="2%", help="Effects up to this count as none.  [2%]")
@click.option("--all", "whole", is_flag=True, help="Show every trial and every run.")
@results_option
def history(
    scenario: str,
    backend: tuple[str, ...],
    operator: tuple[str, ...],
    machine: str,
    floor: str,
    whole: bool,
    results: str | None,
) -> None:
    """Show the trials of a scenario over all stored runs, oldest first, and mark the steps.

    A step is a run that launches tell faster or slower than the one before. Runs of another
    machine, or with other threads or numeric settings, are shown apart.
    """
    from rich.console import Console

    from harness.errors import unknown
    from results.comparison import history_table
    from results.comparison.history import chosen, courses, scenario_named
    from results.store import Store

    if machine not in ("this", "all"):
        raise unknown("machine", machine, ("this", "all"))
    effect = fraction(floor)
    with Store(store_path(results)) as store:
        name = scenario_named(scenario, store.scenario_names())
        found = chosen(store.history(name), split(backend), split(operator))
    if machine == "this":
        found = here(found)
    screen = history_table.history(name, courses(found, effect), whole=whole)
    Console(highlight=False).print(screen)


def here(found: list[tuple[Run, Record]]) -> list[tuple[Run, Record]]:
    """Keep what was measured on this machine. Raises UsageError where nothing was."""
    import os

    from harness.errors import UsageError
    from harness.machine.facts import describe
    from results.conditions import machine_of

    mine = machine_of(describe(sorted(os.sched_getaffinity(0))))
    kept = [(run, record) for run, record in found if machine_of(run.machine) == mine]
    if not kept:
        raise UsageError("nothing of it was measured on this machine; try --machine all")
    return kept
