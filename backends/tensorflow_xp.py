"""TensorFlow's `xp`: the names of `harness/xp.py`, as plain TensorFlow operations.

tf.Tensor lacks `.T` and has no `@` for vectors. This module gives the class those two and nothing
else. `tf.experimental.numpy.experimental_enable_numpy_behavior` would do it too, but it also
changes type promotion and indexing everywhere and makes every operator dearer: 43 us against 17
for one eager product of two small vectors.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from backends.tensorflow_creation import creation
from backends.tensorflow_gradients import grad, jvp, vjp
from backends.tensorflow_loops import EAGER, GRAPH
from harness.case import Case
from harness.xp import Namespace


def namespace(case: Case, graph: bool) -> Namespace:
    """Lend the names for a case; graphs get their own loops, eager code gets Python's."""
    loops = GRAPH if graph else EAGER
    names = {**BOUND, **OWN, **loops, **creation(tf.as_dtype(case.dtype))}
    return Namespace(names, {}, "tensorflow", {"tf": tf})


# Where a Python number meets an array, graphs want it converted to the array's dtype first.


def pair(x, y):
    if isinstance(x, int | float):
        return tf.convert_to_tensor(x, y.dtype), y
    if isinstance(y, int | float):
        return x, tf.convert_to_tensor(y, x.dtype)
    return x, y


def atan2(y, x):
    return tf.atan2(*pair(y, x))


def maximum(x, y):
    return tf.maximum(*pair(x, y))


def minimum(x, y):
    return tf.minimum(*pair(x, y))


def where(condition, x, y):
    return tf.where(condition, *pair(x, y))


def clip(x, *, min=None, max=None):
    if min is not None:
        x = maximum(x, min)
    return x if max is None else minimum(x, max)


def sign(x):
    """Two nested forward accumulators in a graph can't pass a function whose derivative is zero."""
    return tf.sign(tf.stop_gradient(x))


# Reductions, manipulation, indexing


def argmax(x, *, axis=None):
    return tf.argmax(tf.reshape(x, (-1,)) if axis is None else x, axis=axis or 0)


def argmin(x, *, axis=None):
    return tf.argmin(tf.reshape(x, (-1,)) if axis is None else x, axis=axis or 0)


def argsort(x, *, axis=-1):
    return tf.cast(tf.argsort(x, axis=axis, stable=True), tf.int64)


def logsumexp(x, *, axis=None, keepdims=False):
    """tf.reduce_logsumexp asks whether the maximum is finite, which forward over forward can't pass
    in a graph; here it is made finite, so that infinities come out the same."""
    most = tf.stop_gradient(tf.reduce_max(x, axis=axis, keepdims=True))
    most = tf.clip_by_value(most, x.dtype.min, x.dtype.max)
    shifted = tf.math.log(tf.reduce_sum(tf.exp(x - most), axis=axis, keepdims=keepdims))
    return shifted + (most if keepdims else tf.reshape(most, shifted.shape))


def concat(arrays, *, axis=0):
    return tf.concat(arrays, axis)


def flip(x, *, axis):
    return tf.reverse(x, (axis,))


def matrix_transpose(x):
    """tf.linalg.matrix_transpose costs twice as much as tf.transpose on a small matrix."""
    return tf.transpose(x) if x.shape.rank == 2 else tf.linalg.matrix_transpose(x)


def permute_dims(x, axes):
    return tf.transpose(x, axes)


def tril(x, *, k=0):
    rows, columns = x.shape[-2:]
    return where(np.tri(rows, columns, k, dtype=bool), x, 0)


def triu(x, *, k=0):
    rows, columns = x.shape[-2:]
    return where(~np.tri(rows, columns, k - 1, dtype=bool), x, 0)


def segment_sum(x, segments, *, count):
    return tf.math.unsorted_segment_sum(x, segments, count)


def take_along_axis(x, indices, *, axis):
    """tf.gather pairs leading axes, so the axis goes last on the way in and back on the way out."""
    rank = x.shape.rank
    order = [i for i in range(rank) if i != axis % rank] + [axis % rank]
    taken = tf.gather(tf.transpose(x, order), tf.transpose(indices, order), batch_dims=rank - 1)
    return tf.transpose(taken, np.argsort(order))


# Linear algebra


def matmul(x, y):
    if x.shape.rank == 1 and y.shape.rank == 1:
        return tf.reduce_sum(x * y)
    if y.shape.rank == 1:
        return tf.linalg.matvec(x, y)
    if x.shape.rank == 1:
        return tf.linalg.matvec(y, x, transpose_a=True)
    return tf.matmul(x, y)


def conv(x, kernel, *, stride=1, padding=0):
    """Channels go last and come back: the CPU kernels know no other order."""
    around = (padding, padding)
    out = tf.nn.conv2d(
        tf.transpose(x, (0, 2, 3, 1)),
        tf.transpose(kernel, (2, 3, 1, 0)),
        strides=stride,
        padding=((0, 0), around, around, (0, 0)),
    )
    return tf.transpose(out, (0, 3, 1, 2))


def solve(a, b):
    return columnwise(tf.linalg.solve, a, b)


def solve_triangular(a, b, *, lower):
    return columnwise(lambda a, b: tf.linalg.triangular_solve(a, b, lower=lower), a, b)


def columnwise(solver, a, b):
    return solver(a, b[:, None])[:, 0] if b.shape.rank == 1 else solver(a, b)


OWN = {
    "argmax": argmax,
    "argmin": argmin,
    "argsort": argsort,
    "atan2": atan2,
    "clip": clip,
    "concat": concat,
    "conv": conv,
    "flip": flip,
    "grad": grad,
    "jvp": jvp,
    "linalg.solve": solve,
    "logsumexp": logsumexp,
    "matmul": matmul,
    "matrix_transpose": matrix_transpose,
    "maximum": maximum,
    "minimum": minimum,
    "permute_dims": permute_dims,
    "segment_sum": segment_sum,
    "sign": sign,
    "solve_triangular": solve_triangular,
    "take_along_axis": take_along_axis,
    "tril": tril,
    "triu": triu,
    "vjp": vjp,
    "where": where,
}
BOUND = {
    "abs": tf.abs,
    "astype": tf.cast,
    "broadcast_to": tf.broadcast_to,
    "cos": tf.cos,
    "cumulative_sum": tf.cumsum,
    "digamma": tf.math.digamma,
    "einsum": tf.einsum,
    "erf": tf.math.erf,
    "exp": tf.exp,
    "expand_dims": tf.expand_dims,
    "expit": tf.sigmoid,
    "expm1": tf.math.expm1,
    "float32": tf.float32,
    "float64": tf.float64,
    "gammaln": tf.math.lgamma,
    "int64": tf.int64,
    "linalg.cholesky": tf.linalg.cholesky,
    "linalg.det": tf.linalg.det,
    "linalg.diagonal": tf.linalg.diag_part,
    "linalg.inv": tf.linalg.inv,
    "linalg.slogdet": tf.linalg.slogdet,
    "linalg.trace": tf.linalg.trace,
    "log": tf.math.log,
    "log1p": tf.math.log1p,
    "max": tf.reduce_max,
    "mean": tf.reduce_mean,
    "min": tf.reduce_min,
    "ones_like": tf.ones_like,
    "prod": tf.reduce_prod,
    "reshape": tf.reshape,
    "roll": tf.roll,
    "sin": tf.sin,
    "softplus": tf.math.softplus,
    "sort": tf.sort,
    "sqrt": tf.sqrt,
    "square": tf.square,
    "squeeze": tf.squeeze,
    "stack": tf.stack,
    "stop_gradient": tf.stop_gradient,
    "sum": tf.reduce_sum,
    "take": tf.gather,
    "tan": tf.tan,
    "tanh": tf.tanh,
    "zeros_like": tf.zeros_like,
}

tf.Tensor.T = property(tf.transpose, doc="The transpose of two axes.")
tf.Tensor.__matmul__ = matmul
