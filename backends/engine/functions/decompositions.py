"""Triangular factors of a matrix: Cholesky's, and QR.

The one convention: a decomposition into several factors is one primitive, whose output has the
factors stacked as rows, all of them with as many columns; what is public takes it apart. So a
matrix is decomposed once, and a primitive has one output.

`cholesky` looks at the lower triangle, and as in most frameworks its derivative is that of the
function of (x + x^T) / 2. Signs in `qr` are LAPACK's; where its columns depend on each other there
is no derivative, and LinAlgError is raised.
"""

from backends.engine.core import primitive
from backends.engine.functions import factorisations as lapack
from backends.engine.functions.linear_algebra import solve_triangular
from backends.engine.functions.manipulation import concat, index, matrix_transpose, tril
from backends.engine.functions.products import diagonal, undiagonal


def symmetric_part(x):
    return (x + matrix_transpose(x)) * 0.5


def rows_of(stacked, start, stop):
    return index(stacked, key=(..., slice(start, stop), slice(None)))


def _half(x):
    """The lower triangle with half the diagonal: Phi in Murray (2016), arXiv:1602.07527."""
    return tril(x) - undiagonal(diagonal(x), shape=x.shape) * 0.5


def _congruence(factor, x):
    """factor^-1 x factor^-T"""
    half = solve_triangular(factor, x, lower=True)
    return matrix_transpose(solve_triangular(factor, matrix_transpose(half), lower=True))


def _cholesky_vjp(g, out, x):
    """Murray (2016), equation 10."""
    upper = matrix_transpose(out)
    left = solve_triangular(upper, _half(upper @ g), lower=False)
    both = solve_triangular(upper, matrix_transpose(left), lower=False)
    return symmetric_part(both)


_cholesky = primitive(
    "cholesky",
    lapack.cholesky,
    vjps=(_cholesky_vjp,),
    jvps=(lambda t, out, x: out @ _half(_congruence(out, symmetric_part(t))),),
)


def cholesky(x, *, upper=False):
    """Return the lower triangular factor l of x = l l^T, or l^T with `upper`.

    Raises numpy.linalg.LinAlgError where x is not positive definite.
    """
    factor = _cholesky(x)
    return matrix_transpose(factor) if upper else factor


def _over_r(x, r):
    """x r^-1"""
    return matrix_transpose(solve_triangular(matrix_transpose(r), matrix_transpose(x), lower=True))


def _mirrored(x):
    """The symmetric matrix with x's lower triangle."""
    return tril(x) + matrix_transpose(tril(x, k=-1))


def _q_and_r(stacked, x):
    m, n = x.shape[-2:]
    return rows_of(stacked, 0, m), matrix_transpose(rows_of(stacked, m, m + n))


def _qr_vjp(g, out, x):
    """Seeger et al. (2017), arXiv:1710.08717, section 4.3, for QR instead of LQ."""
    q, r = _q_and_r(out, x)
    of_q, of_r = _q_and_r(g, x)
    middle = _mirrored(r @ matrix_transpose(of_r) - matrix_transpose(of_q) @ q)
    right = matrix_transpose(of_q + q @ middle)
    return matrix_transpose(solve_triangular(r, right, lower=False))


def _qr_jvp(t, out, x):
    q, r = _q_and_r(out, x)
    change = _over_r(t, r)
    seen = matrix_transpose(q) @ change
    below = tril(seen, k=-1)
    # What q turns by is antisymmetric, so the lower triangle of `seen` tells all of it.
    upper = seen - below + matrix_transpose(below)
    return concat([change - q @ upper, matrix_transpose(upper @ r)], axis=-2)


_qr = primitive("qr", lapack.qr, vjps=(_qr_vjp,), jvps=(_qr_jvp,))


def qr(x):
    """Return q (..., m, k) and r (..., k, n) with x = q r, where k = min(m, n).

    Wide matrices are those of Roberts and Roberts (2020), arXiv:2009.10071: the first m columns are
    decomposed, and the others turned by q.
    """
    m, n = x.shape[-2:]
    if m >= n:
        return _q_and_r(_qr(x), x)
    square = index(x, key=(..., slice(0, m)))
    q, r = _q_and_r(_qr(square), square)
    turned = matrix_transpose(q) @ index(x, key=(..., slice(m, n)))
    return q, concat([r, turned], axis=-1)
