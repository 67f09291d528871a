"""Gathering by arrays of integers and by masks, the sums that undo it, and assigning at a key.

The one convention: indices are positional arguments like any array, so that they may depend on
values; they have no derivative. The transpose of gathering is adding up, always in the order of
the entries, so that an answer doesn't depend on which of the loops below is the shorter.
"""

import math

import numpy as np

from backends.engine import keys
from backends.engine.core import Primitive, linear, multilinear, unbroadcast
from backends.engine.functions.axes import counted_alone
from backends.engine.functions.elementwise import equal, where
from backends.engine.functions.manipulation import index, reshape
from backends.engine.tracer import Tracer, concrete

FEW = 256  # entries up to which np.add.at is the fastest way, whatever the indices


def _add_rows(out, segments, x):
    """Add x[a, i, c] to out[a, segments[i], c].

    On one line np.add.at takes 1 to 4 ns an entry, as np.bincount does, which has float64 only; on
    rows 8 to 60. Sorting and np.add.reduceat take 50.
    """
    before, n, after = x.shape
    if x.size <= FEW:
        np.add.at(out, (slice(None), segments), x)
    elif before * after < n:
        for a in range(before):
            for c in range(after):
                np.add.at(out[a, :, c], segments, x[a, :, c])
    else:
        for i, segment in enumerate(segments.tolist()):
            out[:, segment] += x[:, i]


def _segment_sum(x, segments, *, count, axis=0):
    before, after = x.shape[:axis], x.shape[axis + segments.ndim :]
    out = np.zeros((math.prod(before), count, math.prod(after)), x.dtype)
    rows = x.reshape((out.shape[0], segments.size, out.shape[2]))
    _add_rows(out, segments.reshape(-1), rows)
    return out.reshape((*before, count, *after))


_sum_by_segment = linear(
    "segment_sum",
    _segment_sum,
    lambda g, x, segments, *, count, axis=0: _take(g, segments, axis=axis),
    None,
)
_take = linear(
    "take",
    lambda x, indices, *, axis: x.take(indices, axis),
    lambda g, x, indices, *, axis: _sum_by_segment(g, indices, count=x.shape[axis], axis=axis),
    None,
)


def segment_sum(x, segments, *, count):
    """Sum entries along the first axis by segment: out[s] = sum of x[i] where segments[i] == s.

    Shape (count, *x.shape[1:]); the integers `segments` may be in any order.
    """
    return _sum_by_segment(x, _array(segments), count=count)


def take(x, indices, *, axis=None):
    """Take the entries along one axis that an array of integers names, with its axes.

    Of arrays with one axis it may be left out.
    """
    return _take(x, _array(indices), axis=counted_alone(axis, x.ndim))


def repeat(x, repeats, *, axis=None):
    """Repeat every entry along an axis, an int or an array of them; None for x as one line."""
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    axis = counted_alone(axis, x.ndim)
    counts = repeats if isinstance(repeats, int) else concrete(_array(repeats))
    return _take(x, np.repeat(np.arange(x.shape[axis]), counts), axis=axis)


def _array(indices):
    return indices if isinstance(indices, (Tracer, np.ndarray)) else np.asarray(indices)


gather = multilinear(
    "gather",
    lambda x, *indices, key: x[keys.filled(key, indices)],
    lambda position, g, out, inputs, metadata: (
        None if position else scatter(g, *inputs[1:], **metadata, shape=inputs[0].shape)
    ),
)
scatter = multilinear(
    "scatter",
    lambda x, *indices, key, shape: _accumulated(np.zeros(shape, x.dtype), x, indices, key),
    lambda position, g, out, inputs, metadata: (
        None if position else gather(g, *inputs[1:], key=metadata["key"])
    ),
)


def _accumulated(out, x, indices, key):
    """Add x to a new array, contiguous, at a key: to repeated places as often as they come."""
    if not indices:
        out[key] += x
        return out
    axis = keys.first_of_block(key) if np.size(x) > FEW else None
    if axis is None:
        np.add.at(out, keys.filled(key, indices), x)
        return out
    end = axis + len(indices)
    indices = np.broadcast_arrays(*indices)
    lengths = out.shape[axis:end]
    x = np.broadcast_to(x, (*out.shape[:axis], *indices[0].shape, *out.shape[end:]))
    before, after = math.prod(out.shape[:axis]), math.prod(out.shape[end:])
    segments = _raveled(indices, lengths)
    rows = x.reshape((before, segments.size, after))
    _add_rows(out.reshape((before, math.prod(lengths), after)), segments, rows)
    return out


def _raveled(indices, lengths):
    """One place, counted along all the axes together, for the places along each of them."""
    if len(indices) == 1:
        return indices[0].reshape(-1)
    positive = [_counted_up(i, n) for i, n in zip(indices, lengths, strict=True)]
    return np.ravel_multi_index(positive, lengths).reshape(-1)


def _counted_up(indices, length):
    # Looking takes a fifth of the time of np.where
    return indices if indices.min() >= 0 else np.where(indices < 0, indices + length, indices)


def _with_entries(name, function, by_x, by_entries):
    """Declare a function that is linear in x and in entries together.

    `by_x` and `by_entries` are given the cotangent, then indices and key.
    """

    def pull(position, g, out, inputs, metadata):
        _, entries, *indices = inputs
        if position == 0:
            return by_x(g, *indices, **metadata)
        if position == 1:
            return unbroadcast(by_entries(g, *indices, **metadata), entries)
        return None

    def push(tangents, out, inputs, metadata):
        of_x, of_entries = tangents[:2]
        of_x = np.zeros(out.shape, out.dtype) if of_x is None else of_x
        of_entries = 0 if of_entries is None else of_entries
        return declared(of_x, of_entries, *inputs[2:], **metadata)

    declared = Primitive(name, function, pull, push)
    return declared


def _copied(x, entries):
    return np.array(x, np.result_type(x, entries), order="C")


def _assign(x, entries, *indices, key):
    out = _copied(x, entries)
    out[keys.filled(key, indices)] = entries
    return out


def _at(x, *indices, key):
    return gather(x, *indices, key=key) if indices else index(x, key=key)


def _of_entries(g, *indices, key):
    """Take the cotangents at a key; those of entries that a later one replaced are 0."""
    taken = _at(g, *indices, key=key)
    if not indices:
        return taken
    numbers = np.arange(taken.size).reshape(taken.shape)
    last = assign(np.zeros(g.shape, np.intp), numbers, *indices, key=key)
    return where(equal(gather(last, *indices, key=key), numbers), taken, 0)


assign = _with_entries(
    "assign",
    _assign,
    lambda g, *indices, key: assign(g, 0, *indices, key=key),
    _of_entries,
)
increase = _with_entries(
    "increase",
    lambda x, entries, *indices, key: _accumulated(_copied(x, entries), entries, indices, key),
    lambda g, *indices, key: g,
    _at,
)


def set_at(x, key, entries):
    """Return x as it would be after `x[key] = entries`; of equal places the last entry counts."""
    template, indices = keys.split(key, x.shape, concrete)
    return assign(x, entries, *indices, key=template)


def add_at(x, key, entries):
    """Return x as it would be after `np.add.at(x, key, entries)`: equal places add up."""
    template, indices = keys.split(key, x.shape, concrete)
    return increase(x, entries, *indices, key=template)
