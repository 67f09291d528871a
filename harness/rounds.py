"""Interleaved rounds: who is timed when, and when to stop. Pure policy; the blocks come from
whatever is passed in, so that tests need no clock.

All contestants of a case are timed block by block in random order, round after round, on the same
machine in the same minute; that halves the spread of ratios between them from run to run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from harness.errors import TrialEnded
from results.schema import Block
from results.statistics import precise

K = TypeVar("K")
LEAST = 3  # rounds, however slow a call is


@dataclass
class Contestant(Generic[K]):
    """One trial being timed. `time_block(series)` returns a block, or None where that series can't
    be timed any longer, and may raise TrialEnded."""

    key: K
    series: tuple[str, ...]
    time_block: Callable[[str], Block | None]
    blocks: list[Block] = field(default_factory=list)
    spent: float = 0.0
    ended: TrialEnded | None = None

    def take(self, series: str) -> None:
        """Time a block of a series."""
        block = self.time_block(series)
        if block is None:
            self.series = tuple(one for one in self.series if one != series)
        else:
            self.blocks.append(block)

    def rounds(self) -> int:
        return min(sum(b.series == s for b in self.blocks) for s in self.series)

    def finished(self, precision: float, budget: float) -> bool:
        if self.ended:
            return True
        if self.rounds() < LEAST:
            return False
        return self.spent >= budget or all(self._precise(s, precision) for s in self.series)

    def _precise(self, series: str, precision: float) -> bool:
        per_call = [b.seconds / b.calls for b in self.blocks if b.series == series]
        return precise(per_call, precision)


def run_rounds(
    contestants: Sequence[Contestant[K]],
    *,
    precision: float,
    budget: float,
    rng: random.Random,
    clock: Callable[[], float],
) -> None:
    """Time blocks until every contestant is precise or has spent its budget (seconds)."""
    while True:
        turns = [(c, s) for c in contestants if not c.finished(precision, budget) for s in c.series]
        if not turns:
            return
        rng.shuffle(turns)
        for contestant, series in turns:
            if contestant.ended:
                continue
            began = clock()
            try:
                contestant.take(series)
            except TrialEnded as ended:
                contestant.ended = ended
            contestant.spent += clock() - began
