"""Functions of matrices where something special happens: singular, empty, repeated, refused."""

import itertools

import numpy as np
import pytest

from backends.engine import grad, jvp, vjp, xp

RNG = np.random.default_rng(5)
X = RNG.uniform(-1, 1, (3, 4))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
MATRICES = RNG.uniform(-1, 1, (2, 3, 3)) + 2 * np.eye(3)
COLUMN = np.array([[1.0], [2.0], [-1.0]])

SINGULAR = {
    "zero": np.zeros((3, 3)),
    "rank 1": COLUMN @ COLUMN.T,
    "rank 2": np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]),
    "rank 2, exactly": np.diag([1.0, 0.0, 2.0]),
    "tiny": np.diag([1.0, 2.0, 1e-12]) + 1e-14,
    "badly scaled": np.diag([1e-200, 1e-200, 3.0]),
    "identity": np.eye(3),
    "permutation": np.eye(3)[[1, 2, 0]],
    "generic": MATRIX,
    "mixed stack": np.stack([np.eye(3), np.zeros((3, 3)), MATRIX, COLUMN @ COLUMN.T]),
    "1x1 zero": np.zeros((1, 1)),
    "4x4 of rank 3": np.diag([3.0, 1.0, 0.0, 2.0])[[1, 0, 3, 2]],
}


def forward(f, v):
    return lambda x: jvp(f, (x,), (v,))[1]


def reverse(f, v):
    def derivative(x):
        y, pullback = vjp(f, x)
        return xp.sum(pullback(np.ones(y.shape))[0] * v, axis=(-2, -1))

    return derivative


def by_permutations(x):
    """The determinant as a polynomial, by definition (Leibniz)."""
    n = x.shape[-1]
    total = 0
    for order in itertools.permutations(range(n)):
        sign = np.linalg.det(np.eye(n)[list(order)])
        term = sign
        for i, j in enumerate(order):
            term = x[..., i, j] * term
        total = total + term
    return total


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("point", SINGULAR)
def test_the_determinant_has_its_derivatives_at_singular_matrices_too(point, order):
    x = SINGULAR[point]
    for modes in itertools.product((forward, reverse), repeat=order):
        f, expected = xp.det, by_permutations
        for mode in modes:
            v = RNG.uniform(-1, 1, x.shape)
            f, expected = mode(f, v), mode(expected, v)
        np.testing.assert_allclose(f(x), expected(x), rtol=0, atol=1e-10)


def test_the_hessian_of_the_determinant_at_the_identity_is_exact():
    def entry(i, j):
        return lambda x: grad(xp.det)(x)[i, j]

    for i, j in itertools.product(range(3), repeat=2):
        expected = np.zeros((3, 3))
        if i == j:
            expected = np.eye(3)
            expected[i, i] = 0
        else:
            expected[j, i] = -1
        np.testing.assert_array_equal(grad(entry(i, j))(np.eye(3)), expected)


def test_a_large_singular_matrix_has_the_cofactors_for_its_gradient():
    u, s, vt = np.linalg.svd(RNG.standard_normal((20, 20)))
    s[-1] = 0
    cofactors = np.linalg.det(u @ vt) * np.prod(s[:-1]) * np.outer(u[:, -1], vt[-1])
    scale = np.abs(cofactors).max()
    x = (u * s) @ vt
    np.testing.assert_allclose(grad(xp.det)(x), cofactors, rtol=0, atol=1e-12 * scale)


@pytest.mark.parametrize("n", [0, 1])
def test_empty_and_one_by_one_matrices_are_matrices(n):
    x = np.full((n, n), 2.0)
    for f in (xp.inv, xp.pinv, xp.cholesky, xp.det, lambda x: xp.slogdet(x)[1]):
        for wide in (x, x.astype(np.longdouble)):
            y, pullback = vjp(f, wide)
            assert pullback(np.ones(y.shape))[0].shape == (n, n)
            assert jvp(f, (wide,), (wide,))[1].shape == y.shape
    assert xp.det(x) == (1 if n == 0 else 2)
    for f in (xp.solve, lambda a, b: xp.solve_triangular(a, b, lower=True)):
        y, pullback = vjp(f, x, np.ones((n, 2)))
        assert [c.shape for c in pullback(y)] == [(n, n), (n, 2)]


@pytest.mark.parametrize("f", [xp.qr, xp.eigh, xp.svd])
def test_factors_of_an_empty_matrix_are_empty(f):
    def first(x):
        return f(x)[0]

    x = np.zeros((0, 0))
    y, pullback = vjp(first, x)
    assert y.size == 0
    assert pullback(y)[0].shape == (0, 0)


def test_slogdet_gives_sign_and_logarithm_with_its_derivative():
    for x in (MATRIX, -MATRIX, MATRICES):
        sign, logarithm = xp.slogdet(x)
        np.testing.assert_allclose(sign * np.exp(logarithm), np.linalg.det(x), 1e-13)
        _, pullback = vjp(lambda x: xp.slogdet(x)[1], x)
        inverse = np.linalg.inv(x).swapaxes(-1, -2)
        np.testing.assert_allclose(pullback(np.ones(x.shape[:-2]))[0], inverse, 1e-13)
        _, pullback = vjp(lambda x: xp.slogdet(x)[0], x)
        np.testing.assert_array_equal(pullback(np.ones(x.shape[:-2]))[0], np.zeros(x.shape))


def test_eigenvalues_have_derivatives_where_some_are_equal():
    x = np.diag([1.0, 1.0, 2.0])
    t = RNG.uniform(-1, 1, (3, 3))
    for f in (xp.eigvalsh, lambda x: xp.eigh(x)[0]):
        _, pullback = vjp(lambda x, f=f: xp.sum(f(x) ** 2), x)
        np.testing.assert_array_equal(pullback(np.float64(1))[0], 2 * x)
    _, tangent = jvp(lambda x: xp.sum(xp.eigvalsh(x) ** 2), (x,), (t,))
    np.testing.assert_allclose(tangent, np.sum(2 * x * t), 1e-14)


def test_singular_values_have_derivatives_where_some_are_equal_or_zero():
    x = np.diag([2.0, 2.0, 0.0])
    for f in (xp.svdvals, lambda x: xp.svd(x)[1]):
        _, pullback = vjp(lambda x, f=f: xp.sum(f(x) ** 2), x)
        np.testing.assert_allclose(pullback(np.float64(1))[0], 2 * x, rtol=0, atol=1e-15)


def test_eigenvectors_of_equal_eigenvalues_have_no_derivative():
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = grad(lambda x: xp.sum(xp.eigh(x)[1] * MATRIX))(np.eye(3))
    assert not np.any(np.isfinite(slope))


def test_the_derivative_of_a_length_at_zero_is_nan():
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.all(np.isnan(grad(xp.vector_norm)(np.zeros(2))))


@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (2, 4, 3), (2, 3, 3)])
def test_factors_multiply_back_to_the_matrix(shape):
    x = RNG.uniform(-1, 1, shape)
    q, r = xp.qr(x)
    u, s, vt = xp.svd(x)
    np.testing.assert_allclose(q @ r, x, rtol=0, atol=1e-14)
    np.testing.assert_allclose((u * s[..., None, :]) @ vt, x, rtol=0, atol=1e-14)
    np.testing.assert_allclose(xp.pinv(x), np.linalg.pinv(x), rtol=0, atol=1e-13)


@pytest.mark.parametrize("ord", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_norms_agree_with_numpy(ord):
    np.testing.assert_allclose(xp.norm(MATRIX, ord), np.linalg.norm(MATRIX, ord), 1e-14)
    both = {"axis": (2, 0), "keepdims": True}
    expected = np.linalg.norm(MATRICES, ord, **both)
    np.testing.assert_allclose(xp.norm(MATRICES, ord, **both), expected, 1e-14)
    if ord not in ("fro", "nuc"):
        expected = np.linalg.norm(MATRICES, ord, axis=1)
        np.testing.assert_allclose(xp.norm(MATRICES, ord, axis=1), expected, 1e-14)


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 2, 5, 8])
def test_matrix_powers_agree_with_numpy(n):
    np.testing.assert_allclose(
        xp.matrix_power(MATRICES, n), np.linalg.matrix_power(MATRICES, n), rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.longdouble])
def test_systems_without_a_solution_are_refused(dtype):
    x = np.diag([1, 0, 2]).astype(dtype)
    for b in (np.ones(3, dtype), np.ones((2, 3, 1), dtype)):
        with pytest.raises(np.linalg.LinAlgError, match=r"[Ss]ingular"):
            xp.solve(x, b)
        with pytest.raises(np.linalg.LinAlgError, match="singular"):
            xp.solve_triangular(x, b, lower=True)
    with pytest.raises(np.linalg.LinAlgError, match=r"[Ss]ingular"):
        xp.inv(x)


def test_full_singular_vectors_are_refused_where_they_are_not_unique():
    for u, s in zip(xp.svd(MATRIX, full_matrices=True), xp.svd(MATRIX), strict=True):
        np.testing.assert_array_equal(u, s)
    with pytest.raises(ValueError, match=r"no full matrices for one of shape \(3, 4\)"):
        xp.svd(X, full_matrices=True)


def test_singular_values_below_the_tolerance_have_no_part_in_the_pseudo_inverse():
    x = np.diag([4.0, 1.0, 0.5])
    np.testing.assert_array_equal(xp.pinv(x, rtol=0.2), np.diag([0.25, 1, 0]))


def test_a_norm_that_is_unknown_is_refused():
    with pytest.raises(ValueError, match="matrix_norm knows no 3"):
        xp.matrix_norm(X, ord=3)


def test_the_namespace_within_the_namespace_has_the_same_functions():
    for name in xp.linalg.__all__:
        assert getattr(xp.linalg, name) is getattr(xp, name)
