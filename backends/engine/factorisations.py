"""Matrix factorisations: LAPACK's for float32 and float64, textbook ones for longdouble.

The one convention: any number of leading axes, matrices last. The textbook algorithms (Golub and
Van Loan, Matrix Computations, chapters 3 and 4) loop over one axis and leave the others to NumPy.
"""

from functools import cache

import numpy as np

WIDE = np.dtype(np.longdouble)


@cache
def scipy_linalg():
    from scipy import linalg

    return linalg


def solve(a, b):
    """x with a x = b; b is one vector, or columns."""
    if not _wide(a, b):
        return np.linalg.solve(a, b)
    if b.ndim == 1:
        return solve(a, b[:, None])[..., 0]
    lu, order, _ = lu_factor(a)
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    b = np.broadcast_to(b, batch + b.shape[-2:])
    order = np.broadcast_to(order, batch + order.shape[-1:])
    b = np.take_along_axis(b, order[..., None], -2)
    return _back(lu, _forward(lu, b, unit=True))


def solve_triangular(a, b, *, lower):
    """x with a x = b, looking at one triangle of a only."""
    if not _wide(a, b) and a.ndim == 2:
        return scipy_linalg().solve_triangular(a, b, lower=lower, check_finite=False)
    if b.ndim == 1:
        return solve_triangular(a, b[:, None], lower=lower)[..., 0]
    return _forward(a, b, unit=False) if lower else _back(a, b)


def inv(x):
    if not _wide(x):
        return np.linalg.inv(x)
    return solve(x, np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape))


def det(x):
    if not _wide(x):
        return np.linalg.det(x)
    lu, _, sign = lu_factor(x)
    return sign * np.prod(np.diagonal(lu, axis1=-2, axis2=-1), axis=-1)


def slogdet(x):
    if not _wide(x):
        return np.linalg.slogdet(x)
    lu, _, sign = lu_factor(x)
    pivots = np.diagonal(lu, axis1=-2, axis2=-1)
    return sign * np.prod(np.sign(pivots), axis=-1), np.sum(np.log(np.abs(pivots)), axis=-1)


def cholesky(x):
    if not _wide(x):
        return np.linalg.cholesky(x)
    out = np.zeros_like(x)
    for j in range(x.shape[-1]):
        row = out[..., j, :j]
        column = x[..., j:, j] - (out[..., j:, :j] @ row[..., None])[..., 0]
        if not np.all(column[..., 0] > 0):
            raise np.linalg.LinAlgError("the matrix is not positive definite")
        out[..., j:, j] = column / np.sqrt(column[..., :1])
    return out


def lu_factor(x):
    """Both triangles in one matrix, the order of rows, and the sign of that permutation."""
    n = x.shape[-1]
    lu = x.reshape((-1, n, n)).copy()
    order = np.tile(np.arange(n), (len(lu), 1))
    sign = np.ones(len(lu), x.dtype)
    each = np.arange(len(lu))
    for k in range(n):
        pivot = k + np.argmax(np.abs(lu[:, k:, k]), axis=1)
        for array in (lu, order):
            array[each, k], array[each, pivot] = array[each, pivot], array[each, k].copy()
        sign = np.where(pivot == k, sign, -sign)
        with np.errstate(divide="ignore", invalid="ignore"):
            factors = lu[:, k + 1 :, k] / lu[:, k, k, None]
        lu[:, k + 1 :, k] = np.where(lu[:, k, k, None] == 0, 0, factors)
        lu[:, k + 1 :, k + 1 :] -= lu[:, k + 1 :, k, None] * lu[:, k, None, k + 1 :]
    return lu.reshape(x.shape), order.reshape(x.shape[:-1]), sign.reshape(x.shape[:-2])


def _forward(lower, b, *, unit):
    """Substitute from the first row on; with `unit` the diagonal counts as ones."""
    x = np.empty(np.broadcast_shapes(lower[..., :1].shape, b[..., :1].shape)[:-1] + b.shape[-1:])
    x = x.astype(b.dtype)
    for i in range(lower.shape[-1]):
        rest = b[..., i, :] - (lower[..., i, None, :i] @ x[..., :i, :])[..., 0, :]
        x[..., i, :] = rest if unit else rest / lower[..., i, i, None]
    return x


def _back(upper, b):
    """Substitute from the last row up: the same with rows and columns reversed."""
    turned = _forward(upper[..., ::-1, ::-1], b[..., ::-1, :], unit=False)
    return turned[..., ::-1, :]


def _wide(*arrays):
    return any(x.dtype == WIDE for x in arrays) and np.dtype(np.float64) != WIDE
