"""`harness repro`."""

from __future__ import annotations

import sys

import click

from harness.commands import results_option


@click.command()
@click.argument("record")
@click.option("--run", metavar="RUN", help="Of this run.  [the newest in which it was wrong]")
@click.option("--output", metavar="FILE", help="Where to write the script.  [stdout]")
@results_option
def repro(record: str, run: str | None, output: str | None, results: str | None) -> None:
    """Write a script that shows a wrong derivative with nothing but the framework.

    RECORD is the id, or its beginning, of a record of 'harness atlas' that was wrong, imprecise or
    failed. The script exits with 1 where it is so still, with 0 where the framework is right.
    """
    from pathlib import Path

    from harness.atlas import recorded
    from harness.errors import UsageError
    from harness.options import store_path

    path = store_path(results)
    if output is not None and Path(output).resolve() == path.resolve():
        raise UsageError(f"{path} is the store of results; give another file with --output")
    text = recorded.script_of(path, record, run)
    if output is None:
        sys.stdout.write(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{output!r} can't be written ({error.strerror}); give another file with --output"
        ) from error
