"""TensorFlow's transformations: tapes for reverse mode, forward accumulators for forward mode.

Those lent to scenarios (`grad`, `vjp`, `jvp`) differentiate with respect to a fresh alias
(`tf.identity`) of every input: tapes and accumulators know tensors by identity, so watching an
outer variable again would add its outer derivative to the inner one (perturbation confusion).

`NESTED` holds the modes that code runs under, outermost first: a loop has to be written in another
way for each combination of them (see `tensorflow_loops`).
"""

from __future__ import annotations

import tensorflow as tf

from harness.errors import Unsupported
from harness.operators import restrict

ZERO = tf.UnconnectedGradients.ZERO
NESTED: list[str] = []


class Mode:
    """A part of the program that is differentiated in this mode, whatever it raises."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        NESTED.append(self.name)

    def __exit__(self, *raised):
        NESTED.pop()


REVERSE, FORWARD = Mode("reverse"), Mode("forward")


def pull(f, xs, cotangent=None):
    """Return the gradients of a scalar, or the vjp, at xs: tensors that no outer tape watches."""
    with REVERSE, tf.GradientTape() as tape:
        tape.watch(xs)
        y = f(*xs)
    if cotangent is None:
        check_scalar(y)
    return gradients(tape, y, xs, cotangent)


def gradients(tape, y, xs, cotangent):
    """Return a tuple, without asking for one of one: that costs an eager call 5 % more."""
    if len(xs) == 1:
        found = (tape.gradient(y, xs[0], cotangent, unconnected_gradients=ZERO),)
    else:
        found = tape.gradient(y, xs, cotangent, unconnected_gradients=ZERO)
    return tuple(dense(g, x) for g, x in zip(found, xs, strict=True))


def dense(g, x):
    """Add up the IndexedSlices that `tf.gather` leaves; the static shape is kept where there is
    one, unlike by `tf.convert_to_tensor`. The tangent of a segment sum would be IndexedSlices
    again, which the rules of other operations can't take; that of a scatter with two indices to a
    place is not."""
    if not isinstance(g, tf.IndexedSlices):
        return g
    if not x.shape.is_fully_defined():
        return dense_in_size(g, tf.shape(x, g.indices.dtype))
    if "forward" not in NESTED:
        return tf.math.unsorted_segment_sum(g.values, g.indices, x.shape[0])
    return scattered(g, (1, *x.shape))


def dense_in_size(g, shape):
    """The same where a graph doesn't know the size, as a segment sum's: its last index tells it."""
    if "forward" not in NESTED:
        return tf.math.unsorted_segment_sum(g.values, g.indices, shape[0])
    return scattered(g, tf.concat((tf.ones((1,), shape.dtype), shape), 0))


def scattered(g, shape):
    places = tf.stack([tf.zeros_like(g.indices), g.indices], 1)
    return tf.scatter_nd(places, g.values, shape)[0]


def push(f, xs, vs):
    """Return the value and the derivative along vs, at xs that no outer accumulator watches.

    In a graph, nested accumulators look for the first output of an operation's derivative even
    where that is zero and has none (2.21).
    """
    try:
        with FORWARD, tf.autodiff.ForwardAccumulator(xs, vs) as accumulator:
            y = f(*xs)
    except IndexError as error:
        if tf.executing_eagerly() or "forward" not in NESTED:
            raise
        raise Unsupported(
            "in a graph TensorFlow's nested forward accumulators can't pass an operation whose "
            f"derivative is zero, as a comparison: {error}"
        ) from error
    tangent = accumulator.jvp(y, unconnected_gradients=ZERO)
    return y, tf.nest.map_structure(dense, tangent, y)


def grad(f, argnums=0):
    wrt = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def gradient(*arguments):
        restricted, xs = restrict(f, arguments, wrt)
        found = pull(restricted, aliases(xs))
        return found[0] if isinstance(argnums, int) else found

    return gradient


def vjp(f, *xs):
    """The tape is persistent: a pullback may be called often. Outer tapes record what it does."""
    fresh = aliases(xs)
    with REVERSE, tf.GradientTape(persistent=True) as tape:
        tape.watch(fresh)
        y = f(*fresh)

    def pullback(cotangent):
        return gradients(tape, y, fresh, cotangent)

    return y, pullback


def jvp(f, xs, vs):
    """identity_n ties both outputs together: eagerly, an outer tape forgets how the value came
    about, and gives zeros for it, once the tangent is no longer referenced (seen in 2.21)."""
    return tuple(tf.identity_n(push(f, aliases(xs), tuple(vs))))


def aliases(xs):
    return tuple(tf.identity(x) for x in xs)


def check_scalar(y):
    if y.shape.rank != 0:
        raise ValueError(f"grad needs a scalar output; got shape {tuple(y.shape)}")
