"""Running sums, products and extrema, and differences.

The one convention: `axis` is one int, or None for the only axis; what runs has the shape of x, but
for an initial element that is asked for.
"""

import numpy as np

from backends.engine.core import discrete, linear, primitive
from backends.engine.functions.axes import counted_alone
from backends.engine.functions.manipulation import concat, flip, index
from backends.engine.functions.sorting import take_along_axis

_cumulative_sum = linear(
    "cumulative_sum",
    lambda x, *, axis: np.add.accumulate(x, axis=axis),
    lambda g, x, *, axis: flip(_cumulative_sum(flip(g, axis=axis), axis=axis), axis=axis),
)


def cumulative_sum(x, *, axis=None, include_initial=False):
    """The sum up to every element, after a 0 with `include_initial`."""
    axis = counted_alone(axis, x.ndim)
    y = _cumulative_sum(x, axis=axis)
    return _after(y, 0, axis) if include_initial else y


def _after(x, first, axis):
    """x along an axis after one more entry, of a number."""
    shape = list(x.shape)
    shape[axis] = 1
    return concat([np.full(shape, first, x.dtype), x], axis=axis)


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
    return _after(_part(x, axis, 0, x.shape[axis] - 1), first, axis)


def _cumulative_prod_jvp(t, out, x, *, axis):
    return _recurrence(x, _before(out, 1, axis) * t, axis) if x.size else t


def _cumulative_prod_vjp(g, out, x, *, axis):
    if not x.size:
        return g
    factors = _before(flip(x, axis=axis), 0, axis)
    summed = flip(_recurrence(factors, flip(g, axis=axis), axis), axis=axis)
    return _before(out, 1, axis) * summed


_cumulative_prod = primitive(
    "cumulative_prod",
    lambda x, *, axis: np.multiply.accumulate(x, axis=axis),
    vjps=(_cumulative_prod_vjp,),
    jvps=(_cumulative_prod_jvp,),
)


def cumulative_prod(x, *, axis=None, include_initial=False):
    """The product up to every element, after a 1 with `include_initial`."""
    axis = counted_alone(axis, x.ndim)
    y = _cumulative_prod(x, axis=axis)
    return _after(y, 1, axis) if include_initial else y


def _latest(ufunc):
    def latest(x, *, axis=-1):
        extreme = np.equal(x, ufunc.accumulate(x, axis=axis)) | np.isnan(x)
        n = x.shape[axis]
        places = np.arange(n).reshape((n, *(1,) * (x.ndim - axis % x.ndim - 1)))
        return np.maximum.accumulate(np.where(extreme, places, 0), axis=axis)

    return latest


latest_max = discrete("latest_max", _latest(np.maximum))
latest_min = discrete("latest_min", _latest(np.minimum))


def cumulative_max(x, *, axis=None):
    """The greatest so far; of equal ones the latest has the derivative."""
    axis = counted_alone(axis, x.ndim)
    return take_along_axis(x, latest_max(x, axis=axis), axis=axis)


def cumulative_min(x, *, axis=None):
    """The least so far; of equal ones the latest has the derivative."""
    axis = counted_alone(axis, x.ndim)
    return take_along_axis(x, latest_min(x, axis=axis), axis=axis)


def diff(x, *, axis=-1, n=1, prepend=None, append=None):
    """Subtract every element from the next along one axis, n times over.

    Arrays to `prepend` and `append` are joined to x first.
    """
    if prepend is not None or append is not None:
        x = concat([part for part in (prepend, x, append) if part is not None], axis=axis)
    axis = counted_alone(axis, x.ndim)
    for _ in range(n):
        x = _part(x, axis, 1, None) - _part(x, axis, None, -1)
    return x
