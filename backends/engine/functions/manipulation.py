"""Functions that move elements about: shapes, order of axes, slices and joins.

The one convention: each is linear, and its transpose puts every cotangent back where its element
came from.
"""

import math

import numpy as np

from backends.engine import core
from backends.engine.core import Primitive, discrete, linear
from backends.engine.functions.axes import counted, counted_alone
from backends.engine.tracer import dtype_of, shape_of
from backends.engine.traces import Parts


def broadcast_to(x, shape):
    """Repeat along axes of length 1 and new leading axes."""
    return core.broadcast_to(x, shape=tuple(shape))


def broadcast_arrays(*arrays):
    """Broadcast arrays to their common shape; returns a tuple."""
    shape = np.broadcast_shapes(*map(shape_of, arrays))
    return tuple(x if shape_of(x) == shape else broadcast_to(x, shape) for x in arrays)


_to_float = linear(
    "astype", lambda x, *, dtype: x.astype(dtype), lambda g, x, *, dtype: astype(g, x.dtype)
)
_to_discrete = discrete("discretise", lambda x, *, dtype: x.astype(dtype))


def astype(x, dtype):
    """Convert; what becomes integer or bool has no derivative."""
    convert = _to_float if np.dtype(dtype).kind == "f" else _to_discrete
    return convert(x, dtype=dtype)


def floating(x):
    """x itself, or integers as float64: where NumPy's functions differ for them from ours."""
    return x if dtype_of(x).kind == "f" else astype(x, np.float64)


stop_gradient = discrete("stop_gradient", lambda x: x)

_reshape = linear(
    "reshape",
    lambda x, *, shape: x.reshape(shape),
    lambda g, x, *, shape: _reshape(g, shape=x.shape),
)


def reshape(x, shape):
    """Give another shape to the same elements; one entry may be -1."""
    return _reshape(x, shape=shape if isinstance(shape, int) else tuple(shape))


def expand_dims(x, *, axis):
    """Insert axes of length 1, where the result is to have them; `axis` is an int or a tuple."""
    added = len(axis) if isinstance(axis, tuple) else 1
    ndim = x.ndim + added
    axes = counted(axis, ndim)
    lengths = iter(x.shape)
    return _reshape(x, shape=tuple(1 if a in axes else next(lengths) for a in range(ndim)))


def squeeze(x, axis):
    """Drop axes of length 1; `axis` is an int or a tuple. Raises ValueError for other lengths."""
    axes = counted(axis, x.ndim)
    for a in axes:
        if x.shape[a] != 1:
            raise ValueError(f"squeeze drops axes of length 1; axis {a} has {x.shape[a]}")
    return _reshape(x, shape=tuple(n for a, n in enumerate(x.shape) if a not in axes))


_permute_dims = linear(
    "permute_dims",
    lambda x, *, axes: x.transpose(axes),
    lambda g, x, *, axes: _permute_dims(g, axes=_inverse(axes)),
)


def _inverse(axes):
    return tuple(sorted(range(len(axes)), key=axes.__getitem__))


def permute_dims(x, axes):
    """Order the axes anew."""
    return _permute_dims(x, axes=counted(tuple(axes), x.ndim))


def moveaxis(x, source, destination):
    """Move axes, an int or a tuple, to where the result is to have them; others keep their order.

    Raises ValueError where the two don't name as many axes.
    """
    sources, destinations = counted(source, x.ndim), counted(destination, x.ndim)
    order = [a for a in range(x.ndim) if a not in sources]
    for to, a in sorted(zip(destinations, sources, strict=True)):
        order.insert(to, a)
    return _permute_dims(x, axes=tuple(order))


matrix_transpose = linear(
    "matrix_transpose", lambda x: x.swapaxes(-1, -2), lambda g, x: matrix_transpose(g)
)


def _flip(x, *, axis=None):
    axes = counted(axis, x.ndim)
    return x[tuple(slice(None, None, -1 if a in axes else None) for a in range(x.ndim))]


flip = linear("flip", _flip, lambda g, x, *, axis=None: flip(g, axis=axis))


def _roll_axis(x, *, shift, axis):
    # Two slices: np.roll takes five times as long
    before, kept = (slice(None),) * axis, x.shape[axis] - shift
    return np.concatenate((x[(*before, slice(kept, None))], x[(*before, slice(kept))]), axis)


_roll = linear(
    "roll",
    _roll_axis,
    lambda g, x, *, shift, axis: _roll(g, shift=x.shape[axis] - shift, axis=axis),
)


def roll(x, shift, *, axis=None):
    """Shift elements along axes; those that fall off come in at the other end.

    `axis` is an int, a tuple, or None for x as one line; `shift` an int, or one for each axis.
    """
    if axis is None:
        return _reshape(roll(_reshape(x, shape=(-1,)), shift, axis=0), shape=x.shape)
    axes = counted(axis, x.ndim)
    for s, a in zip(shift if isinstance(shift, tuple) else (shift,) * len(axes), axes, strict=True):
        if x.shape[a]:
            x = _roll(x, shift=s % x.shape[a], axis=a)
    return x


def tile(x, repetitions):
    """Repeat all of x along each axis, an int or a tuple; a shorter one counts from the last."""
    repetitions = repetitions if isinstance(repetitions, tuple) else (repetitions,)
    ndim = max(len(repetitions), x.ndim)
    repetitions = (1,) * (ndim - len(repetitions)) + repetitions
    shape = (1,) * (ndim - x.ndim) + x.shape
    pairs = [(r, n) for r, n in zip(repetitions, shape, strict=True)]
    apart = _reshape(x, shape=tuple(length for n in shape for length in (1, n)))
    tiled = core.broadcast_to(apart, shape=tuple(length for pair in pairs for length in pair))
    return _reshape(tiled, shape=tuple(math.prod(pair) for pair in pairs))


tril = linear("tril", lambda x, *, k=0: np.tril(x, k), lambda g, x, *, k=0: tril(g, k=k))
triu = linear("triu", lambda x, *, k=0: np.triu(x, k), lambda g, x, *, k=0: triu(g, k=k))


def _unindex(g, x, *, key):
    # Basic indexing takes every element once at most, so putting back is an assignment.
    if g.size == x.size and not _turns(key):
        return _reshape(g, shape=x.shape)
    return Parts(g, key, x.shape)


def _turns(key):
    """Whether a key has a slice that takes elements in another order."""
    parts = key if isinstance(key, tuple) else (key,)
    return any(isinstance(part, slice) and (part.step or 1) < 0 for part in parts)


index = linear("index", lambda x, *, key: x[key], _unindex)


def _place(*parts, keys, shape):
    out = np.zeros(shape, np.result_type(*parts))
    out[keys[0]] = parts[0]
    for key, part in zip(keys[1:], parts[1:], strict=True):
        out[key] += part
    return out


def _place_tangents(tangents, out, parts, metadata):
    given = [i for i, t in enumerate(tangents) if t is not None]
    keys = tuple(metadata["keys"][i] for i in given)
    return place(*(tangents[i] for i in given), keys=keys, shape=metadata["shape"])


# Zeros but for the parts, each at its key, added where they overlap
place = Primitive(
    "place",
    _place,
    lambda i, g, out, parts, metadata: index(g, key=metadata["keys"][i]),
    _place_tangents,
)


def _part(position, arrays, axis):
    """The key of one array within their concatenation."""
    start = sum(x.shape[axis] for x in arrays[:position])
    return (*(slice(None),) * axis, slice(start, start + arrays[position].shape[axis]))


def _completed(tangents, out, arrays):
    return [
        np.zeros(shape_of(x), out.dtype) if t is None else t
        for t, x in zip(tangents, arrays, strict=True)
    ]


_concat = Primitive(
    "concat",
    lambda *arrays, axis: np.concatenate(arrays, axis),
    lambda i, g, out, arrays, metadata: index(g, key=_part(i, arrays, **metadata)),
    lambda tangents, out, arrays, metadata: _concat(*_completed(tangents, out, arrays), **metadata),
)


def concat(arrays, *, axis=0):
    """Join along an axis that is there; None joins them as lines."""
    if axis is None:
        return _concat(*(_reshape(x, shape=(-1,)) for x in arrays), axis=0)
    return _concat(*arrays, axis=counted_alone(axis, arrays[0].ndim))


_stack = Primitive(
    "stack",
    # np.array takes a third of np.stack's time where the new axis is the first
    lambda *arrays, axis: np.stack(arrays, axis) if axis else np.array(arrays),
    lambda i, g, out, arrays, metadata: index(g, key=(*(slice(None),) * metadata["axis"], i)),
    lambda tangents, out, arrays, metadata: _stack(*_completed(tangents, out, arrays), **metadata),
)


def stack(arrays, *, axis=0):
    """Join along a new axis."""
    if not len(arrays):
        raise ValueError("stack needs one array at least; got none")
    return _stack(*arrays, axis=counted_alone(axis, len(shape_of(arrays[0])) + 1))


def unstack(x, *, axis=0):
    """Return the entries along an axis as a tuple of arrays."""
    return tuple(moveaxis(x, axis, 0))
