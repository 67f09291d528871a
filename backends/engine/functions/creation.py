"""Creation: plain arrays, which have no derivative, and traced ones out of traced entries.

The one convention: dtypes are NumPy's defaults, and those of `x` in the functions named `_like`.
"""

from math import e, inf, nan, pi

import numpy as np
from numpy import arange, eye, float32, float64, int64, linspace, longdouble, ones, zeros

from backends.engine.functions.manipulation import astype, broadcast_to, reshape, stack
from backends.engine.tracer import Tracer, dtype_of, shape_of

__all__ = [
    "arange",
    "asarray",
    "bool",
    "e",
    "eye",
    "float32",
    "float64",
    "full",
    "full_like",
    "inf",
    "int64",
    "linspace",
    "longdouble",
    "meshgrid",
    "nan",
    "ones",
    "ones_like",
    "pi",
    "zeros",
    "zeros_like",
]

bool = np.bool_


def asarray(entries, *, dtype=None):
    """Make an array of numbers, of arrays, or of nested lists of either, traced ones among them.

    A traced array comes back as itself if it has the dtype.
    """
    x = stack([asarray(part) for part in entries]) if _holds_traced(entries) else entries
    if isinstance(x, Tracer):
        return x if dtype in (None, x.dtype) else astype(x, dtype)
    return np.asarray(x, dtype)


def _holds_traced(entries):
    return isinstance(entries, (list, tuple)) and any(
        isinstance(part, Tracer) or _holds_traced(part) for part in entries
    )


def full(shape, fill_value, *, dtype=None):
    """Repeat a number or an array, traced or not, to a shape."""
    if isinstance(fill_value, Tracer):
        return broadcast_to(asarray(fill_value, dtype=dtype), shape)
    return np.full(shape, fill_value, dtype)


def full_like(x, fill_value, *, dtype=None):
    """Repeat a number to the shape of x."""
    return full(shape_of(x), fill_value, dtype=dtype or dtype_of(x))


def ones_like(x, *, dtype=None):
    """Make ones of the shape of x."""
    return np.ones(shape_of(x), dtype or dtype_of(x))


def zeros_like(x, *, dtype=None):
    """Make zeros of the shape of x."""
    return np.zeros(shape_of(x), dtype or dtype_of(x))


def meshgrid(*vectors, indexing="xy"):
    """Return the coordinates on the grid that vectors span, as a tuple of arrays.

    Their axes are in the order of the vectors; with "xy" the first two are exchanged.
    """
    if indexing not in ("xy", "ij"):
        raise ValueError(f"meshgrid's indexing is 'xy' or 'ij'; got {indexing!r}")
    axes = list(range(len(vectors)))
    if indexing == "xy":
        axes[:2] = axes[:2][::-1]
    shape = tuple(vectors[a].shape[0] for a in axes)
    return tuple(
        broadcast_to(reshape(x, (-1, *(1,) * (len(axes) - 1 - axes.index(a)))), shape)
        for a, x in enumerate(vectors)
    )
