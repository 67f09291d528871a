"""Functions that fold axes away.

The one convention: `axis` is an int, a tuple of ints, or None for all; a cotangent is brought back
to the axes of the input by `spread`.
"""

import math

import numpy as np

from backends.engine.core import broadcast_to, discrete, linear, primitive
from backends.engine.functions.axes import (
    count_of,
    counted,
    counted_alone,
    folded_shape,
    kept_shape,
)
from backends.engine.functions.elementwise import exp, log, sqrt, square
from backends.engine.functions.manipulation import (
    concat,
    flip,
    floating,
    index,
    permute_dims,
    reshape,
)
from backends.engine.functions.sorting import sort


def spread(y, x, axis):
    """Repeat a folded array along the axes of x that were folded, kept or not."""
    return broadcast_to(kept(y, x, axis) if y.shape else y, shape=x.shape)


def kept(y, x, axis):
    """Give a folded array its axes of length 1 back."""
    shape = kept_shape(x, axis)
    return y if y.shape == shape else reshape(y, shape)


# The ufuncs' own reductions are a microsecond faster than np.sum and np.max.
sum = linear(
    "sum",
    lambda x, *, axis=None, keepdims=False: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, x, *, axis=None, keepdims=False: spread(g, x, axis),
)


def _mean(x, *, axis=None, keepdims=False):
    return np.add.reduce(x, axis=axis, keepdims=keepdims) / count_of(x, axis)


mean = linear(
    "mean",
    _mean,
    lambda g, x, *, axis=None, keepdims=False: spread(g / count_of(x, axis), x, axis),
)


def var(x, *, axis=None, correction=0, keepdims=False):
    """The mean square of the distance from the mean, over a count less `correction`."""
    squares = square(x - mean(x, axis=axis, keepdims=True))
    return sum(squares, axis=axis, keepdims=keepdims) / (count_of(x, axis) - correction)


def std(x, *, axis=None, correction=0, keepdims=False):
    """The root of `var`."""
    return sqrt(var(x, axis=axis, correction=correction, keepdims=keepdims))


def _ties(x, extremum, *, axis=None):
    equal = np.equal(x, kept(extremum, x, axis) if extremum.shape else extremum)
    if np.count_nonzero(equal) == extremum.size:
        return equal.astype(x.dtype)  # nothing ties: one each
    return equal / np.add.reduce(equal, axis=axis, keepdims=True, dtype=x.dtype)


# Weights that share a derivative evenly between all that equal the extremum.
ties = discrete("ties", _ties)


def _extremum(name, ufunc):
    return primitive(
        name,
        lambda x, *, axis=None, keepdims=False: ufunc.reduce(x, axis=axis, keepdims=keepdims),
        vjps=(
            lambda g, out, x, *, axis=None, keepdims=False: (
                (kept(g, x, axis) if g.shape else g) * ties(x, out, axis=axis)
            ),
        ),
        jvps=(
            lambda t, out, x, *, axis=None, keepdims=False: sum(
                t * ties(x, out, axis=axis), axis=axis, keepdims=keepdims
            ),
        ),
    )


max = _extremum("max", np.maximum)
min = _extremum("min", np.minimum)


def _peak(x, *, axis=None, keepdims=False):
    y = np.maximum.reduce(x, axis=axis, keepdims=keepdims, initial=-np.inf)
    if not y.ndim:  # a tenth of what np.where takes
        return y if math.isfinite(y) else y.dtype.type(0)
    return np.where(np.isfinite(y), y, y.dtype.type(0))


# A constant that keeps exp from overflowing: the result is the same whatever it is, so 0 will do
# where the maximum is infinite and inf - inf would be nan.
peak = discrete("peak", _peak)


def logsumexp(x, *, axis=None, keepdims=False):
    """The log of the sum of exponentials, without overflow.

    Its derivative is made of the same exponentials: one exp of the array for both.
    """
    x = floating(x)
    flat = axis is None and not keepdims
    high = peak(x, axis=axis, keepdims=not flat)
    y = log(sum(exp(x - high), axis=axis, keepdims=keepdims))
    return y + (high if flat or keepdims else reshape(high, y.shape))


def softmax(x, *, axis=-1):
    """The exponentials over their sum along one axis."""
    x = floating(x)
    y = exp(x - peak(x, axis=axis, keepdims=True))
    return y / sum(y, axis=axis, keepdims=True)


def log_softmax(x, *, axis=-1):
    """The log of `softmax`, which doesn't underflow."""
    x = floating(x)
    y = x - peak(x, axis=axis, keepdims=True)
    return y - log(sum(exp(y), axis=axis, keepdims=True))


def _products_of_others(x, axis):
    """For each element the product of the others along the axes, exact where some are 0."""
    axes = counted(axis, x.ndim)
    if len(axes) == 1:
        return _others(x, axes[0])
    order = (*(a for a in range(x.ndim) if a not in axes), *axes)
    back = tuple(order.index(a) for a in range(x.ndim))
    front = permute_dims(x, order)
    line = reshape(front, (*folded_shape(x, axis), count_of(x, axis)))
    return permute_dims(reshape(_others(line, line.ndim - 1), front.shape), back)


def _others(x, axis):
    """By halves: the others of a are those of a b, times b; an odd element stays as it is."""
    n = x.shape[axis]
    if n < 2:
        return np.ones(x.shape, x.dtype)
    if n == 2:
        return flip(x, axis=axis)
    before = (slice(None),) * axis
    first, second, odd = ((*before, slice(i * (n // 2), (i + 1) * (n // 2))) for i in range(3))
    a, b = index(x, key=first), index(x, key=second)
    if n % 2 == 0:
        y = _others(a * b, axis)
        return concat([y * b, y * a], axis=axis)
    y = _others(concat([a * b, index(x, key=odd)], axis=axis), axis)
    of_pairs = index(y, key=first)
    return concat([of_pairs * b, of_pairs * a, index(y, key=second)], axis=axis)


prod = primitive(
    "prod",
    lambda x, *, axis=None, keepdims=False: np.multiply.reduce(x, axis=axis, keepdims=keepdims),
    vjps=(
        lambda g, out, x, *, axis=None, keepdims=False: (
            (kept(g, x, axis) if g.shape else g) * _products_of_others(x, axis)
        ),
    ),
    jvps=(
        lambda t, out, x, *, axis=None, keepdims=False: sum(
            t * _products_of_others(x, axis), axis=axis, keepdims=keepdims
        ),
    ),
)


def median(x, *, axis=None, keepdims=False):
    """The middle element along one axis or of all, the mean of the middle two of an even number."""
    line, along = (reshape(x, (-1,)), 0) if axis is None else (x, counted_alone(axis, x.ndim))
    n = line.shape[along]
    middle = (*(slice(None),) * along, slice((n - 1) // 2, n // 2 + 1))
    y = mean(index(sort(line, axis=along), key=middle), axis=along)
    return reshape(y, kept_shape(x, axis)) if keepdims else y


def _discrete(name, function):
    return discrete(
        name,
        lambda x, *, axis=None, keepdims=False: function(x, axis=axis, keepdims=keepdims),
    )


all = _discrete("all", np.logical_and.reduce)
any = _discrete("any", np.logical_or.reduce)
argmax = _discrete("argmax", np.argmax)
argmin = _discrete("argmin", np.argmin)
count_nonzero = _discrete("count_nonzero", np.count_nonzero)
