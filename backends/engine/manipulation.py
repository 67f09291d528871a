"""Functions that move elements about: shapes, order of axes, slices and joins.

The one convention: each is linear, and its transpose puts every cotangent back where its element
came from.
"""

import numpy as np

from backends.engine import core
from backends.engine.core import Primitive, discrete, linear
from backends.engine.tracer import Tracer


def broadcast_to(x, shape):
    """Repeat along axes of length 1 and new leading axes."""
    return core.broadcast_to(x, shape=tuple(shape))


_to_float = linear(
    "astype", lambda x, *, dtype: x.astype(dtype), lambda g, x, *, dtype: astype(g, x.dtype)
)
_to_discrete = discrete("discretise", lambda x, *, dtype: x.astype(dtype))


def astype(x, dtype):
    """Convert; what becomes integer or bool has no derivative."""
    convert = _to_float if np.dtype(dtype).kind == "f" else _to_discrete
    return convert(x, dtype=dtype)


stop_gradient = discrete("stop_gradient", lambda x: x)

_reshape = linear(
    "reshape",
    lambda x, *, shape: x.reshape(shape),
    lambda g, x, *, shape: _reshape(g, shape=x.shape),
)


def reshape(x, shape):
    """Give another shape to the same elements; one entry may be -1."""
    return _reshape(x, shape=shape)


def expand_dims(x, *, axis):
    """Insert an axis of length 1."""
    axis = axis % (x.ndim + 1)
    return _reshape(x, shape=(*x.shape[:axis], 1, *x.shape[axis:]))


def squeeze(x, *, axis):
    """Drop an axis of length 1."""
    axis = axis % x.ndim
    if x.shape[axis] != 1:
        raise ValueError(f"squeeze drops axes of length 1; axis {axis} has {x.shape[axis]}")
    return _reshape(x, shape=x.shape[:axis] + x.shape[axis + 1 :])


_permute_dims = linear(
    "permute_dims",
    lambda x, *, axes: x.transpose(axes),
    lambda g, x, *, axes: _permute_dims(g, axes=tuple(int(a) for a in np.argsort(axes))),
)


def permute_dims(x, axes):
    """Order the axes anew."""
    return _permute_dims(x, axes=tuple(a % x.ndim for a in axes))


matrix_transpose = linear(
    "matrix_transpose", lambda x: x.swapaxes(-1, -2), lambda g, x: matrix_transpose(g)
)
flip = linear("flip", lambda x, *, axis: np.flip(x, axis), lambda g, x, *, axis: flip(g, axis=axis))
_roll = linear(
    "roll",
    lambda x, *, shift, axis: np.roll(x, shift, axis),
    lambda g, x, *, shift, axis: _roll(g, shift=-shift, axis=axis),
)


def roll(x, shift, *, axis):
    """Shift elements along an axis; those that fall off come in at the other end."""
    return _roll(x, shift=shift, axis=axis)


tril = linear("tril", lambda x, *, k=0: np.tril(x, k), lambda g, x, *, k=0: tril(g, k=k))
triu = linear("triu", lambda x, *, k=0: np.triu(x, k), lambda g, x, *, k=0: triu(g, k=k))

# Basic indexing takes every element once at most, so putting back is an assignment.
index = linear(
    "index",
    lambda x, *, key: x[key],
    lambda g, x, *, key: place(g, key=key, shape=x.shape),
)


def _place(x, *, key, shape):
    out = np.zeros(shape, x.dtype)
    out[key] = x
    return out


place = linear("place", _place, lambda g, x, *, key, shape: index(g, key=key))


def _part(position, arrays, axis):
    """The key of one array within their concatenation."""
    axis = axis % arrays[0].ndim
    start = sum(x.shape[axis] for x in arrays[:position])
    return (*(slice(None),) * axis, slice(start, start + arrays[position].shape[axis]))


def _filled(tangents, arrays):
    return [
        np.zeros(x.shape, x.dtype) if t is None else t
        for t, x in zip(tangents, arrays, strict=True)
    ]


_concat = Primitive(
    "concat",
    lambda *arrays, axis: np.concatenate(arrays, axis),
    lambda i, g, out, arrays, metadata: index(g, key=_part(i, arrays, **metadata)),
    lambda tangents, out, arrays, metadata: _concat(*_filled(tangents, arrays), **metadata),
)


def concat(arrays, *, axis=0):
    """Join along an axis that is there."""
    return _concat(*arrays, axis=axis)


_stack = Primitive(
    "stack",
    lambda *arrays, axis: np.stack(arrays, axis),
    lambda i, g, out, arrays, metadata: index(
        g, key=(*(slice(None),) * (metadata["axis"] % g.ndim), i)
    ),
    lambda tangents, out, arrays, metadata: _stack(*_filled(tangents, arrays), **metadata),
)


def stack(arrays, *, axis=0):
    """Join along a new axis."""
    return _stack(*arrays, axis=axis)


def rows(x):
    """The entries along the first axis, as a list.

    Taken by halves: one by one, each would be put back into zeros of the whole size, so the
    transpose of n rows would cost n^2 instead of n log n.
    """
    n = x.shape[0]
    if not n or not isinstance(x, Tracer):
        return list(x)
    return [x[0]] if n == 1 else rows(x[: n // 2]) + rows(x[n // 2 :])
