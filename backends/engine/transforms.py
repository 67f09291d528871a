"""The transformations: reverse mode (`vjp`, `grad`, `value_and_grad`) and forward mode (`jvp`).

The one convention: what is differentiated with respect to is a fresh traced array around each
argument, never the argument itself, so nested derivatives can't be confused with each other.
Arguments and results may be trees (see trees.py) of floating-point arrays; complex ones are
refused. What a function doesn't depend on has derivatives of zeros. What comes back may share
memory with inputs or with other results; treat it as read-only.
"""

from backends.engine import trees
from backends.engine.boundary import (
    ForwardOver,
    ReverseOver,
    finished,
    gradient_of,
    lifted,
    matching,
    one_like,
    pushed,
    seeds_of,
    unwrap,
)
from backends.engine.traces import Forward, Reverse


def grad(f, argnums=0):
    """Make the function that returns the gradient of a scalar function.

    Called with f's arguments, it returns an array, or a tree, of the shapes and dtypes of the
    argument numbered `argnums`; for a tuple of numbers a tuple of those. Raises ValueError where
    f's output has axes, TypeError where it is a tree or an argument is not floating-point.
    """

    def gradient_of_f(*arguments):
        return value_and_gradient(f, argnums, arguments, "grad")[1]

    return gradient_of_f


def value_and_grad(f, argnums=0):
    """Make the function that returns a scalar function's value together with its gradient."""

    def value_and_gradient_of_f(*arguments):
        return value_and_gradient(f, argnums, arguments, "value_and_grad")

    return value_and_gradient_of_f


def vjp(f, *xs):
    """Return f(*xs) and its pullback.

    The pullback maps a cotangent, of the structure and shapes of f(*xs), to a tuple: one array or
    tree for each x. It can be called again and again. Raises TypeError where an x is not
    floating-point, and the pullback ValueError where the cotangent doesn't fit.
    """
    trace, arguments, y, notes = taped(f, xs, "vjp")

    def pullback(g):
        if type(notes) is not list:
            g = matching(g, y, "the cotangent", "the output")
            seeds = {} if notes is None else {notes: g}
        else:
            seeds = seeds_of(g, y, notes)
        cotangents = trace.pull(seeds)
        return tuple([gradient_of(x, cotangents) for x in arguments])

    return y, pullback


def jvp(f, xs, vs):
    """Return f(*xs) and its derivative along vs, of the structure and shapes of f(*xs).

    Of `xs` and `vs`, two tuples, each v is a tangent of the structure and shapes of its x. Raises
    TypeError where an x is not floating-point, ValueError where a tangent doesn't fit.
    """
    if type(xs) not in (tuple, list) or type(vs) not in (tuple, list):
        raise TypeError("jvp takes a tuple of arguments and one of tangents; write (x,) and (v,)")
    if len(xs) != len(vs):
        raise ValueError(f"jvp needs one tangent per argument; got {len(vs)} for {len(xs)}")
    trace = Forward()
    arguments = [pushed(x, v, trace) for x, v in zip(xs, vs, strict=True)]
    y, tangents = unwrap(f(*arguments), trace, "jvp")
    trace.__class__ = ForwardOver
    if type(tangents) is not list:
        return y, finished(tangents, y)
    return y, trees.rebuild(y, map(finished, tangents, trees.leaves(y)))


def taped(f, xs, asked):
    """Run f once on a new tape; return the trace, the traced arguments, and f(*xs) unwrapped."""
    trace = Reverse()
    arguments = [lifted(x, trace, asked) for x in xs]
    y, notes = unwrap(f(*arguments), trace, asked)
    trace.__class__ = ReverseOver
    return trace, arguments, y, notes


def value_and_gradient(f, argnums, arguments, asked):
    """Return what value_and_grad(f, argnums) does, in whose name misuse is refused."""
    trace = Reverse()
    filled = list(arguments)
    one = isinstance(argnums, int)
    for position in (argnums,) if one else argnums:
        if not 0 <= position < len(filled):
            raise ValueError(
                f"{asked} was asked for argument {position} of a function called with "
                f"{len(arguments)}; count from 0"
            )
        filled[position] = lifted(arguments[position], trace, asked)
    y, note = unwrap(f(*filled), trace, asked)
    trace.__class__ = ReverseOver
    seed = one_like(y, asked)
    cotangents = {} if note is None else trace.pull({note: seed}, once=True)
    if one:
        return y, gradient_of(filled[argnums], cotangents)
    return y, tuple([gradient_of(filled[position], cotangents) for position in argnums])
