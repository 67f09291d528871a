"""Norms of vectors and matrices.

The one convention: `axis` is an int, a tuple of ints, or None for all; matrices are the last two
axes. Where a norm has a kink:

| norm | at | derivative |
|---|---|---|
| 2, fro | zero | NaN, as in JAX and TensorFlow (0 in PyTorch) |
| 1 | zero elements | 0 there |
| inf, -inf, matrix norms 1, -1 | ties | shared evenly |
| nuc | zero singular values | that of one branch |
| matrix norms 2, -2 | equal singular values, or zero where -2 | that of one of their vectors |
"""

import math

import numpy as np

from backends.engine.core import primitive
from backends.engine.functions.elementwise import abs, not_equal, typed
from backends.engine.functions.manipulation import astype, floating, index, moveaxis, reshape
from backends.engine.functions.reductions import kept, max, min, sum
from backends.engine.functions.singular_norms import nuclear_norm, spectral_norm
from backends.engine.functions.spectral import svdvals
from backends.engine.functions.squares import all_in_range


def _length(x, *, axis=None, keepdims=False):
    total = np.add.reduce(x * x, axis=axis, keepdims=keepdims)
    if all_in_range(total):
        return np.sqrt(total)
    return _scaled_length(x, axis).reshape(total.shape)[()]


def _scaled_length(x, axis):
    size = np.max(np.abs(x), axis=axis, keepdims=True, initial=0)
    x = x / np.where((size > 0) & np.isfinite(size), size, 1)
    return np.sqrt(np.add.reduce(x * x, axis=axis, keepdims=True)) * np.where(size > 0, size, 1)


length = primitive(
    "length",
    _length,
    vjps=(
        # Not x (g / out), which for tiny vectors is infinite where g is a derivative of it
        lambda g, out, x, *, axis=None, keepdims=False: kept(g, x, axis) * (x / kept(out, x, axis)),
    ),
    jvps=(
        lambda t, out, x, *, axis=None, keepdims=False: (
            sum(x * t, axis=axis, keepdims=keepdims) / out
        ),
    ),
)


def vector_norm(x, *, axis=None, keepdims=False, ord=2):
    """Return sum(|x|^ord)^(1/ord), or for inf, -inf and 0 the greatest, the least, the count."""
    x = floating(x)
    if ord == 2:
        return length(x, axis=axis, keepdims=keepdims)
    if ord == 0:
        return sum(astype(not_equal(x, 0), x.dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return sum(abs(x), axis=axis, keepdims=keepdims)
    if ord in (math.inf, -math.inf):
        return (max if ord > 0 else min)(abs(x), axis=axis, keepdims=keepdims)
    return sum(abs(x) ** ord, axis=axis, keepdims=keepdims) ** (1 / typed(ord, x)).item()


def matrix_norm(x, *, keepdims=False, ord="fro"):
    """Return a norm of each matrix: "fro", "nuc", or as an operator 1, -1, 2, -2, inf or -inf."""
    x = floating(x)
    if ord == "fro":
        return length(x, axis=(-2, -1), keepdims=keepdims)
    y = _by_singular_values(x, ord) if ord in ("nuc", 2, -2) else _by_sums(x, ord)
    return reshape(y, (*y.shape, 1, 1)) if keepdims else y


def _by_singular_values(x, ord):
    if ord == -2:
        return index(svdvals(x), key=(..., -1))
    return spectral_norm(x) if ord == 2 else nuclear_norm(x)


def _by_sums(x, ord):
    axes = {1: -2, -1: -2, math.inf: -1, -math.inf: -1}
    if ord not in axes:
        raise ValueError(f"matrix_norm knows no {ord!r}; try 'fro', 'nuc', 1, 2, inf or a negative")
    return (max if ord > 0 else min)(sum(abs(x), axis=axes[ord]), axis=-1)


def norm(x, ord=None, *, axis=None, keepdims=False):
    """Return NumPy's norm: of the matrices in two axes where `ord` asks, else of vectors."""
    if axis is None and ord is not None and x.ndim == 2:
        axis = (0, 1)
    if ord is None or axis is None or isinstance(axis, int):
        return vector_norm(x, axis=axis, keepdims=keepdims, ord=2 if ord is None else ord)
    y = matrix_norm(moveaxis(x, axis, (-2, -1)), keepdims=keepdims, ord=ord)
    return moveaxis(y, (-2, -1), axis) if keepdims else y
