"""What a run tells while it goes on; the screen and the stream of JSON listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.case import Trial
from results.schema import Block, Record, Run


@dataclass(frozen=True)
class Started:
    """The header is known; `total` records will follow. `notes` are for the user, where an earlier
    run goes on."""

    run: Run
    total: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Working:
    """A trial is under way."""

    trial: Trial
    phase: str


@dataclass(frozen=True)
class Finished:
    """A record is final; `blocks` are all that were timed for it. One made `earlier` stands."""

    record: Record
    blocks: tuple[Block, ...]
    earlier: bool = False


@dataclass(frozen=True)
class Ended:
    """The run is over, and its header holds what the machine did meanwhile."""

    run: Run


Event = Started | Working | Finished | Ended
Notify = Callable[[Event], None]
