"""Upkeep of what is stored: `harness label`, `delete` and `prune`.

One convention: what would go is shown first, and goes after a yes, on the terminal or as `--yes`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harness.commands import results_option
from harness.errors import UsageError, counted
from harness.options import check_label, store_path

if TYPE_CHECKING:
    from results.store import Store
    from results.summary import Summary

yes_option = click.option("--yes", is_flag=True, help="Don't ask.")


@click.command()
@click.argument("run")
@click.argument("text")
@results_option
def label(run: str, text: str, results: str | None) -> None:
    """Name a stored run.

    TEXT is its new label; an empty one takes the label away. RUN is the beginning of an id, latest,
    latest~1, or a label.
    """
    if text:
        check_label("the label", text)
    with changing(store_path(results)) as store:
        found = store.find(run)
        taken = [id for id, _ in store.names() if text and id.startswith(text)]
        if taken:
            raise UsageError(f"the label {text!r} begins the id of run {taken[0]}; give another")
        store.label(found.id, text or None)
    click.echo(f"run {found.id} " + (f"has the label {text!r}" if text else "has no label"))


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@yes_option
@click.option("--force", is_flag=True, help="Even what may still be being written.")
@results_option
def delete(runs: tuple[str, ...], yes: bool, force: bool, results: str | None) -> None:
    """Delete stored runs with all their records.

    RUN is the beginning of an id, latest, latest~1, or a label.
    """
    with changing(store_path(results)) as store:
        ids = {store.find(word).id for word in runs}
        going = [summary for summary in store.runs() if summary.run.id in ids]
        remove(store, going, yes, force)


@click.command()
@click.option("--keep", type=int, help="Of all runs, the newest N stay.", metavar="N")
@click.option("--older-than", metavar="30d", help="Only what began longer ago: 12h, 30d, 4w.")
@click.option("--unfinished", is_flag=True, help="Only runs that are not whole.")
@click.option("--labelled", is_flag=True, help="Runs with a label too.")
@yes_option
@results_option
def prune(
    keep: int | None,
    older_than: str | None,
    unfinished: bool,
    labelled: bool,
    yes: bool,
    results: str | None,
) -> None:
    """Delete stored runs that are no longer wanted.

    A run goes if it meets everything that is asked for; those with a label stay.
    """
    from datetime import datetime, timezone

    from results.upkeep import outdated

    if keep is None and older_than is None and not unfinished:
        raise UsageError("nothing says what may go; give --keep, --older-than or --unfinished")
    if keep is not None and keep < 0:
        raise UsageError(f"--keep is {keep}; give 0 or more")
    with changing(store_path(results)) as store:
        going = outdated(
            store.runs(),
            now=datetime.now(timezone.utc),
            keep=keep or 0,
            older_than=age(older_than or "0h"),
            unfinished=unfinished,
            labelled=labelled,
        )
        remove(store, idle(store, going), yes)


def changing(path: Path) -> Store:
    """Open a store that is there to change it; opening it for writing alone would make one."""
    from results.store import Store

    with Store(path):
        return Store(path, writing=True)


def idle(store: Store, summaries: Sequence[Summary]) -> list[Summary]:
    """Return those that nobody can be writing; say what stays."""
    kept = store.busy([summary.run.id for summary in summaries])
    if kept:
        click.echo(
            f"harness: {counted(len(kept), 'run')} without an end stay, for {store.path} is or may "
            f"be open in another process: {', '.join(kept)}",
            err=True,
        )
    return [summary for summary in summaries if summary.run.id not in kept]


def demand_idle(store: Store, runs: Sequence[str]) -> None:
    """Refuse runs of which one may still be being written."""
    if kept := store.busy(runs):
        raise UsageError(
            f"run {kept[0]} has not ended and may still be being written, for another process has "
            f"{store.path} open, or may have; nothing was deleted; wait for it, or delete it with "
            "--force"
        )


def remove(store: Store, going: Sequence[Summary], yes: bool, force: bool = False) -> None:
    """Show the runs, ask, and delete them. Raises UsageError where nobody can be asked, and without
    `force` where one may be being written, before the question or after it."""
    from rich.console import Console

    from results.tables import listing

    if not going:
        click.echo("nothing to delete")
        return
    ids = [summary.run.id for summary in going]
    if not force:
        demand_idle(store, ids)
    records = sum(sum(summary.counts.values()) for summary in going)
    what = f"{counted(len(going), 'run')} with {counted(records, 'record')}"
    Console(highlight=False).print(listing(going))
    if not yes and not sys.stdin.isatty():
        raise UsageError(f"nothing was deleted: nobody can be asked about {what}; give --yes")
    if not (yes or click.confirm(f"delete {what}?")):
        click.echo("nothing was deleted")
        return
    if not force:  # a run may have been resumed while the question stood
        demand_idle(store, ids)
    store.delete(ids)
    click.echo(f"deleted {what}; {room(store)}")


def room(store: Store) -> str:
    """Give the space back where that can be; say what came of it."""
    from rich.filesize import decimal

    if not store.shrink():
        return f"{store.path} may be open elsewhere, so its space is kept for runs to come"
    return f"{store.path} takes {decimal(store.path.stat().st_size)} now"


def age(text: str) -> timedelta:
    """Read "12h", "30d" or "4w". Raises UsageError."""
    hours = {"h": 1, "d": 24, "w": 24 * 7}
    if not (found := re.fullmatch(r"(\d{1,5})([hdw])", text.strip())):
        raise UsageError(f"--older-than {text!r} won't do; give hours, days or weeks, as 30d")
    return timedelta(hours=int(found[1]) * hours[found[2]])
