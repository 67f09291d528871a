"""Where squares over- or underflow, and `atan2`, whose derivative divides by a sum of squares.

The one convention: plain formulas are used where all sums of squares in an array are in range, and
where one is not, the slower ones for all of them.
"""

from functools import cache

import numpy as np

from backends.engine.core import discrete, elementwise
from backends.engine.functions.elementwise import typed


@cache
def _range(dtype):
    info = np.finfo(dtype)
    return info.tiny / info.eps, info.max / 4


def all_in_range(total):
    """Whether sums of squares are as precise as their dtype, and so is what they are divided by."""
    least, most = _range(total.dtype)
    if not total.ndim:  # in a fraction of a ufunc's time
        return least < total < most
    return least < np.min(total, initial=most) and np.max(total, initial=least) < most


def _inverted(x, y):
    size = np.minimum(np.maximum(np.abs(x), np.abs(y)), np.finfo(np.result_type(x, y)).max)
    x, y = x / size, y / size
    return x / (x * x + y * y) / size


# The real part of 1 / (x - iy), whose derivatives are the two parts of its square
inverted = elementwise(
    "inverted",
    _inverted,
    lambda out, x, y: (inverted(y, x) - out) * (inverted(y, x) + out),
    lambda out, x, y: -2 * out * inverted(y, x),
)
in_range = discrete("in_range", all_in_range)


def _by_squared_radius(out, x, y):
    """x / (x^2 + y^2)"""
    x, y = typed(x, out), typed(y, out)
    squared = x * x + y * y
    return x / squared if in_range(squared) else inverted(x, y)


atan2 = elementwise(
    "atan2",
    np.arctan2,
    lambda out, y, x: _by_squared_radius(out, x, y),
    lambda out, y, x: -_by_squared_radius(out, y, x),
)
