"""The nuclear norm and the spectral norm of matrices, the sum and the greatest of singular values.

The one convention: rules never divide by differences of singular values that the norm's own
derivative does not, and never by one that is zero. So where those of `svdvals` are infinite, at
equal singular values and at zero columns, these are right wherever the norm has a derivative.

The nuclear norm's gradient is the orthogonal factor of the polar decomposition x = p h; Higham
(2008), Functions of Matrices, chapter 8. The spectral norm's is u v^T, where v is an eigenvector of
x^T x with a simple eigenvalue, whatever the others: Magnus (1985), "On differentiating eigenvalues
and eigenvectors".
"""

import numpy as np

from backends.engine.core import primitive
from backends.engine.functions import factorisations as lapack
from backends.engine.functions.decompositions import rows_of, symmetric_part
from backends.engine.functions.elementwise import equal, where
from backends.engine.functions.linear_algebra import pinv
from backends.engine.functions.manipulation import concat, index, matrix_transpose, stop_gradient
from backends.engine.functions.reductions import sum

MATRIX = (-2, -1)


def _polar(x):
    _, u, v = _split(lapack.svd(x), x)
    return u @ v.swapaxes(-1, -2)


def _leading_pair(x):
    return np.concatenate(_split(lapack.svd(x)[..., :1], x)[1:], -2)


def _split(stacked, x):
    return np.split(stacked, (1, 1 + x.shape[-2]), axis=-2)


def _lyapunov(h, x):
    w, v = np.split(lapack.eigh(h), (1,), axis=-2)
    sums, back = w + w.swapaxes(-1, -2), v.swapaxes(-1, -2)
    return v @ (back @ x @ v / np.where(sums == 0, np.inf, sums)) @ back


def _one_each(x):
    """One number a matrix, with two axes more."""
    return index(x, key=(..., None, None))


def _both_sides(x, y):
    return x @ y + y @ x


# y with h y + y h = x for symmetric h; 0 where eigenvalues of h add up to 0. Its derivative is
# found by the same equation.
lyapunov = primitive(
    "lyapunov",
    _lyapunov,
    vjps=(
        lambda g, out, h, x: -_both_sides(lyapunov(h, g), matrix_transpose(out)),
        lambda g, out, h, x: lyapunov(h, g),
    ),
    jvps=(
        lambda t, out, h, x: -lyapunov(h, _both_sides(t, out)),
        lambda t, out, h, x: lyapunov(h, t),
    ),
)


def _polar_along(t, out, x):
    """The derivative of the polar factor; being a gradient's, it is also its transpose."""
    m, n = x.shape[-2:]
    if m < n:
        return matrix_transpose(_polar_along(*map(matrix_transpose, (t, out, x))))
    back = matrix_transpose(out)
    h, seen = symmetric_part(back @ x), back @ t
    turned = out @ lyapunov(h, seen - matrix_transpose(seen))
    return turned if m == n else turned + (t - out @ seen) @ pinv(h)


polar = primitive("polar", _polar, vjps=(_polar_along,), jvps=(_polar_along,))

nuclear_norm = primitive(
    "nuclear_norm",
    lambda x: np.add.reduce(lapack.svdvals(x), axis=-1),
    vjps=(lambda g, out, x: _one_each(g) * polar(x),),
    jvps=(lambda t, out, x: sum(polar(x) * t, axis=MATRIX),),
)


def _u_and_v(stacked, x):
    m, n = x.shape[-2:]
    return rows_of(stacked, 0, m), rows_of(stacked, m, m + n)


def _dot(x, y):
    return sum(x * y, axis=MATRIX, keepdims=True)


def _without(x, v):
    """The part of x at right angles to v."""
    return x - v * _dot(v, x)


def _around(x, s, v):
    """The function that solves (s^2 - x^T x) y = z for z and y at right angles to v."""
    size = stop_gradient(where(equal(s, 0), 1, s))  # squares of what is tiny vanish
    x, s = x / size, s / size
    inverse = pinv(s * s * (_identity(v) + v @ matrix_transpose(v)) - matrix_transpose(x) @ x)
    return lambda z: _without(inverse @ (_without(z, v) / size), v) / size


def _identity(v):
    return np.eye(v.shape[-2], dtype=v.dtype)


def _pair_vjp(g, out, x):
    u, v = _u_and_v(out, x)
    of_u, of_v = _u_and_v(g, x)
    s = _dot(u, x @ v)
    of_u = _without(of_u, u) / s
    turned = _around(x, s, v)(of_v + matrix_transpose(x) @ of_u)
    return (of_u + x @ turned) @ matrix_transpose(v) + s * (u @ matrix_transpose(turned))


def _pair_jvp(t, out, x):
    u, v = _u_and_v(out, x)
    s = _dot(u, x @ v)
    seen = t @ v
    turned = _around(x, s, v)(matrix_transpose(t) @ (u * s) + matrix_transpose(x) @ seen)
    return concat([_without(seen, u) / s + x @ turned / s, turned], axis=-2)


# (..., m + n, 1): u over v, the singular vectors of the greatest singular value
leading_pair = primitive("leading_pair", _leading_pair, vjps=(_pair_vjp,), jvps=(_pair_jvp,))


def _pair(x):
    return _u_and_v(leading_pair(x), x)


def _spectral_norm_vjp(g, out, x):
    u, v = _pair(x)
    return _one_each(g) * (u @ matrix_transpose(v))


def _spectral_norm_jvp(t, out, x):
    u, v = _pair(x)
    return sum(u * (t @ v), axis=MATRIX)


spectral_norm = primitive(
    "spectral_norm",
    lambda x: lapack.svdvals(x)[..., 0],
    vjps=(_spectral_norm_vjp,),
    jvps=(_spectral_norm_jvp,),
)
