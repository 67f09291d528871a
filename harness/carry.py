"""Carry a plan out for the command, with a screen, a store and a stream of JSON; or print it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from harness.atlas import page
from harness.atlas.sheets import Sheet
from harness.earlier import Earlier
from harness.errors import UsageError, counted
from harness.events import Event
from harness.options import Options, store_path
from harness.plan import Plan
from harness.runner import execute
from harness.screen import Screen
from harness.stream import json_stream
from results.schema import BROKEN
from results.store import Store


def print_plan(planned: Plan) -> None:
    """One line a trial, then their number."""
    for trial in planned.trials:
        case = trial.case
        size = ",".join(f"{k}={v}" for k, v in case.size.items())
        way = f"{case.operator} {case.composition}" if case.composition else case.operator
        status, reason = planned.beforehand.get(trial.runner, ("", ""))
        note = f"  {status}: {reason}" if status else ""
        click.echo(
            f"{case.scenario}  {size} {case.point} {case.dtype}  {way}  "
            f"{trial.runner.name} {trial.device}{note}"
        )
    click.echo(f"{counted(len(planned.trials), 'trial')} in {counted(len(planned.cases), 'case')}")


def carry_out(
    planned: Plan,
    options: Options,
    results: str | None,
    json_file: str | None,
    quiet: bool,
    earlier: Earlier | None = None,
    sheets: Sequence[Sheet] = (),
    html: str | None = None,
) -> int:
    """Run the plan with a screen and, if asked, a stream of JSON; return the exit status. Where an
    `earlier` run is resumed, do what is left of it; `sheets` of primitives are surveyed, and their
    page is written to `html`."""
    path = store_path(results)
    repro = page.reproducer(path, store_path(None))
    file = page.writable(html, path) if html is not None else None
    if json_file not in (None, "-") and Path(json_file).resolve() == path.resolve():
        raise UsageError(f"{path} is the store of results; give another file with --json")
    with ExitStack() as stack:
        emit = json_stream(json_file, stack)
        store = stack.enter_context(Store(path, writing=True))
        console = Console(stderr=json_file == "-", highlight=False)
        screen = Screen(console, quiet=quiet)

        def notify(event: Event) -> None:
            screen.notify(event)
            emit(event)

        try:
            records = execute(
                planned,
                options,
                store=store,
                command=" ".join(sys.argv),
                notify=notify,
                earlier=earlier,
                sheets=sheets,
            )
        finally:
            screen.report(str(path), repro)
    if file is not None and screen.run is not None:
        page.write(file, screen.run, records, repro)
    return int(any(r.status in BROKEN and not r.known for r in records))
