"""The trace that writes down what passes through it.

The one convention: it is the outermost trace, drawn before the function runs, so derivatives taken
within have been worked out when their NumPy calls arrive here, in the order of execution. The
function runs on the real arguments meanwhile, and its answer is as good as any.
"""

import operator

import numpy as np

from backends.engine.core import fresh_number
from backends.engine.replaying.nodes import (
    Constant,
    Guard,
    Input,
    Line,
    Operation,
    Recording,
    layout_of,
)
from backends.engine.replaying.rewriting import RULES, lean
from backends.engine.tracer import Tracer

COPY = Operation(name="copy", function=np.copy)
STATIC = (bool, int, float, complex, str, type(None))


class ForeignTracer(Exception):
    """A traced array of a derivative around the recording came in: nothing can be recorded."""


class Recorder:
    """A trace whose note is the node of the value."""

    __slots__ = ("known", "number", "steps")

    def __init__(self):
        self.number = fresh_number()
        self.steps = []
        self.known = {}  # what a line or constant is made of: its node, so that equal ones merge

    def leaf(self, x):
        return Tracer(x, self, Input(layout=layout_of(x)))

    def process(self, primitive, inputs, metadata):
        values = [self.value_of(x) for x in inputs]
        output = primitive.function(*values, **metadata)
        operands = tuple(self.node_of(x) for x in inputs)
        base = base_of(primitive, operands, values, output)
        node = self.line(primitive, operands, metadata, layout_of(output), base)
        return Tracer(output, self, node)

    def line(self, primitive, operands, metadata, layout, base=None):
        """The node of a call: what it can be simplified to, or an equal line, or a new one."""
        operands = lean(primitive, operands, layout)
        rule = None if isinstance(primitive, Operation) else RULES.get(primitive.name)
        simpler = rule(self, operands, metadata, layout) if rule else None
        if simpler is not None:
            return simpler
        operands = tuple(map(self.merged, operands))
        named = [id(o) for o in operands]
        if primitive.name in ("add", "multiply"):
            named.sort()
        key = (primitive.name, *named, repr(sorted(metadata.items())))
        if key not in self.known:
            self.known[key] = Line(
                primitive=primitive, operands=operands, metadata=metadata, layout=layout, base=base
            )
            self.steps.append(self.known[key])
        return self.known[key]

    def copy(self, node, number):
        """A line that copies; its number keeps it from being merged with another."""
        layout = layout_of(np.empty(node.layout.shape, node.layout.dtype))
        return self.line(COPY, (node,), {"number": number}, layout)

    def value_of(self, x):
        if not isinstance(x, Tracer):
            return x
        if x.trace is not self:
            raise ForeignTracer
        return x.value

    def node_of(self, x):
        if isinstance(x, Tracer):
            return x.note
        # A copy, as the function may go on writing into its array.
        return self.merged(Constant(value=x.copy() if isinstance(x, np.ndarray) else x))

    def merged(self, node):
        """The node itself, or a constant met before that is equal to it."""
        if not isinstance(node, Constant):
            return node
        x = node.value
        if isinstance(x, (np.ndarray, np.generic)):
            key = (type(x), x.dtype, x.shape, x.strides, x.tobytes())
        else:
            key = (type(x), repr(x))
        return self.known.setdefault(key, node)

    def read(self, x, convert):
        seen = x.value.copy() if convert is np.array else CONVERSIONS[convert](x.value)
        self.steps.append(Guard(node=x.note, convert=convert, seen=seen))
        return seen.copy() if convert is np.array else seen


CONVERSIONS = {bool: bool, int: int, float: float, operator.index: operator.index}


def base_of(primitive, operands, values, output):
    """The node whose memory a view looks at; what only might overlap counts as well.

    A reshaped array counts always: whether it is a view or a copy depends on strides.
    """
    if isinstance(output, np.ndarray) and not isinstance(primitive.function, np.ufunc):
        for node, x in zip(operands, values, strict=True):
            if isinstance(x, np.ndarray) and (
                primitive.name == "reshape" or np.may_share_memory(x, output)
            ):
                return owner_of(node)
    return None


def owner_of(node):
    return node.base if isinstance(node, Line) and node.base is not None else node


def record(f, arguments):
    """Run f and return its recording, and what it gave.

    Raises ForeignTracer where f closes over an array that is being differentiated, TypeError for an
    argument or a result that is neither an array nor a plain constant.
    """
    recorder = Recorder()
    given = mapped(lambda x: leaf_of(recorder, x), arguments)
    results = apart(recorder, given, mapped(lambda y: result_of(recorder, y), f(*given)))
    recording = Recording(
        arguments=mapped(lambda x: x.note if isinstance(x, Tracer) else Constant(value=x), given),
        results=mapped(recorder.node_of, results),
        steps=recorder.steps,
    )
    return recording, mapped(plain, results)


def plain(x):
    return x.value if isinstance(x, Tracer) else x


def apart(recorder, given, results):
    """The results, copied where they would share memory that f's own do not share.

    Merged calls, or one simplified to its operand, would let a caller who writes into a result
    change another, or the input. What can't be written to is copied as well.
    """
    met = [x for x in leaves(given) if isinstance(x, Tracer)]

    def own(y):
        node, value = recorder.node_of(y), plain(y)
        if not isinstance(value, np.ndarray):
            return y
        sharing = [x for x in met if owner_of(x.note) is owner_of(node)]
        alone = not any(np.may_share_memory(plain(x), value) for x in sharing)
        if isinstance(node, Constant) or not node.layout.writeable or (sharing and alone):
            node, value = recorder.copy(node, number=len(met)), value.copy()
        met.append(Tracer(value, recorder, node))
        return met[-1]

    return mapped(own, results)


def leaf_of(recorder, x):
    if type(x) is np.ndarray or isinstance(x, np.generic):
        return recorder.leaf(x)
    if isinstance(x, STATIC):
        return x
    raise TypeError(
        "replay takes arrays, and constants of Python, in tuples, lists and dicts; got a "
        f"{type(x).__name__}; convert it with np.asarray, or close over it"
    )


def result_of(recorder, y):
    while isinstance(y, Tracer) and y.trace.number > recorder.number:
        y = y.value  # kept from a derivative taken within, which is over
    if isinstance(y, Tracer) and y.trace is not recorder:
        raise ForeignTracer
    if not isinstance(y, (Tracer, np.ndarray, np.generic, *STATIC)):
        raise TypeError(
            "replay needs a function that returns arrays, in tuples, lists and dicts; got a "
            f"{type(y).__name__}; return its arrays"
        )
    return y


def leaves(tree):
    """The leaves of nested tuples, lists and dicts, in a list."""
    if type(tree) is dict:
        tree = tuple(tree.values())
    if type(tree) in (tuple, list):
        return [leaf for branch in tree for leaf in leaves(branch)]
    return [tree]


def mapped(function, tree):
    """Apply a function to the leaves of nested tuples, lists and dicts."""
    if type(tree) in (tuple, list):
        return type(tree)(mapped(function, branch) for branch in tree)
    if type(tree) is dict:
        return {key: mapped(function, branch) for key, branch in tree.items()}
    return function(tree)
