"""The trace that writes down what passes through it.

The one convention: it is the outermost trace, drawn before the function runs, so derivatives taken
within have been worked out when their NumPy calls arrive here, in the order of execution. The
function runs on the real arguments meanwhile, and its answer is as good as any.
"""

from dataclasses import replace

import numpy as np

from backends.engine.core import fresh_number
from backends.engine.replaying.leaning import COPY, lean
from backends.engine.replaying.nodes import (
    Constant,
    Guard,
    Input,
    Line,
    Operation,
    is_elementwise,
    layout_of,
    owner_of,
)
from backends.engine.replaying.rewriting import simpler
from backends.engine.tracer import Tracer


class ForeignTracer(Exception):
    """A traced array of a derivative around the recording came in: nothing can be recorded."""


class Recorder:
    """A trace whose note is the node of the value."""

    __slots__ = ("known", "met", "number", "steps")

    def __init__(self):
        self.number = fresh_number()
        self.steps = []
        self.known = {}  # what a line or constant is made of: its node, so that equal ones merge
        self.met = {}  # the id of an array that was a constant before: its node

    def leaf(self, x):
        return Tracer(x, self, Input(layout=layout_of(x)))

    def process(self, primitive, inputs, metadata):
        values = [self.value_of(x) for x in inputs]
        output = primitive.function(*values, **metadata)
        operands = [self.node_of(x) for x in inputs]
        base = None
        if not isinstance(primitive.function, np.ufunc):
            if primitive.name not in MOVING:
                self.part(operands, values)
            base = base_of(primitive, operands, values, output)
        node = self.line(primitive, operands, metadata, layout_of(output), base)
        return Tracer(output, self, node)

    def part(self, operands, values):
        """Copy operands that share memory here, as equal lines are merged, but did not in f.

        The product of a matrix with its own transpose is rounded otherwise than that of two.
        """
        met = {}
        for position, (node, x) in enumerate(zip(operands, values, strict=True)):
            if isinstance(x, np.ndarray) and x.ndim > 1:
                y = met.setdefault((owner_of(node), x.size), x)
                if y is not x and not np.may_share_memory(x, y):
                    operands[position] = self.line(COPY_AS_IT_LIES, (node,), {}, node.layout)

    def line(self, primitive, operands, metadata, layout, base=None):
        """The node of a call: what it can be simplified to, or an equal line, or a new one."""
        if is_elementwise(primitive):
            operands = lean(primitive.function, operands, layout)
        node = simpler(self, primitive, operands, metadata, layout)
        if node is not None:
            return node
        operands = tuple(map(self.merged, operands))
        named = [id(o) for o in operands]
        if primitive.name in ("add", "multiply"):
            named.sort()
        key = (primitive.function, layout.strides, *named, repr(sorted(metadata.items())))
        if key not in self.known:
            self.known[key] = Line(
                primitive=primitive, operands=operands, metadata=metadata, layout=layout, base=base
            )
            self.steps.append(self.known[key])
        return self.known[key]

    def instead(self, node):
        """A node for an array that f makes, equal to this one and laid out alike.

        In the place of an input, which other calls may give in reverse or not aligned, it is a
        copy; who reads it takes the input where that can't tell (see leaning.py).
        """
        return self.copy(node) if isinstance(owner_of(node), Input) else node

    def copy(self, node, **number):
        """A line that copies; a number keeps it from being merged with another."""
        layout = node.layout
        if not (layout.by_rows or layout.by_columns):
            layout = layout_of(np.empty(layout.shape, layout.dtype))
        return self.line(COPY, (node,), number, replace(layout, writeable=True))

    def value_of(self, x):
        if not isinstance(x, Tracer):
            return x
        if x.trace is not self:
            raise ForeignTracer
        return x.value

    def node_of(self, x):
        return x.note if isinstance(x, Tracer) else self.constant(x)

    def merged(self, node):
        """The node itself, or a constant met before that is equal to it."""
        return self.constant(node.value) if isinstance(node, Constant) else node

    def constant(self, x):
        """The node of an array, or of a number of Python's."""
        if isinstance(x, (list, tuple)):
            x = np.array(x)
        if id(x) in self.met and is_still(x, self.met[id(x)].value):
            return self.met[id(x)]
        if isinstance(x, (np.ndarray, np.generic)):
            key = (type(x), x.dtype, x.shape, x.strides, x.tobytes())
        else:
            key = (type(x), repr(x))
        if key not in self.known:
            # A copy, as the function may go on writing into its array.
            self.known[key] = Constant(value=as_it_lies(x) if isinstance(x, np.ndarray) else x)
        if isinstance(x, np.ndarray):
            self.met[id(x)] = self.known[key]
        return self.known[key]

    def read(self, x, convert):
        seen = convert(x.value)  # of arrays np.array makes a copy
        self.steps.append(Guard(node=x.note, convert=convert, seen=seen))
        return seen.copy() if convert is np.array else seen


MOVING = {"concat", "place", "stack", "where"}  # nothing is rounded


def as_it_lies(x):
    """A copy of an array that has its strides, on which the order of sums and products depends."""
    out = x.copy(order="K")
    if out.strides == x.strides or not x.size or x.dtype.hasobject:
        return out
    low, high = np.lib.array_utils.byte_bounds(x)
    memory = np.empty(high - low, np.uint8)
    start = x.__array_interface__["data"][0] - low
    out = np.ndarray(x.shape, x.dtype, memory, start, x.strides)
    out[...] = x
    return out


def is_still(x, before):
    """Whether an array is what it was: a tenth of the time of asking whether it is a known one."""
    if type(x) is not np.ndarray or not x.flags.c_contiguous or not x.ndim:
        return False
    alike = (x.dtype, x.shape, x.strides) == (before.dtype, before.shape, before.strides)
    return alike and np.array_equal(x.view(np.uint8), before.view(np.uint8))


COPY_AS_IT_LIES = Operation(name="as_it_lies", function=as_it_lies)


def base_of(primitive, operands, values, output):
    """The node whose memory a view looks at; what only might overlap counts as well.

    A reshaped array counts always: whether it is a view or a copy depends on strides.
    """
    if isinstance(output, np.ndarray):
        for node, x in zip(operands, values, strict=True):
            if isinstance(x, np.ndarray) and (
                primitive.name == "reshape" or np.may_share_memory(x, output)
            ):
                return owner_of(node)
    return None
