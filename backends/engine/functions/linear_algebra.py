"""Systems of equations, inverses, the logarithm of determinants, and powers.

The one convention: matrices are the last two axes. The rules are Giles (2008), "An extended
collection of matrix derivative results for forward and reverse mode AD". The values are from
factorisations.py, in longdouble too; the factors themselves are in decompositions.py.
"""

import numpy as np

from backends.engine.core import Primitive, discrete, primitive, unbroadcast
from backends.engine.functions import factorisations as lapack
from backends.engine.functions.manipulation import (
    expand_dims,
    index,
    matrix_transpose,
    reshape,
    tril,
    triu,
)
from backends.engine.functions.products import trace


def _outer(x, y):
    """x y^T, where both are vectors or both have columns."""
    if x.ndim == 1:
        return expand_dims(x, axis=1) * y
    return x @ matrix_transpose(y)


# A constant beside the matrix that it is made of, which is so decomposed once, whatever the order
factors = discrete("factors", lapack.factors)


def _solve_pull(position, g, out, inputs, metadata):
    a, b, of_a = inputs
    transposed = metadata["transposed"]
    c = _solve(a, g, of_a, transposed=not transposed)
    if position == 1:
        return unbroadcast(c, b)
    return -unbroadcast(_outer(out, c) if transposed else _outer(c, out), a)


def _right_hand_side(of_a, tb):
    """What is solved for a tangent: tb - ta x, either of which may be absent."""
    if of_a is None:
        return tb
    return -of_a if tb is None else tb - of_a


def _solve_push(tangents, out, inputs, metadata):
    ta, tb, _ = tangents
    a, _, of_a = inputs
    if ta is not None:
        ta = (matrix_transpose(ta) if metadata["transposed"] else ta) @ out
    return _solve(a, _right_hand_side(ta, tb), of_a, **metadata)


_solve = Primitive("solve", lapack.solve, _solve_pull, _solve_push)


def solve(a, b):
    """Return x with a x = b, where b is one vector, or has columns.

    Raises numpy.linalg.LinAlgError where a is singular.
    """
    return _by_columns(_solve, a, b, factors(a, b), transposed=False)


def _by_columns(solver, a, b, *factors, **metadata):
    """Many matrices take a vector as a column; one matrix takes it as it is."""
    if b.ndim > 1 or a.ndim == 2:
        return solver(a, b, *factors, **metadata)
    x = solver(a, expand_dims(b, axis=-1), *factors, **metadata)
    return reshape(x, x.shape[:-1])


def _triangle(x, lower):
    return tril(x) if lower else triu(x)


def _triangular_pull(position, g, out, inputs, metadata):
    a, b = inputs
    lower = metadata["lower"]
    c = _solve_triangular(matrix_transpose(a), g, lower=not lower)
    if position == 0:
        return -unbroadcast(_triangle(_outer(c, out), lower), a)
    return unbroadcast(c, b)


def _triangular_push(tangents, out, inputs, metadata):
    ta, tb = tangents
    of_a = None if ta is None else _triangle(ta, metadata["lower"]) @ out
    return _solve_triangular(inputs[0], _right_hand_side(of_a, tb), **metadata)


_solve_triangular = Primitive(
    "solve_triangular", lapack.solve_triangular, _triangular_pull, _triangular_push
)


def solve_triangular(a, b, *, lower):
    """Return x with a x = b, looking at the lower or the upper triangle of a only."""
    return _by_columns(_solve_triangular, a, b, lower=lower)


inv = primitive(
    "inv",
    lapack.inv,
    vjps=(lambda g, out, x: -matrix_transpose(out @ matrix_transpose(g) @ out),),
    jvps=(lambda t, out, x: -(out @ t @ out),),
)


def _pinv_vjp(g, out, x, *, rtol=None):
    """The transpose of `_pinv_jvp`, term by term."""
    p, pt, gt = out, matrix_transpose(out), matrix_transpose(g)
    first = (gt - x @ (p @ gt)) @ p @ pt
    second = pt @ (p @ (gt - (gt @ p) @ x))
    return first + second - pt @ g @ pt


def _pinv_jvp(t, out, x, *, rtol=None):
    p, pt, tt = out, matrix_transpose(out), matrix_transpose(t)
    first = p @ (pt @ (tt - (tt @ x) @ p))
    second = ((tt - p @ (x @ tt)) @ pt) @ p
    return first + second - p @ t @ p


# Golub and Pereyra (1973), equation 4.12: where the rank doesn't change, which is the number of
# singular values above rtol times the greatest. Elsewhere the pseudo-inverse is not continuous.
pinv = primitive("pinv", lapack.pinv, vjps=(_pinv_vjp,), jvps=(_pinv_jvp,))


def _slogdet_vjp(g, out, x):
    of_log = index(g, key=(..., slice(1, 2), None))
    return of_log * matrix_transpose(inv(x))


def _slogdet_jvp(t, out, x):
    of_log = trace(inv(x) @ t)
    return _stacked_with_zero(of_log)


def _stacked_with_zero(x):
    """(..., 2): zeros, for the sign, and x."""
    return expand_dims(x, axis=-1) * np.array([0, 1], x.dtype)


_slogdet = primitive("slogdet", lapack.slogdet, vjps=(_slogdet_vjp,), jvps=(_slogdet_jvp,))


def slogdet(x):
    """Return the determinant's sign and the log of its absolute value.

    The sign has derivative 0; that of the logarithm exists where x is not singular.
    """
    both = _slogdet(x)
    return index(both, key=(..., 0)), index(both, key=(..., 1))


def matrix_power(x, n):
    """Return x @ ... @ x, n times, by squaring; of the inverse where n is negative."""
    if n < 0:
        return matrix_power(inv(x), -n)
    if n == 0:
        return np.broadcast_to(np.eye(x.shape[-1], dtype=x.dtype), x.shape).copy()
    if n == 1:
        return x
    half = matrix_power(x, n // 2)
    return half @ half @ x if n % 2 else half @ half
