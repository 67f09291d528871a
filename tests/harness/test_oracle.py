"""The oracle: where the expected answer is from, and when it refuses to judge."""

from dataclasses import replace

import numpy as np
import pytest

from backends.numpy import Numpy
from harness.case import COMPOSITIONS, Case
from harness.contract import Settings
from harness.expected import Answer, Refused
from harness.oracle import Oracle
from harness.scenario import Scenario
from scenarios.documented import scenarios

SCENARIOS = {s.short: s for s in scenarios}
CUBE = Scenario(
    name="test/cube",
    value=lambda xp, x: xp.sum(x**3),
    point=lambda rng, n: (rng.standard_normal(n),),
    size={"n": 4},
    wrt=("x",),
)


def case_of(scenario, **changes):
    documented = scenario.documented is not None
    case = Case(
        scenario=scenario.name,
        size=dict(scenario.size),
        point="documented" if documented else "drawn",
        dtype=scenario.dtype,
        operator=scenario.operator,
        composition=None,
        wrt=scenario.documented.wrt if documented else scenario.wrt,
        seed=0,
    )
    return replace(case, **changes)


def judged(scenario, *answers, **changes):
    """Judge several backends' answers to one case: {name: verdict}."""
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    case = case_of(scenario, **changes)
    inputs, _ = oracle.draw(scenario, case)
    for i, answer in enumerate(answers):
        arrays = answer(inputs) if callable(answer) else answer
        oracle.answers[str(i)] = Answer(
            parts={"answer": tuple(np.asarray(a, case.dtype) for a in arrays)},
            devices={"answer": ("cpu",) * len(arrays)},
            device="cpu",
            backend=str(i),
        )
    return oracle.judge()


def test_the_documented_number_comes_first():
    verdict = judged(SCENARIOS["gradient-penalty"], [[480]])["0"]
    assert verdict.right and verdict.error.against == "documented number"
    assert not judged(SCENARIOS["gradient-penalty"], [[481]])["0"].right


def test_then_the_closed_form():
    verdict = judged(SCENARIOS["square"], lambda xs: [2 * xs[0]], point="drawn", size={"n": 7})
    assert verdict["0"].right and verdict["0"].error.against == "closed form"


def test_then_the_reference_in_extended_precision():
    verdict = judged(CUBE, lambda xs: [3 * xs[0] ** 2])["0"]
    assert verdict.right and verdict.error.against == "reference in extended precision"
    assert not judged(CUBE, lambda xs: [3 * xs[0] ** 2 + 1e-9])["0"].right


def test_then_agreement_of_the_others(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    right, wrong = (lambda xs: [3 * xs[0] ** 2]), (lambda xs: [2 * xs[0] ** 2])
    verdicts = judged(CUBE, right, wrong, right)
    assert [verdicts[k].right for k in "012"] == [True, False, True]
    assert verdicts["0"].error.against == "other backends"


def test_where_there_is_nothing_to_check_against_nothing_is_right(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    with pytest.raises(Refused, match="nothing to check against"):
        judged(CUBE, lambda xs: [3 * xs[0] ** 2])
    with pytest.raises(Refused, match="nothing to check against"):
        judged(CUBE, [np.ones(4)], [np.zeros(4)])


def test_agreement_on_not_a_number_is_none(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    with pytest.raises(Refused):
        judged(CUBE, [np.full(4, np.nan)], [np.full(4, np.nan)])


def test_an_expected_answer_of_zeros_is_refused_unless_documented():
    flat = replace(CUBE, closed_forms={"gradient": lambda np, x: (0 * x,)})
    with pytest.raises(Refused, match="all zeros"):
        judged(flat, [np.zeros(4)])
    assert judged(replace(flat, zero_expected=True), [np.zeros(4)])["0"].right
    assert judged(SCENARIOS["square-vjp-zeros"], [np.zeros(5)])["0"].right


def test_an_expected_answer_that_is_not_finite_is_refused():
    huge = replace(CUBE, closed_forms={"gradient": lambda np, x: (x / 0,)})
    with np.errstate(all="ignore"), pytest.raises(Refused, match="not finite"):
        judged(huge, [np.zeros(4)])


def test_the_same_point_is_drawn_in_every_dtype_and_operator():
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    wide, _ = oracle.draw(CUBE, case_of(CUBE))
    narrow, _ = oracle.draw(CUBE, case_of(CUBE, dtype="float32"))
    vector, _ = oracle.draw(CUBE, case_of(CUBE, operator="hvp", composition="reverse-over-reverse"))
    assert np.array_equal(wide[0].astype(np.float32), narrow[0])
    assert np.array_equal(wide[0], vector[0]) and vector[1].shape == (4,)


def test_another_seed_is_another_point_with_another_hash():
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    _, one = oracle.draw(CUBE, case_of(CUBE))
    _, again = oracle.draw(CUBE, case_of(CUBE))
    _, other = oracle.draw(CUBE, case_of(CUBE, seed=1))
    assert one == again != other and one.startswith("sha256:")


def test_a_prescribed_cotangent_fills_every_element():
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    twos = SCENARIOS["square-vjp-twos"]
    inputs, _ = oracle.draw(twos, case_of(twos, point="drawn", size={"n": 9}))
    assert np.array_equal(inputs[1], np.full(9, 2, np.float32))


def test_a_tie_is_no_majority(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    ones, twos = [np.ones(4)], [np.full(4, 2.0)]
    with pytest.raises(Refused, match="nothing to check against"):
        judged(CUBE, ones, ones, twos, twos)
    verdicts = judged(CUBE, ones, ones, twos)
    assert [verdicts[k].right for k in "012"] == [True, True, False]


def test_agreement_on_zeros_is_refused_too(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    with pytest.raises(Refused, match="all zeros"):
        judged(CUBE, [np.zeros(4)], [np.zeros(4)])


def test_a_plain_function_that_nothing_can_be_held_against_is_not_timed(monkeypatch):
    monkeypatch.setattr("harness.oracle.AFFORDABLE", 0)
    form = replace(CUBE, closed_forms={"gradient": lambda np, x: (3 * x**2,)})
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    (x,), _ = oracle.draw(form, case_of(form))
    oracle.answers["0"] = Answer(
        parts={"answer": (3 * x**2,), "value": (np.sum(x**3),)},
        devices={"answer": ("cpu",), "value": ("cpu",)},
        device="cpu",
        backend="numpy",
    )
    verdict = oracle.judge()["0"]
    assert verdict.right and not verdict.value_checked


def test_all_compositions_are_answered_by_one_computation():
    calls = []
    counted = replace(CUBE, value=lambda xp, x: calls.append(1) or xp.sum(x**3))
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    answers = []
    for composition in COMPOSITIONS:
        inputs, _ = oracle.draw(counted, case_of(counted, operator="hvp", composition=composition))
        oracle.answers["0"] = Answer(
            parts={"answer": (6 * inputs[0] * inputs[1],)},
            devices={"answer": ("cpu",)},
            device="cpu",
            backend="numpy",
        )
        answers.append(oracle.judge()["0"])
        calls, seen = [], calls
        assert bool(seen) == (composition == COMPOSITIONS[0])
    assert all(verdict.right for verdict in answers)


def test_another_size_or_operator_is_computed_anew():
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    for n, operator, slope in ((4, "gradient", 3), (5, "gradient", 3), (5, "value", None)):
        (x, *_), _ = oracle.draw(CUBE, case_of(CUBE, size={"n": n}, operator=operator))
        answer = slope * x**2 if slope else np.sum(x**3)
        oracle.answers = {
            "0": Answer(
                parts={"answer": (answer,)},
                devices={"answer": ("cpu",)},
                device="cpu",
                backend="numpy",
            )
        }
        assert oracle.judge()["0"].right


def test_the_derivative_along_a_tangent_of_a_scalar_never_nearly_vanishes():
    """One tangent alone would be within 3 % of orthogonal to the gradient for some of 60 seeds."""
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    for seed in range(60):
        (x, v), _ = oracle.draw(CUBE, case_of(CUBE, operator="jvp", seed=seed))
        gradient = 3 * x**2
        assert abs(gradient @ v) > 0.03 * np.linalg.norm(gradient) * np.linalg.norm(v)


def test_variants_of_one_backend_have_one_vote_together():
    blind = replace(CUBE, value=lambda xp, x: 1 / 0)  # nothing else to check against
    oracle = Oracle(backend=Numpy("eager", "cpu", Settings()))
    oracle.draw(blind, case_of(blind))

    def heard(**answers):
        oracle.answers = {
            who: Answer(
                parts={"answer": (np.full(4, number),)},
                devices={"answer": ("cpu",)},
                device="cpu",
                backend=who.partition("_")[0],
            )
            for who, number in answers.items()
        }
        return {who: verdict.right for who, verdict in oracle.judge().items()}

    assert heard(a_one=1.0, b_one=1.0, c_one=2.0) == {"a_one": True, "b_one": True, "c_one": False}
    with pytest.raises(Refused, match="no majority"):
        heard(a_one=1.0, a_two=1.0)
    with pytest.raises(Refused, match="no majority"):
        heard(a_one=1.0, a_two=1.0, a_three=1.0, b_one=2.0)
