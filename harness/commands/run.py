"""`harness run`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click
from click.core import ParameterSource

from harness.commands import results_option
from harness.errors import UsageError
from harness.options import Options, duration, fraction, selected, store_path

SELECTING = (
    *("backend", "exclude", "device", "operator", "composition", "size", "dtype"),
    *("data", "model", "force"),
)
BESIDE_RESUME = ("resume", "timeout", "results", "json_file", "quiet")


def _configured(context: click.Context, parameter: click.Parameter, file: str | None) -> None:
    """Let a configuration file give the defaults of all that is read after it."""
    from harness import configuration

    if file is not None:
        context.default_map = configuration.read(file, context.command)


@click.command()
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO ...]")
@click.option(
    "--backend",
    multiple=True,
    default=["all"],
    metavar="NAME[:VARIANT|:all][@PYTHON|==VERSION],...",
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
@click.option(
    "--launches",
    type=int,
    help="Lives of every worker; ranks need 5.  [1, or 5 where versions of a backend race]",
)
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
@click.option("--isolate", is_flag=True, help="Give workers cores that nothing else here uses.")
@click.option("--wheels", metavar="FOLDER", help="Install ==VERSION from it, not from a registry.")
@click.option("--throughput", is_flag=True, help="Time calls waited for once a block as well.")
@click.option("--check", is_flag=True, help="Check without timing.")
@click.option("--dry-run", is_flag=True, help="Print the plan, run nothing.")
@click.option("--label", help="A name for this run.")
@click.option("--resume", metavar="RUN", help="Finish what an interrupted run left, and only that.")
@click.option(
    "--config",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_configured,
    help="Options as TOML, by their long names, and scenarios = [...]; what is given here wins.",
)
@results_option
@click.option("--json", "json_file", metavar="FILE|-", help="Write records as lines of JSON.")
@click.option("--values", is_flag=True, help="Keep answers of any length in the records.")
@click.option("--quiet", is_flag=True, help="Print the closing line only.")
@click.pass_context
def run(
    context: click.Context,
    /,
    scenarios: tuple[str, ...],
    dry_run: bool,
    launches: int | None,
    resume: str | None,
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

    if resume is not None:
        _refuse_choices(context)
        longer = duration(timeout) if _is_typed(context, "timeout") else None
        sys.exit(_resumed(resume, longer, results, json_file, quiet))
    selection = selected(
        # Click below 8.3 takes options from a file, but no arguments.
        scenarios=scenarios or tuple(context.lookup_default("scenarios") or ()),
        **{name: options.pop(name) for name in SELECTING},
    )
    chosen = Options(
        precision=fraction(precision),
        budget=duration(budget),
        timeout=duration(timeout),
        launches=1 if launches is None else launches,
        **options,
    )
    planned = plan.make(selection, seed=chosen.seed)
    if launches is None:
        chosen = planned.with_launches(chosen)
        if chosen.launches > 1:
            note = f"environments are compared: {chosen.launches} launches (--launches)"
            click.echo(f"harness: {note}", err=True)
    for line in planned.notes:
        click.echo(f"harness: {line}", err=True)
    if dry_run:
        print_plan(planned)
    else:
        sys.exit(carry_out(planned, chosen, results, json_file, quiet))


def _resumed(
    text: str, timeout: float | None, results: str | None, json_file: str | None, quiet: bool
) -> int:
    """Finish a stored run; return the exit status."""
    from harness import plan
    from harness.carry import carry_out
    from harness.earlier import asked, find

    earlier = find(store_path(results), text)
    selection, chosen = asked(earlier.run)
    if timeout is not None:
        chosen = replace(chosen, timeout=timeout)
    planned = plan.make(selection, seed=chosen.seed)
    for line in planned.notes:
        click.echo(f"harness: {line}", err=True)
    return carry_out(planned, chosen, results, json_file, quiet, earlier)


def _refuse_choices(context: click.Context) -> None:
    """A run that goes on is asked for what it was asked for at first."""
    for parameter in context.command.params:
        name = str(parameter.name)
        # Click below 8.3 takes the empty argument for typed.
        empty = context.params.get(name) == ()
        if name not in BESIDE_RESUME and _is_typed(context, name) and not empty:
            word = parameter.opts[0] if isinstance(parameter, click.Option) else "a SCENARIO"
            raise UsageError(
                f"--resume goes on with what the run was asked for, so {word} can't stand beside "
                "it; leave it out, or start a new run"
            )


def _is_typed(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE
