"""Measure a machine's ceilings as a run of its own, and show them.

One convention: they are scenarios like any other, checked before they are timed, and what is kept
of them is read off the records.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.table import Table

from harness import plan
from harness.case import BYTES, DTYPES, Case
from harness.events import Event, Finished, Started
from harness.machine import facts, noise
from harness.machine.lines import machine_lines
from harness.options import Options, Selection, store_path
from harness.plan import Plan
from harness.runner import execute
from harness.screen import disturbances, grid, labelled
from results import tables
from results.ceilings import CACHES, FAMILY, KINDS, ceilings_of
from results.ceilings_table import ceilings_table
from results.schema import BROKEN, Block, Run
from results.store import Store

BUDGET = 0.3  # s a backend and case
LEVELS = {
    "cpu": "M",
    "cuda": "L",
}  # of products, by the kind of device: a GPU needs more to fill it
BACKENDS = ("all",)
READ = "float64"  # as bandwidth has no dtype, one will do
# Bytes of an array that is read: passing 1 GiB on to four backends took 106 s of the processors,
# 256 MiB takes 21, and on a machine that reports 480 MiB of L3 NumPy read both at 17 GB/s.
MOST = 256 * 2**20
PART = 64  # of the memory that an array may take: every backend has some copies


def measure(device: str, threads: int, results: str | None) -> int:
    """Run the family `machine` on a device; print and store what came out. Return the exit
    status."""
    options = Options(threads=threads, budget=BUDGET, label=FAMILY)
    console, path = Console(highlight=False), store_path(results)
    blocks: dict[str, Sequence[Block]] = {}

    def notify(event: Event) -> None:
        if isinstance(event, Started):
            console.print(facts_of(event.run))
            console.print("measuring takes half a minute", style="dim")
        elif isinstance(event, Finished):
            blocks[event.record.id] = event.blocks

    planned = to_measure(device, options.seed)
    with Store(path, writing=True) as store:
        command = " ".join(sys.argv)
        records = execute(planned, options, store=store, command=command, notify=notify)
        run = store.find(records[0].run)
    best = ceilings_of(run, records, blocks, disturbed=noise.is_disturbed(run))
    parts = ceilings_table(best), tables.troubles(records), disturbances(run)
    for part in (*parts, tables.closing(run, records, where=str(path))):
        if part is not None:
            console.print(part)
    return int(any(record.status in BROKEN for record in records))


def to_measure(device: str, seed: int) -> Plan:
    """Plan products in every dtype, and reading in one, as much as the caches ask for."""
    kind = device.partition(":")[0]
    selection = Selection(
        scenarios=(FAMILY,),
        backends=BACKENDS,
        devices=(device,),
        sizes=(LEVELS.get(kind, "M"),),
        dtypes=DTYPES,
    )
    planned = plan.make(selection, seed=seed)
    machine = facts.describe(sorted(os.sched_getaffinity(0)))
    count = (MOST if kind == "cuda" else length(machine)) // BYTES[READ]
    cases = (suited(case, count) for case in planned.cases)
    return replace(planned, cases=tuple(case for case in cases if case))


def suited(case: Case, count: int) -> Case | None:
    """Return a case as it is to be measured; None where it is not."""
    if KINDS[case.scenario] != "bytes":
        return case
    return replace(case, size={"n": count}) if case.dtype == READ else None


def length(machine: Mapping[str, Any]) -> int:
    """Return the bytes of an array that is to be read from memory and not from a cache: where the
    caches are not known, as many as may be."""
    wanted: int = CACHES * max(machine["caches"].values(), default=MOST)
    known: tuple[int | None, ...] = (machine["memory"], machine["limits"]["memory"])
    return min([MOST, wanted, *(room // PART for room in known if room)])


def facts_of(run: Run) -> Table:
    """The lines above the ceilings: the machine, its clock, and what may disturb."""
    machine = run.machine
    clock = machine["ceilings"]["clock"]
    return grid(
        [
            *labelled("machine", machine_lines(machine)),
            *((key, name) for key, name in machine["devices"].items() if key != "cpu"),
            ("clock", f"steps of {clock['step']:g} ns; reading it takes {clock['cost']:.0f} ns"),
            ("threads", f"{run.settings['threads']} for every backend"),
            *labelled("warning", noise.beforehand(run.noise, machine)),
        ]
    )
