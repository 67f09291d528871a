"""Products, convolution, and the functions of matrices.

The one convention: matrices are the last two axes. The rules for functions of matrices are Giles
(2008), "An extended collection of matrix derivative results for forward and reverse mode AD". What
LAPACK refuses, longdouble, is computed in factorisations.py.
"""

import numpy as np

from backends.engine import factorisations as lapack
from backends.engine.core import discrete, linear, multilinear, primitive, unbroadcast
from backends.engine.manipulation import (
    broadcast_to,
    expand_dims,
    index,
    matrix_transpose,
    permute_dims,
    place,
    reshape,
    tril,
    triu,
)
from backends.engine.reductions import sum


def _matmul_left(g, x, y):
    if y.ndim == 1:
        return unbroadcast(expand_dims(g, axis=-1) * y if x.ndim > 1 else g * y, x)
    if x.ndim == 1:
        row = expand_dims(g, axis=-2)
        return matmul(y, g) if y.ndim == 2 else unbroadcast(sum(y * row, axis=-1), x)
    return unbroadcast(matmul(g, matrix_transpose(y)), x)


def _matmul_right(g, x, y):
    if x.ndim == 1:
        column = expand_dims(x, axis=-1)
        return unbroadcast(column * expand_dims(g, axis=-2), y) if y.ndim > 1 else g * x
    if y.ndim == 1:
        column = expand_dims(g, axis=-1)
        return matmul(g, x) if x.ndim == 2 else unbroadcast(sum(x * column, axis=-2), y)
    if y.ndim == 2 and x.ndim > 2:
        # One product instead of a batch of them that would be summed afterwards.
        x, g = reshape(x, (-1, x.shape[-1])), reshape(g, (-1, g.shape[-1]))
    return unbroadcast(matmul(matrix_transpose(x), g), y)


matmul = linear("matmul", np.matmul, _matmul_left, _matmul_right)

# Planning the order of products, which leads to BLAS, costs about 15 us; a plain loop over a
# thousand elements takes 6.
WORTH_PLANNING = 1000


def _einsum(*arrays, subscripts):
    largest = max(a.size for a in arrays)
    return np.einsum(subscripts, *arrays, optimize=len(arrays) > 1 and largest > WORTH_PLANNING)


def _einsum_pull(position, g, out, arrays, metadata):
    inputs, result = metadata["subscripts"].replace(" ", "").split("->")
    inputs = inputs.split(",")
    mine = inputs.pop(position)
    others = [a for i, a in enumerate(arrays) if i != position]
    here = [i for i in mine if i in result or any(i in other for other in inputs)]
    subscripts = f"{','.join([result, *inputs])}->{''.join(here)}"
    c = _einsum_of(g, *others, subscripts=subscripts)
    # An index that only this array has was summed over it alone: its cotangent is constant there.
    key = tuple(slice(None) if i in here else None for i in mine)
    return broadcast_to(index(c, key=key), arrays[position].shape) if len(here) < len(mine) else c


_einsum_of = multilinear("einsum", _einsum, _einsum_pull)


def einsum(subscripts, *arrays):
    """Sum products over indices; the output's are explicit, and none repeats within one array."""
    if "->" not in subscripts or "." in subscripts:
        raise ValueError(f"einsum needs an explicit output and no ellipsis; got {subscripts!r}")
    return _einsum_of(*arrays, subscripts=subscripts)


def _patches(x, *, shape, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def _unpatch(g, *, shape, stride):
    out = np.zeros(shape, g.dtype)
    _, _, rows, columns, height, width = g.shape
    for i in range(height):
        for j in range(width):
            down = slice(i, i + stride * rows, stride)
            across = slice(j, j + stride * columns, stride)
            out[:, :, down, across] += g[..., i, j]
    return out


patches = linear(
    "patches",
    _patches,
    lambda g, x, *, shape, stride: unpatch(g, shape=x.shape, stride=stride),
)
unpatch = linear(
    "unpatch",
    _unpatch,
    lambda g, x, *, shape, stride: patches(g, shape=x.shape[-2:], stride=stride),
)


def conv(x, kernel, *, stride=1, padding=0):
    """Cross-correlate x (batch, in, height, width) with kernel (out, in, height, width).

    A product of matrices: every patch under the kernel, ravelled, times every kernel.
    """
    batch, channels, height, width = x.shape
    if padding:
        inside = (slice(None), slice(None), *(slice(padding, padding + n) for n in (height, width)))
        padded = (batch, channels, height + 2 * padding, width + 2 * padding)
        x = place(x, key=inside, shape=padded)
    under = permute_dims(patches(x, shape=kernel.shape[2:], stride=stride), (0, 2, 3, 1, 4, 5))
    _, rows, columns, *each = under.shape
    columns_of = reshape(under, (batch * rows * columns, int(np.prod(each))))
    y = columns_of @ matrix_transpose(reshape(kernel, (kernel.shape[0], int(np.prod(each)))))
    return permute_dims(reshape(y, (batch, rows, columns, kernel.shape[0])), (0, 3, 1, 2))


def _diagonal(x):
    return np.diagonal(x, axis1=-2, axis2=-1)


def _undiagonal(x, *, shape):
    out = np.zeros(shape, x.dtype)
    i = np.arange(x.shape[-1])
    out[..., i, i] = x
    return out


diagonal = linear("diagonal", _diagonal, lambda g, x: undiagonal(g, shape=x.shape))
undiagonal = linear("undiagonal", _undiagonal, lambda g, x, *, shape: diagonal(g))


def trace(x):
    """The sum of the main diagonal of the last two axes."""
    return sum(diagonal(x), axis=-1)


def _outer(x, y):
    """x y^T, where both are vectors or both have columns."""
    if x.ndim == 1:
        return expand_dims(x, axis=1) * y
    return x @ matrix_transpose(y)


solve = primitive(
    "solve",
    lapack.solve,
    vjps=(
        lambda g, out, a, b: -unbroadcast(_outer(solve(matrix_transpose(a), g), out), a),
        lambda g, out, a, b: unbroadcast(solve(matrix_transpose(a), g), b),
    ),
    jvps=(
        lambda t, out, a, b: -solve(a, t @ out),
        lambda t, out, a, b: solve(a, t),
    ),
)


def _triangle(x, lower):
    return tril(x) if lower else triu(x)


def _solve_transposed(a, g, lower):
    return solve_triangular(matrix_transpose(a), g, lower=not lower)


solve_triangular = primitive(
    "solve_triangular",
    lapack.solve_triangular,
    vjps=(
        lambda g, out, a, b, *, lower: (
            -_triangle(_outer(_solve_transposed(a, g, lower), out), lower)
        ),
        lambda g, out, a, b, *, lower: _solve_transposed(a, g, lower),
    ),
    jvps=(
        lambda t, out, a, b, *, lower: -solve_triangular(a, _triangle(t, lower) @ out, lower=lower),
        lambda t, out, a, b, *, lower: solve_triangular(a, t, lower=lower),
    ),
)

inv = primitive(
    "inv",
    lapack.inv,
    vjps=(lambda g, out, x: -matrix_transpose(out @ matrix_transpose(g) @ out),),
    jvps=(lambda t, out, x: -(out @ t @ out),),
)


def _matrices(g):
    """Give a cotangent of one number per matrix two axes more."""
    return reshape(g, (*g.shape, 1, 1))


det = primitive(
    "det",
    lapack.det,
    vjps=(lambda g, out, x: _matrices(g * out) * matrix_transpose(inv(x)),),
    jvps=(lambda t, out, x: out * trace(solve(x, t)),),
)
_sign_of_det = discrete("sign_of_det", lambda x: lapack.slogdet(x)[0])
_log_of_det = primitive(
    "log_of_det",
    lambda x: lapack.slogdet(x)[1],
    vjps=(lambda g, out, x: _matrices(g) * matrix_transpose(inv(x)),),
    jvps=(lambda t, out, x: trace(solve(x, t)),),
)


def slogdet(x):
    """Return the determinant's sign and the log of its absolute value."""
    return _sign_of_det(x), _log_of_det(x)


def _half(x):
    """The lower triangle with half the diagonal: Phi in Murray (2016), arXiv:1602.07527."""
    return tril(x) - undiagonal(diagonal(x), shape=x.shape) * 0.5


def _symmetric(x):
    return (x + matrix_transpose(x)) * 0.5


def _congruence(factor, x):
    """factor^-1 x factor^-T"""
    half = solve_triangular(factor, x, lower=True)
    return matrix_transpose(solve_triangular(factor, matrix_transpose(half), lower=True))


def _cholesky_vjp(g, out, x):
    middle = _half(matrix_transpose(out) @ g)
    upper = matrix_transpose(out)
    left = solve_triangular(upper, middle, lower=False)
    both = solve_triangular(upper, matrix_transpose(left), lower=False)
    return _symmetric(both)


# As in the other frameworks the derivative is that of the function of (x + x^T) / 2.
cholesky = primitive(
    "cholesky",
    lapack.cholesky,
    vjps=(_cholesky_vjp,),
    jvps=(lambda t, out, x: out @ _half(_congruence(out, _symmetric(t))),),
)
