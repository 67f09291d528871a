"""The shape of a trial's blocks inside its launches: whether they drift, or fall in two levels.

One convention: launches are lists of logarithms in the order of time, and a trend or a second level
counts only from an effect of `FLOOR` on: with enough blocks a tenth of a percent shows too.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from results.launches import FLOOR
from results.statistics import median, t_quantile

CHANCE = 0.003  # of an alarm by each of the two tests, on blocks that are steady
APART = 4.0  # standard deviations between two levels; evenly spread blocks reach 3.5
DRAWS = 999
LARGEST = 60  # blocks of a launch that is drawn for comparison; of more, chance splits less


def drift(launches: Sequence[Sequence[float]]) -> float:
    """Return the largest change over a launch that has a trend, 0 where none has: Spearman's rank
    correlation with time, by its t approximation, the chance shared out among the launches."""
    changes = [0.0]
    for logs in launches:
        third = len(logs) // 3
        change = abs(median(logs[-third:]) - median(logs[:third]))
        change *= (len(logs) - 1) / (len(logs) - third)  # from between their middles to end to end
        if change > FLOOR and is_trend(logs, CHANCE / len(launches)):
            changes.append(change)
    return math.expm1(max(changes))


def is_trend(values: Sequence[float], chance: float) -> bool:
    ordered, count = sorted(values), len(values)
    ranks = [(bisect_left(ordered, one) + bisect_right(ordered, one) - 1) / 2 for one in values]
    correlation = float(np.corrcoef(ranks, range(count))[0, 1])
    left = max(1 - correlation**2, 1e-12)
    return abs(correlation) * math.sqrt((count - 2) / left) > t_quantile(count - 2, 1 - chance / 2)


def levels(launches: Sequence[Sequence[float]]) -> float:
    """Return the distance of the two levels that blocks fall in, 0 where one explains them.

    Each launch is split in two where least variance is left. Whether less is left than chance
    leaves of normal blocks is a Monte Carlo test (Barnard, discussion of Bartlett, 1963), so its
    level holds for any number of blocks.
    """
    counts = [len(logs) for logs in launches]
    parts = [split(np.sort(np.array([logs]))) for logs in launches]
    left, total, lever, smaller = (float(sum(part)[0]) for part in zip(*parts, strict=True))
    distance = math.sqrt((total - left) / lever)
    within = math.sqrt(left / (sum(counts) - 2 * len(counts)))
    few = smaller < max(3, sum(counts) / 10)
    if few or math.expm1(distance) <= FLOOR or distance < APART * within:
        return 0.0
    return math.expm1(distance) if left / total < least_by_chance(counts) else 0.0


def least_by_chance(counts: Sequence[int]) -> float:
    """Return the share of the variance that splits leave of normal blocks with `CHANCE`."""
    rng = np.random.default_rng(0)
    draws = [np.sort(rng.standard_normal((DRAWS, min(count, LARGEST)))) for count in counts]
    left, total, _, _ = (sum(part) for part in zip(*map(split, draws), strict=True))
    return float(np.sort(left / total)[math.floor(CHANCE * (DRAWS + 1)) - 1])


def split(ordered: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Split each row, ascending, in two of two or more where the least squares are left.

    Returns, a number a row: the sum of squares left, the sum before, the square of the levels'
    distance that one square between them stands for, and how many the smaller part has.
    """
    count = ordered.shape[1]
    sizes = np.arange(2, count - 1)
    lever = sizes * (count - sizes) / count
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    below = np.cumsum(centred, axis=1)[:, 1 : count - 2]
    between = (below * count / (sizes * (count - sizes))) ** 2 * lever
    total = (centred**2).sum(axis=1)
    place = between.argmax(axis=1)
    gained = between[np.arange(len(ordered)), place]
    smaller = np.minimum(sizes, count - sizes)[place].astype(np.float64)
    return np.maximum(total - gained, 0.0), total, lever[place], smaller
