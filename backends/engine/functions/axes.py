"""Axes and shapes, as functions that take an `axis` need them.

The one convention: `axis` is an int, which may count from the back, a tuple of ints, or None for
all axes; whatever comes out counts from 0.
"""

import math

import numpy as np


def counted(axis, ndim):
    """Axes counted from 0: those of an int, of a tuple of them, or all for None.

    Raises ValueError (np.exceptions.AxisError) for one that isn't there, or is given twice.
    """
    if axis is None:
        return tuple(range(ndim))
    if not isinstance(axis, tuple):
        return (_from_zero(axis, ndim),)
    axes = tuple(_from_zero(a, ndim) for a in axis)
    if len(set(axes)) < len(axes):
        raise ValueError(f"an axis is given twice in {axis}; name each once")
    return axes


def counted_alone(axis, ndim):
    """One axis counted from 0; None is the only one. Raises ValueError where there are more."""
    if axis is not None:
        return _from_zero(axis, ndim)
    if ndim != 1:
        raise ValueError(f"only arrays of one axis need no axis named; this one has {ndim}")
    return 0


def _from_zero(axis, ndim):
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis % ndim


def kept_shape(x, axis):
    """The shape after folding with keepdims."""
    axes = counted(axis, x.ndim)
    return tuple(1 if a in axes else n for a, n in enumerate(x.shape))


def folded_shape(x, axis):
    """The shape after folding without keepdims."""
    axes = counted(axis, x.ndim)
    return tuple(n for a, n in enumerate(x.shape) if a not in axes)


def count_of(x, axis):
    """How many elements are folded into one."""
    return x.size if axis is None else math.prod(x.shape[a] for a in counted(axis, x.ndim))
