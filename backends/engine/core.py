"""The core: primitives, and the ways to declare one with its derivative in both modes.

The one convention: arrays are positional and may be traced, metadata is keyword-only and never is.
Rules take the cotangent or tangent, then the output, then the inputs, and compute with operators
and primitives only, so that what they return can be differentiated again: no second derivative is
written anywhere.

A primitive called with traced arrays hands itself to the innermost of their traces, which is the
one with the highest number; that trace unwraps its own arrays and calls the primitive again, for
the traces further out. Numbers come from a counter and not from a stack, so an exception leaves
nothing behind, and threads don't meet.
"""

import itertools
import math

import numpy as np

from backends.engine.tracer import OF_UFUNC, PRIMITIVES, Tracer, shape_of

SMALL = 4096  # elements up to which a copy is made: 0.6 us, where NumPy's view takes 4.6

_numbers = itertools.count(1)


def fresh_number():
    return next(_numbers)  # one call of C, so that threads need no lock


class Primitive:
    """A function of arrays with its derivative.

    `pull(position, cotangent, output, inputs, metadata)` is one input's cotangent, an array or
    Parts of one (see traces.py), and `push(tangents, output, inputs, metadata)` the output's
    tangent, where an input without one has None; either returns None where there is no derivative.
    Both are None if there never is.
    """

    __slots__ = ("function", "name", "pull", "push")

    def __init__(self, name, function, pull, push):
        self.name = name
        self.function = function
        self.pull = pull
        self.push = push
        if name in PRIMITIVES:
            raise ValueError(f"there is a primitive called {name!r} already; choose another name")
        PRIMITIVES[name] = self
        if isinstance(function, np.ufunc):
            OF_UFUNC.setdefault(function, self)  # another's own primitive doesn't take it over

    def __call__(self, *inputs, **metadata):
        innermost = None
        for x in inputs:
            if isinstance(x, Tracer) and (innermost is None or x.trace.number > innermost.number):
                innermost = x.trace
        if innermost is None:
            return self.function(*inputs, **metadata)
        return innermost.process(self, inputs, metadata)

    def __repr__(self):
        return f"<primitive {self.name}>"


def elementwise(name, function, *partials):
    """Declare a function of each element, broadcasting, by one partial derivative per argument.

    A partial is `partial(output, *inputs, **metadata)`, or the number 1 or -1, or None for an
    argument that has no derivative.
    """

    products = [_product(partial) for partial in partials]

    def pull(position, g, output, inputs, metadata):
        c = products[position](g, output, inputs, metadata)
        if c is None or c.shape == inputs[position].shape:
            return c
        return unbroadcast(c, inputs[position])

    def push(tangents, output, inputs, metadata):
        return _sum_of_terms(tangents, lambda i, t: products[i](t, output, inputs, metadata))

    return Primitive(name, function, pull, push)


def _product(partial):
    """The product of a cotangent or tangent with a partial derivative."""
    if partial is None:
        return lambda c, output, inputs, metadata: None
    if partial == 1:
        return lambda c, output, inputs, metadata: c
    if partial == -1:
        return lambda c, output, inputs, metadata: -c
    return lambda c, output, inputs, metadata: c * partial(output, *inputs, **metadata)


def linear(name, function, *transposes):
    """Declare a function that is linear in each array argument, by one transpose per argument.

    `transpose(cotangent, *inputs, **metadata)`; None for an argument of integers. Forward, the
    function is its own derivative.
    """

    def pull(position, g, output, inputs, metadata):
        transpose = transposes[position]
        return None if transpose is None else transpose(g, *inputs, **metadata)

    return multilinear(name, function, pull)


def multilinear(name, function, pull):
    """Declare a function of any number of arrays that is linear in each."""

    def push(tangents, output, inputs, metadata):
        def term(i, t):
            return declared(*inputs[:i], t, *inputs[i + 1 :], **metadata)

        return _sum_of_terms(tangents, term)

    declared = Primitive(name, function, pull, push)
    return declared


def primitive(name, function, *, vjps, jvps):
    """Declare by both rules, one of each per argument, what neither form above fits.

    `vjp(cotangent, output, *inputs, **metadata)`, `jvp(tangent, output, *inputs, **metadata)`;
    None for an argument that has no derivative.
    """

    def pull(position, g, output, inputs, metadata):
        vjp = vjps[position]
        return None if vjp is None else vjp(g, output, *inputs, **metadata)

    def push(tangents, output, inputs, metadata):
        def term(i, t):
            return None if jvps[i] is None else jvps[i](t, output, *inputs, **metadata)

        return _sum_of_terms(tangents, term)

    return Primitive(name, function, pull, push)


def discrete(name, function):
    """Declare a function that is constant wherever it has a derivative: it is never traced."""
    return Primitive(name, function, None, None)


def _sum_of_terms(tangents, term):
    total = None
    for position, t in enumerate(tangents):
        if t is not None:
            c = term(position, t)
            if c is not None:
                total = c if total is None else total + c
    return total


def unbroadcast(g, like):
    """Sum a cotangent over the axes along which its argument was broadcast."""
    shape = shape_of(like)
    return g if g.shape == shape else sum_to(g, shape=shape)


def _sum_to(x, *, shape):
    added = x.ndim - len(shape)
    stretched = [i + added for i, n in enumerate(shape) if n == 1 and x.shape[i + added] != 1]
    axes = (*range(added), *stretched)
    return np.add.reduce(x, axis=axes, keepdims=True).reshape(shape)


def _broadcast_to(x, *, shape):
    if x.ndim > len(shape) or math.prod(shape) > SMALL:
        return np.broadcast_to(x, shape)
    out = np.empty(shape, x.dtype)
    out[...] = x
    return out


sum_to = linear("sum_to", _sum_to, lambda g, x, *, shape: broadcast_to(g, shape=x.shape))
broadcast_to = linear(
    "broadcast_to",
    _broadcast_to,
    lambda g, x, *, shape: unbroadcast(g, x),
)
boxed = linear("boxed", np.asarray, lambda g, x: g)  # an array, where NumPy made a scalar
