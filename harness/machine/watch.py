"""Looking at the cards while they are warm.

One convention: a look comes right after blocks were timed, before the card has cooled down.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from harness.machine import card

EVERY = 10.0  # s between two looks, each of which takes about a tenth of a second


class Watch:
    """Looks at the cards behind `devices` while they are warm, but not all the time."""

    def __init__(
        self,
        devices: Iterable[str],
        clock: Callable[[], float] = time.monotonic,
        read: Callable[[Sequence[str]], list[dict[str, Any]] | None] = card.cards,
    ) -> None:
        self.which, self.clock, self.read = card.used(devices), clock, read
        self.next = -math.inf
        self.worst: dict[Any, dict[str, Any]] = {}  # of all readings, by the card's index

    def look(self, *, last: bool) -> None:
        """Read the cards, right after blocks were timed on them; the `last` time in any case."""
        if not self.which or (self.clock() < self.next and not last):
            return
        for one in self.read(self.which) or ():
            before = self.worst.get(one["index"])
            self.worst[one["index"]] = card.worst(before, one) if before else one
        self.next = self.clock() + EVERY
