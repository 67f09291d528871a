"""The self-test's checks of comparisons and of overhead, and that they fail when the product is
broken. Launches are drawn from a seeded generator, or the workers live in this process."""

import random

import pytest
from scipy.stats import binom

from backends.byhand import numpy as byhand
from harness.case import Runner
from harness.errors import TrialEnded
from harness.selftest import identical, launched, overhead, planted
from harness.selftest.finding import CHANCE, FAILED, PASSED, UNDECIDED, most_by_chance
from results import launches as product
from results.statistics import Interval
from tests.harness.inline import inline
from tests.results.samples import a_record, a_time, broken

__all__ = ["inline"]

CASES, LAUNCHES, RUNS = 40, 5, 5


def records(spread, more=1.05, seed=0, unlucky=0):
    """Launch medians of the three fakes: each launch of each at a level of its own. In so many
    `unlucky` runs of all `RUNS` the twin's processes happen to be slow."""
    rng = random.Random(seed)
    found = []
    for case in range(CASES):
        for name, factor in ((launched.SOUND, 1), (launched.TWIN, 1), (launched.SLOWER, more)):
            slow = 1.05 if name == launched.TWIN and case % RUNS < unlucky else 1.0
            medians = [
                1e-4 * factor * slow * rng.lognormvariate(0, spread) for _ in range(LAUNCHES)
            ]
            seconds = a_time(1e-4, launches=LAUNCHES, by_launch={"operator": medians})
            size = {"n": 1000, "work": case}
            of = {"run": f"r{case % RUNS}", "variant": name, "size": size}
            found.append(a_record(f"{name}{case}", seconds=seconds, **of))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_quiet_machine_passes_both_checks(seed):
    assert identical.judge(records(0.01, seed=seed)).verdict == PASSED
    assert planted.judge(records(0.01, seed=seed)).verdict == PASSED


@pytest.mark.parametrize(("unlucky", "verdict"), [(1, PASSED), (3, PASSED), (4, FAILED)])
def test_runs_and_not_pairs_are_counted_as_those_share_their_processes(unlucky, verdict):
    finding = identical.judge(records(0.005, unlucky=unlucky))
    assert finding.verdict == verdict
    assert f"{8 * unlucky} of 40 identical pairs told apart" in finding.says


def test_a_noisy_machine_leaves_the_planted_undecided_and_says_what_could_be_told():
    finding = planted.judge(records(0.1))
    assert finding.verdict == UNDECIDED
    assert "in 0 of 40 pairs" in finding.says and "% could be told" in finding.says


def comparing(verdict):
    def compare(one, other):
        found = product.compare_launches(one, other)
        return product.Comparison(**{**vars(found), "verdict": verdict})

    return compare


def test_a_comparison_that_always_tells_apart_fails_on_identical_code(monkeypatch):
    monkeypatch.setattr(launched, "compare_launches", comparing(product.SLOWER))
    assert identical.judge(records(0.01)).verdict == FAILED


@pytest.mark.parametrize("verdict", [product.NOT_APART, product.FASTER, product.SAME])
def test_a_comparison_that_never_finds_a_slow_down_fails_on_the_planted_one(monkeypatch, verdict):
    monkeypatch.setattr(launched, "compare_launches", comparing(verdict))
    assert planted.judge(records(0.01)).verdict == FAILED


def test_a_comparison_of_blocks_instead_of_launches_fails_on_identical_code(monkeypatch):
    rng = random.Random(1)

    def pooled(seconds):
        launches = seconds.by_launch["operator"]
        return [median * rng.lognormvariate(0, 0.005) for median in launches for _ in range(30)]

    noisy = records(0.1)
    assert identical.judge(noisy).verdict == PASSED
    monkeypatch.setattr(launched, "launches_of", pooled)
    assert identical.judge(noisy).verdict == FAILED


def test_a_floor_above_the_planted_effect_fails(monkeypatch):
    def blunt(one, other):
        return product.compare_launches(one, other, floor=0.1)

    monkeypatch.setattr(launched, "compare_launches", blunt)
    assert planted.judge(records(0.01)).verdict == FAILED


def test_a_slow_down_that_is_not_timed_fails():
    assert planted.judge(records(0.01, more=1.0)).verdict == FAILED


@pytest.mark.parametrize("check", [identical, planted])
def test_a_fake_that_was_not_timed_fails_with_its_reason(check):
    several = [*records(0.01)[1:], broken(records(0.01)[0], reason="it broke")]
    finding = check.judge(several)
    assert finding.verdict == FAILED and "fake:exact was not timed: wrong, it broke" in finding.says


@pytest.mark.parametrize("tries", [0, 1, 5, 20, 200])
def test_what_chance_allows_is_the_binomial_quantile(tries):
    allowed = most_by_chance(tries, 0.05)
    assert binom.sf(allowed, tries, 0.05) <= CHANCE
    assert allowed == 0 or binom.sf(allowed - 1, tries, 0.05) > CHANCE


RUNNER = Runner("numpy", "eager", "cpu")
CASE = overhead.cases(1000)[0]


def call(low, high, surely=None):
    times, ratio = Interval(1e-3, 1e-3, 1e-3), Interval((low + high) / 2, low, high)
    wide = Interval(ratio.median, *(surely or (low, high)))
    return overhead.Call(runner=RUNNER, case=CASE, byhand=times, ratio=ratio, surely=wide)


@pytest.mark.parametrize(
    ("calls", "verdict"),
    [
        ([call(0.99, 1.02)], PASSED),
        ([call(0.99, 1.02), call(1.26, 1.28)], FAILED),
        ([call(0.99, 1.02), call(0.72, 0.78)], FAILED),
        ([call(0.99, 1.02), call(1.26, 1.28, surely=(1.2, 1.5))], PASSED),
        ([call(0.99, 1.02), call(1.06, 1.08)], PASSED),
        ([call(0.99, 1.02, surely=(0.8, 1.2))], PASSED),
        ([], UNDECIDED),
    ],
)
def test_one_call_that_costs_a_quarter_more_fails_the_check(calls, verdict):
    assert overhead.judge(calls).verdict == verdict


@pytest.mark.parametrize(
    ("call", "verdict"),
    [
        (call(0.99, 1.02), "kept"),
        (call(1.02, 1.05), "undecided"),
        (call(1.06, 1.08), "not kept"),
        (call(0.92, 0.94), "not kept"),
        (call(1.06, 1.08, surely=(1.02, 1.5)), "undecided"),
    ],
)
def test_a_promise_is_kept_by_the_whole_interval_and_broken_by_the_wider_one(call, verdict):
    assert call.verdict == verdict


@pytest.mark.parametrize(
    ("status", "verdict"), [("wrong", FAILED), ("crashed", FAILED), ("unavailable", PASSED)]
)
def test_a_call_that_ended_fails_the_check_unless_it_can_not_be_had(status, verdict):
    ended = overhead.Call(runner=RUNNER, case=CASE, ended=TrialEnded(status, "why"))
    finding = overhead.judge([call(0.99, 1.02), ended])
    assert finding.verdict == verdict
    assert f"numpy:eager square-vjp-ones n=5: {status}, why" in finding.notes


@pytest.mark.parametrize(("rounds", "cut"), [(5, 1), (16, 1), (21, 2), (41, 7)])
def test_a_promise_is_called_broken_by_chance_once_in_a_thousand_self_tests(rounds, cut):
    ratios = [1 + step for step in range(rounds)]
    assert overhead.surely(ratios)[1:] == (cut, rounds + 1 - cut)
    if rounds > 16:
        aside = CHANCE / overhead.CALLS / 2
        assert binom.cdf(cut - 1, rounds, 0.5) <= aside < binom.cdf(cut, rounds, 0.5)


def numpy_calls(larger=6):
    return overhead.measure(("numpy:eager",), larger, 5, lambda what: None)


def repeated(count, negative=False):
    def maker(x, cotangent):
        def once():
            for _ in range(count - 1):
                byhand.pulled(x, cotangent)
            (answer,) = byhand.pulled(x, cotangent)
            return (-answer if negative else answer,)

        return once

    return maker


def test_a_call_by_hand_that_does_ten_times_the_work_fails_the_check(inline, monkeypatch):
    monkeypatch.setitem(byhand.EAGER, byhand.SQUARE, repeated(10))
    calls = numpy_calls()
    assert overhead.judge(calls).verdict == FAILED
    assert [c.verdict for c in calls[:2]] == ["not kept"] * 2


def test_a_wrong_call_by_hand_is_not_timed(inline, monkeypatch):
    monkeypatch.setitem(byhand.EAGER, byhand.SQUARE, repeated(1, negative=True))
    calls = numpy_calls()
    assert [c.verdict for c in calls[:2]] == ["wrong", "wrong"]
    assert str(calls[0].ended).startswith("by hand: relative error")


def test_a_scenario_without_a_call_by_hand_is_told(inline, monkeypatch):
    monkeypatch.delitem(byhand.EAGER, byhand.SQUARE)
    calls = numpy_calls()
    assert [c.verdict for c in calls[:2]] == ["unsupported"] * 2
