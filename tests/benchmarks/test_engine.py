"""The engine's speed: a table of pytest-benchmark for every case, a row for every contestant.

    python -m pytest tests/benchmarks/test_engine.py --benchmark-only

Contestants are timed one after the other and BLAS has the threads that the process was started
with (OMP_NUM_THREADS=1 for one), so these tables are for reading; the ratios that the goals speak
of are measured side by side by `python -m tests.benchmarks.engine`.
"""

from functools import cache

import numpy as np
import pytest

from tests.benchmarks.engine import contestants, goals, measure
from tests.benchmarks.engine.cases import CASES, SMALL_CASES
from tests.benchmarks.engine.contestants import CONTESTANTS, Absent, enter
from tests.benchmarks.engine.judge import demand, differences, references_of


def name(case):
    return case.name


@cache
def prepared(case_name):
    """Return inputs and right answers, made once for all contestants that follow each other."""
    (case,) = (one for one in CASES if one.name == case_name)
    inputs = case.inputs()
    return inputs, references_of(case, inputs)


@pytest.fixture
def ready(case, contestant):
    """Lend the contestant's call, whose answer was found right."""
    inputs, references = prepared(case.name)
    try:
        call = enter(contestant, case, inputs)
    except Absent as error:
        pytest.skip(str(error))
    demand(contestant, case, call, inputs, references)
    return call


# `ready` before `benchmark`: the latter warns, which is an error here, where a test never uses it.
@pytest.mark.benchmark(min_rounds=7, min_time=1e-3, max_time=0.2, disable_gc=True)
@pytest.mark.parametrize("contestant", CONTESTANTS)
@pytest.mark.parametrize("case", CASES, ids=name)
def test_a_right_answer_is_timed(ready, benchmark, case, contestant):
    benchmark.group, benchmark.name = case.name, contestant
    benchmark(ready)


@pytest.mark.parametrize("case", SMALL_CASES, ids=name)
def test_the_answer_by_hand_is_the_engine_s(case):
    inputs = case.inputs()
    demand("eager", case, enter("eager", case, inputs), inputs, references_of(case, inputs))


def test_a_wrong_answer_is_told_with_its_place():
    right = (np.zeros(2) + 1, np.ones((2, 2)))
    wrong = (right[0], right[1] + 1e-3)
    assert differences(wrong, right, 1e-10) == [
        "output 1 is off by 1.0e-03, where 1e-10 is allowed"
    ]
    assert differences((right[0],), right, 1e-10) == ["1 outputs instead of 2"]
    assert differences((right[1], right[1]), right, 1e-10) == [
        "output 0 has shape (2, 2) instead of (2,)"
    ]
    assert differences((right[0] * np.nan, right[1]), right, 1e-10)


def test_a_wrong_contestant_is_refused_before_it_is_timed():
    case = SMALL_CASES[0]
    inputs = case.inputs()
    with pytest.raises(ValueError, match="broken is wrong in 'square vjp n=5': against by hand"):
        demand("broken", case, lambda: (inputs[0],), inputs, references_of(case, inputs))


def test_a_missing_framework_is_absent_with_a_remedy(monkeypatch):
    def missing():
        raise ModuleNotFoundError("No module named 'missing'")

    monkeypatch.setitem(contestants.FRAMEWORKS, "missing", missing)
    with pytest.raises(Absent, match="No module named 'missing'; try: pip install"):
        enter("missing", SMALL_CASES[0], ())


def test_a_ratio_is_the_median_of_ratios_within_rounds():
    seconds = {"one": [2.0, 30.0, 8.0], "other": [1.0, 10.0, 2.0]}
    assert measure.ratio(seconds, "one", "other") == 3
    assert measure.ratio(seconds, "one", "absent") is None


def goals_for(case, **seconds):
    def ratio(one, other):
        return measure.ratio({name: [s] for name, s in seconds.items()}, one, other)

    return {goal.what: goal.kept for goal in goals.goals_of(case, ratio)}


def test_eager_is_to_halve_autograd_where_overhead_rules_and_else_to_be_near_hand():
    case = SMALL_CASES[0]
    assert goals_for(case, hand=1, eager=6, autograd=10) == {"eager/autograd": False}
    assert goals_for(case, hand=3, eager=6, autograd=10) == {
        "eager/autograd": True,
        "eager/hand": True,
    }
    assert not goals_for(case, hand=3, eager=7, autograd=10)["eager/hand"]


def test_replay_is_to_beat_compiled_code_where_arrays_are_small_and_no_loop_runs():
    small, loop = SMALL_CASES[0], SMALL_CASES[-1]
    assert goals_for(small, hand=10, replay=11, jax=10) == {
        "replay/hand": True,
        "replay/jax": False,
    }
    assert goals_for(loop, hand=10, replay=12, jax=10) == {"replay/hand": False}
