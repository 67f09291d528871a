"""What is stored: `harness list`, `show` and `export`."""

from __future__ import annotations

import sys

import click

from harness.commands import results_option
from harness.options import store_path


@click.command("list")
@click.argument("what", default="", metavar="[backends|scenarios|runs]")
@click.option("--format", default="table", metavar="table|markdown", help="Of scenarios.  [table]")
@click.option("--all", "every", is_flag=True, help="Every run, not only the newest.")
@results_option
def list_(what: str, format: str, every: bool, results: str | None) -> None:
    """List backends, scenarios and stored runs.

    `harness list backends` is a doctor: it tries each of them and says what works here, or why not.
    """
    from harness import listing

    listing.show(what, store_path(results), format, every=every)


@click.command()
@click.argument("run", default="latest")
@click.option("--html", metavar="FILE", help="Write the page of a survey, and print nothing else.")
@results_option
def show(run: str, html: str | None, results: str | None) -> None:
    """Show a stored run.

    RUN is the beginning of an id, latest, latest~1, or a label.  [latest]
    """
    from rich.console import Console

    from harness.atlas import page
    from harness.screen import header, print_tables
    from results import tables
    from results.store import Store

    path = store_path(results)
    file = page.writable(html, path) if html is not None else None
    repro = page.reproducer(path, store_path(None))
    console = Console(highlight=False)
    with Store(path) as store:
        found = store.find(run)
        records = store.records(found.id)
        if file is not None:
            page.write(file, found, records, repro)
            click.echo(f"run {found.id} is in {file}")
            return
        console.print(header(found))
        blocks = store.all_blocks(found.id)
        print_tables(console, found, records, blocks, repro=repro, whole=True)
        console.print(tables.closing(found, records, where=str(path)))


@click.command()
@click.argument("run")
@click.option(
    "--format", default="json", metavar="json|csv|markdown|pytest-benchmark|toml", help="[json]"
)
@results_option
def export(run: str, format: str, results: str | None) -> None:
    """Write a stored run to stdout.

    RUN is the beginning of an id, latest, latest~1, or a label.
    """
    from harness.configuration import as_toml
    from harness.errors import unknown
    from results.export import FORMATS
    from results.store import Store

    formats = {**FORMATS, "toml": as_toml}
    if format not in formats:
        raise unknown("format", format, formats)
    with Store(store_path(results)) as store:
        found = store.find(run)
        text = formats[format](found, store.records(found.id), store.all_blocks(found.id))
    sys.stdout.write(text)
