"""Primitives where something special happens: kinks, ties, zeros, overflow, longdouble."""

import numpy as np
import pytest
from scipy import special

from backends.engine import grad, jvp, vjp, xp
from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(5)
X = RNG.uniform(-1, 1, (3, 4))


def test_powers_of_zero_have_finite_derivatives():
    x, y = np.zeros(3), np.array([0.0, 1.0, 2.0])
    by_base, by_exponent = vjp(xp.power, x, y)[1](np.ones(3))
    np.testing.assert_array_equal(by_base, [0, 1, 0])
    np.testing.assert_array_equal(by_exponent, np.zeros(3))


def test_softplus_and_logsumexp_do_not_overflow():
    for repeats in (1, 1000):
        x = np.tile([-1000.0, 1000.0, -np.inf, np.inf, 0.5], repeats)
        expected = np.tile([0, 1000, 0, np.inf, np.log1p(np.exp(0.5))], repeats)
        np.testing.assert_allclose(xp.softplus(x), expected, 1e-15)
    with np.errstate(divide="ignore"):
        assert xp.logsumexp(np.full(2, -np.inf)) == -np.inf
    assert xp.logsumexp(np.array([1000.0, -1000.0])) == 1000


def test_the_derivative_of_logsumexp_takes_one_exponential(monkeypatch):
    taken = []
    ufunc = PRIMITIVES["exp"].function
    monkeypatch.setattr(PRIMITIVES["exp"], "function", lambda x: taken.append(x) or ufunc(x))
    x = RNG.uniform(-1, 1, 5)
    grad(xp.logsumexp)(x)
    assert len(taken) == 1
    jvp(grad(xp.logsumexp), (x,), (x,))
    assert len(taken) == 2


def test_an_empty_logsumexp_is_minus_infinity():
    with np.errstate(divide="ignore"):
        assert xp.logsumexp(np.zeros(0)) == -np.inf


def test_products_with_zeros_have_the_right_hessian():
    x = np.array([2.0, 0.0, 3.0, 0.0, 5.0])
    expected = np.zeros((5, 5))
    expected[1, 3] = expected[3, 1] = 30
    for axis in (None, 0, (0,)):
        slope = grad(lambda x, axis=axis: xp.prod(x, axis=axis))
        rows = [vjp(slope, x)[1](row)[0] for row in np.eye(5)]
        np.testing.assert_array_equal(rows, expected)


def test_the_statistics_are_numpys():
    x = RNG.uniform(-1, 1, (3, 4, 5))
    for axis in (None, 1, (0, 2)):
        for name in ("mean", "std", "var"):
            got, expected = (getattr(n, name)(x, axis=axis) for n in (xp, np))
            np.testing.assert_allclose(got, expected, 1e-14)
    np.testing.assert_allclose(xp.std(x, axis=1, correction=1), x.std(axis=1, ddof=1), 1e-14)
    for axis in (None, 1, 2):
        np.testing.assert_allclose(xp.median(x, axis=axis), np.median(x, axis=axis), 1e-14)
    np.testing.assert_array_equal(xp.argmax(x, axis=1, keepdims=True), x.argmax(1, keepdims=True))
    np.testing.assert_allclose(xp.softmax(x), np.exp(xp.log_softmax(x)), 1e-14)
    np.testing.assert_allclose(xp.softmax(x).sum(-1), 1, 1e-14)


INTEGERS = np.array([[3, 1, 2], [1, 2, 2]])


@pytest.mark.parametrize(
    ("ours", "numpys"),
    [
        (lambda x: xp.clip(x, 2, 3), lambda x: np.clip(x, 2, 3)),
        (lambda x: xp.clip(x, x[0], None), lambda x: np.clip(x, x[0], None)),
        (xp.clip, np.clip),
        (xp.round, np.round),
        (xp.mean, np.mean),
        (lambda x: xp.var(x, axis=0), lambda x: np.var(x, axis=0)),
        (lambda x: xp.logsumexp(x, axis=-1), lambda x: np.log(np.sum(np.exp(x), axis=-1))),
        (lambda x: xp.softmax(x, axis=0), lambda x: np.exp(x) / np.sum(np.exp(x), axis=0)),
        (lambda x: xp.vector_norm(x, ord=-1), lambda x: np.linalg.vector_norm(x, ord=-1)),
        (lambda x: xp.vector_norm(x, ord=2.5), lambda x: np.linalg.vector_norm(x, ord=2.5)),
        (lambda x: xp.matrix_norm(x, ord=1), lambda x: np.linalg.matrix_norm(x, ord=1)),
        (xp.pinv, np.linalg.pinv),
        (
            lambda x: xp.polygamma(x, order=1),
            lambda x: special.polygamma(1, x).astype(np.result_type(x, np.float32)),
        ),
        (lambda x: xp.cumulative_sum(x[0]), lambda x: np.cumulative_sum(x[0])),
        (
            lambda x: xp.cumulative_sum(x, axis=-1, include_initial=True),
            lambda x: np.cumulative_sum(x, axis=-1, include_initial=True),
        ),
        (
            lambda x: xp.cumulative_prod(x, axis=0, include_initial=True),
            lambda x: np.cumulative_prod(x, axis=0, include_initial=True),
        ),
        (lambda x: xp.diff(x, prepend=x[:, :1]), lambda x: np.diff(x, prepend=x[:, :1])),
        (lambda x: xp.roll(x, 1, axis=(0, 1)), lambda x: np.roll(x, 1, axis=(0, 1))),
        (lambda x: xp.squeeze(x[:1], 0), lambda x: np.squeeze(x[:1], 0)),
        (lambda x: xp.take(x[0], [2, 0]), lambda x: np.take(x[0], [2, 0])),
    ],
)
@pytest.mark.parametrize("dtype", ["int64", "float32"])
def test_plain_arrays_give_what_numpy_gives(ours, numpys, dtype):
    x = INTEGERS.astype(dtype)
    got, expected = np.asarray(ours(x)), np.asarray(numpys(x))
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got, expected, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize(
    "f", [xp.cumulative_sum, xp.cumulative_prod, xp.cumulative_max, lambda x: xp.take(x, [0])]
)
def test_the_axis_is_left_out_only_where_there_is_one(f):
    with pytest.raises(ValueError, match="only arrays of one axis need no axis named"):
        f(X)


def test_running_extrema_are_numpys_with_nan_and_ties():
    x = np.array([1.0, 3.0, 3.0, 2.0, np.nan, 5.0])
    np.testing.assert_array_equal(xp.cumulative_max(x, axis=0), np.maximum.accumulate(x))
    np.testing.assert_array_equal(xp.cumulative_min(-x, axis=0), np.minimum.accumulate(-x))


def test_a_running_product_with_infinities_spoils_only_what_comes_after():
    x = np.array([2.0, np.inf, 3.0])
    t = jvp(lambda x: xp.cumulative_prod(x, axis=0), (x,), (np.ones(3),))[1]
    np.testing.assert_array_equal(t, [1, np.inf, np.inf])


@pytest.mark.parametrize("dtype", ["bool", "int32", "float32"])
def test_dtypes_of_reductions_are_numpys(dtype):
    x = np.ones((2, 3), dtype)
    for ours, numpys in (
        (xp.sum, np.sum),
        (xp.prod, np.prod),
        (xp.mean, np.mean),
        (xp.any, np.any),
        (xp.count_nonzero, np.count_nonzero),
    ):
        assert np.asarray(ours(x)).dtype == np.asarray(numpys(x)).dtype
    assert xp.cumulative_sum(x, axis=0).dtype == np.cumsum(x, axis=0).dtype


def test_scanning_nothing_is_refused():
    with pytest.raises(ValueError, match="one entry at least"):
        xp.scan(lambda c, x: (c, x), X[0], np.ones((0, 4)))
