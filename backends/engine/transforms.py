"""The transformations: reverse mode (`vjp`, `grad`, `value_and_grad`) and forward mode (`jvp`).

The one convention: what is differentiated with respect to is a fresh traced array around each
argument, never the argument itself, so nested derivatives can't be confused with each other.
Arguments that the function ignores have derivatives of zeros. What comes back may share memory
with inputs or with other results; treat it as read-only.
"""

import numpy as np

from backends.engine.core import Forward, Reverse
from backends.engine.manipulation import astype
from backends.engine.tracer import Tracer, dtype_of, shape_of


def grad(f, argnums=0):
    """Make the function that returns the gradient of a scalar function.

    A tuple of `argnums` gives a tuple back. Raises ValueError where the output has axes, TypeError
    for arguments that are not floating-point.
    """

    def gradient_of_f(*arguments):
        return _value_and_grad(f, argnums, arguments, "grad")[1]

    return gradient_of_f


def value_and_grad(f, argnums=0):
    """Make the function that returns a scalar function's value together with its gradient."""

    def value_and_gradient_of_f(*arguments):
        return _value_and_grad(f, argnums, arguments, "value_and_grad")

    return value_and_gradient_of_f


def vjp(f, *xs):
    """Return f(*xs) and its pullback, which maps a cotangent of f's shape to one per x."""
    trace = Reverse()
    xs = [differentiable(x, "vjp") for x in xs]
    leaves = [trace.leaf(x) for x in xs]
    y, note = unwrap(f(*leaves), trace, "vjp")

    def pullback(g):
        g = _matching(g, y, "the cotangent", "the output")
        cotangents = trace.pull({note: g}) if note is not None else {}
        return tuple(
            finished(cotangents.get(leaf.note), x) for leaf, x in zip(leaves, xs, strict=True)
        )

    return y, pullback


def jvp(f, xs, vs):
    """Return f(*xs) and its derivative along vs, one tangent per x."""
    if len(xs) != len(vs):
        raise ValueError(f"jvp needs one tangent per argument; got {len(vs)} for {len(xs)}")
    trace = Forward()
    xs = [differentiable(x, "jvp") for x in xs]
    vs = [_matching(v, x, "the tangent", "its argument") for x, v in zip(xs, vs, strict=True)]
    y, t = unwrap(f(*(Tracer(x, trace, v) for x, v in zip(xs, vs, strict=True))), trace, "jvp")
    return y, finished(t, y)


def _value_and_grad(f, argnums, arguments, asked):
    positions = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    trace = Reverse()
    filled = list(arguments)
    for position in positions:
        if not 0 <= position < len(arguments):
            raise ValueError(
                f"{asked} was asked for argument {position} of a function called with "
                f"{len(arguments)}; count from 0"
            )
        filled[position] = trace.leaf(differentiable(arguments[position], asked))
    leaves = [filled[position] for position in positions]
    y, note = unwrap(f(*filled), trace, asked)
    cotangents = {} if note is None else trace.pull({note: one_like(y, asked)})
    gradients = tuple(finished(cotangents.get(leaf.note), leaf.value) for leaf in leaves)
    return y, gradients[0] if isinstance(argnums, int) else gradients


def differentiable(x, asked):
    """Return x as an array, if it is one of floating-point numbers."""
    if not isinstance(x, (Tracer, np.ndarray, np.generic)):
        x = np.asarray(x)
    if x.dtype.kind != "f":
        raise TypeError(f"{asked} needs floating-point inputs; got {x.dtype}; try x.astype(float)")
    return x


def one_like(y, asked):
    """The cotangent 1 of a scalar; whatever has axes is refused."""
    if shape_of(y) != ():
        raise ValueError(
            f"{asked} needs a scalar output; got shape {shape_of(y)}; "
            "sum it, or use vjp with a cotangent"
        )
    return dtype_of(y).type(1)


def finished(c, x):
    """A cotangent or tangent as it is handed out: of x's dtype, writable, zeros for None."""
    if c is None:
        return np.zeros(shape_of(x), dtype_of(x))
    if c.dtype != dtype_of(x):
        return astype(c, dtype_of(x))
    if isinstance(c, np.ndarray) and not c.flags.writeable:
        return c.copy()
    return c


def unwrap(y, trace, asked):
    """Split the function's result into its value and its note, None if it is not traced here."""
    while isinstance(y, Tracer) and y.trace.number > trace.number:
        y = y.value  # it was kept from a derivative taken within, which is over
    if isinstance(y, Tracer):
        return (y.value, y.note) if y.trace is trace else (y, None)
    if isinstance(y, (tuple, list, dict, type(None))):
        raise TypeError(
            f"{asked} needs a function that returns one array; got {type(y).__name__}; "
            "return one, or stack several"
        )
    return y, None


def _matching(c, like, what, whose):
    """A cotangent or tangent given by the caller, as an array of the shape and dtype it needs."""
    if not isinstance(c, (Tracer, np.ndarray, np.generic)):
        c = np.asarray(c)
    if c.shape != shape_of(like):
        raise ValueError(
            f"{what} has shape {c.shape}, but {whose} {shape_of(like)}; make them equal"
        )
    return c if c.dtype == dtype_of(like) else astype(c, dtype_of(like))
