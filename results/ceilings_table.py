"""The screens of a machine's ceilings, and of what share of them each trial reached.

One convention: a case has its place only where somebody reached one hundredth; below that a call's
own cost is all that would be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import by_case, names_for
from results.ceilings import DISTURBED, Ceiling, Ceilings, ceilings_in, name_of, share
from results.layout import Sections, dim
from results.schema import Record, Run
from results.statistics import percent, shown

WHAT = {"bytes": "bandwidth", "operations": "arithmetic"}  # by the first word of a name
UNITS = {"bytes": ("GB/s", 1e9), "operations": ("Gflop/s", 1e9)}
WORTH = 0.01  # of a ceiling that the best of a case has to reach to be shown
ABOVE = {
    "bytes": "numbers stayed in a cache, which is faster than the memory",
    "operations": "the ceiling was measured too low; on a quiet machine: harness machine",
}


def ceilings_table(ceilings: Ceilings) -> RenderableType | None:
    """Show the most that each device gives; None where nothing was measured."""
    sections = [
        (Text(device), [row(name, one) for name, one in best.items()])
        for device, best in ceilings.items()
    ]
    if not sections:
        return None
    every = [pair for best in ceilings.values() for pair in best.items()]
    captions = [f"intervals {', '.join(dict.fromkeys(one['interval'] for _, one in every))}"]
    captions += doubts(every)
    if any(DISTURBED in one["doubts"] for _, one in every):
        captions.append(
            "what others disturbed may be too low, and serves until it is measured anew"
        )
    header = ("", "most", "interval", "reached by")
    title = Text("ceilings of this machine", "bold")
    return Group(title, Sections(header, sections), *dim(captions), "")


def row(name: str, ceiling: Ceiling) -> list[Text]:
    unit, scale = UNITS[name.split()[0]]
    middle, low, high = (ceiling[end] / scale for end in ("most", "low", "high"))
    interval = f"[{low:.3g}, {high:.3g}]"
    cells = (f"  {called(name)}", f"{middle:.3g} {unit}", interval, ceiling["by"])
    return [Text(cell) for cell in cells]


def called(name: str) -> str:
    """Return what a person calls a ceiling: `arithmetic float64`."""
    kind, *dtype = name.split()
    return " ".join([WHAT[kind], *dtype])


def doubts(best: Iterable[tuple[str, Ceiling]]) -> list[str]:
    """Say why ceilings may not hold, each reason once."""
    found: dict[str, list[str]] = {}
    for name, one in best:
        for doubt in one["doubts"]:
            found.setdefault(doubt, []).append(called(name))
    return [f"{', '.join(names)}: {doubt}" for doubt, names in found.items()]


def ceilings(run: Run, records: Sequence[Record]) -> RenderableType | None:
    """Show what share of the machine's ceilings every trial reached whose work is stated.

    None where no ceilings are known, or nobody reached enough of one.
    """
    known = ceilings_in(run)
    names = names_for(records)
    groups = [
        [(record, *found) for record in group if (found := share(record, known))]
        for group in by_case(records)
    ]
    groups = [group for group in groups if any(part >= WORTH for _, part, _ in group)]
    if not groups:
        return None
    sections = [
        (
            Text(names.case(group[0][0])),
            [
                [
                    Text(f"  {names.runner(record)}"),
                    Text(time_of(record)),
                    Text(percent(part) if part <= 1 else "above"),
                    Text(WHAT[name.split()[0]]),
                ]
                for record, part, name in sorted(group, key=lambda one: -one[1])
            ],
        )
        for group in groups
    ]
    title = Text(f"share of the ceiling: least possible time over median ({names.shared})", "bold")
    header = ("", "median", "share", "ceiling")
    above = {name.split()[0] for group in groups for _, part, name in group if part > 1}
    return Group(title, Sections(header, sections), *dim(captions(known, records, above)), "")


def time_of(record: Record) -> str:
    assert record.seconds is not None  # or it has no share
    return shown(record.seconds.median, record.seconds.low, record.seconds.high).median


def captions(known: Ceilings, records: Sequence[Record], above: Collection[str]) -> list[str]:
    """Say what the ceilings are, what they are worth, and what a share above them means."""
    lines = []
    for device in dict.fromkeys(record.device for record in records if record.device in known):
        dtypes = {record.dtype for record in records if record.device == device}
        used = {name_of(kind, dtype) for kind in WHAT for dtype in dtypes}
        best = [(name, one) for name, one in known[device].items() if name in used]
        for name, one in best:
            unit, scale = UNITS[name.split()[0]]
            most = f"{one['most'] / scale:.3g} {unit}"
            lines.append(f"{called(name)} of {device}: {most} ({one['start'][:10]})")
        lines += doubts(best)
        if any(DISTURBED in one["doubts"] for _, one in best):
            lines.append("so these ceilings may be too low, and shares of them too high")
    return lines + [f"above the {WHAT[kind]}: {ABOVE[kind]}" for kind in sorted(above)]
