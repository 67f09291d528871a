"""The textbook algorithms: residuals of a few n eps in longdouble, and LAPACK's answers."""

import re

import numpy as np
import pytest

from backends.engine import grad, jvp, xp
from backends.engine.functions import factorisations, orthogonal
from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(3)
MATRIX = np.random.default_rng(5).uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
EPS = np.finfo(np.longdouble).eps
SHAPES = [(1, 1), (2, 2), (5, 5), (6, 3), (3, 6), (2, 3, 7, 7), (4, 5, 2), (30, 30), (0, 0), (3, 0)]
SQUARE = [shape for shape in SHAPES if shape[-1] == shape[-2]]


def drawn(shape):
    return RNG.standard_normal(shape).astype(np.longdouble)


def transposed(x):
    return x.swapaxes(-1, -2)


def assert_near(x, y, shape, times=1.0):
    """Within 10 n eps, times the size of the matrix."""
    limit = 10 * max(shape[-2:]) * EPS * times
    np.testing.assert_allclose(x, np.broadcast_to(y, x.shape), rtol=0, atol=limit)


def size_of(x):
    return np.abs(x).sum(-1).max(initial=1)


@pytest.mark.parametrize("shape", SHAPES)
def test_qr_gives_a_triangle_and_orthonormal_columns(shape):
    x = drawn(shape)
    q, r = orthogonal.householder_qr(x)
    assert_near(q @ r, x, shape, size_of(x))
    assert_near(transposed(q) @ q, np.eye(q.shape[-1]), shape)
    np.testing.assert_array_equal(np.tril(r, -1), 0)


@pytest.mark.parametrize("shape", SQUARE)
def test_jacobi_gives_eigenvalues_in_order_and_orthonormal_vectors(shape):
    x = drawn(shape) + 0
    w, v = orthogonal.jacobi_eigh(x)
    even = np.tril(x) + transposed(np.tril(x, -1))
    assert_near(even @ v, v * w[..., None, :], shape, size_of(even))
    assert_near(transposed(v) @ v, np.eye(shape[-1]), shape)
    assert np.all(np.diff(w, axis=-1) >= 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_jacobi_gives_singular_values_in_order_and_orthonormal_vectors(shape):
    x = drawn(shape)
    u, s, v = orthogonal.jacobi_svd(x)
    assert_near((u * s[..., None, :]) @ transposed(v), x, shape, size_of(x))
    for vectors in (u, v):
        assert_near(transposed(vectors) @ vectors, np.eye(s.shape[-1]), shape)
    assert np.all(np.diff(s, axis=-1) <= EPS * s[..., :-1])
    assert np.all(s >= 0)


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_vectors_are_orthonormal_where_singular_values_are_zero(rank):
    x = drawn((4, rank)) @ drawn((rank, 3))
    u, s, v = orthogonal.jacobi_svd(x)
    assert np.all(s[rank:] <= 10 * EPS * size_of(x))
    for vectors in (u, v):
        assert_near(transposed(vectors) @ vectors, np.eye(3), x.shape)


def test_small_singular_values_keep_their_digits():
    scales = np.longdouble(10) ** -np.arange(0, 24, 4)
    q, _ = orthogonal.householder_qr(drawn((6, 6)))
    _, s, _ = orthogonal.jacobi_svd(q * scales)
    np.testing.assert_allclose(s, scales, rtol=100 * EPS)


@pytest.mark.parametrize("shape", SHAPES)
def test_values_agree_with_lapack(shape):
    x = drawn(shape).astype(np.float64)
    near = {"rtol": 0, "atol": 1e-13}
    for own, theirs in zip(orthogonal.householder_qr(x), np.linalg.qr(x), strict=True):
        np.testing.assert_allclose(own, theirs, **near)  # signs as well
    theirs = np.linalg.svd(x, compute_uv=False)
    np.testing.assert_allclose(orthogonal.jacobi_svd(x)[1], theirs, **near)
    if shape in SQUARE:
        np.testing.assert_allclose(orthogonal.jacobi_eigh(x)[0], np.linalg.eigvalsh(x), **near)


@pytest.mark.parametrize("shape", SQUARE)
def test_inverse_determinant_and_cholesky_are_right_to_longdouble(shape):
    x = drawn(shape) + 2 * shape[-1] * np.eye(shape[-1])  # well conditioned
    identity = np.eye(shape[-1])
    assert_near(x @ xp.inv(x), identity, shape)
    np.testing.assert_allclose(xp.det(x) * xp.det(xp.inv(x)), 1, rtol=50 * shape[-1] * EPS + EPS)
    sign, logarithm = xp.slogdet(x)
    np.testing.assert_allclose(sign * np.exp(logarithm), xp.det(x), rtol=1e3 * EPS)
    definite = x @ transposed(x)
    factor = xp.cholesky(definite)
    assert_near(factor @ transposed(factor), definite, shape, size_of(definite))
    np.testing.assert_array_equal(np.triu(factor, 1), 0)


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("shapes", [((4, 4), (4,)), ((4, 4), (3, 4, 2)), ((3, 4, 4), (4, 2))])
def test_triangular_systems_look_at_one_triangle_in_every_dtype(shapes, lower):
    a, b = (RNG.uniform(1, 2, shape) for shape in shapes)
    triangle = np.tril(a) if lower else np.triu(a)
    columns = b if b.ndim > 1 else b[:, None]
    for few in (a, np.broadcast_to(a, (3, *a.shape[-2:])), np.broadcast_to(a, (2, 3, 4, 4))):
        for dtype in (np.float32, np.float64, np.longdouble):
            x = xp.solve_triangular(few.astype(dtype), b.astype(dtype), lower=lower)
            assert x.dtype == dtype
            product = triangle @ (x if b.ndim > 1 else x[..., None])
            np.testing.assert_allclose(
                product.astype(float),
                np.broadcast_to(columns, product.shape),
                atol=1e3 * float(np.finfo(dtype).eps),
            )


def test_an_indefinite_matrix_has_no_longdouble_factor():
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        xp.cholesky(-np.eye(2, dtype=np.longdouble))


def test_what_is_not_a_number_is_not_iterated_on_forever():
    x = np.full((3, 3), np.nan, np.longdouble)
    assert np.all(np.isnan(factorisations.eigvalsh(x)))
    assert np.all(np.isnan(factorisations.svdvals(x)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_system_is_decomposed_once_whatever_the_order(monkeypatch, dtype):
    decomposed = []
    function = PRIMITIVES["factors"].function
    monkeypatch.setattr(
        PRIMITIVES["factors"],
        "function",
        lambda a, b: decomposed.append(a.shape) or function(a, b),
    )
    monkeypatch.setattr(np.linalg, "solve", None)
    a, b = MATRIX.astype(dtype), np.ones((3, 2), dtype)

    def slope(a):
        return grad(lambda a, b: xp.sum(xp.solve(a, b) ** 2), (0, 1))(a, b)[0]

    jvp(slope, (a,), (a,))
    assert decomposed == [(3, 3)]


@pytest.mark.parametrize("shape", [(3,), (3, 2), (4, 3, 2), (5, 4, 3, 2), (3, 0), (0, 3, 2)])
def test_one_matrix_solves_for_any_number_of_right_hand_sides(shape):
    b = RNG.uniform(-1, 1, shape)
    np.testing.assert_allclose(xp.solve(MATRIX, b), np.linalg.solve(MATRIX, b), 1e-12, 1e-12)


@pytest.mark.parametrize(
    ("a", "b"), [((3, 4), 3), ((3, 3), 4), ((3, 3), (4, 2)), ((3, 3), (3, 3, 2))]
)
def test_shapes_that_do_not_fit_are_numpys_to_refuse_or_accept(a, b):
    a, b = np.ones(a) + np.eye(*a), np.ones(b)
    try:
        expected = np.linalg.solve(a, b)
    except (ValueError, np.linalg.LinAlgError) as error:
        with pytest.raises(type(error), match=re.escape(str(error))):
            xp.solve(a, b)
    else:
        np.testing.assert_allclose(xp.solve(a, b), expected, 1e-12)
