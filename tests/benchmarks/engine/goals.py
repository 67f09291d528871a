"""The goals for the engine's speed, and whether a case keeps them.

The one convention: a goal is kept, missed, or None where a contestant it needs is absent. A missed
goal fails nothing: it is reported.
"""

import math
from dataclasses import dataclass

REPLAY, REPLAY_MEAN = 1.15, 1.05  # replay / hand, in each case and in the geometric mean
OVERHEAD = 0.25  # hand / autograd; up to here, overhead rules
EAGER_OVERHEAD, EAGER_AUTOGRAD, EAGER_HAND = 0.5, 1.0, 2.0
MEMORY = 1.5  # replay / hand
SUBSTANTIAL = 100_000  # bytes by hand; below, what is counted is Python's own objects
RECORDING = 50e-3  # s, for a GMM gradient


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What was wanted, what came of it, and whether it is kept."""

    what: str
    value: float
    limit: float

    @property
    def kept(self):
        return self.value <= self.limit

    def __str__(self):
        return f"{self.what} {self.value:.2f}, wanted {self.limit:.2f} or less"


def goals_of(case, ratio):
    """Return the goals of a case; `ratio(one, other)` is None where one of them is absent."""
    wanted = [("replay", "hand", REPLAY), *eager_goals(ratio("hand", "autograd"))]
    if case.tiny:
        wanted += [("replay", "torch", 1.0), ("replay", "jax", 1.0)]
    found = [(f"{one}/{other}", ratio(one, other), limit) for one, other, limit in wanted]
    return [
        Goal(what=what, value=value, limit=limit)
        for what, value, limit in found
        if value is not None
    ]


def eager_goals(hand_to_autograd):
    if hand_to_autograd is None:
        return []
    if hand_to_autograd <= OVERHEAD:
        return [("eager", "autograd", EAGER_OVERHEAD)]
    return [("eager", "autograd", EAGER_AUTOGRAD), ("eager", "hand", EAGER_HAND)]


def geometric_mean(values):
    return math.exp(math.fsum(map(math.log, values)) / len(values))
