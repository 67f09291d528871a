"""The command `harness`: words in, exit status out. What it does lives in the other modules.

Exit status: 0 everything ran or was skipped with a reason; 1 something was wrong, failed or died;
2 the command can't be carried out; 130 interrupted.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from harness.errors import HarnessError, UsageError
from harness.options import Options, Selection, duration, fraction, split, store_path
from results.errors import StoreError

if TYPE_CHECKING:
    from harness.plan import Plan
    from harness.runner import Event

app = typer.Typer(
    help="Which automatic-differentiation backend gets a derivative right, and which fastest?",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)
Words = list[str]
Results = Annotated[
    Path | None,
    typer.Option("--results", metavar="FILE", help="store of results [.harness/results.db]"),
]


def main() -> None:
    """Run the command; what was foreseen becomes a sentence, never a traceback."""
    try:
        app()
    except (HarnessError, StoreError) as error:
        if "--debug" in sys.argv:
            raise
        print(f"harness: {error}", file=sys.stderr)
        sys.exit(130 if type(error).__name__ == "Interrupted" else 2)


def show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"harness {version('autodiff-harness')}")
        raise typer.Exit


@app.callback()
def harness(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="and exit")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="show tracebacks of errors")] = False,
) -> None:
    pass


@app.command()
def run(
    scenarios: Annotated[
        Words | None,
        typer.Argument(
            metavar="[SCENARIO ...]",
            help="a name, a family, a glob, 'all', or a .py file [documented]",
            show_default=False,
        ),
    ] = None,
    backend: Annotated[
        Words, typer.Option(metavar="NAME[:VARIANT|:all],...", help="which backends")
    ] = ["all"],  # noqa: B006 (typer copies it)
    exclude: Annotated[Words, typer.Option(metavar="NAME[:VARIANT],...")] = [],  # noqa: B006
    device: Annotated[Words, typer.Option(metavar="cpu|cuda[:N]")] = ["cpu"],  # noqa: B006
    operator: Annotated[
        Words, typer.Option(metavar="NAME,...|all", help="what is computed [the scenario's own]")
    ] = [],  # noqa: B006
    composition: Annotated[
        Words, typer.Option(metavar="NAME,...|all", help="how second-order operators nest")
    ] = [],  # noqa: B006
    size: Annotated[
        Words, typer.Option(metavar="n=5,1000|S|M|L", help="sizes; repeat for several names")
    ] = [],  # noqa: B006
    dtype: Annotated[Words, typer.Option(metavar="float32,float64")] = [],  # noqa: B006
    threads: Annotated[int, typer.Option(help="of every backend")] = 1,
    launches: Annotated[int, typer.Option(help="lives of every worker; ranks need 3")] = 1,
    precision: Annotated[str, typer.Option(help="of the median, at which timing stops")] = "2%",
    budget: Annotated[str, typer.Option(help="time per backend and case")] = "0.5s",
    timeout: Annotated[str, typer.Option(help="time for one answer of a worker")] = "60s",
    seed: Annotated[int, typer.Option(help="of the drawn points")] = 0,
    numerics: Annotated[
        str, typer.Option(metavar="equal|shipped", help="numeric settings of the frameworks")
    ] = "equal",
    check: Annotated[bool, typer.Option("--check", help="check without timing")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="print the plan only")] = False,
    label: Annotated[str | None, typer.Option(help="a name for this run")] = None,
    results: Results = None,
    json_file: Annotated[
        str | None, typer.Option("--json", metavar="FILE|-", help="records as lines of JSON")
    ] = None,
    values: Annotated[bool, typer.Option("--values", help="keep answers of any length")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="print the closing line only")] = False,
) -> None:
    """Check and time scenarios on backends."""
    from harness import plan

    selection = Selection(
        scenarios=tuple(scenarios or ()),
        backends=split(backend),
        exclude=split(exclude),
        devices=split(device),
        operators=split(operator),
        compositions=split(composition),
        sizes=tuple(size),
        dtypes=split(dtype),
    )
    options = Options(
        threads=threads,
        launches=launches,
        precision=fraction(precision),
        budget=duration(budget),
        timeout=duration(timeout),
        seed=seed,
        numerics=numerics,
        check=check,
        values=values,
        label=label,
    )
    planned = plan.make(selection, seed=seed)
    for line in planned.broken:
        typer.echo(f"harness: {line}", err=True)
    if dry_run:
        print_plan(planned)
    else:
        raise typer.Exit(carry_out(planned, options, results, json_file, quiet))


def print_plan(planned: Plan) -> None:
    """One line a trial, then their number."""
    for trial in planned.trials:
        case = trial.case
        size = ",".join(f"{k}={v}" for k, v in case.size.items())
        way = f"{case.operator} {case.composition}" if case.composition else case.operator
        status, reason = planned.beforehand.get(trial.runner, ("", ""))
        note = f"  {status}: {reason}" if status else ""
        typer.echo(
            f"{case.scenario}  {size} {case.point} {case.dtype}  {way}  "
            f"{trial.backend}:{trial.variant} {trial.device}{note}"
        )
    typer.echo(f"{len(planned.trials)} trials in {len(planned.cases)} cases")


def carry_out(
    planned: Plan, options: Options, results: Path | None, json_file: str | None, quiet: bool
) -> int:
    """Run the plan with a screen and, if asked, a stream of JSON; return the exit status."""
    from rich.console import Console

    from harness.runner import execute
    from harness.screen import Screen
    from results.schema import BROKEN
    from results.store import Store

    signal.signal(signal.SIGTERM, interrupt)
    path = store_path(results)
    with ExitStack() as stack:
        emit = json_stream(json_file, stack)
        screen = stack.enter_context(
            Screen(Console(stderr=json_file == "-", highlight=False), quiet=quiet)
        )

        def notify(event: Event) -> None:
            screen.notify(event)
            emit(event)

        store = stack.enter_context(Store(path, writing=True))
        try:
            records = execute(
                planned, options, store=store, command=" ".join(sys.argv), notify=notify
            )
        finally:
            screen.bar.stop()
            screen.report(str(path))
    return int(any(r.status in BROKEN and not r.known for r in records))


def interrupt(number: int, frame: Any) -> NoReturn:
    """Take SIGTERM as Ctrl-C is taken."""
    raise KeyboardInterrupt


def json_stream(target: str | None, stack: ExitStack) -> Callable[[Event], None]:
    """Return what writes the header, then a record a line, to a file or to stdout."""
    from harness.runner import Finished, Started

    if target is None:
        return lambda event: None
    out = sys.stdout
    if target != "-":
        try:
            out = stack.enter_context(open(target, "w"))  # noqa: SIM115 (the stack closes it)
        except OSError as error:
            why = f"{target} can't be written ({error.strerror})"
            raise UsageError(f"{why}; give another file with --json") from error

    def emit(event: Event) -> None:
        if isinstance(event, Started):
            print(json.dumps({"header": event.run.to_json()}), file=out, flush=True)
        elif isinstance(event, Finished):
            print(json.dumps(event.record.to_json(), allow_nan=False), file=out, flush=True)

    return emit


@app.command("list")
def list_(
    what: Annotated[
        str, typer.Argument(metavar="[backends|scenarios|runs]", help="one of them, or all briefly")
    ] = "",
    results: Results = None,
) -> None:
    """List backends (a doctor: what works here and why not), scenarios, or stored runs."""
    from harness import listing

    listing.show(what, store_path(results))


@app.command()
def show(
    run: Annotated[
        str, typer.Argument(metavar="[RUN]", help="beginning of an id, latest, latest~1, a label")
    ] = "latest",
    results: Results = None,
) -> None:
    """Show a stored run."""
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
        print_tables(console, records, store.all_blocks(found.id))
        console.print(tables.closing(records, run=found.id, where=str(path)))


@app.command()
def export(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help="beginning of an id, latest, latest~1, a label")
    ],
    format: Annotated[str, typer.Option(metavar="json|csv|markdown|pytest-benchmark")] = "json",
    results: Results = None,
) -> None:
    """Write a stored run to stdout in another format."""
    from harness.errors import unknown
    from results.export import FORMATS
    from results.store import Store

    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    with Store(store_path(results)) as store:
        found = store.find(run)
        text = FORMATS[format](found, store.records(found.id), store.all_blocks(found.id))
    sys.stdout.write(text)
