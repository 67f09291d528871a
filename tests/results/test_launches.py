from __future__ import annotations

import math
import random

import pytest

from results.launches import compare_launches, launches_of
from results.statistics import seconds_of
from tests.results.samples import a_time, blocks_of

TRIES = 2000
TOLD = ("faster", "slower")


def band(chance: float, tries: int = TRIES) -> float:
    """Four standard errors of a simulated chance: a right one leaves it once in 16 000 seeds."""
    return 4 * math.sqrt(chance * (1 - chance) / tries)


def launches(rng: random.Random, scatter: float, count: int, level: float = 1.0) -> list[float]:
    return [level * rng.lognormvariate(0, scatter) for _ in range(count)]


@pytest.mark.parametrize("scatters", [(0.01, 0.01), (0.02, 0.01), (0.01, 0.03)])
@pytest.mark.parametrize("counts", [(2, 2), (3, 3), (5, 5), (2, 5), (2, 10), (3, 10)])
def test_identical_code_is_called_different_in_at_most_5_percent(
    counts: tuple[int, int], scatters: tuple[float, float]
) -> None:
    rng, alarms = random.Random(counts[0]), [0, 0]
    for _ in range(TRIES):
        one, other = map(launches, (rng, rng), scatters, counts)
        for position, floor in enumerate((0.0, 0.02)):
            alarms[position] += compare_launches(one, other, floor).verdict in TOLD
    assert alarms[1] <= alarms[0] <= TRIES * (0.05 + band(0.05))


def test_pooled_blocks_would_call_identical_code_different() -> None:
    rng, alarms = random.Random(1), 0
    for _ in range(200):
        one, other = (
            [
                level * rng.lognormvariate(0, 0.01)
                for level in launches(rng, 0.02, 5)
                for _ in "x" * 12
            ]
            for _ in "ab"
        )
        alarms += compare_launches(one, other, 0.0).verdict in TOLD
    assert alarms / 200 > 0.3


def found_at_told_from(scatters: tuple[float, float], counts: tuple[int, int]) -> float:
    """How often an effect of the size that some launches could have told is found by others."""
    rng, found = random.Random(5), 0
    for _ in range(TRIES):
        stated = compare_launches(*map(launches, (rng, rng), scatters, counts)).told_from
        assert stated is not None
        one, other = map(launches, (rng, rng), scatters, counts, (1.0, 1 + stated))
        found += compare_launches(one, other).verdict == "slower"
    return found / TRIES


@pytest.mark.parametrize("scatters", [(0.002, 0.002), (0.01, 0.01), (0.03, 0.03), (0.01, 0.03)])
def test_an_effect_of_the_size_that_could_be_told_is_found_in_80_percent(
    scatters: tuple[float, float],
) -> None:
    assert found_at_told_from(scatters, (5, 5)) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("counts", [(2, 5), (3, 10)])
def test_what_could_be_told_holds_for_unequal_numbers_of_launches(counts: tuple[int, int]) -> None:
    assert found_at_told_from((0.01, 0.01), counts) == pytest.approx(0.8, abs=0.05)
    assert found_at_told_from((0.02, 0.01), counts) >= 0.7


def test_a_twentieth_is_found_with_five_launches_that_agree_within_two_percent() -> None:
    rng, found = random.Random(7), 0
    for _ in range(500):
        one, other = launches(rng, 0.01, 5), launches(rng, 0.01, 5, 1.05)
        found += compare_launches(one, other).verdict == "slower"
    assert found / 500 > 0.95


def test_a_smaller_chance_widens_the_interval_and_what_could_be_told() -> None:
    one, other = [1.0, 1.01, 0.99], [1.04, 1.05, 1.03]
    wide, narrow = (compare_launches(one, other, chance=chance) for chance in (0.001, 0.05))
    assert (wide.verdict, narrow.verdict) == ("not told apart", "slower")
    assert wide.told_from is not None and narrow.told_from is not None
    assert wide.told_from > narrow.told_from and wide.ratio == narrow.ratio


def test_the_interval_holds_the_true_ratio_in_95_percent() -> None:
    rng, hits = random.Random(3), 0
    for _ in range(TRIES):
        found = compare_launches(launches(rng, 0.02, 5), launches(rng, 0.03, 4, 1.3))
        assert found.low is not None and found.high is not None
        hits += found.low <= 1.3 <= found.high
    assert hits / TRIES == pytest.approx(0.95, abs=band(0.95))


def test_a_ratio_is_the_others_geometric_mean_over_the_ones() -> None:
    assert compare_launches([1.0, 4.0], [3.0, 12.0]).ratio == pytest.approx(3.0)
    assert compare_launches([2.0], [1.0, 4.0, 8.0]).ratio == pytest.approx(32 ** (1 / 3) / 2)


def test_swapping_the_sides_turns_the_verdict_and_the_interval_around() -> None:
    one, other = [1.0, 1.01, 0.99], [1.1, 1.12, 1.09]
    there, back = compare_launches(one, other), compare_launches(other, one)
    assert (there.verdict, back.verdict) == ("slower", "faster")
    assert there.low is not None and there.high is not None
    assert (back.ratio, back.low, back.high) == pytest.approx(
        (1 / there.ratio, 1 / there.high, 1 / there.low)
    )
    assert back.told_from == pytest.approx(there.told_from)


def test_a_verdict_does_not_depend_on_the_unit() -> None:
    one, other = [1.0, 1.01, 0.99], [1.1, 1.12, 1.09]
    tiny = compare_launches([x * 1e-9 for x in one], [x * 1e-9 for x in other])
    assert tiny.ratio == pytest.approx(compare_launches(one, other).ratio)
    assert tiny.verdict == "slower"


STEADY = [0.9995, 1.0, 1.0005]


@pytest.mark.parametrize(
    ("level", "floor", "verdict"),
    [
        (1.0, 0.02, "same"),
        (1.015, 0.02, "same"),
        (1.0195, 0.02, "not told apart"),  # the interval leaves out 1 and reaches over the floor
        (1.03, 0.02, "slower"),
        (1 / 1.03, 0.02, "faster"),
        (1.03, 0.05, "same"),
        (1.015, 0.0, "slower"),
        (1.0, 0.0, "not told apart"),
    ],
)
def test_an_effect_has_to_pass_the_floor_too(level: float, floor: float, verdict: str) -> None:
    other = [level * x for x in STEADY]
    assert compare_launches(STEADY, other, floor).verdict == verdict


def test_launches_that_scatter_are_neither_told_apart_nor_the_same() -> None:
    found = compare_launches([1.0, 1.1, 1.2], [1.05, 1.2, 1.3])
    assert found.verdict == "not told apart"
    assert found.told_from is not None and found.told_from > 0.2


def test_launches_without_any_spread_resolve_the_floor() -> None:
    found = compare_launches([1.0, 1.0], [2.0, 2.0])
    assert (found.ratio, found.low, found.high) == pytest.approx((2.0, 2.0, 2.0))
    assert (found.verdict, found.told_from) == ("slower", pytest.approx(0.02))


def test_a_single_launch_has_a_ratio_and_tells_nothing() -> None:
    for one, other in (([1.0], [2.0, 2.0, 2.0]), ([1.0, 1.0], [2.0]), ([1.0], [2.0])):
        found = compare_launches(one, other)
        assert found.ratio == pytest.approx(2.0)
        assert found.verdict == "not told apart"
        assert (found.low, found.high, found.told_from) == (None, None, None)


def test_no_launch_has_no_ratio() -> None:
    with pytest.raises(ValueError, match="a launch a side; got 0 and 1"):
        compare_launches([], [1.0])


def test_the_launches_of_a_series_are_its_medians() -> None:
    seconds = seconds_of(blocks_of(1e-3, launches=3, value=1e-4), import_=None)
    assert launches_of(seconds) == seconds.by_launch["operator"]
    assert launches_of(seconds, "value") == seconds.by_launch["value"]
    assert launches_of(seconds, "device") == ()


def test_a_record_from_before_launches_were_kept_counts_as_one() -> None:
    seconds = a_time(2e-3, launches=3, by_launch={})
    assert launches_of(seconds) == (2e-3,)
    assert launches_of(seconds, "value") == ()
