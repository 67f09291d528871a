from __future__ import annotations

from dataclasses import replace

import pytest

from results.comparison.sides import Timing
from results.comparison.verdicts import (
    GONE,
    KNOWN,
    NEWLY_RIGHT,
    NEWLY_WRONG,
    NOT_TIMED,
    ONLY_A,
    ONLY_B,
    SKIPPED,
    STILL_WRONG,
    VERDICTS,
    by_verdict,
    compare,
    failures,
    geometric_mean,
    needs_launches,
)
from results.errors import StoreError
from results.launches import FASTER, NOT_APART, SAME, SLOWER
from results.schema import Record
from tests.results.comparison.compared import a_side, launched
from tests.results.samples import a_record, a_run

RIGHT = launched("x")
ANCHOR = launched("anchor")  # so that something is in common


def verdict(a: Record | None, b: Record | None) -> str:
    """Return the verdict on one record, each in a run with another that is alike."""
    sides = (a_side(word, *([one] if one else []), ANCHOR) for word, one in (("A", a), ("B", b)))
    return next(one.verdict for one in compare(*sides) if "x" in (one.a, one.b))


@pytest.mark.parametrize(
    ("per_call", "expected"),
    [(1.1e-3, SLOWER), (0.9e-3, FASTER), (1.0e-3, SAME), (1.001e-3, SAME)],
)
def test_what_launches_tell_becomes_the_verdict(per_call: float, expected: str) -> None:
    assert verdict(RIGHT, launched("x", per_call)) == expected


def test_scattered_launches_are_not_told_apart() -> None:
    scattered = launched("x", 1.1e-3, spread=(0.8, 1.2, 1.0, 0.9, 1.1))
    assert verdict(RIGHT, scattered) == NOT_APART


def test_a_ratio_above_one_says_that_b_is_slower() -> None:
    (one,) = compare(a_side("A", RIGHT), a_side("B", launched("x", 1.5e-3)))
    assert one.comparison and one.comparison.ratio == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("ok", "wrong", NEWLY_WRONG),
        ("ok", "crashed", NEWLY_WRONG),
        ("ok", "timeout", NEWLY_WRONG),
        ("unsupported", "failed", NEWLY_WRONG),
        (None, "out-of-memory", NEWLY_WRONG),
        ("wrong", "ok", NEWLY_RIGHT),
        ("crashed", "ok", NEWLY_RIGHT),
        ("wrong", "failed", STILL_WRONG),
        ("ok", "unsupported", GONE),
        ("ok", "unavailable", GONE),
        ("ok", "interrupted", GONE),
        ("wrong", "unavailable", ONLY_A),
        ("failed", None, ONLY_A),
        ("interrupted", None, SKIPPED),
        ("ok", None, GONE),
        ("unavailable", "ok", ONLY_B),
        (None, "ok", ONLY_B),
        ("unavailable", "unsupported", SKIPPED),
    ],
)
def test_how_trials_ended_decides_before_any_time(a: str, b: str, expected: str) -> None:
    ends = [a_record("x", status=status) if status else None for status in (a, b)]
    assert verdict(*ends) == expected


def test_a_known_failure_is_no_news_whatever_a_was() -> None:
    assert verdict(RIGHT, a_record("x", status="wrong", known="issue 1")) == KNOWN
    assert verdict(None, a_record("x", status="wrong", known="issue 1")) == KNOWN


def test_a_listed_failure_that_becomes_another_is_news() -> None:
    listed = a_record("x", status="wrong", known="issue 1")
    assert verdict(listed, a_record("x", status="crashed")) == NEWLY_WRONG
    assert verdict(a_record("x", status="crashed"), listed) == STILL_WRONG
    assert verdict(listed, replace(listed, status="failed")) == STILL_WRONG


def test_right_answers_without_times_are_not_compared() -> None:
    assert verdict(RIGHT, a_record("x")) == NOT_TIMED
    assert verdict(a_record("x"), a_record("x")) == NOT_TIMED


def test_a_clock_too_coarse_to_tell_zero_from_little_gives_no_ratio() -> None:
    coarse = {"x": Timing("torch:eager", "cpu", None, "ok", None, [0.0, 1e-6])}
    (one,) = compare(a_side("A", RIGHT), replace(a_side("B", RIGHT), timings=coarse))
    assert one.verdict == NOT_TIMED


def test_a_single_launch_tells_nothing_and_asks_for_more() -> None:
    found = compare(a_side("A", RIGHT), a_side("B", launched("x", 2e-3, spread=[1.0])))
    assert [one.verdict for one in found] == [NOT_APART]
    assert needs_launches(found)
    assert not needs_launches(compare(a_side("A", RIGHT), a_side("B", RIGHT)))


def test_trials_meet_themselves_in_another_environment() -> None:
    old = launched("x", environment="==0.9.0", backend="jax")
    new = launched("y", 2e-3, environment="==0.10.2", backend="jax")
    (one,) = compare(a_side("A", old), a_side("B", new))
    assert (one.a, one.b, one.verdict) == ("x", "y", SLOWER)


def test_a_trial_does_not_meet_itself_on_another_device() -> None:
    here = launched("x", environment="==0.9.0", device="cuda")
    there = launched("y", environment="==0.10.2")
    found = compare(a_side("A", here, ANCHOR), a_side("B", there, ANCHOR))
    assert sorted(one.verdict for one in found) == [GONE, ONLY_B, SAME]


def test_of_several_environments_none_is_guessed() -> None:
    old = launched("x", environment="==0.9.0")
    news = [launched(f"y{n}", environment=f"==0.10.{n}") for n in (1, 2)]
    found = compare(a_side("A", old, ANCHOR), a_side("B", *news, ANCHOR))
    assert sorted(one.verdict for one in found) == [GONE, ONLY_B, ONLY_B, SAME]


def test_chosen_runners_meet_by_case_and_device_alone() -> None:
    torch = [launched("a", size={"n": 1}), launched("b", size={"n": 2})]
    jax = [
        launched("c", 2e-3, size={"n": 1}, backend="jax"),
        launched("d", size={"n": 2}, backend="jax", device="cuda"),
    ]
    found = compare(
        a_side("A", *torch, runner="torch:eager"), a_side("B", *jax, runner="jax:eager")
    )
    assert [(one.a, one.b, one.verdict) for one in found] == [
        ("a", "c", SLOWER),
        ("b", None, ONLY_A),  # no loss: jax is another backend
        (None, "d", ONLY_B),
    ]


def test_one_runner_is_not_compared_with_several() -> None:
    several = a_side("B", launched("a"), launched("b", backend="jax"))
    with pytest.raises(StoreError, match="with the 2 of B; choose one there too, as in B@torch"):
        compare(a_side("A", RIGHT, runner="torch:eager"), several)


def test_runs_without_a_trial_in_common_are_refused() -> None:
    with pytest.raises(StoreError, match="A and B have no trial in common; to compare a backend"):
        compare(a_side("A", RIGHT), a_side("B", launched("y", scenario="documented/square")))


def test_groups_come_worst_first_and_so_do_their_trials() -> None:
    changes = {"a": 1.1, "b": 0.5, "c": 1.5, "d": 0.8, "e": 1.0}
    found = compare(
        a_side("A", *(launched(id) for id in changes), RIGHT),
        a_side("B", *(launched(id, 1e-3 * by) for id, by in changes.items()),
               a_record("x", status="wrong")),
    )  # fmt: skip
    groups = by_verdict(found)
    assert list(groups) == [NEWLY_WRONG, SLOWER, FASTER, SAME]
    assert [one.a for one in groups[SLOWER]] == ["c", "a"]
    assert [one.a for one in groups[FASTER]] == ["b", "d"]
    assert set(VERDICTS) >= set(groups)


def test_the_mean_is_geometric_and_leaves_out_what_has_no_ratio() -> None:
    found = compare(
        a_side("A", launched("a"), launched("b"), RIGHT),
        a_side("B", launched("a", 4e-3), launched("b", 1e-3), a_record("x", status="wrong")),
    )
    mean, count = geometric_mean(found)
    assert mean == pytest.approx(2) and count == 2


def test_a_gate_stops_slow_downs_beyond_the_limit_and_what_is_newly_wrong() -> None:
    slower = {"a": 1.04, "b": 1.2, "c": 1.0, "d": 0.5}
    found = compare(
        a_side("A", *(launched(id) for id in slower), RIGHT),
        a_side("B", *(launched(id, 1e-3 * by) for id, by in slower.items()),
               a_record("x", status="failed")),
    )  # fmt: skip
    assert {one.a for one in failures(found, 0.05)} == {"b", "x"}
    assert {one.a for one in failures(found, 0.03)} == {"a", "b", "x"}


@pytest.mark.parametrize("status", ["unavailable", "unsupported", "interrupted", None])
def test_a_gate_stops_what_vanished(status: str | None) -> None:
    ends = [a_record("x", status=status)] if status else []
    found = compare(a_side("A", RIGHT, ANCHOR), a_side("B", *ends, ANCHOR))
    assert [one.a for one in failures(found, 0.05)] == ["x"]


def test_a_version_that_no_longer_does_what_another_did_is_stopped() -> None:
    old = [launched(f"a{n}", size={"n": n}, environment="==0.9.0") for n in (1, 2)]
    new = [launched("b1", size={"n": 1}, environment="==0.10.2"),
           a_record("b2", size={"n": 2}, environment="==0.10.2", status="unsupported")]  # fmt: skip
    found = compare(
        a_side("A", *old, runner="torch:eager==0.9.0"),
        a_side("B", *new, runner="torch:eager==0.10.2"),
    )
    assert [(one.a, one.verdict) for one in found] == [("a1", SAME), ("a2", GONE)]


def test_the_same_run_twice_is_refused_and_one_that_was_resumed_is_not() -> None:
    run = a_run("r1")
    a, b = (a_side(word, RIGHT, ANCHOR, run=run) for word in ("latest", "r1"))
    with pytest.raises(StoreError, match="latest and r1 are the same run, r1; give two runs"):
        compare(a, b)
    assert compare(a_side("file.json", ANCHOR, run=run), b)
    torch = a_side("r1@torch", RIGHT, runner="torch:eager", run=run)
    jax = a_side("r1@jax", launched("y", backend="jax"), runner="jax:eager", run=run)
    assert compare(torch, jax)


def test_a_gate_lets_pass_what_launches_do_not_tell_and_what_is_known() -> None:
    found = compare(
        a_side("A", launched("a"), RIGHT),
        a_side("B", launched("a", 3e-3, spread=[1.0]),
               a_record("x", status="failed", known="issue 1")),
    )  # fmt: skip
    assert failures(found, 0.05) == []
