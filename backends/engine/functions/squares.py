"""Where squares over- or underflow, and `atan2`, whose derivative divides by a sum of squares.

The one convention: a sum of squares is out of range where it lacks digits, and not only where it is
0 or infinite.
"""

from functools import cache

import numpy as np

from backends.engine.core import elementwise
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


def _by_squared_radius(out, x, y):
    """x / (x^2 + y^2)"""
    x, y = typed(x, out), typed(y, out)
    return x / (x * x + y * y)


atan2 = elementwise(
    "atan2",
    np.arctan2,
    lambda out, y, x: _by_squared_radius(out, x, y),
    lambda out, y, x: -_by_squared_radius(out, y, x),
)
