"""The documented computations: their numbers, and closed forms checked without any engine."""

import numpy as np
import pytest

from scenarios.documented import scenarios

WIDE = np.longdouble
BY_NAME = {scenario.short: scenario for scenario in scenarios}
NUMBERS = {
    "square": [[2]],
    "square-vjp-ones": [[2, 4, 6, 8, 10]],
    "square-vjp-zeros": [[0, 0, 0, 0, 0]],
    "square-vjp-twos": [[4, 8, 12, 16, 20]],
    "sum-of-squares-x": [[2]],
    "sum-of-squares-y": [[4]],
    "sum-of-squares-xy": [[2], [4]],
    "gradient-penalty": [[480]],
    "gradient-penalty-accumulated": [[480]],
    "gradient-penalty-uncleared": [[481]],
}
VALUES = {  # the functions again, in plain NumPy and without any derivative of an engine's
    "square": lambda x: np.sum(x**2),
    "sum-of-squares-x": lambda x, y: np.sum(x**2 + y**2),
    "sum-of-squares-y": lambda x, y: np.sum(x**2 + y**2),
    "sum-of-squares-xy": lambda x, y: np.sum(x**2 + y**2),
    "gradient-penalty": lambda x, y: np.sum(((2 * x * y) ** 2 - 1) ** 2),
}


def documented_inputs(scenario):
    documented = scenario.documented
    return [np.asarray(a, WIDE) for a in (*documented.point, *documented.seeds)]


def test_there_are_ten_with_these_names():
    assert list(BY_NAME) == list(NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_are_those_of_the_source(name):
    assert [list(a) for a in BY_NAME[name].documented.answers] == NUMBERS[name]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_closed_form_gives_the_documented_numbers(name):
    scenario = BY_NAME[name]
    answers = scenario.closed_forms[scenario.operator](np, *documented_inputs(scenario))
    if scenario.operator != "accumulate":
        answers = [answers[i] for i in scenario.positions(scenario.documented.wrt)]
    assert [list(a) for a in answers] == NUMBERS[name]


def test_the_inner_result_of_the_gradient_penalty_is_four():
    scenario = BY_NAME["gradient-penalty"]
    inner = scenario.intermediates["f_x"]
    assert inner.closed_form(np, *documented_inputs(scenario)) == 4
    assert scenario.documented.intermediates["f_x"] == [4]


@pytest.mark.parametrize("name", VALUES)
def test_the_closed_form_is_the_derivative_by_the_complex_step(name):
    """Im f(x + ih) / h, exact to rounding as nothing is subtracted (Squire and Trapp 1998)."""
    scenario = BY_NAME[name]
    xs = scenario.point(np.random.default_rng(0), n=6)
    answers = scenario.closed_forms["gradient"](np, *xs)
    for i, answer in enumerate(answers):
        for j in range(6):
            stepped = [x.astype(complex) for x in xs]
            stepped[i][j] += 1e-200j
            derivative = VALUES[name](*stepped).imag / 1e-200
            assert derivative == pytest.approx(answer[j], rel=1e-13, abs=1e-13)


def test_the_vjp_is_that_of_the_elementwise_square():
    x, g = np.array([1.5, -2.0]), np.array([3.0, 0.25])
    (answer,) = BY_NAME["square-vjp-ones"].closed_forms["vjp"](np, x, g)
    assert np.array_equal(answer, [9.0, -1.0])


def test_forgetting_to_clear_adds_the_first_gradient():
    xs = BY_NAME["gradient-penalty-uncleared"].point(np.random.default_rng(1), n=4)
    (cleared,) = BY_NAME["gradient-penalty-accumulated"].closed_forms["accumulate"](np, *xs)
    (uncleared,) = BY_NAME["gradient-penalty-uncleared"].closed_forms["accumulate"](np, *xs)
    assert np.allclose(uncleared - cleared, xs[0] ** 2, rtol=1e-12)
