"""Gathering by arrays of integers, and what rests on it: sorting and sums by segment.

The one convention: indices are positional arguments like any array, so that they may depend on
values; they have no derivative. The transpose of gathering is adding up.
"""

import numpy as np

from backends.engine.core import discrete, linear
from backends.engine.manipulation import permute_dims


def _segment_sum(x, segments, *, count):
    out = np.zeros((count, *x.shape[1:]), x.dtype)
    np.add.at(out, segments, x)
    return out


segment_sum = linear(
    "segment_sum",
    _segment_sum,
    lambda g, x, segments, *, count: take(g, segments, axis=0),
    None,
)


def _untake(g, x, indices, *, axis):
    axis = axis % x.ndim
    front = (axis, *(a for a in range(x.ndim) if a != axis))
    back = (*range(1, axis + 1), 0, *range(axis + 1, x.ndim))
    summed = segment_sum(permute_dims(g, front), indices, count=x.shape[axis])
    return permute_dims(summed, back)


take = linear("take", lambda x, indices, *, axis: np.take(x, indices, axis), _untake, None)


def _add_along_axis(x, indices, *, shape, axis):
    out = np.zeros(shape, x.dtype)
    places = list(np.indices(x.shape, sparse=True))
    places[axis] = indices
    np.add.at(out, tuple(places), x)
    return out


take_along_axis = linear(
    "take_along_axis",
    lambda x, indices, *, axis: np.take_along_axis(x, indices, axis),
    lambda g, x, indices, *, axis: add_along_axis(g, indices, shape=x.shape, axis=axis),
    None,
)
add_along_axis = linear(
    "add_along_axis",
    _add_along_axis,
    lambda g, x, indices, *, shape, axis: take_along_axis(g, indices, axis=axis),
    None,
)

argsort = discrete("argsort", lambda x, *, axis=-1: np.argsort(x, axis=axis, kind="stable"))


def sort(x, *, axis=-1):
    """Sort ascending."""
    return take_along_axis(x, argsort(x, axis=axis), axis=axis)
