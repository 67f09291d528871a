"""The command `harness`: words in, exit status out. What it does lives in the other modules.

Exit status: 0 everything ran or was skipped with a reason; 1 something was wrong, failed or died;
2 the command can't be carried out; 130 interrupted. Click, and not a layer above it, because the
command has to start in a tenth of a second.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

from harness.errors import HarnessError
from harness.options import Options, Selection, duration, fraction, split, store_path
from results.errors import StoreError

results_option = click.option(
    "--results", metavar="FILE", help="Store of results.  [.harness/results.db]"
)


def main() -> None:
    """Run the command; what was foreseen becomes a sentence, never a traceback."""
    signal.signal(signal.SIGINT, interrupt_once())
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        sys.exit(harness(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = complain("stopped", 130)
    except HarnessError as error:
        status = complain(error, error.exit_status)
    except StoreError as error:
        status = complain(error, 2)
    except (OSError, UnicodeError) as error:
        from harness.stream import drop

        drop(sys.stdout)
        status = complain(f"the output can't be written: {error}; what was finished is stored", 2)
    sys.exit(status)


def complain(what: BaseException | str, status: int) -> int:
    """Print the sentence, or with --debug the traceback, of what is being handled."""
    if "--debug" in sys.argv:
        traceback.print_exc()
    click.echo(f"harness: {what}", err=True)
    return status


def interrupt_once() -> Callable[[int, Any], None]:
    """Return a handler that interrupts at the first signal and lets nothing disturb what follows:
    the records of unfinished trials are being stored then."""
    seen: list[int] = []

    def interrupt(number: int, frame: Any) -> None:
        seen.append(number)
        if len(seen) == 1:
            raise KeyboardInterrupt

    return interrupt


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autodiff-harness", message="harness %(version)s")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
def harness(debug: bool) -> None:
    """Which automatic-differentiation backend gets my derivative right, and which fastest?"""


@harness.command()
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


@harness.command("list")
@click.argument("what", default="", metavar="[backends|scenarios|runs]")
@click.option("--format", default="table", metavar="table|markdown", help="Of scenarios.  [table]")
@results_option
def list_(what: str, format: str, results: str | None) -> None:
    """List backends, scenarios and stored runs.

    `harness list backends` is a doctor: it tries each of them and says what works here, or why not.
    """
    from harness import listing

    listing.show(what, store_path(results), format)


@harness.command()
@click.argument("run", default="latest")
@results_option
def show(run: str, results: str | None) -> None:
    """Show a stored run: the beginning of an id, latest, latest~1, or a label.  [latest]"""
    from rich.console import Console

    from harness.screen import header, print_tables
    from results import tables
    from results.store import Store

    path = store_path(results)
    console = Console(highlight=False)
    with Store(path) as store:
        found = store.find(run)
        records = store.records(found.id)
        console.print(header(found))
        print_tables(console, found, records, store.all_blocks(found.id))
        console.print(tables.closing(records, run=found.id, where=str(path)))


@harness.command()
@click.argument("run")
@click.option(
    "--format", default="json", metavar="json|csv|markdown|pytest-benchmark", help="[json]"
)
@results_option
def export(run: str, format: str, results: str | None) -> None:
    """Write a stored run to stdout: the beginning of an id, latest, latest~1, or a label."""
    from harness.errors import unknown
    from results.export import FORMATS
    from results.store import Store

    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    with Store(store_path(results)) as store:
        found = store.find(run)
        text = FORMATS[format](found, store.records(found.id), store.all_blocks(found.id))
    sys.stdout.write(text)
