"""Derivatives at numbers whose squares vanish, are infinite, or cancel."""

import numpy as np
import pytest

from backends.engine import grad, hvp, jvp, xp
from backends.engine.replaying.replay import replay

# NumPy warns that squares overflow, and what is computed without them is right.
pytestmark = pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
FORWARD_TWICE = "forward-over-forward"


@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_angles_have_derivatives_however_far_away(size):
    y, x = np.array([3.0, 4.0, 0.0]) * size, np.array([4.0, -3.0, 5.0]) * size
    by_y, by_x = grad(lambda y, x: xp.sum(xp.atan2(y, x)), argnums=(0, 1))(y, x)
    np.testing.assert_allclose(by_y * size, [4 / 25, -3 / 25, 1 / 5], 1e-15)
    np.testing.assert_allclose(by_x * size, [-3 / 25, -4 / 25, 0], 1e-15)


def test_a_replayed_angle_is_differentiated_anew_where_squares_vanish():
    slope = replay(grad(lambda y: xp.sum(xp.atan2(y, y + y))))
    for size in (1.0, 1e-200, 1e200, 2.0):
        np.testing.assert_allclose(slope(np.array([size, size])) * size, 0, rtol=0, atol=1e-15)


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


def test_a_quotient_of_tiny_numbers_that_does_not_bend_has_second_derivative_0():
    x = np.array(1e-200)

    def slope(x):
        return jvp(xp.divide, (x, x), (x / 1e-200, x / 1e-200))[1]

    assert jvp(slope, (x,), (np.array(1.0),))[1] == 0


@pytest.mark.parametrize(("name", "factor"), [("asin", 1), ("acos", -1), ("atanh", 2)])
def test_near_zero_second_derivatives_of_inverse_functions_keep_their_digits(name, factor):
    x = np.array([1e-9])
    bent = hvp(lambda x: xp.sum(getattr(xp, name)(x)), FORWARD_TWICE)(x, np.ones(1))
    np.testing.assert_allclose(bent, factor * x, 1e-14)
