"""Which of the stored runs may go, when one says what to keep.

One convention: every condition narrows the choice, so that giving one more never deletes more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from results.summary import Summary, is_whole


def outdated(
    summaries: Sequence[Summary],
    *,
    now: datetime,
    keep: int = 0,
    older_than: timedelta = timedelta(0),
    unfinished: bool = False,
    labelled: bool = False,
) -> list[Summary]:
    """Return those of the runs, given newest first, that meet every condition.

    The newest `keep` stay, whatever they are; so does what began less than `older_than` ago. With
    `unfinished` only runs that are not whole go; runs with a label go only where `labelled`.
    """
    return [
        summary
        for summary in summaries[keep:]
        if now - datetime.fromisoformat(summary.run.start) >= older_than
        and not (unfinished and is_whole(summary))
        and (labelled or not summary.run.label)
    ]
