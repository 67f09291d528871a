"""TensorFlow's own ways to every operator: tapes and forward accumulators, nested as asked.

One convention: a way takes the function and the positions of its differentiated arguments, and
returns what `prepare` returns. Passes over a basis are traced once: vectorised as by
`GradientTape.jacobian` (a Hessian of 30 numbers in 0.2 ms, in a loop 1.4 ms), or as a loop where
accumulators nest, whose rules take 0.2 s each to vectorise. Eagerly they are taken one by one, as
TensorFlow would otherwise trace them again at every call.
"""

from __future__ import annotations

import math

import tensorflow as tf

from backends.tensorflow_gradients import REVERSE, aliases, gradients, pull, push
from harness.operators import as_tuple, restrict, restrict_along


def value(function, wrt):
    return lambda *arguments: as_tuple(function(*arguments))


def gradient(function, wrt):
    return lambda *arguments: pull(*restrict(function, arguments, wrt))


def vjp(function, wrt):
    return lambda *inputs: pull(*restrict(function, inputs[:-1], wrt), inputs[-1])


def jvp(function, wrt):
    return lambda *inputs: (push(*restrict_along(function, inputs, wrt))[1],)


def jacobian(function, wrt):
    return lambda *arguments: (matrix(*restrict(function, arguments, wrt)),)


def matrix(f, xs):
    """By rows, one pass back for each output; by columns, one forward for each input, where those
    are fewer. The function has to run once to tell."""
    with REVERSE, tf.GradientTape(persistent=True) as tape:
        tape.watch(xs)
        y = f(*xs)
    if math.prod(y.shape) <= count_of(xs):
        return rows(f, xs, tape, y)
    columns = over_basis(lambda v: ravel([push(f, xs, unravel(v, xs))[1]]), xs)
    return tf.transpose(columns)


def rows(f, xs, tape, y):
    """Read the tape once for each output. A tf.while_loop on it takes four times as long to
    vectorise as to trace again within another one."""
    if not tf.executing_eagerly() and loops():
        return over_basis(lambda v: ravel(pull(f, xs, tf.reshape(v, y.shape))), (y,), loop)
    return over_basis(lambda v: ravel(gradients(tape, y, xs, tf.reshape(v, y.shape))), (y,))


def loops():
    """Say whether there is a loop in what was traced so far."""
    return any(
        "While" in operation.type for operation in tf.compat.v1.get_default_graph().get_operations()
    )


def hvp(product):
    """Make the way to a Hessian-vector product from `product(f, xs, vs)`."""

    def way(function, wrt):
        return lambda *inputs: product(*restrict_along(function, inputs, wrt))

    return way


def hessian(product):
    """Make the way to a Hessian, one product for each element of the arguments."""

    def way(function, wrt):
        def call(*arguments):
            f, xs = restrict(function, arguments, wrt)
            return (over_basis(lambda v: ravel(product(f, xs, unravel(v, xs))), xs),)

        return call

    return way


def hessian_by_tape(function, wrt):
    """Reverse over reverse: one gradient, whose tape is then read once for each of its elements."""

    def call(*arguments):
        f, xs = restrict(function, arguments, wrt)
        slope = lambda *xs: ravel(pull(f, aliases(xs)))  # noqa: E731
        with REVERSE, tf.GradientTape(persistent=True) as tape:
            tape.watch(xs)
            y = slope(*xs)
        return (rows(slope, xs, tape, y),)

    return call


def forward_over_reverse(f, xs, vs):
    return push(lambda *xs: pull(f, aliases(xs)), xs, vs)[1]


def reverse_over_reverse(f, xs, vs):
    return pull(lambda *xs: pull(f, aliases(xs)), xs, vs)


def reverse_over_forward(f, xs, vs):
    return pull(lambda *xs: push(f, aliases(xs), vs)[1], xs)


def forward_over_forward(f, xs, vs):
    """One pair of nested accumulators for every element of the arguments."""
    return unravel(over_basis(lambda v: along(f, xs, unravel(v, xs), vs), xs, loop), xs)


def along(f, xs, us, vs):
    """The second derivative of f along us and vs."""
    return push(lambda *xs: push(f, aliases(xs), us)[1], xs, vs)[1]


def twice_forward(function, wrt):
    """The Hessian by forward over forward: a pair of accumulators for every pair of elements."""

    def call(*arguments):
        f, xs = restrict(function, arguments, wrt)
        row = lambda v: ravel(forward_over_forward(f, xs, unravel(v, xs)))  # noqa: E731
        return (over_basis(row, xs, loop),)

    return call


def vectorised(one, basis):
    """In a loop after all where an operation can't be vectorised: TensorFlow's own fallback, a loop
    of that operation alone, dies in the Hessian of a tf.nn.conv2d (2.21)."""
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("CRITICAL")  # it logs the whole graph first
    try:
        return tf.vectorized_map(one, basis, fallback_to_while_loop=False)
    except ValueError:
        return loop(one, basis)
    finally:
        logger.setLevel(level)


def loop(one, basis):
    return tf.map_fn(one, basis, fn_output_signature=basis.dtype)


def over_basis(one, xs, mapped=vectorised):
    """Stack `one(v)` over the unit vectors of the arguments' product space."""
    basis = tf.eye(count_of(xs), dtype=xs[0].dtype)
    if tf.executing_eagerly():
        return tf.stack([one(v) for v in tf.unstack(basis)])
    return mapped(one, basis)


def count_of(xs):
    return sum(math.prod(x.shape) for x in xs)


# Not those of harness.operators: tf.concat has to be told its axis, and tf.split is one operation,
# in half the time of a slice for each of two arguments (105 us against 245, eagerly).


def ravel(xs):
    flat = [tf.reshape(x, (-1,)) for x in xs]
    return flat[0] if len(flat) == 1 else tf.concat(flat, 0)


def unravel(flat, like):
    parts = [flat] if len(like) == 1 else tf.split(flat, [math.prod(x.shape) for x in like])
    return tuple(tf.reshape(part, x.shape) for part, x in zip(parts, like, strict=True))


PRODUCTS = {
    "forward-over-reverse": forward_over_reverse,
    "reverse-over-reverse": reverse_over_reverse,
    "reverse-over-forward": reverse_over_forward,
    "forward-over-forward": forward_over_forward,
}
WAYS = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vjp,
    ("jvp", None): jvp,
    ("jacobian", None): jacobian,
    **{("hvp", composition): hvp(product) for composition, product in PRODUCTS.items()},
    **{("hessian", composition): hessian(product) for composition, product in PRODUCTS.items()},
    ("hessian", "reverse-over-reverse"): hessian_by_tape,
    ("hessian", "forward-over-forward"): twice_forward,
}
