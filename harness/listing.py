"""What `harness list` shows. Nothing of a framework is imported here; the doctor, `harness list
backends`, asks a worker process for each."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness import plugins
from harness.contract import Declaration, Description, Settings
from harness.errors import TrialEnded, UsageError, unknown
from harness.process import STARTING, Process, started
from harness.scenario import Scenario
from harness.variants import installed, missing
from results.errors import StoreError
from results.store import Store
from results.tables import listing

FORMATS = ("table", "markdown")
NEWEST = 20  # runs that are shown where not all are asked for


def show(what: str, path: Path, format: str = "table", *, every: bool = False) -> None:
    """Print one list, or all of them briefly. Raises UsageError for another word or format.

    Of the runs only the newest are shown unless `every` one is asked for.
    """
    console = Console(highlight=False)
    if what not in LISTS and what:
        raise unknown("list", what, LISTS)
    if every:
        if what != "runs":
            raise UsageError("only the list of runs is cut short; try: harness list runs --all")
        show_runs(console, path, limit=None)
        return
    if format not in FORMATS:
        raise unknown("format", format, FORMATS)
    if format == "markdown":
        if what != "scenarios":
            command = "harness list scenarios --format markdown"
            raise UsageError(f"only scenarios are listed as Markdown; try: {command}")
        print_markdown()
        return
    if what:
        LISTS[what](console, path)
        return
    for part in (show_installed, show_names, show_runs):
        part(console, path)
        console.print()


def show_installed(console: Console, path: Path) -> None:
    """Backends by what their package's metadata says; nothing is imported."""
    found = plugins.backends()
    _complain(console, found.broken)
    table = _table("backend", "variants", "version")
    for declaration in found.items.values():
        if declaration.listed:
            _add(table, declaration.name, _variants(declaration), _version(declaration))
    console.print(table)
    console.print("harness list backends tries each of them", style="dim")


def show_backends(console: Console, path: Path) -> None:
    """The doctor: start a worker for every backend, all at once, and say how it went."""
    found = plugins.backends()
    _complain(console, found.broken)
    listed = [d for d in found.items.values() if d.listed]
    workers = {d.name: _started(d) for d in listed if installed(d)}
    table = _table("backend", "variants", "version", "devices, or why not")
    for declaration in listed:
        worker = workers.get(declaration.name)
        version, devices = _diagnosis(worker) if worker else ("", missing(declaration))
        _add(table, declaration.name, _variants(declaration), version, devices)
    console.print(table)


def show_names(console: Console, path: Path) -> None:
    """Scenarios, a line each where the screen is wide enough."""
    found = plugins.scenarios()
    _complain(console, found.broken)
    table = _table("scenario", "what it is")
    for scenario in _listed(found.items):
        _add(table, scenario.name, scenario.about)
    console.print(table)
    _count_primitives(console, found.items)
    console.print("harness list scenarios says how each is checked", style="dim")


def show_scenarios(console: Console, path: Path) -> None:
    """Scenarios in full, four lines each: a table of so much would not fit 80 columns."""
    found = plugins.scenarios()
    _complain(console, found.broken)
    for scenario in _listed(found.items):
        console.print(Text.assemble((scenario.name, "bold"), "  ", scenario.about))
        details = Table.grid(padding=(0, 2))
        _add(details, "  operators", ", ".join(scenario.operators))
        _add(details, "  oracles", "; ".join(oracles(scenario)))
        _add(details, "  size", " ".join(f"{name}={n}" for name, n in scenario.size.items()))
        console.print(details)
    _count_primitives(console, found.items)


def _listed(items: Mapping[str, Scenario]) -> list[Scenario]:
    """All but the primitives, of which there are hundreds."""
    return [scenario for scenario in items.values() if not scenario.primitive]


def _count_primitives(console: Console, items: Mapping[str, Scenario]) -> None:
    if count := len(items) - len(_listed(items)):
        console.print(f"and {count} functions as primitive/NAME: harness atlas maps them")


def print_markdown() -> None:
    """Scenarios as a Markdown table; a broken plugin's sentence goes to stderr."""
    found = plugins.scenarios()
    _complain(Console(stderr=True, highlight=False), found.broken)
    rows = [("scenario", "what it is", "source", "operators", "oracles"), ("---",) * 5]
    for scenario in _listed(found.items):
        operators, known = ", ".join(scenario.operators), "; ".join(oracles(scenario))
        rows.append((f"`{scenario.name}`", scenario.about, scenario.source, operators, known))
    for row in rows:
        print("|", " | ".join(cell.replace("|", r"\|") for cell in row), "|")


def oracles(scenario: Scenario) -> list[str]:
    """Return where a scenario's expected answers come from, in the order in which they are asked.

    The reference is the NumPy engine in extended precision, which every scenario has.
    """
    known = [name for name in scenario.operators if name in scenario.closed_forms]
    return [
        *(["documented number"] if scenario.documented else []),
        *([f"closed form: {', '.join(known)}"] if known else []),
        "reference engine",
    ]


def show_runs(console: Console, path: Path, limit: int | None = NEWEST) -> None:
    try:
        with Store(path) as store:
            console.print(listing(store.runs(), limit))
    except StoreError as error:
        if path.exists():
            raise
        console.print(str(error), markup=False)


LISTS = {"backends": show_backends, "scenarios": show_scenarios, "runs": show_runs}


def _started(declaration: Declaration) -> Process:
    """A worker on the CPU from which no device is hidden."""
    cores = sorted(os.sched_getaffinity(0))
    return started(
        "bench",
        declaration,
        declaration.default,
        "cpu",
        settings=Settings(),
        cores=cores,
        visible="",
    )


def _diagnosis(worker: Process) -> tuple[str, str]:
    try:
        reply, _ = worker.receive(STARTING)
    except TrialEnded as ended:
        return "", str(ended)
    finally:
        worker.kill()
    description = Description.from_json(reply["description"])
    return description.version, "\n".join(f"{k}: {name}" for k, name in description.devices.items())


def _variants(declaration: Declaration) -> str:
    return ", ".join(declaration.variants)


def _version(declaration: Declaration) -> str:
    try:
        return version(declaration.requires)
    except PackageNotFoundError:
        return "not installed" if not installed(declaration) else "installed"


def _complain(console: Console, broken: Iterable[str]) -> None:
    for line in broken:
        console.print(f"harness: {line}", style="bold", markup=False)


def _add(table: Table, *cells: str) -> None:
    """Add a row whose brackets are no markup."""
    table.add_row(*(Text(cell) for cell in cells))


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
