"""Special functions in longdouble, against constants of 30 digits and their own identities."""

from math import factorial

import numpy as np
import pytest
from scipy import special

from backends.engine import xp
from backends.engine.functions.error_function import TWO_OVER_ROOT_PI
from backends.engine.functions.gamma import EULER, PI, bernoulli, hurwitz

WIDE = np.longdouble
EPS = np.finfo(WIDE).eps
SMALL = np.linspace(0.013, 30, 501).astype(WIDE)
NEGATIVE = -np.linspace(0.013, 19.99, 501).astype(WIDE)
EVERYWHERE = np.concatenate([NEGATIVE, SMALL])
APERY = WIDE("1.20205690315959428539973816151144999076498629234049888")
KNOWN = [
    (xp.gammaln, 0.5, np.log(PI) / 2),
    (xp.gammaln, -0.5, np.log(4 * PI) / 2),
    (xp.gammaln, 4, np.log(WIDE(6))),
    (xp.gammaln, 101, np.sum(np.log(np.arange(1, 101, dtype=WIDE)))),
    (xp.digamma, 1, -EULER),
    (xp.digamma, 0.5, -EULER - 2 * np.log(WIDE(2))),
    (xp.digamma, -1.5, 2 + WIDE(2) / 3 - EULER - 2 * np.log(WIDE(2))),
    (lambda x: xp.polygamma(x, order=1), 1, PI**2 / 6),
    (lambda x: xp.polygamma(x, order=1), 0.5, PI**2 / 2),
    (lambda x: xp.polygamma(x, order=1), -0.5, PI**2 / 2 + 4),
    (lambda x: xp.polygamma(x, order=2), 1, -2 * APERY),
    (lambda x: xp.polygamma(x, order=3), 1, PI**4 / 15),
    (xp.erf, 1, WIDE("0.8427007929497148693412206350826092592961")),
    (xp.erfc, 2, WIDE("0.004677734981047265837930743632747071389108")),
    (xp.erfc, 10, WIDE("2.0884875837625447570007862949577886115608e-45")),
]


def assert_close(got, expected, units):
    """Within so many units in the last place of 1, or of the result where it is greater."""
    np.testing.assert_allclose(got, expected, rtol=units * EPS, atol=units * EPS)


@pytest.mark.parametrize(("f", "x", "known"), KNOWN)
def test_known_values_are_reached_to_longdoubles_precision(f, x, known):
    np.testing.assert_allclose(f(np.full(2, x, WIDE)), known, rtol=16 * EPS)


def test_the_zeros_of_gammaln_keep_their_digits():
    h = WIDE(2) ** -40
    slopes = xp.gammaln(np.array([1 + h, 2 + h])) / h
    expected = [-EULER + PI**2 / 12 * h, 1 - EULER + (PI**2 / 6 - 1) / 2 * h]
    np.testing.assert_allclose(slopes, expected, rtol=4 * EPS)


def test_gammaln_follows_its_recurrence_and_duplication():
    x = EVERYWHERE
    y = xp.gammaln(x)
    assert_close(xp.gammaln(x + 1), y + np.log(np.abs(x)), 8)
    halves = y + xp.gammaln(x + 0.5) + (2 * x - 1) * np.log(WIDE(2)) - np.log(PI) / 2
    assert_close(xp.gammaln(2 * x), halves, 16)


@pytest.mark.parametrize("order", range(5))
def test_polygamma_follows_its_recurrence(order):
    step = (-1) ** order * factorial(order) / EVERYWHERE ** (order + 1)
    y = xp.polygamma(EVERYWHERE, order=order)
    scale = 1 + np.abs(y) + np.abs(step)
    after = xp.polygamma(EVERYWHERE + 1, order=order)
    np.testing.assert_allclose(after / scale, (y + step) / scale, rtol=0, atol=16 * EPS)


def test_longdouble_agrees_with_scipy_in_float64():
    for ours, scipys, x in (
        (xp.gammaln, special.gammaln, EVERYWHERE),
        (xp.digamma, special.digamma, EVERYWHERE),
        (lambda x: xp.polygamma(x, order=2), lambda x: special.polygamma(2, x), SMALL),
        (xp.erf, special.erf, EVERYWHERE),
        (xp.erfc, special.erfc, EVERYWHERE),
        (xp.erfinv, special.erfinv, EVERYWHERE / 31),
        (xp.expit, special.expit, EVERYWHERE),
        (xp.logit, special.logit, SMALL / 31),
    ):
        narrow = scipys(x.astype(float))
        np.testing.assert_allclose(ours(x).astype(float), narrow, rtol=1e-12, atol=1e-13)
        assert ours(x).dtype == WIDE


def test_erf_erfc_and_erfinv_undo_each_other():
    x = np.linspace(-0.9999, 0.9999, 201).astype(WIDE)
    assert_close(xp.erf(xp.erfinv(x)), x, 4)
    assert_close(xp.erf(EVERYWHERE) + xp.erfc(EVERYWHERE), 1, 2)
    tiny = WIDE(2) ** -60
    np.testing.assert_allclose(xp.erfc(xp.erfinv(1 - tiny)), tiny, rtol=200 * EPS)


def test_limits_and_poles():
    edges = np.array([0, -1, np.inf, np.nan], WIDE)
    np.testing.assert_array_equal(xp.gammaln(edges), [np.inf, np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(xp.digamma(edges), [-np.inf, -np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(xp.polygamma(edges, order=1), [np.inf, np.inf, 0, np.nan])
    np.testing.assert_array_equal(xp.erf(edges[2:]), [1, np.nan])
    np.testing.assert_array_equal(xp.erfc(edges[2:]), [0, np.nan])
    np.testing.assert_array_equal(xp.erfinv(np.array([-1, 0, 1], WIDE)), [-np.inf, 0, np.inf])


def test_polygamma_below_zero_is_not_left_to_scipy_which_has_none():
    x = np.float32([-0.5, 0.5])
    y = xp.polygamma(x, order=1)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, [np.pi**2 / 2 + 4, np.pi**2 / 2], 1e-6)


def test_constants_are_right():
    assert [float(b) for b in bernoulli()[:3]] == [1 / 6, -1 / 30, 1 / 42]
    assert_close(hurwitz(4, WIDE(1)), PI**4 / 90, 4)
    assert_close(TWO_OVER_ROOT_PI, 2 / np.sqrt(PI), 2)


def test_xlogy_is_zero_at_zero_and_nan_where_y_is():
    x, y = np.array([0.0, 0.0, 2.0]), np.array([0.0, np.nan, np.e])
    np.testing.assert_array_equal(xp.xlogy(x, y), [0, np.nan, 2])
