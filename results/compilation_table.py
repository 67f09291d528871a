"""The screen of what compiling costs: only of runs that have compiled variants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import names_for, runner_name
from results.compilation import NAMES, Compiled, cells, compiled
from results.layout import Sections, dim
from results.schema import Record, Run


def compilation(run: Run, records: Sequence[Record]) -> RenderableType | None:
    """Show prepare, first call, new shape and break-even of every compiled variant, case by case.

    None where no compiled variant has a right and timed record.
    """
    cases = compiled(run, records)
    if not cases:
        return None
    names = names_for(records)
    rows = [one for case in cases for one in case]
    # Without any twin there is no break-even, and no column for it.
    shown = NAMES if any(one.present for one in rows) else NAMES[:-1]
    sections = [
        (
            Text(names.case(case[0].record)),
            [
                [Text(f"  {names.runner(one.record)}"), *map(Text, cells(one)[: len(shown)])]
                for one in case
            ],
        )
        for case in cases
    ]
    title = Text(f"compilation: time before the steady state ({names.shared})", "bold")
    return Group(title, Sections(("", *shown), sections), *dim(captions(run.twins, rows)), "")


def captions(twins: Mapping[str, str], rows: Iterable[Compiled]) -> list[str]:
    """Say what the columns are, and what to do where break-even is missing."""
    rows = list(rows)
    lines = ["new shape: prepare and first call at a size one larger, having compiled before"]
    if any(one.twin for one in rows):
        lines.append(
            "break-even: calls (two digits), the first included, to overtake the eager twin"
        )
    absent = {twins[runner_name(one.record)]: None for one in rows if not one.present}
    if absent:
        lines.append(f"for break-even, when each has overtaken its twin: add {', '.join(absent)}")
    wrong = {twins[runner_name(one.record)]: None for one in rows if one.present and not one.twin}
    if wrong:
        lines.append(f"-: no right and timed answer of {', '.join(wrong)} there")
    return lines
