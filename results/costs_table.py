"""The screen of what a call costs beside its time: memory, throughput, and the device's own time.

One convention: it is shown only where there is something to tell (`results.costs.worth_showing`),
and has the columns of which something is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import by_case, names_for
from results.costs import dispatch_bound, remarks, sweeps, told
from results.layout import Sections, dim
from results.schema import Record, Seconds
from results.statistics import once
from results.units import size

NOTES = {
    "host\npeak": "host peak: the worker's memory in a call above that before the trial",
    "device\npeak": "device peak: the same of the device's memory, by the framework's counter",
    "device\ntime": "device time: by the device's own clock, a call",
    "through-\nput": "throughput: time a call where calls are waited for together, once a block",
}
BOUND = "dispatch-\nbound"
BOUND_NOTE = (
    "dispatch-bound: the least call takes over half of the time, the device works in",
    "under half of it, or by larger sizes over half of it does not grow with the size",
)
LITTLE = 2**20 / 10  # bytes, of which a peak in pages says nothing


def costs(records: Sequence[Record]) -> RenderableType | None:
    """Show what else a call costs, case by case; None where there is nothing to tell."""
    rows = told(records)
    if not rows:
        return None
    names, among = names_for(records), sweeps(records)
    columns = {name: cell for name, cell in CELLS.items() if any(cell(row) for row in rows)}
    marks = {id(row): dispatch_bound(row, among) for row in rows}
    marked = any(marks.values())
    sections = []
    for case in by_case(rows):
        lines = []
        for row in case:
            cells = [Text(f"  {names.runner(row)}")]
            cells += [Text(cell(row) or "-") for cell in columns.values()]
            cells += [mark(marks[id(row)])] if marked else []
            lines.append(cells)
        sections.append((Text(names.case(case[0])), lines))
    header = ("", *columns, *([BOUND] if marked else []))
    notes = [NOTES[name] for name in columns] + ([*BOUND_NOTE] if marked else [])
    title = Text(f"what else a call costs ({names.shared})", "bold")
    return Group(title, Sections(header, sections), *dim([*notes, *remarked(rows)]), "")


def mark(bound: bool | None) -> Text:
    return Text("yes", "yellow") if bound else Text("-" if bound is None else "no")


def remarked(rows: Sequence[Record]) -> list[str]:
    """Explain each kind of cell with a star once, by the backends that have it."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for remark in remarks(row).values():
            found.setdefault(remark, {})[row.backend] = None
    return [f"* {', '.join(backends)}: {remark}" for remark, backends in found.items()]


def memory(name: str) -> Callable[[Record], str]:
    """Return what writes a peak, with a star where there is something to be said of it."""

    def cell(record: Record) -> str:
        count = record.bytes[name]
        if count is None:
            return ""
        star = "*" if name in remarks(record) else ""
        return star + (size(count) if count >= LITTLE else "<0.1 MiB")

    return cell


def a_call(seconds: float | None) -> str:
    return "" if seconds is None else once(seconds)


def timed(of: Callable[[Seconds], float | None]) -> Callable[[Record], str]:
    return lambda record: a_call(of(record.seconds)) if record.seconds else ""


CELLS: dict[str, Callable[[Record], str]] = {
    "host\npeak": memory("host_peak"),
    "device\npeak": memory("device_peak"),
    "device\ntime": timed(lambda seconds: seconds.device),
    "through-\nput": timed(lambda seconds: seconds.throughput),
}
