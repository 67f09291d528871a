"""The screen of what was right: a row a case, or of many cases a row a scenario.

One convention: a cell holds the status and, where an answer was compared, its relative error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import Names, by_case, names_for, way_of
from results.layout import STYLES, Matrix, dim
from results.schema import STATUSES, Record
from results.statistics import relative

MANY = 100  # cases: more rows than anybody reads
SHORT = {
    "reverse-over-reverse": "RoR",
    "forward-over-reverse": "FoR",
    "reverse-over-forward": "RoF",
    "forward-over-forward": "FoF",
}
Cases = Sequence[Sequence[Record]]
COMPARED = ("ok", "imprecise", "wrong")  # statuses whose error is that of an answer


def agreement(records: Sequence[Record]) -> RenderableType:
    """Show which answers were right, in a column a backend:variant.

    Cases of one scenario stand together; of more than `MANY` cases only how many of a scenario
    ended how, with the worst error of the right answers.
    """
    names = names_for(records)
    cases = by_case(records)
    if len(cases) > MANY:
        return summary(records, names, len(cases))
    rows = laid_out(cases, names)
    columns = {
        runner: [agreement_cell(case, names, runner) for _, case in rows]
        for runner in names.runners(records)
    }
    title = Text(f"agreement: relative error ({names.shared})", "bold")
    grouped = len(rows) > len(cases)
    notes = abbreviations(records) if grouped else []
    return Group(title, Matrix([row for row, _ in rows], columns), *dim(notes), "")


def laid_out(cases: Cases, names: Names) -> list[tuple[str, Sequence[Record]]]:
    """Return rows by name, headings being rows without records.

    Below a heading stands what is computed or, where that makes fewer headings, size, point and
    dtype. There are no headings where each would have one case.
    """
    by_setting, by_way = [], []
    for first in (case[0] for case in cases):
        scenario, setting, way = names.scenario(first), names.setting(first), shortly(first)
        by_setting.append((f"{scenario} {setting}".rstrip(), way))
        by_way.append((f"{scenario} {way}", setting))
    labels = min(by_setting, by_way, key=lambda pairs: len({heading for heading, _ in pairs}))
    below: dict[str, list[tuple[str, Sequence[Record]]]] = {}
    for (heading, label), case in zip(labels, cases, strict=True):
        below.setdefault(heading, []).append((f"  {label}", case))
    if len(below) == len(cases):
        return [(names.case(case[0]), case) for case in cases]
    return [row for heading, rows in below.items() for row in ((heading, ()), *rows)]


def shortly(record: Record) -> str:
    """Name operator and composition, the latter by its initials."""
    way = way_of(record)
    composition = record.composition or ""
    return way.replace(composition, SHORT.get(composition, composition))


def abbreviations(records: Iterable[Record]) -> list[str]:
    """Explain the initials that are used, two a line."""
    used = {record.composition for record in records}
    told = [f"{initials} {name}" for name, initials in SHORT.items() if name in used]
    return [", ".join(told[start : start + 2]) for start in range(0, len(told), 2)]


def agreement_cell(case: Iterable[Record], names: Names, runner: str) -> Text:
    for record in case:
        if names.runner(record) == runner:
            error = (
                f" {relative(record.error.relative)}"
                if record.error and record.status in COMPARED
                else ""
            )
            known = " known" if record.known and record.status != "ok" else ""
            return Text.assemble((record.status, STYLES[record.status]), error, known)
    return Text("")


def summary(records: Sequence[Record], names: Names, cases: int) -> RenderableType:
    """Show a row a scenario: how many answers ended how, and the worst error of the right ones."""
    families: dict[str, dict[str, list[Record]]] = {}
    for record in records:
        family, _, scenario = names.scenario(record).rpartition("/")
        families.setdefault(family, {}).setdefault(scenario, []).append(record)
    rows: list[tuple[str, Sequence[Record]]] = []
    for family, scenarios in families.items():
        rows += [(family, ())] if family else []
        rows += [(f"  {scenario}", several) for scenario, several in scenarios.items()]
    columns = {
        runner: [
            tally([record for record in several if names.runner(record) == runner])
            for _, several in rows
        ]
        for runner in names.runners(records)
    }
    notes = (
        f"{cases} cases; a cell: how many ended how, the largest relative error of the right",
        f"each by itself: harness export {records[0].run} --format markdown",
    )
    title = Text(f"agreement ({names.shared})", "bold")
    return Group(title, Matrix([row for row, _ in rows], columns), *dim(notes), "")


def tally(records: Sequence[Record]) -> Text:
    """Count by status, a line each; a status whose every record is a known failure says so."""
    lines = []
    for status in STATUSES:
        found = [record for record in records if record.status == status]
        if found:
            errors = [one.error.relative for one in found if one.error and status == "ok"]
            worst = f" {briefly(max(errors))}" if errors else ""
            known = " known" if status != "ok" and all(record.known for record in found) else ""
            count = Text.assemble(f"{len(found)} ", (f"{status}{known}", STYLES[status]))
            lines.append(count + Text(worst))
    return Text("\n").join(lines)


def briefly(error: float) -> str:
    return "0" if error == 0 else f"{error:.0e}"
