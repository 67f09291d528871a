"""Products of arrays that sum over indices: matmul, einsum, and what is written with them.

The one convention: each is linear in every array, so its transpose is a product of the same kind.
Every product but matmul, vecdot and cross is an einsum.
"""

import string
from functools import cache

import numpy as np

from backends.engine.core import broadcast_to, linear, multilinear, unbroadcast
from backends.engine.functions import contractions
from backends.engine.functions.manipulation import (
    expand_dims,
    index,
    matrix_transpose,
    moveaxis,
    permute_dims,
    reshape,
)
from backends.engine.functions.reductions import sum
from backends.engine.tracer import OF_UFUNC

LETTERS = string.ascii_letters


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


def _matmul(x, y):
    # Of two small matrices dot takes 300 ns and np.matmul 660; where memory has gaps, or of two
    # dtypes, they round otherwise, and the operator @ of plain arrays is np.matmul.
    plain = type(x) is type(y) is np.ndarray and 0 < x.ndim < 3 and 0 < y.ndim < 3
    if plain and x.dtype is y.dtype and x.flags.forc and y.flags.forc:
        return x.dot(y)
    return np.matmul(x, y)


matmul = linear("matmul", _matmul, _matmul_left, _matmul_right)
OF_UFUNC[np.matmul] = matmul


@cache
def _transposed(subscripts, position):
    """The subscripts of one argument's cotangent, and the key that restores its other indices."""
    inputs, result = subscripts.split("->")
    inputs = inputs.split(",")
    mine = inputs.pop(position)
    here = [i for i in mine if i in result or any(i in other for other in inputs)]
    # An index that only this array has was summed over it alone: its cotangent is constant there.
    key = tuple(slice(None) if i in here else None for i in mine)
    return f"{','.join([result, *inputs])}->{''.join(here)}", None if None not in key else key


def _einsum_pull(position, g, out, arrays, metadata):
    subscripts, key = _transposed(metadata["subscripts"], position)
    x = arrays[position]
    c = _einsum(g, *arrays[:position], *arrays[position + 1 :], subscripts=subscripts)
    if key is not None:
        return broadcast_to(index(c, key=key), shape=x.shape)
    return c


_einsum = multilinear("einsum", contractions.contract, _einsum_pull)


def einsum(subscripts, *arrays):
    """Sum products over indices; those of the output are explicit, and there is no ellipsis.

    An index that one array has twice stands for its diagonal: "ii->" is the trace.
    """
    terms, result = contractions.parsed(subscripts, len(arrays))
    for position, term in enumerate(terms):
        if len(set(term)) < len(term):
            terms, arrays = list(terms), list(arrays)
            arrays[position], terms[position] = _without_repeats(arrays[position], term)
    return _einsum(*arrays, subscripts=f"{','.join(terms)}->{result}")


def _without_repeats(x, term):
    """Take diagonals until no index is there twice."""
    for i in sorted(set(term)):
        while term.count(i) > 1:
            first = term.index(i)
            second = term.index(i, first + 1)
            rest = [a for a in range(x.ndim) if a not in (first, second)]
            x = diagonal(permute_dims(x, (*rest, first, second)))
            term = "".join(term[a] for a in rest) + i
    return x, term


def tensordot(x, y, *, axes=2):
    """Sum over pairs of axes: the last of x with the first of y, or those of the two tuples."""
    if isinstance(axes, int):
        axes = tuple(range(x.ndim - axes, x.ndim)), tuple(range(axes))
    left, right = (tuple(a % z.ndim for a in some) for some, z in zip(axes, (x, y), strict=True))
    return _einsum(x, y, subscripts=_tensordot(x.ndim, y.ndim, left, right))


@cache
def _tensordot(ndim, other, left, right):
    mine, yours = list(LETTERS[:ndim]), list(LETTERS[ndim : ndim + other])
    for i, j in zip(left, right, strict=True):
        yours[j] = mine[i]
    kept = [i for i in mine if i not in yours] + [i for i in yours if i not in mine]
    return f"{''.join(mine)},{''.join(yours)}->{''.join(kept)}"


def outer(x, y):
    """Every element of a vector times every one of another."""
    return _einsum(x, y, subscripts="a,b->ab")


def kron(x, y):
    """The Kronecker product: blocks of y, one times each element of x; as many axes in both."""
    if x.ndim != y.ndim:
        raise ValueError(f"kron needs as many axes in both; got {x.ndim} and {y.ndim}; reshape one")
    first, second = LETTERS[: x.ndim], LETTERS[x.ndim : 2 * x.ndim]
    mixed = "".join(i + j for i, j in zip(first, second, strict=True))
    blocks = _einsum(x, y, subscripts=f"{first},{second}->{mixed}")
    return reshape(blocks, tuple(m * n for m, n in zip(x.shape, y.shape, strict=True)))


def _spread_last(g, y, x):
    return unbroadcast(expand_dims(g, axis=-1) * y, x)


_vecdot = linear(
    "vecdot",
    np.vecdot,
    lambda g, x, y: _spread_last(g, y, x),
    lambda g, x, y: _spread_last(g, x, y),
)


def vecdot(x, y, *, axis=-1):
    """The sum of products along an axis, counted from the back; the others broadcast."""
    return _vecdot(moveaxis(x, axis, -1), moveaxis(y, axis, -1))


def _next(x):
    return x[..., (1, 2, 0)]


_cross = linear(
    "cross",
    lambda x, y: _next(x * _next(y) - _next(x) * y),
    lambda g, x, y: unbroadcast(_cross(y, g), x),
    lambda g, x, y: unbroadcast(_cross(g, x), y),
)


def cross(x, y, *, axis=-1):
    """The vector product along an axis of length 3, counted from the back; the others broadcast."""
    if x.shape[axis] != 3 or y.shape[axis] != 3:
        raise ValueError(
            f"cross needs 3 elements along the axis; got {x.shape[axis]} and {y.shape[axis]}"
        )
    return moveaxis(_cross(moveaxis(x, axis, -1), moveaxis(y, axis, -1)), -1, axis)


def _diagonal(x, *, offset=0):
    return np.diagonal(x, offset, axis1=-2, axis2=-1)


def _undiagonal(x, *, shape, offset=0):
    out = np.zeros(shape, x.dtype)
    i = np.arange(x.shape[-1])
    out[..., i + max(-offset, 0), i + max(offset, 0)] = x
    return out


diagonal = linear(
    "diagonal",
    _diagonal,
    lambda g, x, *, offset=0: undiagonal(g, shape=x.shape, offset=offset),
)
undiagonal = linear(
    "undiagonal",
    _undiagonal,
    lambda g, x, *, shape, offset=0: diagonal(g, offset=offset),
)


def trace(x, *, offset=0):
    """The sum of a diagonal of the last two axes."""
    return sum(diagonal(x, offset=offset), axis=-1)
