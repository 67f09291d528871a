"""TensorFlow's control flow: `tf.while_loop` and `tf.cond` in graphs, Python's statements in eager.

An unrolled loop takes long to trace, so graphs go through `tf.while_loop`. It has a reverse mode of
any order, and a forward mode of first order as long as no TensorArray is involved; a forward mode
within another mode, or another within it, it has not, and there a scan is unrolled after all.
The same functions work eagerly too, but cost conversions that Python's own statements don't.
"""

from __future__ import annotations

import tensorflow as tf

from backends.tensorflow_gradients import NESTED
from harness.errors import Unsupported

LONGEST = 16  # steps that are unrolled; one of Runge and Kutta's takes 0.3 s to trace


def scan(f, carry, xs):
    if "forward" not in NESTED:
        return reverse_scan(f, carry, xs)
    if len(NESTED) == 1:
        return forward_scan(f, carry, xs)
    count = tf.nest.flatten(xs)[0].shape[0]
    if count > LONGEST:
        raise Unsupported(
            f"tf.while_loop has no forward mode of second order, and to trace {count} unrolled "
            f"steps takes too long (at most {LONGEST} are tried); try tensorflow:eager"
        )
    return unrolled_scan(f, carry, xs)


def reverse_scan(f, carry, xs):
    """The first step stands before the loop: its output tells dtypes and shapes of the stacks."""
    count = tf.nest.flatten(xs)[0].shape[0]
    columns = tf.nest.map_structure(lambda x: array_like(x[0], count).unstack(x), xs)

    def step(i, carry):
        return f(carry, tf.nest.map_structure(lambda column: column.read(i), columns))

    def body(i, carry, outputs):
        carry, y = step(i, carry)
        return i + 1, carry, tf.nest.map_structure(lambda out, y: out.write(i, y), outputs, y)

    carry, y = step(0, carry)
    outputs = tf.nest.map_structure(lambda y: array_like(y, count).write(0, y), y)
    _, carry, outputs = tf.while_loop(
        lambda i, *_: i < count,
        body,
        (tf.constant(1), carry, outputs),
        maximum_iterations=count - 1,
    )
    return carry, tf.nest.map_structure(lambda out: out.stack(), outputs)


def forward_scan(f, carry, xs):
    """Rows are gathered from xs and scattered into ys, as TensorArrays have no forward mode. In
    reverse mode each step would touch all of xs and ys again."""
    count = tf.nest.flatten(xs)[0].shape[0]

    def body(i, carry, ys):
        carry, y = f(carry, tf.nest.map_structure(lambda x: tf.gather(x, i), xs))
        write = lambda ys, y: tf.tensor_scatter_nd_update(ys, [[i]], y[None])  # noqa: E731
        return i + 1, carry, tf.nest.map_structure(write, ys, y)

    carry, y = f(carry, tf.nest.map_structure(lambda x: x[0], xs))
    ys = tf.nest.map_structure(
        lambda y: tf.concat([y[None], tf.zeros((count - 1, *y.shape), y.dtype)], 0), y
    )
    _, carry, ys = tf.while_loop(
        lambda i, *_: i < count, body, (tf.constant(1), carry, ys), maximum_iterations=count - 1
    )
    return carry, ys


def array_like(x, count):
    return tf.TensorArray(x.dtype, size=count, element_shape=x.shape)


def while_loop(test, body, carry):
    refuse_nested_forward("tf.while_loop")
    return tf.while_loop(lambda *carry: test(carry), lambda *carry: body(carry), carry)


def refuse_nested_forward(name):
    """TensorFlow itself raises TypeError, SystemError or IndexError, or silently gives zeros."""
    if "forward" in NESTED and len(NESTED) > 1:
        raise Unsupported(f"{name} has no forward mode of second order; try tensorflow:eager")


def cond(predicate, yes, no, *operands):
    refuse_nested_forward("tf.cond")
    predicate = tf.convert_to_tensor(predicate)
    return tf.cond(predicate, lambda: yes(*operands), lambda: no(*operands))


def unrolled_scan(f, carry, xs):
    ys = []
    columns = [tf.unstack(x) for x in tf.nest.flatten(xs)]
    for row in zip(*columns, strict=True):
        carry, y = f(carry, tf.nest.pack_sequence_as(xs, row))
        ys.append(y)
    return carry, tf.nest.map_structure(lambda *rows: tf.stack(rows), *ys)


def eager_while_loop(test, body, carry):
    while test(carry):
        carry = body(carry)
    return carry


def eager_cond(predicate, yes, no, *operands):
    return yes(*operands) if predicate else no(*operands)


GRAPH = {"cond": cond, "scan": scan, "while_loop": while_loop}
EAGER = {"cond": eager_cond, "scan": unrolled_scan, "while_loop": eager_while_loop}
