"""Eigenvalues and eigenvectors of symmetric matrices, singular values and singular vectors.

The one convention: values and vectors are one primitive, stacked as rows, as in decompositions.py.
The rules are those of Seeger et al. (2017), arXiv:1710.08717, and Townsend (2016), "Differentiating
the singular value decomposition".

| where factors are not unique, or not smooth | here |
|---|---|
| `eigh` looks at the lower triangle | the derivative is that of the function of (x + x^T) / 2 |
| signs of vectors | LAPACK's; what depends on them has derivatives that do |
| equal values | vectors have no derivative: infinite or NaN, as in PyTorch and JAX |
| equal values, on which alone a function depends | finite; the vectors at hand tell them apart |
| singular values of 0 | `svdvals` has that of one branch; vectors as at equal values |

Vectors of a square matrix have a derivative at one singular value of 0.
"""

import numpy as np

from backends.engine.core import discrete, primitive
from backends.engine.functions import factorisations as lapack
from backends.engine.functions.decompositions import rows_of, symmetric_part
from backends.engine.functions.elementwise import where
from backends.engine.functions.manipulation import concat, index, matrix_transpose
from backends.engine.functions.products import diagonal, undiagonal
from backends.engine.functions.reductions import sum


def _as_row(x):
    return index(x, key=(..., None, slice(None)))


def _scaled(x, factors):
    """The columns of x, each times its factor: x diag(factors)."""
    return x * _as_row(factors)


def _values(stacked):
    return index(stacked, key=(..., 0, slice(None)))


def _gaps(x):
    """x_j - x_i at (i, j), and 1 on the diagonal."""
    return _as_row(x) - index(x, key=(..., None)) + np.eye(x.shape[-1], dtype=x.dtype)


def _sums(x):
    """x_j + x_i at (i, j)."""
    return _as_row(x) + index(x, key=(..., None))


def _off_diagonal(x):
    return x - undiagonal(diagonal(x), shape=x.shape)


both_zero = discrete("both_zero", lambda x, y: (x == 0) & (y == 0))


def _ratio(x, y):
    """x / y, where 0 / 0 is 0: vectors that nothing depends on have no say at equal values."""
    return x / where(both_zero(x, y), 1, y)


def _w_and_v(stacked):
    return _values(stacked), rows_of(stacked, 1, stacked.shape[-2])


def _eigh_vjp(g, out, x):
    w, v = _w_and_v(out)
    of_w, of_v = _w_and_v(g)
    vt = matrix_transpose(v)
    turned = _ratio(_off_diagonal(vt @ of_v), _gaps(w))
    return symmetric_part((v @ turned + _scaled(v, of_w)) @ vt)


def _eigh_jvp(t, out, x):
    w, v = _w_and_v(out)
    seen = matrix_transpose(v) @ symmetric_part(t) @ v
    turned = _ratio(_off_diagonal(seen), _gaps(w))
    return concat([_as_row(diagonal(seen)), v @ turned], axis=-2)


_eigh = primitive("eigh", lapack.eigh, vjps=(_eigh_vjp,), jvps=(_eigh_jvp,))


def eigh(x):
    """Return eigenvalues (..., n), ascending, and eigenvectors, as columns, of symmetric matrices.

    Where only eigenvalues are needed, `eigvalsh` is faster.
    """
    return _w_and_v(_eigh(x))


def _eigvalsh_vjp(g, out, x):
    _, v = eigh(x)
    return symmetric_part(_scaled(v, g) @ matrix_transpose(v))


def _eigvalsh_jvp(t, out, x):
    _, v = eigh(x)
    return sum(v * (symmetric_part(t) @ v), axis=-2)


eigvalsh = primitive("eigvalsh", lapack.eigvalsh, vjps=(_eigvalsh_vjp,), jvps=(_eigvalsh_jvp,))


def _s_u_v(stacked, x):
    m = x.shape[-2]
    return (
        _values(stacked),
        rows_of(stacked, 1, 1 + m),
        rows_of(stacked, 1 + m, stacked.shape[-2]),
    )


def _beside(x, u, s):
    """The part of the columns of x that is at right angles to those of u, each divided by its s."""
    if u.shape[-2] == u.shape[-1]:
        return np.zeros(x.shape, x.dtype)  # and not rounding errors divided by an s of 0
    return _ratio(x - u @ (matrix_transpose(u) @ x), _as_row(s))


def _antisymmetric(x):
    return x - matrix_transpose(x)


def _svd_vjp(g, out, x):
    s, u, v = _s_u_v(out, x)
    of_s, of_u, of_v = _s_u_v(g, x)
    ut, vt = matrix_transpose(u), matrix_transpose(v)
    by_u, by_v = _antisymmetric(ut @ of_u), _antisymmetric(vt @ of_v)
    # The partial fractions of 1 / (s_j^2 - s_i^2), as squares of what is tiny vanish
    middle = _ratio(by_u + by_v, _gaps(s) * 2) + _ratio(by_u - by_v, _sums(s) * 2)
    left = u @ middle + _scaled(u, of_s) + _beside(of_u, u, s)
    return left @ vt + u @ matrix_transpose(_beside(of_v, v, s))


def _svd_jvp(t, out, x):
    s, u, v = _s_u_v(out, x)
    right, left = t @ v, matrix_transpose(t) @ u
    seen = matrix_transpose(u) @ right
    turned = matrix_transpose(seen)
    by_gaps = _ratio(_off_diagonal(seen + turned), _gaps(s) * 2)
    by_sums = _ratio(seen - turned, _sums(s) * 2)
    of_u = u @ (by_gaps + by_sums) + _beside(right, u, s)
    of_v = v @ (by_gaps - by_sums) + _beside(left, v, s)
    return concat([_as_row(diagonal(seen)), of_u, of_v], axis=-2)


_svd = primitive("svd", lapack.svd, vjps=(_svd_vjp,), jvps=(_svd_jvp,))


def svd(x, *, full_matrices=False):
    """Return u (..., m, k), s (..., k), descending, and v^T (..., k, n), where k = min(m, n).

    The standard's default are full matrices. Here only square ones have them, and else ValueError
    is raised: further vectors are not unique, so they have no derivative. Where only singular
    values are needed, `svdvals` is faster.
    """
    if full_matrices and x.shape[-2] != x.shape[-1]:
        raise ValueError(
            f"svd has no full matrices for one of shape {x.shape[-2:]}, as their further vectors "
            "have no derivative; try full_matrices=False"
        )
    s, u, v = _s_u_v(_svd(x), x)
    return u, s, matrix_transpose(v)


def _svdvals_vjp(g, out, x):
    u, _, vt = svd(x)
    return _scaled(u, g) @ vt


def _svdvals_jvp(t, out, x):
    u, _, vt = svd(x)
    return sum(u * (t @ matrix_transpose(vt)), axis=-2)


svdvals = primitive("svdvals", lapack.svdvals, vjps=(_svdvals_vjp,), jvps=(_svdvals_jvp,))
