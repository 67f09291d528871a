"""What a person sees while a run goes on: a header, a progress bar or plain lines, and tables.

Everything shown is made from records; the tables are those that `harness show` prints later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from harness.atlas.about import described
from harness.events import Ended, Event, Finished, Started, Working
from harness.machine import noise
from harness.machine.lines import machine_lines
from results import tables
from results.agreement_table import agreement
from results.atlas import screen as atlas
from results.cases import FULL, runner_name
from results.ceilings_table import ceilings
from results.compilation_table import compilation
from results.costs_table import costs
from results.scaling_table import scaling
from results.schema import ATLAS, BROKEN, Block, Record, Run
from results.timing_table import timing

STEPS = 20  # lines that tell how far a survey is, where no bar can move


class Screen:
    """Listens to a run; call `report` when it is over, however it ended."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.console, self.quiet = console, quiet
        self.moving = console.is_terminal and not console.is_dumb_terminal
        self.run: Run | None = None
        self.records: list[Record] = []
        self.blocks: dict[str, Sequence[Block]] = {}
        self.total = 0
        self.survey = False
        self.bar = Progress(
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            disable=quiet or not self.moving,
        )
        self.task: TaskID | None = None

    def notify(self, event: Event) -> None:
        if isinstance(event, Started):
            self._started(event)
        elif isinstance(event, Working):
            self._working(event)
        elif isinstance(event, Ended):
            self.run = event.run
        else:
            self._finished(event)

    def report(self, where: str, repro: str = "harness repro") -> None:
        """Take the bar away; print the tables and the closing line. `repro` is the command before
        a record's id."""
        self.bar.stop()
        if self.run is None:  # it could not begin
            return
        if not self.quiet:
            print_tables(self.console, self.run, self.records, self.blocks, repro=repro)
        self.console.print(tables.closing(self.run, self.records, where=where))

    def _started(self, event: Started) -> None:
        self.run, self.total = event.run, event.total
        self.survey = bool(event.run.selection.get(ATLAS))
        if not self.quiet:
            self.console.print(header(event.run))
            for note in event.notes:
                self.console.print(Text(f"harness: {note}"))
        self.bar.start()
        self.task = self.bar.add_task("", total=event.total)

    def _working(self, event: Working) -> None:
        if self.task is not None:
            case = event.trial.case.scenario.partition("/")[2]
            what = f"{event.phase} {case} on {event.trial.runner.name}"
            self.bar.update(self.task, description=what)

    def _finished(self, event: Finished) -> None:
        record = event.record
        self.records.append(record)
        self.blocks[record.id] = event.blocks
        if self.task is not None:
            self.bar.advance(self.task)
        if self.survey:
            self._surveyed(record)
        elif not self.quiet and not self.moving and not event.earlier:
            what = f"{FULL.case(record)} {runner_name(record)}"
            count = f"[{len(self.records)}/{self.total}]"
            self.console.print(Text(f"{count} {what} {record.status}"), soft_wrap=True)

    def _surveyed(self, record: Record) -> None:
        """Say how far a survey is: its records are too many for a line each."""
        done, steps = len(self.records), self.total // STEPS or 1
        if self.task is not None and self.moving:
            what = f"{record.scenario.partition('/')[2]} on {runner_name(record)}"
            self.bar.update(self.task, description=what)
        elif not self.quiet and done % steps == 0:
            bad = sum(one.status in BROKEN and not one.known for one in self.records)
            count = f"[{done}/{self.total}]"
            self.console.print(Text(f"{count} {bad} wrong or raising so far"), soft_wrap=True)


def print_tables(
    console: Console,
    run: Run,
    records: Sequence[Record],
    blocks: Mapping[str, Sequence[Block]],
    *,
    repro: str = "harness repro",
    whole: bool = False,
) -> None:
    """Print what a run says: agreement, times, compilation, scaling, costs, ceilings, troubles,
    passes and what disturbed. Of an atlas it is the map and what was found, of many findings the
    beginning unless the `whole` is wanted; `repro` is the command before a record's id."""
    if run.selection.get(ATLAS):
        for shown in atlas.parts(records, described(), repro=repro, whole=whole):
            console.print(shown)
        return
    for part in (
        agreement(records),
        timing(records, blocks),
        compilation(run, records),
        scaling(records),
        costs(records),
        ceilings(run, records),
        tables.troubles(records),
        tables.passes(records),
        disturbances(run),
    ):
        if part is not None:
            console.print(part)


def disturbances(run: Run) -> Group | None:
    """Say what moved or disturbed while a run went on; None where nothing is known to have."""
    sittings = (*run.noise.get("earlier", ()), run.noise)
    found = list(dict.fromkeys(line for one in sittings for line in noise.meanwhile(one)))
    if not found:
        return None
    return Group(*(Text(f"warning: {text}", "yellow") for text in found), "")


def labelled(label: str, lines: Sequence[str]) -> list[tuple[str, str]]:
    """Put a label before the first of several lines."""
    return [("" if place else label, line) for place, line in enumerate(lines)]


def header(run: Run) -> Table:
    """The lines above a run: machine, versions, threads and numeric settings."""
    machine, settings = run.machine, run.settings
    chosen = {name: settings[name] for name in ("threads", "numerics", "launches")}
    chosen |= {"seed": run.seed, "isolate": settings.get("isolate") or None}
    lines = [
        ("run", "  ".join(word for word in (run.id, run.label, run.start) if word)),
        *labelled("machine", machine_lines(machine)),
        *((k, name) for k, name in machine["devices"].items() if k != "cpu"),
        ("versions", _pairs(run.versions)),
        ("settings", _pairs(chosen)),
        *(("", f"{name}: {_pairs(values)}") for name, values in run.numerics.items()),
    ]
    if settings["numerics"] == "equal":
        note = "the allocator's settings are fixed, so times differ from a bare process's"
        lines.append(("", f"{note} (--numerics shipped leaves the defaults)"))
    lines += labelled("warning", noise.beforehand(run.noise, machine))
    return grid(lines)


def grid(lines: Iterable[tuple[str, str]]) -> Table:
    """Lay out labels and what stands beside them."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, text in lines:
        table.add_row(Text(name), Text(text, overflow="fold"))
    return table


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_short(value)}" for key, value in values.items() if value is not None)


def _short(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
