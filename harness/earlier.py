"""An earlier run, as it lies in the store: what it was asked for, and whether it can be resumed.

One convention: all that can be refused without starting a worker is refused here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.machine import facts
from harness.options import Options, Selection
from results.schema import ATLAS, Block, Record, Run
from results.store import Store

MEMORY_MAY_MOVE = 0.01  # of it: what the kernel keeps for itself changes with its version


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A run as it lies in the store; records and blocks by the trial's id."""

    run: Run
    records: Mapping[str, Record]
    blocks: Mapping[str, Sequence[Block]]


def find(path: Path, text: str) -> Earlier:
    """Read the run that is meant. Raises StoreError where there is none, UsageError where it can't
    be resumed."""
    with Store(path) as store:
        run = store.find(text)
        records = {record.id: record for record in store.records(run.id)}
        blocks = store.all_blocks(run.id)
    if not run.selection:
        raise UsageError(
            f"run {run.id} was stored before runs kept what they were asked for, so it can't be "
            f"resumed; start it again: {run.command}"
        )
    if run.selection.get(ATLAS):
        raise UsageError(
            f"run {run.id} is an atlas, which is not resumed; start it again: {run.command}"
        )
    _demand_same_machine(run)
    return Earlier(run=run, records=records, blocks=blocks)


def demand_idle(store: Store, run: Run) -> None:
    """Refuse a run that another process may be carrying out just now. One that has an end is safe
    without: of two who resume it, the store refuses the second."""
    if store.busy([run.id]):
        raise UsageError(
            f"run {run.id} has not ended and may still be going on, for another process has "
            f"{store.path} open, or may have; wait for it, or resume in a copy of the file with "
            "--results"
        )


def asked(run: Run) -> tuple[Selection, Options]:
    """Return what a stored run was asked for. Raises UsageError where that can't be had here."""
    words: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in run.selection.items()
    }
    try:
        selection, options = Selection(**words), Options(**run.settings)
    except TypeError as error:
        raise UsageError(
            f"run {run.id} was asked for by another version of harness ({error}), so it can't be "
            "resumed; start a new one"
        ) from error
    files = [w for w in selection.scenarios if w.endswith(".py")]
    for file in [*files, *filter(None, (selection.data, selection.model))]:
        if not Path(file).exists():
            raise UsageError(
                f"run {run.id} needs {file}, which is not here; put it back, or go to the folder "
                "where the run was started"
            )
    return selection, options


def _demand_same_machine(run: Run) -> None:
    here = {
        "cpu": facts.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": facts.memory(),
    }
    for name, now in here.items():
        before = run.machine.get(name)
        if name == "memory" and before and now and abs(now / before - 1) <= MEMORY_MAY_MOVE:
            continue
        if before != now:
            raise UsageError(
                f"run {run.id} was made on another machine ({name} {before}, here {now}), and one "
                "run holds numbers of one machine; start a new one here"
            )
