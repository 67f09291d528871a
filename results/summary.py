"""A run at a glance: its records counted, and whether it did all that it was asked for.

One convention: a run is whole where it has ended, none of its trials was interrupted, and each that
was timed has the launches that were asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from results.schema import ATLAS, Record, Run


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A run, how many of its records have each status, how many of them are listed as known
    failures, and the fewest launches of those that were timed, None where none was."""

    run: Run
    counts: Mapping[str, int]
    known: Mapping[str, int] = field(default_factory=dict)
    launches: int | None = None


def summary_of(run: Run, records: Sequence[Record]) -> Summary:
    """Sum up a run's records."""
    return Summary(
        run=run,
        counts=Counter(record.status for record in records),
        known=Counter(record.status for record in records if record.known),
        launches=min((one.seconds.launches for one in records if one.seconds), default=None),
    )


def is_whole(summary: Summary) -> bool:
    """Say whether nothing is left of what a run was asked for."""
    asked = summary.run.settings.get("launches", 1)
    timed = summary.launches is None or summary.launches >= asked
    return summary.run.end is not None and not summary.counts.get("interrupted") and timed


def left_over(summary: Summary) -> str:
    """Return what to put behind whatever tells of a run: nothing, or that it is not whole and how
    to finish it, where it kept what it was asked for."""
    if is_whole(summary):
        return ""
    asked = summary.run.selection
    remedy = f": harness run --resume {summary.run.id}" if asked and not asked.get(ATLAS) else ""
    return f"; not whole{remedy}"
