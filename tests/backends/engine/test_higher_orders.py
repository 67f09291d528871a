"""Third and fourth derivatives, by every sequence of modes, against those worked out by paper."""

import math

import numpy as np
import pytest

from backends.engine import xp
from tests.backends.engine.modes import EPS, derivatives, each_four, each_triple, nested

X = np.float64(0.7)
KNOWN = {  # the fourth derivative at x, by paper
    "wave": (lambda x: xp.sin(x) * xp.exp(x), lambda x: -4 * np.sin(x) * np.exp(x)),
    "pole": (lambda x: 1 / (1 + x), lambda x: 24 / (1 + x) ** 5),
    "log": (xp.log, lambda x: -6 / x**4),
    "power": (lambda x: x**2.5, lambda x: 2.5 * 1.5 * 0.5 * -0.5 * x**-1.5),
    "integer power": (lambda x: x**5, lambda x: 120 * x),
    "square root": (xp.sqrt, lambda x: -15 / 16 * x**-3.5),
    "gauss": (
        lambda x: xp.exp(-x * x),
        lambda x: (16 * x**4 - 48 * x**2 + 12) * np.exp(-x * x),
    ),
    "expit": (
        xp.expit,
        lambda x: (lambda s: s * (1 - s) * (1 - 2 * s) * (1 - 12 * s * (1 - s)))(expit(x)),
    ),
    "tanh": (
        xp.tanh,
        lambda x: (lambda t: 8 * t * (1 - t * t) * (2 - 3 * t * t))(np.tanh(x)),
    ),
}


def expit(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("name", KNOWN)
@each_four
def test_the_fourth_derivative_is_right_by_every_sequence_of_modes(modes, name):
    f, fourth = KNOWN[name]
    # Terms of either sign cancel; each is some tens at most here, so a hundred roundings' worth.
    np.testing.assert_allclose(nested(modes, f)(X), fourth(X), rtol=0, atol=500 * EPS)


@each_triple
def test_the_third_derivative_of_an_arrays_function_is_right(modes):
    x = np.array([0.3, -0.8, 1.1])

    def along(u):  # the third derivative along (1, 1, 1) sums all entries of the third's tensor
        return xp.sum(xp.exp(x + u)) * xp.sum((x + u) ** 3)

    s, c, n = np.sum(np.exp(x)), np.sum(x**3), 3
    expected = s * (c + 3 * np.sum(3 * x**2) + 3 * np.sum(6 * x) + 6 * n)
    np.testing.assert_allclose(nested(modes, along)(np.float64(0)), expected, rtol=50 * EPS)


@each_four
def test_mixed_fourth_derivatives_are_right_by_every_sequence_of_modes(modes):
    a, b, c, d = derivatives(modes)

    def f(x, y):
        return xp.exp(x * y)

    def third(x, y):  # of x, then y, then x
        return b(lambda x: c(lambda y: d(lambda x: f(x, y))(x))(y))(x)

    x, y = np.float64(0.6), np.float64(-0.9)
    p = x * y
    expected = (2 + 4 * p + p * p) * math.exp(p)
    np.testing.assert_allclose(a(lambda y: third(x, y))(y), expected, rtol=0, atol=50 * EPS)
