"""What a list of block times says, and what several launches say; how many digits to show.

One convention: an interval speaks only of what was repeated. Blocks of one launch agree with each
other far better than two launches of the same code do, so whatever calls one thing faster than
another asks for launches (`results/launches.py`), never for blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from results.schema import Block, Seconds

ENOUGH = 6  # blocks: with fewer, even smallest and largest hold the median in less than 95 %
WITHIN = "within one launch"
OVER = "over launches"
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
MOST_DIGITS = 4


class Interval(NamedTuple):
    """A median, or the geometric mean of launches', with its 95 % interval, in seconds a call."""

    median: float
    low: float
    high: float


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def geometric_mean(values: Sequence[float]) -> float:
    """Return the geometric mean of one or more values; 0 where one is, as a coarse clock says."""
    if min(values) == 0:
        return 0.0
    first = values[0]  # of which the others are multiples, so that equal values return themselves
    return first * math.exp(math.fsum(math.log(one / first) for one in values) / len(values))


def within_launch(per_call: Sequence[float]) -> Interval:
    """Return the median of blocks of one launch and its 95 % interval from order statistics.

    It supposes nothing of the distribution. With fewer than `ENOUGH` blocks no such interval
    exists and the ends are the smallest and the largest. Raises ValueError for no block at all.
    """
    if not per_call:
        raise ValueError("a median needs at least one block; got none")
    ordered, rank = sorted(per_call), max(order(len(per_call)), 1)
    return Interval(median(ordered), ordered[rank - 1], ordered[-rank])


@cache
def order(blocks: int) -> int:
    """Return the largest r for which the r-th smallest and the r-th largest of so many blocks hold
    the median between them with 95 % or more; 0 where there is none.

    Each falls outside with the chance that fewer than r of n fair coins show heads (David and
    Nagaraja, Order Statistics, section 7.1); counted in integers, so exact.
    """
    rank = tail = 0
    while 40 * (tail + math.comb(blocks, rank)) <= 2**blocks:
        tail += math.comb(blocks, rank)
        rank += 1
    return rank


def over_launches(medians: Sequence[float]) -> Interval:
    """Return the geometric mean of launch medians with the 95 % t interval on their logarithms.

    Raises ValueError for fewer than two launches, whose spread can't be known.
    """
    if len(medians) < 2:
        raise ValueError(f"an interval over launches needs two or more; got {len(medians)}")
    middle = geometric_mean(medians)
    _, variance = moments([math.log(one / middle) for one in medians])
    factor = math.exp(t_quantile(len(medians) - 1) * math.sqrt(variance / len(medians)))
    return Interval(middle, middle / factor, middle * factor)


def scatter(times: Sequence[float]) -> float:
    """Return the standard deviation of the logarithms of two or more times."""
    return math.sqrt(moments([math.log(one / times[0]) for one in times])[1])


def moments(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean and the unbiased variance of two or more values."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def t_quantile(freedom: float, chance: float = 0.975) -> float:
    """Return the quantile of Student's t distribution that it stays below with this chance."""
    return float(inverse_t()(freedom, chance))


@cache
def inverse_t() -> Any:
    from scipy.special import stdtrit  # 0.1 s, and most commands never ask

    return stdtrit


def precise(per_call: Sequence[float], precision: float) -> bool:
    """Say whether half the interval within the launch is at most `precision` of the median."""
    if len(per_call) < ENOUGH:
        return False
    middle, low, high = within_launch(per_call)
    return (high - low) / 2 <= precision * middle


def per_launch(blocks: Iterable[Block], series: str) -> list[list[float]]:
    """Return the seconds a call of each launch's blocks of `series`, in order."""
    launches: dict[int, list[float]] = {}
    for block in blocks:
        if block.series == series:
            launches.setdefault(block.launch, []).append(block.seconds / block.calls)
    return [launches[launch] for launch in sorted(launches)]


def seconds_of(
    blocks: Sequence[Block],
    *,
    import_: float | None,
    new_shape: float | None = None,
    dispatch: float | None = None,
) -> Seconds:
    """Sum up the blocks of one trial, of all series and of any number of launches.

    Raises ValueError where there is no block of the series "operator".
    """
    timed = [block for block in blocks if block.series == "operator"]
    per_call = [block.seconds / block.calls for block in timed]
    series = {block.series: None for block in blocks}
    by_launch = {name: [median(one) for one in per_launch(blocks, name)] for name in series}
    middle = {name: geometric_mean(medians) for name, medians in by_launch.items()}
    launches = by_launch.get("operator", [])
    several = len(launches) > 1
    interval = over_launches(launches) if several else within_launch(per_call)
    return Seconds(
        import_=import_,
        prepare=middle.get("prepare"),
        first=middle.get("first"),
        **interval._asdict(),
        min=min(per_call),
        interval=OVER if several else WITHIN,
        launches=len(launches),
        blocks=len(timed),
        calls=sum(block.calls for block in timed),
        value=middle.get("value"),
        device=middle.get("device"),
        new_shape=new_shape,
        throughput=middle.get("throughput"),
        dispatch=dispatch,
        by_launch=by_launch,
    )


class Shown(NamedTuple):
    """A time as a person reads it: `79.0 us`, and `[78.2, 79.9]` in the same unit and digits."""

    median: str
    interval: str


def shown(middle: float, low: float, high: float) -> Shown:
    """Write a median and its interval with the digits that the interval justifies.

    The last digit is the first in which half the interval's width shows; four digits at most.
    """
    half = (high - low) / 2
    middle = round(middle, -last_place(middle, half))  # first, or 999.99 us would be 1000.0 us
    size, unit = unit_of(middle)
    place = last_place(middle / size, half / size)
    return Shown(f"{rounded(middle / size, place)} {unit}", ends(low / size, high / size, place))


def unit_of(seconds: float) -> tuple[float, str]:
    return next((pair for pair in UNITS if seconds >= pair[0]), UNITS[-1])


def ends(low: float, high: float, place: int) -> str:
    """Write an interval rounded to a power of ten; two digits an end where `low` would be 0."""
    if low > 0 and round(low, -place) == 0:
        return f"[{about(low)}, {about(high)}]"
    return f"[{rounded(low, place)}, {rounded(high, place)}]"


def last_place(value: float, half: float) -> int:
    """Return the power of ten of the last digit of `value` that an error of `half` leaves known."""
    first = first_place(value)
    known = math.floor(math.log10(half)) if half > 0 else first - MOST_DIGITS
    return max(min(known, first), first - MOST_DIGITS + 1)


def rounded(value: float, place: int) -> str:
    """Write a number rounded to a power of ten."""
    return f"{round(value, -place):.{max(-place, 0)}f}"


def ratio(value: float) -> str:
    """Write a ratio with three digits: 1.00, 12.3, 480."""
    return rounded(value, min(first_place(value) - 2, 0))


def once(seconds: float) -> str:
    """Write a time that was taken once, so with two digits: `12 ms`, `1.2 s`, `120 us`."""
    seconds = round(seconds, 1 - first_place(seconds))
    size, unit = unit_of(seconds)
    return f"{rounded(seconds / size, first_place(seconds / size) - 1)} {unit}"


def about(value: float) -> str:
    """Write a positive number with two digits: `0.50`, `12`, `320`, `3.2e4`."""
    place = first_place(value) - 1
    if 1e-2 <= value < 1e3:
        return rounded(value, place)
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits.removesuffix('.0')}e{int(power)}"


def percent(part: float) -> str:
    """Write a part of a whole, 0.031, as `3.1 %`."""
    return f"{about(100 * part)} %"


def effect(size: float) -> str:
    """Write an effect in percent, or where it is many times as much, so: `18-fold`."""
    return percent(size) if size < 9 else f"{about(1 + size)}-fold"


def relative(error: float) -> str:
    """Write a relative error: `0` only where it is exact."""
    return "0" if error == 0 else f"{error:.1e}"


def ulps(error: float) -> str:
    """Write an error in units in the last place: `0` only where it is exact."""
    if error == 0 or not math.isfinite(error):
        return f"{error:g}"
    return about(error) if error >= 0.01 else "<0.01"


def first_place(value: float) -> int:
    """Return the power of ten of the first digit of `value`; 0 for zero."""
    return math.floor(math.log10(value)) if value > 0 else 0
