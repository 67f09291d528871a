"""The core: traces, and the ways to declare a primitive with its derivative in both modes.

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
import operator

import numpy as np

from backends.engine.tracer import OF_UFUNC, PRIMITIVES, Tracer, lost, shape_of

SMALL = 4096  # elements up to which a copy is made: 0.6 us, where NumPy's view takes 4.6

_numbers = itertools.count(1)


def fresh_number():
    return next(_numbers)  # one call of C, so that threads need no lock


class Reverse:
    """A trace that keeps a tape, in the order of execution: backwards, it needs no sorting.

    A line of the tape holds the primitive, the note of its output, (position, note) of every input
    that is traced here, and output, inputs and metadata. Its own traced arrays are not on it: they
    point to the trace, and the cycle would keep them alive until garbage is collected.
    """

    __slots__ = ("notes", "number", "tape")

    def __init__(self):
        self.number = fresh_number()
        self.notes = itertools.count()  # and not the tape's length, which threads would race for
        self.tape = []

    def leaf(self, x):
        return Tracer(x, self, next(self.notes))

    def process(self, primitive, inputs, metadata):
        values, parents = [], []
        call = primitive.function
        for position, x in enumerate(inputs):
            if isinstance(x, Tracer):
                if x.trace is self:
                    parents.append((position, x.note))
                    x = x.value
                if isinstance(x, Tracer):
                    call = primitive  # a trace further out has its turn
            values.append(x)
        output = call(*values, **metadata)
        if primitive.pull is None:
            return output
        note = next(self.notes)
        self.tape.append((primitive, note, parents, output, values, metadata))
        return Tracer(output, self, note)

    def read(self, x, convert):
        return _read(x, convert)

    def pull(self, cotangents, keep=False):
        """Turn {note: cotangent} of outputs into that of leaves.

        With `keep`, outputs and inputs are given to the rules as this trace's own arrays, so that
        the pass is itself on the tape (whose new lines the reversed iteration doesn't see).
        """
        for primitive, note, parents, output, inputs, metadata in reversed(self.tape):
            g = cotangents.pop(note, None)
            if g is None:
                continue
            if keep:
                output = Tracer(output, self, note)
                inputs = list(inputs)
                for position, parent in parents:
                    inputs[position] = Tracer(inputs[position], self, parent)
            for position, parent in parents:
                c = primitive.pull(position, g, output, inputs, metadata)
                if c is not None:
                    # A sum, never an update in place: the rule may have returned g itself.
                    before = cotangents.get(parent)
                    cotangents[parent] = c if before is None else before + c
        return cotangents


class Forward:
    """A trace whose arrays carry their tangent."""

    __slots__ = ("number",)

    def __init__(self):
        self.number = fresh_number()

    def process(self, primitive, inputs, metadata):
        mine = [isinstance(x, Tracer) and x.trace is self for x in inputs]
        values = [x.value if m else x for x, m in zip(inputs, mine, strict=True)]
        output = primitive(*values, **metadata)
        if primitive.push is None:
            return output
        tangents = [x.note if m else None for x, m in zip(inputs, mine, strict=True)]
        t = primitive.push(tangents, output, values, metadata)
        if t is None:
            return output
        if shape_of(t) != output.shape:
            t = broadcast_to(t, shape=output.shape)
        return Tracer(output, self, t)

    def read(self, x, convert):
        return _read(x, convert)


def _read(x, convert):
    """Let control flow look at a value: the branch taken is the function differentiated."""
    if convert is not bool:
        raise lost(READINGS[convert])
    return bool(x.value)


READINGS = {
    float: "float()",
    int: "int()",
    operator.index: "an index",
    np.array: "the plain array",
}


class Primitive:
    """A function of arrays with its derivative.

    `pull(position, cotangent, output, inputs, metadata)` is one input's cotangent, and
    `push(tangents, output, inputs, metadata)` the output's tangent, where an input without one has
    None; either returns None where there is no derivative. Both are None if there never is.
    """

    __slots__ = ("function", "name", "pull", "push")

    def __init__(self, name, function, pull, push):
        self.name = name
        self.function = function
        self.pull = pull
        self.push = push
        PRIMITIVES[name] = self
        if isinstance(function, np.ufunc):
            OF_UFUNC[function] = self

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

    def product(c, position, output, inputs, metadata):
        partial = partials[position]
        if partial is None:
            return None
        if callable(partial):
            return c * partial(output, *inputs, **metadata)
        return c if partial == 1 else -c

    def pull(position, g, output, inputs, metadata):
        c = product(g, position, output, inputs, metadata)
        return None if c is None else unbroadcast(c, inputs[position])

    def push(tangents, output, inputs, metadata):
        return _sum_of_terms(tangents, lambda i, t: product(t, i, output, inputs, metadata))

    return Primitive(name, function, pull, push)


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
