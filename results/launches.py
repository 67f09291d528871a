"""What launches tell: whether one thing is faster than another, and what could have been told.

One convention: a ratio is the other's time over the one's, both geometric means of launch medians,
so above 1 the other is slower; every verdict speaks of the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from results.schema import Seconds
from results.statistics import moments, t_quantile

FLOOR = 0.02  # relative: an effect up to this is called none, however well it is known
CHANCE = 0.05  # of calling identical code different
POWER = 0.80  # the chance with which an effect of the size of `told_from` is found
FASTER, SLOWER, SAME, NOT_APART = "faster", "slower", "same", "not told apart"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How the launches of an other stand to those of a one.

    `verdict` is "faster" or "slower" where the interval leaves out 1 and the ratio lies beyond the
    floor, "same" where the whole interval lies within it, else "not told apart". The numbers are
    logarithms: `effect` that of the ratio, `error` its standard error with so many degrees of
    `freedom`, `half` half the width of its interval, and `band` that of the floor. Where a side has
    a single launch, `half` is None and nothing is told apart.
    """

    verdict: str
    effect: float
    band: float
    error: float = 0.0
    freedom: float = 0.0
    half: float | None = None

    @property
    def ratio(self) -> float:
        return math.exp(self.effect)

    @property
    def low(self) -> float | None:
        return None if self.half is None else math.exp(self.effect - self.half)

    @property
    def high(self) -> float | None:
        return None if self.half is None else math.exp(self.effect + self.half)

    @property
    def told_from(self) -> float | None:
        """The smallest effect, 0.03 for 3 %, that these launches would have told with a chance of
        80 % (70 % where the lesser of two numbers of launches scatters twice as much).

        An estimate falls short of its truth in half of all tries, so it takes more than what is to
        be passed. `half` scatters besides, by 1 / sqrt(2 freedom) of itself here and in another
        try.
        """
        if self.half is None:
            return None
        more = t_quantile(self.freedom, POWER)
        wider = math.sqrt(self.error**2 + self.half**2 / self.freedom)
        return math.expm1(max(self.half + more * wider, self.band + more * self.error))


def compare_launches(
    one: Sequence[float], other: Sequence[float], floor: float = FLOOR, chance: float = CHANCE
) -> Comparison:
    """Compare the launch medians of two things: Welch's t interval on their logarithms.

    It holds the true ratio with 1 - `chance`. The floor reaches from 1 / (1 + floor) to 1 + floor,
    so that swapping the sides swaps "faster" and "slower" and changes nothing else. Raises
    ValueError where a side has no launch.
    """
    if not one or not other:
        raise ValueError(f"a ratio needs a launch a side; got {len(one)} and {len(other)}")
    logs, other_logs = [math.log(x) for x in one], [math.log(x) for x in other]
    band = math.log1p(floor)
    if min(len(one), len(other)) < 2:
        effect = math.fsum(other_logs) / len(other) - math.fsum(logs) / len(one)
        return Comparison(verdict=NOT_APART, effect=effect, band=band)
    (mean, variance), (other_mean, other_variance) = moments(logs), moments(other_logs)
    error, freedom = welch(variance / len(one), len(one), other_variance / len(other), len(other))
    effect, half = other_mean - mean, t_quantile(freedom, 1 - chance / 2) * error
    return Comparison(
        verdict=verdict(effect, half, band),
        effect=effect,
        band=band,
        error=error,
        freedom=freedom,
        half=half,
    )


def verdict(effect: float, half: float, band: float) -> str:
    """Name an effect on the logarithm, known to `half`, where up to `band` counts as none."""
    if abs(effect) + half <= band:
        return SAME
    if abs(effect) > max(half, band):
        return SLOWER if effect > 0 else FASTER
    return NOT_APART


def welch(part: float, count: int, other_part: float, other_count: int) -> tuple[float, float]:
    """Return the standard error of a difference of means, and its degrees of freedom.

    `part` is the square of a mean's standard error, `count` what the mean was taken of (Welch, The
    generalization of Student's problem, 1947). Of unequal counts the lesser one bounds the freedom:
    from twice its own where they are equal, as without a bound, down to its own, with which the
    test is exact or strict (Mickey and Brown, Bounds on the distribution functions of the
    Behrens-Fisher statistic, 1966). Without the bound 6 to 12 % of identical code were called
    different at 2 launches against 5 or 10.
    """
    total, least = part + other_part, min(count, other_count)
    bound = (least - 1) * (1 + least / max(count, other_count))
    if total == 0:
        return 0.0, bound
    freedom = total**2 / (part**2 / (count - 1) + other_part**2 / (other_count - 1))
    return math.sqrt(total), min(freedom, bound)


def launches_of(seconds: Seconds, series: str = "operator") -> Sequence[float]:
    """Return the launch medians of a series, seconds a call; empty where it was not taken.

    A record from before they were kept counts as one launch, whose median is the record's.
    """
    if not seconds.by_launch and series == "operator":
        return (seconds.median,)
    return seconds.by_launch.get(series, ())
