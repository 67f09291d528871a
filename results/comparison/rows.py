"""What is said of compared trials, in words and digits: the same on the screen and in Markdown.

One convention: a ratio has a digit more than its interval justifies, a percentage two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from results import tables
from results.cases import Names, names_for, runner_name
from results.comparison.differences import Difference, Ran, differences
from results.comparison.sides import Side, Timing
from results.comparison.verdicts import (
    GONE,
    NOT_TIMED,
    SKIPPED,
    STILL_WRONG,
    Compared,
    by_verdict,
    is_timed,
)
from results.launches import SAME, Comparison
from results.schema import Record
from results.statistics import (
    effect,
    ends,
    geometric_mean,
    last_place,
    once,
    over_launches,
    ratio,
    rounded,
    shown,
)

FEW = 20  # rows of a group, unless all are asked for
COUNTED = (SAME, NOT_TIMED, STILL_WRONG, SKIPPED)  # groups without rows, unless all are asked for


class Row(NamedTuple):
    """A compared trial as a person reads it.

    `runner` is empty where all rows share it, or each side names its own. `reason` says why B has
    no right answer.
    """

    case: str
    runner: str
    a: str
    b: str
    ratio: str
    interval: str
    told_from: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """The trials of one verdict: the first rows, and how many more there are."""

    verdict: str
    count: int
    rows: Sequence[Row]

    @property
    def more(self) -> int:
        return self.count - len(self.rows) if self.rows else 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is said of a comparison."""

    a: Side
    b: Side
    compared: Sequence[Compared]
    series: str
    differences: Sequence[Difference]
    shared: str
    sections: Sequence[Section]


def report(
    a: Side, b: Side, compared: Sequence[Compared], *, series: str, whole: bool = False
) -> Report:
    """Choose what is shown; with `whole`, everything is."""
    groups = by_verdict(compared)
    chosen = {
        verdict: group if whole else [] if verdict in COUNTED else group[:FEW]
        for verdict, group in groups.items()
    }
    rows = [one for group in chosen.values() for one in group]
    ones, others = a.details([r.a for r in rows if r.a]), b.details([r.b for r in rows if r.b])
    records = [*ones.values(), *others.values()]
    names, runners = names_for(records), {runner_name(record) for record in records}
    apart = len(runners) > 1 and not (a.runner or b.runner)
    same = [next(iter(runners))] if len(runners) == 1 and not (a.runner or b.runner) else []
    sections = [
        Section(
            verdict=verdict,
            count=len(group),
            rows=[
                row_of(one, a, b, ones.get(one.a or ""), others.get(one.b or ""), names, apart)
                for one in chosen[verdict]
            ],
        )
        for verdict, group in groups.items()
    ]
    return Report(
        a=a,
        b=b,
        compared=compared,
        series=series,
        differences=differences(a.run, b.run, met(a, b, compared)),
        shared=", ".join(part for part in (names.shared, *same) if part),
        sections=sections,
    )


def met(a: Side, b: Side, compared: Sequence[Compared]) -> list[tuple[Ran, Ran]]:
    """Return who is compared with whom."""
    pairs = ((a.timings[one.a], b.timings[one.b]) for one in compared if one.a and one.b)
    several = ((x.runner, x.version, y.runner, y.version) for x, y in pairs)
    return [(Ran(*found[:2]), Ran(*found[2:])) for found in dict.fromkeys(several)]


def row_of(
    one: Compared,
    a: Side,
    b: Side,
    left: Record | None,
    right: Record | None,
    names: Names,
    apart: bool,
) -> Row:
    found = [record for record in (left, right) if record]
    runners = dict.fromkeys(map(names.runner, found))  # two where it ran in two environments
    return Row(
        names.case(found[-1]),
        " to ".join(runners) if apart else "",
        how(a.timings.get(one.a or "")),
        how(b.timings.get(one.b or "")),
        *(cells(one.comparison) if one.comparison else ("", "", "")),
        why(one, right, b),
    )


def why(one: Compared, right: Record | None, b: Side) -> str:
    """Say why B has no right answer."""
    if right:
        return "" if right.status == "ok" else tables.reason(right)
    if one.verdict != GONE:
        return ""
    return f"B has no record of it{', and has not ended' if b.broken_off else ''}"


def name_of(row: Row) -> str:
    return f"{row.case} {row.runner}".rstrip()


def how(timing: Timing | None) -> str:
    """Write the median, or in its place how the trial ended."""
    if timing is None:
        return "-"
    if timing.status != "ok" or not timing.launches:
        return timing.status
    if len(timing.launches) == 1 or not is_timed(timing):
        return once(geometric_mean(timing.launches))
    return shown(*over_launches(timing.launches)).median


def cells(comparison: Comparison) -> tuple[str, str, str]:
    """Write the ratio, its interval, and the smallest effect that could have been told."""
    low, high, told_from = comparison.low, comparison.high, comparison.told_from
    if low is None or high is None or told_from is None:
        return ratio(comparison.ratio), "-", "-"
    # A digit more than a time has, down to 0.1 %, or an end next to 1 would be written as 1.
    place = max(last_place(comparison.ratio, (high - low) / 2) - 1, -3)
    return rounded(comparison.ratio, place), ends(low, high, place), effect(told_from)
