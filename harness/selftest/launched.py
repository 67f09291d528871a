"""Identical fakes, and one that takes 5 % longer, timed over launches and compared as `harness
compare` and the ranks do: what both checks on comparisons look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harness.options import Options
from harness.selftest.finding import Setting, percent
from harness.selftest.running import STEPS, records_of
from results.cases import by_case
from results.launches import Comparison, compare_launches, launches_of
from results.schema import Record
from results.statistics import median, scatter

SOUND, TWIN, SLOWER = "exact", "twin", "slower"
SIZES, BATCHES = "n=300,1000,3000,10000", tuple(f"work={n}" for n in (100, 120, 140, 160, 180))
OPTIONS = Options(launches=5, budget=0.08, precision=0.01)
LEVEL = 0.05  # at which launches are compared: identical things are told apart no more often


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records of one case, their comparison, and how far the launches of each spread: the
    larger standard deviation of the logarithms."""

    record: Record
    comparison: Comparison
    spread: float

    @property
    def n(self) -> int:
        return self.record.size["n"]


def measure(setting: Setting) -> list[Record]:
    """Time the fakes in several runs, each with processes of its own: how quick one is differs
    from launch to launch for all that it computes, so pairs of one run are told apart together."""
    fakes = (SOUND, TWIN, SLOWER)
    return [
        record
        for batch in BATCHES
        for record in records_of(setting, STEPS, fakes, OPTIONS, sizes=(SIZES, batch))
    ]


def paired(records: Iterable[Record], other: str) -> list[Pair]:
    """Compare the sound fake with another one, case by case."""
    pairs = []
    for group in by_case(records):
        by_variant = {record.variant: record for record in group}
        one, two = by_variant[SOUND].seconds, by_variant[other].seconds
        if one is None or two is None:
            continue
        launches = launches_of(one), launches_of(two)
        pairs.append(
            Pair(
                record=by_variant[SOUND],
                comparison=compare_launches(*launches),
                spread=max(scatter(several) for several in launches),
            )
        )
    return pairs


def lost(records: Sequence[Record]) -> str | None:
    """Say what was not timed, if anything."""
    for record in records:
        if record.seconds is None:
            return f"fake:{record.variant} was not timed: {record.status}, {record.reason}"
    return None


def by_size(pairs: Sequence[Pair], verdicts: Sequence[str]) -> list[tuple[str, ...]]:
    """A row for each size: how many pairs got one of the verdicts, and what could be told."""
    rows: list[tuple[str, ...]] = []
    for n in sorted({pair.n for pair in pairs}):
        mine = [pair for pair in pairs if pair.n == n]
        told = sum(pair.comparison.verdict in verdicts for pair in mine)
        rows.append(
            (
                f"n={n}",
                f"{told} of {len(mine)}",
                f"{median([pair.comparison.ratio for pair in mine]):.3f}",
                percent(median([pair.spread for pair in mine]), 1),
                told_at_least(mine),
            )
        )
    return rows


def told_at_least(pairs: Sequence[Pair]) -> str:
    """The smallest effect that could have been told, the median over pairs."""
    known = [p.comparison.told_from for p in pairs if p.comparison.told_from is not None]
    return percent(median(known), 1) if known else "nothing"
