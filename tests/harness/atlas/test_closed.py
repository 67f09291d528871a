"""A primitive's closed forms, which a run of it as a scenario is held against: of <w, f>."""

import numpy as np
import pytest

from harness.atlas.closed import FORMS
from harness.atlas.evaluation import inputs_of
from tests.harness.atlas.planted import of, only

INDEXED = of(
    lambda m, x, i: x[i] * x[i], (0.5, -1.5), (0, 1, 1), integers=("i",), calls={"xp": "x[i]**2"}
)


@pytest.fixture
def case():
    primitive, point = only(INDEXED)
    inputs = inputs_of(primitive, point, "float64")
    x, i = inputs.arguments
    doubled = np.bincount(i, inputs.cotangent)  # w, added up where an index repeats
    return inputs, x, doubled


def called(operator, *inputs):
    return FORMS[operator](INDEXED, inputs)


def test_the_value_is_contracted(case):
    inputs, x, doubled = case
    assert called("value", *inputs.arguments) == (pytest.approx(np.sum(doubled * x**2)),)


def test_the_gradient_has_zeros_for_integers(case):
    inputs, x, doubled = case
    of_x, of_i = called("gradient", *inputs.arguments)
    assert of_x.astype(float) == pytest.approx(2 * doubled * x)
    assert of_i.shape == (3,) and not of_i.any()


def test_the_vjp_is_the_gradient_times_the_cotangent(case):
    inputs, x, doubled = case
    of_x, _ = called("vjp", *inputs.arguments, np.array(-3.0))
    assert of_x.astype(float) == pytest.approx(-6 * doubled * x)


def test_the_jvp_and_the_hvp_are_along_the_given_tangents(case):
    inputs, x, doubled = case
    v = np.array([0.25, -4.0])
    (along,) = called("jvp", *inputs.arguments, v)
    assert along.shape == () and float(along) == pytest.approx(np.sum(2 * doubled * x * v))
    (product,) = called("hvp", *inputs.arguments, v)
    assert product.astype(float) == pytest.approx(2 * doubled * v)


def test_they_follow_the_arguments_and_not_the_point(case):
    inputs, x, doubled = case
    (value,) = called("value", 2 * x, inputs.arguments[1])
    assert float(value) == pytest.approx(4 * np.sum(doubled * x**2))
