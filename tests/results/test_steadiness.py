from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from results.schema import Block, Seconds
from results.statistics import seconds_of
from results.steadiness import unsteady
from tests.results.samples import a_time

TRIES = 1000
Level = Callable[[random.Random, float], float]  # of a block, by how far the launch has gone


def flat(rng: random.Random, done: float) -> float:
    return 1.0


def halves(rng: random.Random, done: float) -> float:
    return rng.choice([1.0, 1.05])


def fifth(rng: random.Random, done: float) -> float:
    return 1.05 if rng.random() < 0.2 else 1.0


def rising(rng: random.Random, done: float) -> float:
    return 1 + 0.05 * done


def falling(rng: random.Random, done: float) -> float:
    return 1.05 - 0.05 * done


def trial(
    rng: random.Random,
    level: Level = flat,
    *,
    launches: int = 1,
    count: int = 30,
    noise: float = 0.005,
    spread: float = 0.0,
    normal: bool = False,
    series: str = "operator",
) -> list[Block]:
    found = []
    for launch in range(launches):
        base = rng.lognormvariate(0, spread)
        for position in range(count):
            off = 1 + rng.gauss(0, noise) if normal else rng.lognormvariate(0, noise)
            taken = base * level(rng, position / (count - 1)) * off
            found.append(Block(launch=launch, series=series, calls=1, seconds=taken, faults=0))
    return found


def ways(blocks: list[Block]) -> dict[str, float]:
    return unsteady(seconds_of(blocks, import_=None), blocks)


@pytest.mark.parametrize("normal", [True, False])
@pytest.mark.parametrize(("launches", "count"), [(1, 8), (1, 30), (5, 12)])
@pytest.mark.parametrize("noise", [0.01, 0.04])
def test_steady_blocks_are_marked_in_at_most_1_percent(
    launches: int, count: int, noise: float, normal: bool
) -> None:
    rng = random.Random(launches * count)
    shape = {"launches": launches, "count": count, "noise": noise, "normal": normal}
    alarms = sum(bool(ways(trial(rng, **shape)).keys() - {"launches spread"}) for _ in range(TRIES))
    assert alarms <= 0.01 * TRIES


@pytest.mark.parametrize("level", [halves, fifth])
@pytest.mark.parametrize(("launches", "count"), [(1, 30), (5, 15)])
def test_two_levels_five_percent_apart_are_found(level: Level, launches: int, count: int) -> None:
    rng, found = random.Random(1), []
    for _ in range(100):
        found.append(ways(trial(rng, level, launches=launches, count=count)).get("bimodal"))
    assert sum(size is not None for size in found) >= 90
    # Launches that happen to lack the second level pull their common distance down.
    assert all(0.03 < size < 0.06 for size in found if size)


@pytest.mark.parametrize("level", [rising, falling])
@pytest.mark.parametrize(("launches", "count"), [(1, 15), (5, 12)])
def test_a_drift_of_five_percent_is_found(level: Level, launches: int, count: int) -> None:
    rng, found = random.Random(2), 0
    for _ in range(100):
        sizes = ways(trial(rng, level, launches=launches, count=count))
        assert "bimodal" not in sizes
        found += 0.03 < sizes.get("drifting", 0.0) < 0.08
    assert found >= 95


def test_one_launch_of_five_that_drifts_is_enough() -> None:
    rng = random.Random(3)
    blocks = trial(rng, launches=4)
    last = [
        Block(launch=4, series="operator", calls=1, seconds=block.seconds, faults=0)
        for block in trial(rng, rising)
    ]
    assert ways(blocks) == {}
    assert set(ways([*blocks, *last])) == {"drifting"}


def test_what_is_too_small_to_matter_is_not_marked_however_well_it_shows() -> None:
    def slightly(rng: random.Random, done: float) -> float:
        return 1 + 0.015 * done

    def two(rng: random.Random, done: float) -> float:
        return rng.choice([1.0, 1.015])

    for level in (slightly, two):
        assert ways(trial(random.Random(4), level, count=60, noise=0.0005)) == {}


def test_a_few_late_blocks_are_no_second_level() -> None:
    rng = random.Random(5)
    blocks = trial(rng, count=40)
    late = [Block(launch=0, series="operator", calls=1, seconds=1.1, faults=0) for _ in range(3)]
    assert ways([*blocks[:10], late[0], *blocks[10:20], late[1], *blocks[20:], late[2]]) == {}


def test_blocks_that_are_evenly_spread_have_no_second_level() -> None:
    def anywhere(rng: random.Random, done: float) -> float:
        return rng.uniform(1.0, 1.1)

    for seed in range(20):
        assert ways(trial(random.Random(seed), anywhere, launches=5, noise=0.001)) == {}


def test_a_handful_of_blocks_says_nothing_of_their_shape() -> None:
    assert ways(trial(random.Random(6), rising, count=7, noise=1e-4)) == {}
    assert set(ways(trial(random.Random(6), rising, count=8, noise=1e-4))) == {"drifting"}


def test_levels_that_differ_from_launch_to_launch_are_a_spread_and_no_second_level() -> None:
    sizes = ways(trial(random.Random(7), launches=5, spread=0.06))
    assert set(sizes) == {"launches spread"}


@pytest.mark.parametrize(("scatter", "marked"), [(0.029, False), (0.031, True)])
def test_launches_are_marked_from_three_percent_on(scatter: float, marked: bool) -> None:
    medians = [math.exp(scatter * step) for step in (-1.0, 0.0, 1.0)]
    seconds = a_time(1.0, by_launch={"operator": medians})
    expected = {"launches spread": pytest.approx(scatter)} if marked else {}
    assert unsteady(seconds) == expected


def test_a_single_launch_and_a_record_from_before_they_were_kept_say_nothing_of_spread() -> None:
    seconds: list[Seconds] = [a_time(1.0, by_launch=by) for by in ({}, {"operator": [1.0]})]
    assert [unsteady(one) for one in seconds] == [{}, {}]


def test_blocks_that_take_exactly_the_same_time_are_steady() -> None:
    assert ways(trial(random.Random(8), noise=0.0)) == {}


def test_exactly_two_levels_are_found() -> None:
    assert ways(trial(random.Random(9), halves, noise=0.0)) == {"bimodal": pytest.approx(0.05)}


def test_only_the_operators_own_blocks_are_looked_at() -> None:
    rng = random.Random(10)
    assert ways([*trial(rng), *trial(rng, rising, series="value")]) == {}
