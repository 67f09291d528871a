"""Functions of matrices on plain arrays: LAPACK's for float32 and float64, textbook for longdouble.

The one convention: any number of leading axes, matrices last; several factors of a matrix come
stacked as the rows of one array (see linear_algebra.py). The textbook algorithms (Golub and Van
Loan, Matrix Computations, chapters 3 and 4; orthogonal.py has those of 5 and 8) loop over one axis
and leave the others to NumPy.
"""

import math
from functools import cache

import numpy as np

from backends.engine.functions.orthogonal import householder_qr, jacobi_eigh, jacobi_svd

WIDE = np.dtype(np.longdouble)
SINGULAR = "the matrix is singular, so it has no inverse; pinv has one of every matrix"


def factors(a, b):
    """What `solve` computes with: rows of triangular factors of a, and one with their order.

    Of more than one matrix, of longdouble, and where a and b don't match, it is a itself.
    """
    rows = b.shape[0 if b.ndim == 1 else -2]
    if a.shape != (rows, rows) or a.dtype.char not in "fd" or a.dtype != b.dtype or not rows:
        return a
    # LAPACK has columns where we have rows: of the transpose, nothing is copied before or after.
    lu, order, info = _lapack("getrf", a.dtype)(a.T)
    if info:
        raise np.linalg.LinAlgError(SINGULAR)
    packed = np.empty((len(a) + 1, len(a)), a.dtype)
    packed[:-1] = lu.T
    packed[-1] = order
    return packed


def solve(a, b, factors, *, transposed):
    """x with a x = b, or a^T x = b, given `factors(a, b)`; b is one vector, or columns."""
    if factors.shape == a.shape:
        return _solve_by_matrix(a.swapaxes(-1, -2) if transposed else a, b)
    line = b if b.ndim < 3 else np.moveaxis(b, -2, 0).reshape(len(a), -1)
    if not b.size:
        return np.zeros_like(b)
    x, _ = _lapack("getrs", a.dtype)(
        factors[:-1].T, factors[-1].astype(np.int32), line, trans=not transposed
    )
    return x if b.ndim < 3 else np.moveaxis(x.reshape(len(a), *b.shape[:-2], -1), 0, -2)


@cache
def _lapack(name, dtype):
    from scipy.linalg import lapack

    return lapack.get_lapack_funcs(name, dtype=dtype)


def _solve_by_matrix(a, b):
    if not _wide(a, b):
        return np.linalg.solve(a, b)
    if b.ndim == 1:
        return _solve_by_matrix(a, b[:, None])[..., 0]
    lu, order, _ = lu_factor(a)
    if np.any(_diagonal(lu) == 0):
        raise np.linalg.LinAlgError(SINGULAR)
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    b = np.broadcast_to(b, batch + b.shape[-2:])
    order = np.broadcast_to(order, batch + order.shape[-1:])
    b = np.take_along_axis(b, order[..., None], -2)
    return _back(lu, _forward(lu, b, unit=True))


def solve_triangular(a, b, *, lower):
    """x with a x = b, looking at one triangle of a only; b is one vector, or columns."""
    narrow = not _wide(a, b)
    if narrow and a.ndim == 2 and b.ndim <= 2:
        return _solve_by_lapack(a, b, lower)
    if b.ndim == 1:
        return solve_triangular(a, b[:, None], lower=lower)[..., 0]
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    if narrow and 0 < math.prod(batch) <= a.shape[-1]:
        return _one_by_one(a, b, lower, batch)
    if np.any(_diagonal(a) == 0):
        raise np.linalg.LinAlgError(SINGULAR)
    return _forward(a, b, unit=False) if lower else _back(a, b)


def _one_by_one(a, b, lower, batch):
    """Few large matrices: quicker than row by row for all of them."""
    a, b = (np.broadcast_to(x, batch + x.shape[-2:]).reshape(-1, *x.shape[-2:]) for x in (a, b))
    each = [_solve_by_lapack(*pair, lower) for pair in zip(a, b, strict=True)]
    return np.stack(each).reshape(batch + b.shape[-2:])


def _solve_by_lapack(a, b, lower):
    """One matrix, whose rows LAPACK takes for columns, so that nothing is copied."""
    if not b.size:
        return b.astype(np.result_type(a, b))
    x, info = _lapack("trtrs", np.result_type(a, b))(a.T, b, lower=not lower, trans=1)
    if info:
        raise np.linalg.LinAlgError(SINGULAR)
    return x


def inv(x):
    if not _wide(x):
        return np.linalg.inv(x)
    return _solve_by_matrix(x, np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape))


def det(x):
    if not _wide(x):
        return np.linalg.det(x)
    lu, _, sign = lu_factor(x)
    return sign * np.prod(_diagonal(lu), axis=-1)


def cofactors(x, determinant):
    """The derivative of the determinant; by singular vectors where some matrix is singular."""
    if np.all(determinant != 0):
        return np.asarray(determinant)[..., None, None] * inv(x).swapaxes(-1, -2)
    u, s, v = _svd(x)
    ones = np.ones_like(s[..., :1])
    before = np.cumprod(np.concatenate([ones, s[..., :-1]], -1), -1)
    after = np.cumprod(np.concatenate([ones, s[..., :0:-1]], -1), -1)[..., ::-1]
    sign = np.asarray(np.sign(det(u) * det(v)))[..., None, None]
    return sign * ((u * (before * after)[..., None, :]) @ v.swapaxes(-1, -2))


def slogdet(x):
    """(..., 2): the determinant's sign, and the log of its absolute value."""
    if not _wide(x):
        return np.stack(np.linalg.slogdet(x), -1)
    lu, _, sign = lu_factor(x)
    pivots = _diagonal(lu)
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.abs(pivots))
    return np.stack([sign * np.prod(np.sign(pivots), -1), np.sum(logarithms, -1)], -1)


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


def qr(x):
    """(..., m + n, k): q over r^T."""
    q, r = householder_qr(x) if _wide(x) else np.linalg.qr(x)
    return np.concatenate([q, r.swapaxes(-1, -2)], -2)


def eigvalsh(x):
    return jacobi_eigh(x)[0] if _wide(x) else np.linalg.eigvalsh(x)


def eigh(x):
    """(..., 1 + n, n): the eigenvalues, over the matrix of eigenvectors."""
    w, v = jacobi_eigh(x) if _wide(x) else np.linalg.eigh(x)
    return np.concatenate([w[..., None, :], v], -2)


def svdvals(x):
    return jacobi_svd(x)[1] if _wide(x) else np.linalg.svd(x, compute_uv=False)


def svd(x):
    """(..., 1 + m + n, k): the singular values, over u, over v."""
    u, s, v = _svd(x)
    return np.concatenate([s[..., None, :], u, v], -2)


def _svd(x):
    if _wide(x):
        return jacobi_svd(x)
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return u, s, vh.swapaxes(-1, -2)


def pinv(x, *, rtol=None):
    """The pseudo-inverse; singular values up to rtol times the greatest count as 0."""
    u, s, v = _svd(x)
    if not s.size:
        return np.zeros_like(x.swapaxes(-1, -2), s.dtype)
    limit = (max(x.shape[-2:]) * np.finfo(s.dtype).eps if rtol is None else rtol) * s[..., :1]
    with np.errstate(divide="ignore"):
        inverses = np.where(s > limit, 1 / s, 0)
    return (v * inverses[..., None, :]) @ u.swapaxes(-1, -2)


def lu_factor(x):
    """Both triangles in one matrix, the order of rows, and the sign of that permutation."""
    n = x.shape[-1]
    lu = x.reshape((math.prod(x.shape[:-2]), n, n)).copy()
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
    batch = np.broadcast_shapes(lower.shape[:-2], b.shape[:-2])
    x = np.empty(batch + b.shape[-2:], np.result_type(lower, b))
    for i in range(lower.shape[-1]):
        rest = b[..., i, :] - (lower[..., i, None, :i] @ x[..., :i, :])[..., 0, :]
        x[..., i, :] = rest if unit else rest / lower[..., i, i, None]
    return x


def _back(upper, b):
    """Substitute from the last row up: the same with rows and columns reversed."""
    turned = _forward(upper[..., ::-1, ::-1], b[..., ::-1, :], unit=False)
    return turned[..., ::-1, :]


def _diagonal(x):
    return np.diagonal(x, axis1=-2, axis2=-1)


def _wide(*arrays):
    return any(x.dtype == WIDE for x in arrays) and np.dtype(np.float64) != WIDE
