"""Primitives where something special happens: kinks, ties, zeros, overflow, longdouble."""

import numpy as np
import pytest

from backends.engine import vjp, xp
from harness.errors import Unsupported

RNG = np.random.default_rng(5)
X = RNG.uniform(-1, 1, (3, 4))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
MATRICES = RNG.uniform(-1, 1, (2, 3, 3)) + 2 * np.eye(3)


def test_slogdet_gives_sign_and_logarithm_with_its_derivative():
    for x in (MATRIX, -MATRIX, MATRICES):
        sign, logarithm = xp.slogdet(x)
        np.testing.assert_allclose(sign * np.exp(logarithm), np.linalg.det(x), 1e-13)
        _, pullback = vjp(lambda x: xp.slogdet(x)[1], x)
        inverse = np.linalg.inv(x).swapaxes(-1, -2)
        np.testing.assert_allclose(pullback(np.ones(x.shape[:-2]))[0], inverse, 1e-13)


def test_kinks_and_ties_follow_the_majority_of_frameworks():
    tie = np.array([1.0, 3.0, 3.0])

    def derivative(f, *xs):
        return vjp(f, *xs)[1](np.ones_like(f(*xs)))

    np.testing.assert_array_equal(derivative(xp.max, tie)[0], [0, 0.5, 0.5])
    np.testing.assert_array_equal(derivative(xp.maximum, tie, tie), np.full((2, 3), 0.5))
    np.testing.assert_array_equal(derivative(xp.abs, np.zeros(1))[0], [0])
    np.testing.assert_array_equal(derivative(lambda x: xp.clip(x, min=3.0), tie)[0], [0, 1, 1])
    np.testing.assert_array_equal(derivative(lambda x: x**0, np.zeros(1))[0], [0])


def test_powers_of_zero_have_finite_derivatives():
    x, y = np.zeros(3), np.array([0.0, 1.0, 2.0])
    by_base, by_exponent = vjp(xp.power, x, y)[1](np.ones(3))
    np.testing.assert_array_equal(by_base, [0, 1, 0])
    np.testing.assert_array_equal(by_exponent, np.zeros(3))


def test_a_product_with_zeros_has_the_right_gradient():
    x = np.array([2.0, 0.0, 3.0, 5.0, 7.0])
    np.testing.assert_array_equal(vjp(xp.prod, x)[1](np.float64(1))[0], [0, 210, 0, 0, 0])


def test_erf_in_longdouble_is_right_to_its_precision():
    x = np.array([-8, -2.5, 1e-9, 0.5, 1, 3, 6], dtype=np.longdouble)
    np.testing.assert_allclose(xp.erf(x).astype(float), xp.erf(x.astype(float)), 1e-15)
    known = np.longdouble("0.8427007929497148693412206350826092592961")
    assert abs(xp.erf(np.ones(1, np.longdouble))[0] - known) < 4 * np.finfo(np.longdouble).eps


@pytest.mark.skipif(
    np.finfo(np.longdouble).eps == np.finfo(np.float64).eps,
    reason="longdouble is no wider than float64 here",
)
def test_longdouble_gammaln_is_refused_rather_than_computed_in_float64():
    for f in (xp.gammaln, xp.digamma):
        with pytest.raises(Unsupported, match="not computed in longdouble; use float64"):
            f(np.ones(2, np.longdouble))


def test_factorisations_in_longdouble_are_right_to_its_precision():
    wide = RNG.uniform(-1, 1, (2, 6, 6)).astype(np.longdouble)
    limit = 1e3 * np.finfo(np.longdouble).eps
    identity = np.broadcast_to(np.eye(6), wide.shape)
    np.testing.assert_allclose(wide @ xp.inv(wide), identity, rtol=0, atol=limit)
    np.testing.assert_allclose(xp.det(wide) * xp.det(xp.inv(wide)), 1, rtol=0, atol=limit)
    definite = wide @ wide.swapaxes(-1, -2)
    factor = xp.cholesky(definite)
    np.testing.assert_allclose(factor @ factor.swapaxes(-1, -2), definite, rtol=0, atol=limit)
    assert np.all(np.triu(factor, 1) == 0)


def test_an_indefinite_matrix_has_no_longdouble_factor():
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        xp.cholesky(-np.eye(2, dtype=np.longdouble))


def test_softplus_and_logsumexp_do_not_overflow():
    np.testing.assert_array_equal(xp.softplus(np.array([-1000.0, 1000.0])), [0, 1000])
    with np.errstate(divide="ignore"):
        assert xp.logsumexp(np.full(2, -np.inf)) == -np.inf
    assert xp.logsumexp(np.array([1000.0, -1000.0])) == 1000


def test_einsum_of_large_arrays_is_the_same_product():
    x, y = RNG.uniform(-1, 1, (2, 40, 50))
    np.testing.assert_allclose(xp.einsum("ij,kj->ik", x, y), x @ y.T, rtol=0, atol=1e-13)
    gx, gy = vjp(lambda x, y: xp.einsum("ij,kj->ik", x, y), x, y)[1](np.ones((40, 40)))
    np.testing.assert_allclose(gx, np.ones((40, 40)) @ y, rtol=0, atol=1e-13)
    np.testing.assert_allclose(gy, np.ones((40, 40)) @ x, rtol=0, atol=1e-13)


def test_einsum_without_an_output_is_refused():
    with pytest.raises(ValueError, match="explicit output"):
        xp.einsum("ij,jk", X, X.T)


def test_scanning_nothing_is_refused():
    with pytest.raises(ValueError, match="one entry at least"):
        xp.scan(lambda c, x: (c, x), X[0], np.ones((0, 4)))
