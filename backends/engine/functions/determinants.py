"""The determinant, whose derivatives exist at singular matrices too.

The one convention: the derivative is the matrix of cofactors, a primitive of its own. Where a
matrix is regular that is det(x) x^-T, and its derivative follows. Where it is singular, or nearly
so, that is 0 times infinity, or all rounding errors; there the rule is the second derivative of
another formula for the same determinant, which never divides by what is small:

    det(x) = det(u) det(v) det(y) det(z),    u^T x v = ((y, b), (c, d)),    z = d - c y^-1 b

with u and v the singular vectors at the point, held constant, and y the part of the great singular
values. What remains, z, is so small in both senses that it pays to expand det(z) without division:
Bird (2011), "A simple division-free algorithm for computing determinants".
"""

import numpy as np

from backends.engine.core import discrete, primitive
from backends.engine.functions import factorisations as lapack
from backends.engine.functions.elementwise import less_equal, sign
from backends.engine.functions.linear_algebra import inv, solve
from backends.engine.functions.manipulation import index, matrix_transpose, stop_gradient, triu
from backends.engine.functions.products import diagonal, undiagonal
from backends.engine.functions.reductions import sum
from backends.engine.functions.spectral import svd
from backends.engine.tracer import Tracer, concrete
from backends.engine.traces import Forward, Reverse


def _near_singular(x, inverse):
    """Whether any matrix is nearer to a singular one than a fourth root of eps, relatively.

    With condition c, rounding errors of the second derivative are c eps, of the third c^2 eps. The
    Frobenius norms give n c at most, so what `_det_by_parts` leaves is never near singular again.
    """
    condition = np.sqrt(np.sum(x * x, axis=(-2, -1)) * np.sum(inverse * inverse, axis=(-2, -1)))
    return np.any(condition * _smallness(x.dtype) > x.shape[-1])


def _smallness(dtype):
    return np.finfo(dtype).eps ** 0.25


any_zero = discrete("any_zero", lambda x: np.any(x == 0))
near_singular = discrete("near_singular", _near_singular)


def _per_matrix(x):
    """Give one number per matrix two axes more."""
    return index(x, key=(..., None, None))


def _cofactors_along(t, out, x, determinant):
    """The derivative of the cofactors in a direction; being symmetric, it is also its transpose."""
    if x.shape[-1] < 2:
        return None  # they are constant
    if any_zero(determinant):
        return _by_parts_along(t, x)
    inverse = inv(x)
    if near_singular(x, inverse):
        return _by_parts_along(t, x)
    turned = matrix_transpose(inverse)
    return _per_matrix(sum(out * t, axis=(-2, -1))) * turned - out @ matrix_transpose(t) @ turned


# The determinant comes along as a constant, so that it needn't be computed once more.
cofactors = primitive(
    "cofactors",
    lapack.cofactors,
    vjps=(_cofactors_along, None),
    jvps=(_cofactors_along, None),
)


def _cofactors_of(out, x):
    return cofactors(x, stop_gradient(out))


det = primitive(
    "det",
    lapack.det,
    vjps=(lambda g, out, x: _per_matrix(g) * _cofactors_of(out, x),),
    jvps=(lambda t, out, x: sum(_cofactors_of(out, x) * t, axis=(-2, -1)),),
)


def _by_parts_along(t, x):
    """The derivative along t of the gradient of `_det_by_parts`: forward over reverse."""
    forward, reverse = Forward(), Reverse()
    leaf = reverse.leaf(Tracer(x, forward, t))
    y = _det_by_parts(leaf)
    gradient = reverse.pull({y.note: np.ones(y.shape, y.dtype)})[leaf.note]
    return gradient.note


def _det_by_parts(x):
    """det(x) without division by anything small."""
    u, s, vt = svd(stop_gradient(x))
    v = matrix_transpose(vt)
    great = x.shape[-1] - _count_of_small(s)
    turned = matrix_transpose(u) @ x @ v
    first, rest = slice(0, great), slice(great, None)
    top, right, below, corner = (
        index(turned, key=(..., i, j)) for i in (first, rest) for j in (first, rest)
    )
    if great:
        corner = corner - below @ solve(top, right)
    return sign(det(u) * det(v)) * det(top) * _det_without_division(corner)


def _count_of_small(s):
    """How many of the last singular values are small in any of the matrices; one at least."""
    small = concrete(less_equal(s * _smallness(s.dtype) ** -1, index(s, key=(..., slice(0, 1)))))
    return max(1, int(np.max(np.sum(small, axis=-1), initial=0)))


def _det_without_division(x):
    """Bird's: a polynomial in the elements of x (n, n), by n - 1 products of matrices."""
    n = x.shape[-1]
    after = np.tril(np.ones((n, n), x.dtype), -1)
    f = x
    for _ in range(n - 1):
        sums = index(diagonal(f), key=(..., None, slice(None))) @ after
        f = (undiagonal(index(sums, key=(..., 0, slice(None))), shape=x.shape) - triu(f, k=1)) @ x
    return index(f, key=(..., 0, 0))
