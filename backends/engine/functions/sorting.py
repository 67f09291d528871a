"""Sorting and searching, and gathering along one axis by places that differ from line to line.

The one convention: places are arrays of integers, which discrete functions find; where elements
tie, their order is that in which they came.
"""

import numpy as np

from backends.engine import keys
from backends.engine.core import discrete
from backends.engine.functions.axes import counted_alone
from backends.engine.functions.elementwise import not_equal
from backends.engine.functions.indexing import assign, gather, increase
from backends.engine.tracer import concrete


def take_along_axis(x, indices, *, axis=-1):
    """Take entries along one axis by indices that have as many axes as x."""
    places, key = _along(indices, x, axis)
    return gather(x, *places, key=key)


def put_along_axis(x, indices, entries, *, axis=-1):
    """Return x as it would be after `np.put_along_axis(x, indices, entries, axis)`."""
    places, key = _along(indices, x, axis)
    return assign(x, entries, *places, key=key)


def add_along_axis(x, indices, entries, *, axis=-1):
    """Return x with entries added to where put_along_axis assigns them; equal places add up."""
    places, key = _along(indices, x, axis)
    return increase(x, entries, *places, key=key)


def _along(indices, x, axis):
    """The places in x of every entry, one array per axis, and their key."""
    if indices.ndim != x.ndim:
        raise ValueError(
            f"indices along an axis need the array's {x.ndim} axes; got {indices.ndim}; reshape "
            "them, or use take"
        )
    axis = counted_alone(axis, x.ndim)
    places = [np.arange(n).reshape((n, *(1,) * (x.ndim - a - 1))) for a, n in enumerate(x.shape)]
    places[axis] = indices
    return places, (keys.GAP,) * x.ndim


def _argsort(x, *, axis=-1, descending=False):
    if not descending:
        return x.argsort(axis=axis, kind="stable")
    order = np.flip(x, axis).argsort(axis=axis, kind="stable")
    return np.flip(x.shape[axis] - 1 - order, axis)


_argsort_of = discrete("argsort", _argsort)


def argsort(x, *, axis=-1, descending=False, stable=True):
    """Return the places that sort x along one axis; stable, whatever `stable` says."""
    return _argsort_of(x, axis=axis, descending=descending)


def sort(x, *, axis=-1, descending=False, stable=True):
    """Sort along one axis; each element keeps its derivative, ties in the order of argsort."""
    return take_along_axis(x, argsort(x, axis=axis, descending=descending), axis=axis)


_searchsorted = discrete(
    "searchsorted", lambda x, entries, *, side="left": np.searchsorted(x, entries, side=side)
)


def searchsorted(x, entries, *, side="left"):
    """Return where entries would be inserted in x, of one sorted axis, to keep it sorted."""
    return _searchsorted(x, entries, side=side)


def nonzero(x):
    """Return the places of nonzero elements, one plain array of integers per axis."""
    return np.nonzero(concrete(not_equal(x, 0)))
