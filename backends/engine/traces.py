"""The two traces: reverse mode, which keeps a tape, and forward mode, which carries tangents.

The one convention: a trace is handed a primitive with its inputs, unwraps the arrays that are its
own, computes the output, and wraps it. Cotangents are added, never updated in place, as a rule may
have returned the one that it was given.
"""

import itertools
import operator

import numpy as np

from backends.engine.core import broadcast_to, fresh_number
from backends.engine.tracer import PRIMITIVES, Tracer, lost, shape_of


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
        values, parents = list(inputs), []
        call = primitive.function
        for position, x in enumerate(inputs):
            if isinstance(x, Tracer):
                if x.trace is self:
                    parents.append((position, x.note))
                    values[position] = x = x.value
                if isinstance(x, Tracer):
                    call = primitive  # a trace further out has its turn
        output = call(*values, **metadata)
        if primitive.pull is None:
            return output
        note = next(self.notes)
        self.tape.append((primitive, note, parents, output, values, metadata))
        return Tracer(output, self, note)

    def read(self, x, convert):
        return _read(x, convert)

    def pull(self, cotangents, keep=False, once=False):
        """Turn {note: cotangent} of outputs into that of leaves, some of them as Parts.

        With `keep`, outputs and inputs are given to the rules as this trace's own arrays, so that
        the pass is itself on the tape (whose new lines the reversed iteration doesn't see). With
        `once`, lines leave the tape as they are read, and their arrays the memory.
        """
        lines = _emptied(self.tape) if once else reversed(self.tape)
        for primitive, note, parents, output, inputs, metadata in lines:
            g = cotangents.pop(note, None)
            if g is None:
                continue
            if type(g) is Parts:
                g = g.whole()
            if keep:
                output = Tracer(output, self, note)
                inputs = list(inputs)
                for position, parent in parents:
                    inputs[position] = Tracer(inputs[position], self, parent)
            for position, parent in parents:
                c = primitive.pull(position, g, output, inputs, metadata)
                if c is None:
                    continue
                if parent not in cotangents:
                    cotangents[parent] = c
                elif type(c) is Parts:
                    cotangents[parent] = c.added_to(cotangents[parent])
                else:
                    # Popped: a large array that nobody else holds is one that NumPy writes over.
                    cotangents[parent] = whole(cotangents.pop(parent)) + c
        return cotangents


def _emptied(tape):
    while tape:
        yield tape.pop()


class Parts:
    """A cotangent that is zero but for some parts, which are put where they belong when it is read.

    So what came back from n slices of an array is put into zeros once, and not n times.
    """

    __slots__ = ("keys", "parts", "shape")

    def __init__(self, part, key, shape):
        self.parts = [part]
        self.keys = [key]
        self.shape = shape

    def added_to(self, before):
        """The sum with a cotangent that came earlier."""
        if type(before) is not Parts:
            return before + self.whole()
        before.parts += self.parts
        before.keys += self.keys
        return before

    def whole(self):
        """The cotangent as an array."""
        return PRIMITIVES["place"](*self.parts, keys=tuple(self.keys), shape=self.shape)


def whole(c):
    """A cotangent as an array."""
    return c.whole() if type(c) is Parts else c


class Forward:
    """A trace whose arrays carry their tangent."""

    __slots__ = ("number",)

    def __init__(self):
        self.number = fresh_number()

    def process(self, primitive, inputs, metadata):
        values, tangents = [], []
        call = primitive.function
        for x in inputs:
            t = None
            if isinstance(x, Tracer):
                if x.trace is self:
                    x, t = x.value, x.note
                if isinstance(x, Tracer):
                    call = primitive
            values.append(x)
            tangents.append(t)
        output = call(*values, **metadata)
        if primitive.push is None:
            return output
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
