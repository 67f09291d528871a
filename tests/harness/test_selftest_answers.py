"""The self-test's checks of answers and of waiting, and that they fail when the product is broken.

Workers live in this process, so that a broken part of the product is broken in them too.
"""

import math
from dataclasses import replace

import pytest

from harness import agreement, clock
from harness.case import COMPOSITIONS, OPERATORS, SECOND_ORDER
from harness.errors import Interrupted
from harness.faults import FAULTS, LATE
from harness.options import Options
from harness.selftest import mutants, waiting
from harness.selftest.finding import FAILED, PASSED, UNDECIDED, Setting
from harness.selftest.running import ANSWERS, records_of
from tests.harness.inline import inline
from tests.results.samples import a_record, a_time, broken

__all__ = ["inline"]


@pytest.fixture
def setting(tmp_path):
    return Setting(folder=tmp_path, backends=("all",), say=lambda what: None)


def test_every_mutant_is_killed_on_every_operator_and_composition(inline, setting):
    records = mutants.measure(setting)
    finding = mutants.judge(records)
    assert finding.verdict == PASSED, finding
    ways = {(o, c) for o in SECOND_ORDER for c in COMPOSITIONS}
    ways |= {(operator, None) for operator in OPERATORS if operator not in SECOND_ORDER}
    for name in (mutants.SOUND, *mutants.MUTANTS):
        mine = [r for r in records if r.variant == name]
        assert {(r.operator, r.composition) for r in mine} == ways
        assert {r.dtype for r in mine} == {"float32", "float64"}


def test_mutants_are_faults_and_every_equivalent_one_has_a_reason():
    assert set(mutants.MUTANTS) < set(FAULTS)
    assert all(name in mutants.MUTANTS and why for (name, _), why in mutants.EQUIVALENT.items())


def test_a_self_test_that_is_stopped_does_not_name_a_run_that_is_gone(inline, setting):
    def stopped(what):
        raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="nothing is kept"):
        gradients(replace(setting, say=stopped))


def gradients(setting, *names):
    options = Options(check=True)
    return records_of(setting, ANSWERS, (mutants.SOUND, *names), options, operators=("gradient",))


def test_an_infinite_tolerance_lets_mutants_survive(inline, setting, monkeypatch):
    monkeypatch.setattr(agreement, "tolerance", lambda *given, **more: math.inf)
    finding = mutants.judge(gradients(setting, "sign", "cross", "stale", "narrow", "nan"))
    assert finding.verdict == FAILED and finding.says.startswith("1 of 5 mutants killed")
    assert "survived: stale, gradient float64: ok" in finding.notes


def test_a_tolerance_of_nothing_accuses_right_answers(inline, setting, monkeypatch):
    monkeypatch.setattr(agreement, "tolerance", lambda *given, **more: 0.0)
    finding = mutants.judge(gradients(setting, "sign"))
    assert finding.verdict == FAILED and "1 right answers called wrong" in finding.says


def test_answers_that_are_never_compared_let_mutants_survive(inline, setting, monkeypatch):
    right = agreement.Verdict(right=True, reason=None, error=None)
    monkeypatch.setattr(agreement, "compare", lambda *given, **more: right)
    finding = mutants.judge(gradients(setting, "shape", "dtype", "fewer"))
    assert finding.verdict == FAILED and finding.says.startswith("0 of 3 mutants killed")


def test_a_mutant_that_died_was_not_called_wrong():
    records = [a_record(variant=mutants.SOUND), broken(a_record(variant="sign"), status="failed")]
    assert mutants.judge(records).verdict == FAILED


def test_no_mutant_at_all_proves_nothing():
    assert mutants.judge([a_record(variant=mutants.SOUND)]).verdict == FAILED


def test_late_answers_are_waited_for(inline, setting, monkeypatch):
    monkeypatch.setattr(waiting, "OPTIONS", Options(budget=0.01))
    finding = waiting.judge(waiting.measure(setting))
    assert finding.verdict in (PASSED, UNDECIDED), finding  # a busy machine may take longer


def test_a_clock_that_does_not_wait_fails_the_check(inline, setting, monkeypatch):
    timed = clock.timed

    def hasty(call, wait, *others):
        return timed(call, lambda outputs: None, *others)

    monkeypatch.setattr(waiting, "OPTIONS", Options(budget=0.01))
    monkeypatch.setattr(clock, "timed", hasty)
    finding = waiting.judge(waiting.measure(setting))
    assert finding.verdict == FAILED and "behind the caller's back were timed" in finding.says


def waited(median, unawaited="wrong"):
    late = a_record(variant="async", seconds=a_time(median))
    return waiting.judge([late, broken(a_record(variant="unawaited"), status=unawaited)])


@pytest.mark.parametrize(
    ("median", "verdict"),
    [(1.01 * LATE, PASSED), (0.9 * LATE, FAILED), (3 * LATE, UNDECIDED)],
)
def test_the_real_duration_is_demanded(median, verdict):
    assert waited(median).verdict == verdict


def test_an_answer_nobody_waited_for_must_not_pass():
    assert waited(1.01 * LATE, unawaited="ok").verdict == FAILED


def test_a_late_answer_that_is_waited_for_must_pass():
    records = [broken(a_record(variant=name)) for name in ("async", "unawaited")]
    assert waiting.judge(records).verdict == FAILED
