"""`harness run`."""

from __future__ import annotations

import sys
from typing import Any

import click

from harness.commands import results_option
from harness.options import Options, Selection, duration, fraction, split


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO ...]")
@click.option(
    "--backend",
    multiple=True,
    default=["all"],
    metavar="NAME[:VARIANT|:all],...",
    help="Which backends; all are those that are installed.  [all]",
)
@click.option("--exclude", multiple=True, metavar="NAME[:VARIANT],...", help="Leave these out.")
@click.option("--device", multiple=True, default=["cpu"], metavar="cpu|cuda[:N]", help="[cpu]")
@click.option(
    "--operator", multiple=True, metavar="NAME,...|all", help="What is computed.  [its own]"
)
@click.option(
    "--composition", multiple=True, metavar="NAME,...|all", help="How second order nests modes."
)
@click.option(
    "--size",
    multiple=True,
    metavar="n=5,1000|n=10..1e6|S|M|L",
    help="Sizes; repeat it for several names.",
)
@click.option("--dtype", multiple=True, metavar="float32,float64", help="[its own]")
@click.option("--threads", type=int, default=1, help="Threads of every backend.  [1]")
@click.option("--launches", type=int, default=1, help="Lives of every worker; ranks need 3.  [1]")
@click.option("--precision", default="2%", help="Of the median, at which timing stops.  [2%]")
@click.option("--budget", default="0.5s", help="Time for a backend in one case.  [0.5s]")
@click.option("--timeout", default="60s", help="Time for one answer of a worker.  [60s]")
@click.option("--seed", type=int, default=0, help="Of the points that are drawn.  [0]")
@click.option(
    "--numerics",
    default="equal",
    metavar="equal|shipped",
    help="Equalise numeric settings, or leave the frameworks' defaults.  [equal]",
)
@click.option("--data", metavar="FILE", help="An input file in the scenario's published format.")
@click.option("--model", metavar="FOLDER", help="What the data file refers to.  [beside it]")
@click.option("--force", is_flag=True, help="Go on where memory would not suffice.")
@click.option("--check", is_flag=True, help="Check without timing.")
@click.option("--dry-run", is_flag=True, help="Print the plan, run nothing.")
@click.option("--label", help="A name for this run.")
@results_option
@click.option("--json", "json_file", metavar="FILE|-", help="Write records as lines of JSON.")
@click.option("--values", is_flag=True, help="Keep answers of any length in the records.")
@click.option("--quiet", is_flag=True, help="Print the closing line only.")
def run(
    scenarios: tuple[str, ...],
    backend: tuple[str, ...],
    exclude: tuple[str, ...],
    device: tuple[str, ...],
    operator: tuple[str, ...],
    composition: tuple[str, ...],
    size: tuple[str, ...],
    dtype: tuple[str, ...],
    data: str | None,
    model: str | None,
    force: bool,
    dry_run: bool,
    results: str | None,
    json_file: str | None,
    quiet: bool,
    precision: str,
    budget: str,
    timeout: str,
    **options: Any,
) -> None:
    """Check and time scenarios on backends.

    SCENARIO is a name, a family, a glob, 'all', or a .py file of your own; none means the ten
    documented computations.
    """
    from harness import plan
    from harness.carry import carry_out, print_plan

    selection = Selection(
        scenarios=scenarios,
        backends=split(backend),
        exclude=split(exclude),
        devices=split(device),
        operators=split(operator),
        compositions=split(composition),
        sizes=size,
        dtypes=split(dtype),
        data=data,
        model=model,
        force=force,
    )
    chosen = Options(
        precision=fraction(precision),
        budget=duration(budget),
        timeout=duration(timeout),
        **options,
    )
    planned = plan.make(selection, seed=chosen.seed)
    for line in planned.notes:
        click.echo(f"harness: {line}", err=True)
    if dry_run:
        print_plan(planned)
    else:
        sys.exit(carry_out(planned, chosen, results, json_file, quiet))
