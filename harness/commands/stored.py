"""What is stored: `harness list`, `show` and `export`."""

from __future__ import annotations

import sys

import click

from harness.commands import results_option
from harness.options import store_path


@click.command("list")
@click.argument("what", default="", metavar="[backends|scenarios|runs]")
@click.option("--format", default="table", metavar="table|markdown", help="Of scenarios.  [table]")
@results_option
def list_(what: str, format: str, results: str | None) -> None:
    """List backends, scenarios and stored runs.

    `harness list backends` is a doctor: it tries each of them and says what works here, or why not.
    """
    from harness import listing

    listing.show(what, store_path(results), format)


@click.command()
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


@click.command()
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
