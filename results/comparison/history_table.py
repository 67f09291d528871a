"""The screen of `harness history`: a table a trial, a row a run, the steps marked.

One convention: a change is the ratio to the run before under the same conditions, above 1 slower.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from results.cases import Names, names_for, way_of
from results.comparison.history import Course, Entry, sparkline
from results.comparison.rows import FEW
from results.launches import FASTER, NOT_APART, SLOWER
from results.layout import STYLES, Sections, dim
from results.schema import Run
from results.statistics import median, once, over_launches, ratio, shown

HEADER = ("", "commit", "version", "median", "95 % interval", "change")
MARKS = {SLOWER: "red", FASTER: "green"}
Rows = Sequence[Sequence[Text]]


def history(scenario: str, courses: Sequence[Course], *, whole: bool = False) -> RenderableType:
    """Show the courses of a scenario's trials; unless the `whole` is asked for, the first of them
    and their newest runs."""
    names = names_for([course.record for course in courses])
    several = courses if whole else courses[:FEW]
    sections: list[tuple[Text | None, Rows]] = []
    for course in several:
        entries = course.entries if whole else course.entries[-FEW:]
        older = len(course.entries) - len(entries)
        above = [title(course, names), *dim(told_apart(course, courses))]
        sections += [(line, []) for line in above[:-1]]
        sections.append((above[-1], [row(entry) for entry in entries]))
        sections += [(line, []) for line in dim([f"  {older} older (--all)"] if older else [])]
    left = len(courses) - len(several)
    more = (
        [f"and {left} more of its trials (--all; --backend and --operator choose)"] if left else []
    )
    return Group(
        Text(f"{scenario}: time per call", "bold"),
        Sections(HEADER, sections),
        *dim([*more, *captions(several, names)]),
    )


def title(course: Course, names: Names) -> Text:
    bars = sparkline(
        [median(entry.launches) if entry.launches else None for entry in course.entries]
    )
    parts = (way_of(course.record), names.setting(course.record), names.runner(course.record))
    name = " ".join(part for part in parts if part)
    return Text.assemble(name, "  ", (bars, "cyan"))


def told_apart(course: Course, courses: Sequence[Course]) -> list[str]:
    """Say under what conditions a course was measured, where its trial has others: those that
    differ between them."""
    others = [one.conditions for one in courses if one.record.id == course.record.id]
    several = [
        f"{name} {text or 'none'}"
        for name, text in course.conditions.items()
        if any(one.get(name) != text for one in others)
    ]
    return [f"  {', '.join(several)}"] if several else []


def row(entry: Entry) -> list[Text]:
    run, record = entry.run, entry.record
    start = run.start[:16].replace("T", " ")
    return [
        Text(f"  {start} {run.label or ''}".rstrip()),
        Text(commit(run)),
        Text(record.version or "-"),
        *times(entry),
        change(entry),
    ]


def commit(run: Run) -> str:
    """Write the beginning of a commit, and the + of one that was changed."""
    return f"{run.commit[:7]}{'+' if run.commit.endswith('+') else ''}" if run.commit else "-"


def times(entry: Entry) -> list[Text]:
    """Write the median and its interval over launches, or how the trial ended."""
    if entry.record.status != "ok":
        return [Text(entry.record.status, STYLES[entry.record.status]), Text("-")]
    if len(entry.launches) < 2:
        return [Text(once(entry.launches[0]) if entry.launches else "not timed"), Text("-")]
    written = shown(*over_launches(entry.launches))
    return [Text(written.median), Text(written.interval)]


def change(entry: Entry) -> Text:
    found = entry.change
    if found is None:
        return Text("-")
    if entry.step:
        return Text(f"{found.verdict} {ratio(found.ratio)}", f"bold {MARKS[found.verdict]}")
    return Text(f"{'~' if found.verdict == NOT_APART else ''}{ratio(found.ratio)}")


def captions(courses: Sequence[Course], names: Names) -> list[str]:
    lines = [names.shared.removeprefix(f"{names.family}*, ")] if names.shared else []
    lines += ["change: ratio to the run before; faster and slower are what launches tell"]
    changes = [entry.change for course in courses for entry in course.entries if entry.change]
    if any(one.verdict == NOT_APART for one in changes):
        lines.append(f"~ {NOT_APART}: the launches don't suffice")
    if any(one.low is None for one in changes):
        lines.append("a single launch tells nothing apart: --launches 5")
    return lines
