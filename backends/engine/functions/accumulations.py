"""Running sums, products and extrema.

The one convention: `axis` is one int, and the result has the shape of x.
"""

import numpy as np

from backends.engine.core import discrete, linear, primitive
from backends.engine.functions.manipulation import concat, flip, index
from backends.engine.functions.sorting import take_along_axis

cumulative_sum = linear(
    "cumulative_sum",
    lambda x, *, axis: np.add.accumulate(x, axis=axis),
    lambda g, x, *, axis: flip(cumulative_sum(flip(g, axis=axis), axis=axis), axis=axis),
)


def _part(x, axis, start, stop):
    return index(x, key=(*(slice(None),) * (axis % x.ndim), slice(start, stop)))


def _recurrence(a, b, axis):
    """The y of y[k] = b[k] + a[k] y[k - 1], from y = 0, by doubling: no division, so exact at 0.

    After a round y[k] counts the last 2, 4, 8, ... of the b before it, and a[k] is the product of
    as many (Kogge and Stone 1973, doi:10.1109/TC.1973.5009159).
    """
    n, reach = b.shape[axis], 1
    while reach < n:
        far = _part(a, axis, reach, n)
        added = far * _part(b, axis, 0, n - reach)
        b = concat([_part(b, axis, 0, reach), _part(b, axis, reach, n) + added], axis=axis)
        a = concat([_part(a, axis, 0, reach), far * _part(a, axis, 0, n - reach)], axis=axis)
        reach *= 2
    return b


def _before(x, first, axis):
    """Shift by one along the axis, filling with a number."""
    shape = list(x.shape)
    n, shape[axis] = shape[axis], 1
    return concat([np.full(shape, first, x.dtype), _part(x, axis, 0, n - 1)], axis=axis)


def _cumulative_prod_jvp(t, out, x, *, axis):
    return _recurrence(x, _before(out, 1, axis) * t, axis) if x.size else t


def _cumulative_prod_vjp(g, out, x, *, axis):
    if not x.size:
        return g
    factors = _before(flip(x, axis=axis), 0, axis)
    summed = flip(_recurrence(factors, flip(g, axis=axis), axis), axis=axis)
    return _before(out, 1, axis) * summed


cumulative_prod = primitive(
    "cumulative_prod",
    lambda x, *, axis: np.multiply.accumulate(x, axis=axis),
    vjps=(_cumulative_prod_vjp,),
    jvps=(_cumulative_prod_jvp,),
)


def _latest(ufunc):
    def latest(x, *, axis=-1):
        extreme = np.equal(x, ufunc.accumulate(x, axis=axis)) | np.isnan(x)
        n = x.shape[axis]
        places = np.arange(n).reshape((n, *(1,) * (x.ndim - axis % x.ndim - 1)))
        return np.maximum.accumulate(np.where(extreme, places, 0), axis=axis)

    return latest


latest_max = discrete("latest_max", _latest(np.maximum))
latest_min = discrete("latest_min", _latest(np.minimum))


def cumulative_max(x, *, axis):
    """The greatest so far; of equal ones the latest has the derivative."""
    return take_along_axis(x, latest_max(x, axis=axis), axis=axis)


def cumulative_min(x, *, axis):
    """The least so far; of equal ones the latest has the derivative."""
    return take_along_axis(x, latest_min(x, axis=axis), axis=axis)
