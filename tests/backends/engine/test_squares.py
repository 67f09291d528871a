"""Derivatives at numbers whose squares vanish, are infinite, or cancel."""

import numpy as np
import pytest

from backends.engine import grad, hvp, xp

# NumPy warns that squares overflow, and what is computed without them is right.
pytestmark = pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
FORWARD_TWICE = "forward-over-forward"


@pytest.mark.parametrize("composition", ["forward-over-reverse", "reverse-over-reverse"])
@pytest.mark.parametrize("size", [1e-160, 1.0, 1e160])
def test_lengths_have_two_derivatives_however_short_or_long(size, composition):
    x, v = np.array([3.0, 0.0, 4.0]) * size, np.array([1.0, 2.0, 0.0])
    assert xp.vector_norm(x) == pytest.approx(5 * size, rel=1e-15, abs=0)
    np.testing.assert_allclose(grad(xp.vector_norm)(x), [0.6, 0, 0.8], 1e-15)
    expected = (v - np.array([0.6, 0, 0.8]) * 0.6) / 5
    np.testing.assert_allclose(hvp(xp.vector_norm, composition)(x, v) * size, expected, 1e-14)


def test_some_lengths_may_be_tiny_and_others_zero():
    x = np.array([[3e-200, 4e-200], [3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(xp.vector_norm(x, axis=1), [5e-200, 5, 0], 1e-15)
    assert xp.vector_norm(x, axis=1, keepdims=True).shape == (3, 1)


@pytest.mark.parametrize(("name", "factor"), [("asin", 1), ("acos", -1), ("atanh", 2)])
def test_near_zero_second_derivatives_of_inverse_functions_keep_their_digits(name, factor):
    x = np.array([1e-9])
    bent = hvp(lambda x: xp.sum(getattr(xp, name)(x)), FORWARD_TWICE)(x, np.ones(1))
    np.testing.assert_allclose(bent, factor * x, 1e-14)
