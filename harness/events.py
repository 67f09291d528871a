"""What a run tells while it goes on; the screen and the stream of JSON listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.case import Trial
from results.schema import Block, Record, Run


@dataclass(frozen=True)
class Started:
    """The header is known; `total` records will follow."""

    run: Run
    total: int


@dataclass(frozen=True)
class Working:
    """A trial is under way."""

    trial: Trial
    phase: str


@dataclass(frozen=True)
class Finished:
    """A record is final; `blocks` are all that were timed for it."""

    record: Record
    blocks: tuple[Block, ...]


Event = Started | Working | Finished
Notify = Callable[[Event], None]
