"""Which stored run a person means: the beginning of an id, `latest`, `latest~N`, or a label.

One convention: an id in full wins over a label, and that over the beginning of another id.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from results.errors import StoreError, nearest

LATEST = re.compile(r"latest(?:~(\d+))?")


def choose(text: str, runs: Sequence[tuple[str, str | None]]) -> str:
    """Return the id meant by `text` among pairs of id and label, newest first.

    Of several runs with the label it is the newest. Raises StoreError.
    """
    if back := LATEST.fullmatch(text):
        return latest(int(back[1] or 0), runs)
    for run, _ in runs:
        if text == run:
            return run
    for run, label in runs:
        if text == label:
            return run
    beginning = [run for run, _ in runs if text and run.startswith(text)]
    if len(beginning) > 1:
        raise StoreError(
            f"{len(beginning)} runs begin with {text!r} ({', '.join(sorted(beginning)[:5])}); "
            "give more of the id"
        )
    if not beginning:
        raise missing(text, runs)
    return beginning[0]


def latest(back: int, runs: Sequence[tuple[str, str | None]]) -> str:
    if back >= len(runs):
        raise StoreError(
            f"there is no run latest~{back}; the oldest of {len(runs)} is latest~{len(runs) - 1}"
        )
    return runs[back][0]


def missing(text: str, runs: Sequence[tuple[str, str | None]]) -> StoreError:
    """Make the error for a run that is not there, with the nearest one that is."""
    names = sorted({name for pair in runs for name in pair if name} | {"latest"})
    remedy = nearest(text, names, "'harness list runs' names those there are")
    return StoreError(f"no run called {text!r}; {remedy}")


def changed(run: str) -> StoreError:
    """Make the error for a run that was to go on and is no longer as it was read."""
    return StoreError(
        f"run {run} was taken up by another process, or ended, since it was read; "
        "try again when it has ended"
    )
