"""Functions that fold axes away, and running sums.

The one convention: `axis` is an int, a tuple of ints, or None for all; a cotangent is brought back
to the axes of the input by `spread`.
"""

import math

import numpy as np

from backends.engine.core import broadcast_to, discrete, linear, primitive
from backends.engine.elementwise import equal, exp
from backends.engine.manipulation import astype, concat, flip, reshape
from backends.engine.tracer import Tracer


def axes_of(x, axis):
    """The axes folded, counted from 0."""
    if axis is None:
        return tuple(range(x.ndim))
    axes = (axis,) if isinstance(axis, int) else axis
    return tuple(a % x.ndim for a in axes)


def kept_shape(x, axis):
    """The shape after folding with keepdims."""
    axes = axes_of(x, axis)
    return tuple(1 if a in axes else n for a, n in enumerate(x.shape))


def folded_shape(x, axis):
    """The shape after folding without keepdims."""
    axes = axes_of(x, axis)
    return tuple(n for a, n in enumerate(x.shape) if a not in axes)


def spread(y, x, axis):
    """Repeat a folded array along the axes of x that were folded, kept or not."""
    return broadcast_to(kept(y, x, axis) if y.shape else y, shape=x.shape)


def kept(y, x, axis):
    """Give a folded array its axes of length 1 back."""
    shape = kept_shape(x, axis)
    return y if y.shape == shape else reshape(y, shape)


def count_of(x, axis):
    return math.prod(x.shape[a] for a in axes_of(x, axis))


# The ufuncs' own reductions are a microsecond faster than np.sum and np.max.
sum = linear(
    "sum",
    lambda x, *, axis=None, keepdims=False: np.add.reduce(x, axis=axis, keepdims=keepdims),
    lambda g, x, *, axis=None, keepdims=False: spread(g, x, axis),
)
mean = linear(
    "mean",
    lambda x, *, axis=None, keepdims=False: np.mean(x, axis=axis, keepdims=keepdims),
    lambda g, x, *, axis=None, keepdims=False: spread(g / count_of(x, axis), x, axis),
)


def _ties(out, x, axis):
    """Weights that share a derivative evenly between all that equal the extremum."""
    ties = astype(equal(x, kept(out, x, axis)), x.dtype)
    return ties / sum(ties, axis=axis, keepdims=True)


def _extremum(name, ufunc):
    return primitive(
        name,
        lambda x, *, axis=None, keepdims=False: ufunc.reduce(x, axis=axis, keepdims=keepdims),
        vjps=(
            lambda g, out, x, *, axis=None, keepdims=False: kept(g, x, axis) * _ties(out, x, axis),
        ),
        jvps=(
            lambda t, out, x, *, axis=None, keepdims=False: sum(
                t * _ties(out, x, axis), axis=axis, keepdims=keepdims
            ),
        ),
    )


max = _extremum("max", np.maximum)
min = _extremum("min", np.minimum)


def _logsumexp(x, *, axis=None, keepdims=False):
    peak = np.maximum.reduce(x, axis=axis, keepdims=True)
    peak = np.where(np.isfinite(peak), peak, 0)  # else inf - inf
    total = np.log(np.add.reduce(np.exp(x - peak), axis=axis, keepdims=True)) + peak
    return total if keepdims else total.reshape(folded_shape(x, axis))


def _softmax(out, x, axis):
    return exp(x - kept(out, x, axis))


logsumexp = primitive(
    "logsumexp",
    _logsumexp,
    vjps=(
        lambda g, out, x, *, axis=None, keepdims=False: kept(g, x, axis) * _softmax(out, x, axis),
    ),
    jvps=(
        lambda t, out, x, *, axis=None, keepdims=False: sum(
            t * _softmax(out, x, axis), axis=axis, keepdims=keepdims
        ),
    ),
)

cumulative_sum = linear(
    "cumulative_sum",
    lambda x, *, axis: np.cumsum(x, axis=axis),
    lambda g, x, *, axis: flip(cumulative_sum(flip(g, axis=axis), axis=axis), axis=axis),
)


def prod(x, *, axis=None, keepdims=False):
    """The product along one axis, or of all elements.

    While differentiated it is folded by halves: the quotient rule would fail at zeros, and this
    holds for derivatives of any order.
    """
    if not isinstance(x, Tracer):
        return np.multiply.reduce(x, axis=axis, keepdims=keepdims)
    line = reshape(x, (-1,)) if axis is None else x
    y = _prod_by_halves(line, 0 if axis is None else axis % x.ndim)
    return reshape(y, kept_shape(x, axis) if keepdims else folded_shape(x, axis))


def _prod_by_halves(x, axis):
    before = (slice(None),) * axis
    while x.shape[axis] > 1:
        half = x.shape[axis] // 2
        folded = x[(*before, slice(half))] * x[(*before, slice(half, 2 * half))]
        odd = x[(*before, slice(2 * half, None))]
        x = concat([folded, odd], axis=axis) if odd.shape[axis] else folded
    return x


argmax = discrete("argmax", lambda x, *, axis=None: np.argmax(x, axis=axis))
argmin = discrete("argmin", lambda x, *, axis=None: np.argmin(x, axis=axis))
