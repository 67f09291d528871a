"""What the promises' verdicts mean; that they hold is measured by `make promises`, never tested."""

import pytest

from harness.case import Runner
from harness.selftest.overhead import Call, cases, within
from results.statistics import Interval
from tests.benchmarks.overhead import Pair, geometric_mean, rate


@pytest.mark.parametrize(
    ("ratio", "byhand", "holds"),
    [
        (1.029, 1e-3, True),
        (1.031, 1e-3, False),
        (0.969, 1e-3, False),
        (1.049, 50e-6, True),
        (1.051, 50e-6, False),
        (1.051, 5e-6, True),
        (1.07, 5e-6, False),
    ],
)
def test_bounds_are_3_percent_above_100_us_and_5_percent_or_300_ns_below(ratio, byhand, holds):
    assert within(ratio, byhand) is holds


RUNNER = Runner("b", "v", "cpu")
CASE = cases(2)[0]


def verdict(low, high, promised=True):
    byhand, ratio = Interval(1e-3, 1e-3, 1e-3), Interval((low + high) / 2, low, high)
    several = {"byhand": byhand, "ratio": ratio, "surely": ratio}
    return Call(runner=RUNNER, case=CASE, promised=promised, **several).verdict


def test_a_verdict_needs_the_whole_interval_on_one_side_of_a_bound():
    assert verdict(0.99, 1.02) == "kept"
    assert verdict(1.02, 1.05) == "undecided"
    assert verdict(0.9, 1.1) == "undecided"
    assert verdict(1.04, 1.05) == "not kept"
    assert verdict(0.9, 0.95) == "not kept"
    assert verdict(1.04, 1.05, promised=False) == "reported"


def test_pairs_are_counted_where_they_agree_and_averaged_as_ratios():
    pairs = [
        Pair(backend="b", first=2e-3, second=1e-3),
        Pair(backend="b", first=1e-3, second=2e-3),
        Pair(backend="b", first=1e-3, second=1e-3),
    ]
    assert rate(pairs) == 1 / 3
    assert geometric_mean(pairs) == pytest.approx(1)
