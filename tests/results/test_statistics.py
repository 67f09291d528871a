from __future__ import annotations

import math
import random
import subprocess
import sys

import pytest

from results import statistics
from results.schema import Block
from results.statistics import (
    OVER,
    WITHIN,
    about,
    effect,
    geometric_mean,
    once,
    over_launches,
    percent,
    precise,
    ratio,
    seconds_of,
    shown,
    within_launch,
)
from tests.results.samples import blocks_of

REPEATS = 4000


def band(chance: float) -> float:
    """Four standard errors of a simulated chance: a right one leaves it once in 16 000 seeds."""
    return 4 * math.sqrt(chance * (1 - chance) / REPEATS)


def exact_coverage(blocks: int) -> float:
    """The chance that order statistics hold the median, straight from the binomial."""
    outside = sum(math.comb(blocks, heads) for heads in range(statistics.order(blocks)))
    return 1 - 2 * outside / 2**blocks


@pytest.mark.parametrize("blocks", [6, 12, 31])
def test_the_interval_within_a_launch_holds_the_median_as_often_as_it_should(blocks: int) -> None:
    random_ = random.Random(blocks)
    hits = 0
    for _ in range(REPEATS):
        _, low, high = within_launch([random_.expovariate(1) for _ in range(blocks)])
        hits += low <= math.log(2) <= high
    assert hits / REPEATS == pytest.approx(exact_coverage(blocks), abs=band(0.95))


def test_the_interval_is_the_narrowest_of_at_least_95_percent() -> None:
    for blocks in range(6, 200):
        narrower = sum(math.comb(blocks, heads) for heads in range(statistics.order(blocks) + 1))
        assert exact_coverage(blocks) >= 0.95 > 1 - 2 * narrower / 2**blocks


@pytest.mark.parametrize("launches", [2, 3, 5])
def test_the_interval_over_launches_holds_the_truth_in_95_percent(launches: int) -> None:
    random_ = random.Random(launches)
    hits = 0
    for _ in range(REPEATS):
        medians = [1e-3 * random_.lognormvariate(0, 0.05) for _ in range(launches)]
        _, low, high = over_launches(medians)
        hits += low <= 1e-3 <= high
    assert hits / REPEATS == pytest.approx(0.95, abs=band(0.95))


def test_few_blocks_give_the_smallest_and_the_largest() -> None:
    assert within_launch([3.0, 1.0, 2.0]) == (2.0, 1.0, 3.0)
    assert within_launch([3.0]) == (3.0, 3.0, 3.0)


def test_the_median_of_an_even_number_of_blocks_lies_between_the_middle_two() -> None:
    assert within_launch([4.0, 1.0, 2.0, 3.0]).median == 2.5


def test_no_blocks_and_a_single_launch_have_no_interval() -> None:
    with pytest.raises(ValueError, match="at least one block"):
        within_launch([])
    with pytest.raises(ValueError, match="two or more; got 1"):
        over_launches([1.0])


def test_the_centre_over_launches_is_their_geometric_mean_and_the_intervals_own() -> None:
    middle, low, high = over_launches([1.0] * 20 + [2.0] * 19)
    assert middle == pytest.approx(2 ** (19 / 39))
    assert middle / low == pytest.approx(high / middle)


def test_equal_launches_have_an_interval_without_width() -> None:
    assert over_launches([0.1, 0.1, 0.1]) == pytest.approx((0.1, 0.1, 0.1))


def test_precision_needs_six_blocks_and_a_narrow_interval() -> None:
    assert not precise([1.0] * 5, 0.02)
    assert precise([1.0] * 6, 0.02)
    assert precise([0.99, 1.0, 1.0, 1.0, 1.0, 1.01], 0.02)
    assert not precise([0.9, 1.0, 1.0, 1.0, 1.0, 1.1], 0.02)


def test_one_launch_is_summed_up_as_within_one_launch() -> None:
    phases = [
        Block(launch=0, series=series, calls=1, seconds=taken, faults=0)
        for series, taken in (("prepare", 0.1), ("first", 0.01))
    ]
    blocks = [*phases, *blocks_of(1e-3, count=12, value=4e-4)]
    seconds = seconds_of(blocks, import_=1.0)
    per_call = sorted(b.seconds / b.calls for b in blocks if b.series == "operator")
    assert (seconds.interval, seconds.launches, seconds.blocks) == (WITHIN, 1, 12)
    assert seconds.calls == 1200
    assert seconds.min == per_call[0]
    assert (seconds.low, seconds.high) == (per_call[2], per_call[-3])
    assert seconds.value == pytest.approx(4e-4, rel=0.05)
    assert (seconds.import_, seconds.prepare, seconds.first) == (1.0, 0.1, 0.01)


def test_a_geometric_mean_keeps_what_is_equal_and_what_a_coarse_clock_calls_nothing() -> None:
    assert geometric_mean([0.1, 0.1, 0.1]) == 0.1
    assert geometric_mean([1.0, 4.0]) == pytest.approx(2.0)
    assert geometric_mean([1e-9, 0.0]) == 0.0


def test_several_launches_are_summed_up_by_the_geometric_mean_of_their_medians() -> None:
    blocks = [
        Block(launch=launch, series=series, calls=2, seconds=2 * seconds * factor, faults=0)
        for launch, seconds in ((2, 3.0), (0, 1.0), (1, 2.0))
        for series, factor in (("operator", 1.0), ("value", 0.5))
        for _ in range(4)
    ]
    seconds = seconds_of(blocks, import_=None)
    assert seconds.by_launch["operator"] == [1.0, 2.0, 3.0]
    assert (seconds.interval, seconds.launches, seconds.blocks) == (OVER, 3, 12)
    assert (seconds.median, seconds.value) == pytest.approx((6 ** (1 / 3), 6 ** (1 / 3) / 2))
    assert seconds.low < 1.0 and seconds.high > 3.0


def test_the_value_series_may_be_missing_but_not_the_operator() -> None:
    blocks = blocks_of(1e-3)
    assert seconds_of(blocks, import_=None).value is None
    values = [b for b in blocks_of(1e-3, value=1e-3) if b.series == "value"]
    with pytest.raises(ValueError, match="at least one block"):
        seconds_of(values, import_=None)


@pytest.mark.parametrize(
    ("times", "text"),
    [
        ((79.04e-6, 78.2e-6, 79.9e-6), ("79.0 us", "[78.2, 79.9]")),
        ((79e-6, 59e-6, 99e-6), ("80 us", "[60, 100]")),
        ((1.44e-3, 1.1e-3, 1.7e-3), ("1.4 ms", "[1.1, 1.7]")),
        ((3e-9, 3e-9, 3e-9), ("3.000 ns", "[3.000, 3.000]")),
        ((12.3, 11.0, 13.0), ("12 s", "[11, 13]")),
        ((4e-10, 4e-10, 4e-10), ("0.4000 ns", "[0.4000, 0.4000]")),
        ((5.0, 1.0, 100.0), ("5 s", "[1, 100]")),
        ((5e-6, 0.12e-6, 220e-6), ("5 us", "[0.12, 220]")),
        ((5e-6, 2.4e-12, 11.0), ("5 us", "[2.4e-6, 1.1e7]")),
        ((5e-6, 0.6e-6, 40e-6), ("5 us", "[1, 40]")),
        ((0.99999e-3, 0.998e-3, 1.002e-3), ("1.000 ms", "[0.998, 1.002]")),
    ],
)
def test_digits_are_those_that_the_interval_justifies(
    times: tuple[float, float, float], text: tuple[str, str]
) -> None:
    assert shown(*times) == text


def test_ratios_have_three_digits() -> None:
    shown_ratios = [ratio(number) for number in (1.0, 1.234, 12.34, 480.4, 0.0123, 12345.0)]
    assert shown_ratios == ["1.00", "1.23", "12.3", "480", "0.0123", "12345"]


def test_nothing_of_results_imports_numpy_scipy_or_rich_but_the_tables() -> None:
    program = (
        "import sys, results.cases, results.database, results.export, results.lookup, "
        "results.schema, results.statistics, results.store\n"
        "assert not {'numpy', 'scipy', 'rich', 'harness'} & set(sys.modules), sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_time_at_a_new_shape_is_kept_where_it_was_taken() -> None:
    assert seconds_of(blocks_of(1e-3), import_=None, new_shape=0.25).new_shape == 0.25
    assert seconds_of(blocks_of(1e-3), import_=None).new_shape is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1.234, "1.2 s"), (0.0123, "12 ms"), (1.26e-4, "130 us"), (3e-10, "0.30 ns"), (0, "0.0 ns")],
)
def test_what_was_timed_once_has_two_digits(seconds: float, text: str) -> None:
    assert once(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (12.3, "12"), (324, "320"), (1e3, "1e3"), (32109, "3.2e4"), (1e-3, "1e-3")],
)
def test_a_number_known_about_has_two_digits(value: float, text: str) -> None:
    assert about(value) == text


@pytest.mark.parametrize(
    ("size", "text"), [(0.021, "2.1 %"), (0.5, "50 %"), (8.9, "890 %"), (17, "18-fold")]
)
def test_effects_are_percentages_until_they_are_multiples(size: float, text: str) -> None:
    assert effect(size) == text


@pytest.mark.parametrize(("part", "text"), [(0.0312, "3.1 %"), (0.005, "0.50 %"), (4.8, "480 %")])
def test_a_part_is_written_in_percent_with_two_digits(part: float, text: str) -> None:
    assert percent(part) == text
