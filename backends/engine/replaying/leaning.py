"""Operands of elementwise calls, as NumPy takes them fastest.

The one convention: neither a bit nor the strides of what the call gives may change. So an operand
becomes smaller only where another one has the shape and the strides of the result.
"""

from functools import cache

import numpy as np

from backends.engine.replaying.nodes import Constant, Line, Operation, is_line

COPY = Operation(name="copy", function=np.copy)
ROUNDED_ALIKE = {  # wherever elements lie, as they round to the nearest number, or not at all
    np.absolute,
    np.add,
    np.copysign,
    np.divide,
    np.equal,
    np.greater,
    np.greater_equal,
    np.less,
    np.less_equal,
    np.maximum,
    np.minimum,
    np.multiply,
    np.negative,
    np.not_equal,
    np.reciprocal,
    np.sign,
    np.sqrt,
    np.square,
    np.subtract,
}


def lean(function, operands, layout):
    """The operands of a ufunc, simplified.

    Where another operand has the full shape, an array of equal elements becomes a single one, and a
    broadcast array what it was made of. A Python number becomes the array that it would become at
    every call: 120 ns.
    """
    operands = [source_of(o) if function in ROUNDED_ALIKE else o for o in operands]
    for position in range(len(operands)):  # one by one, as one must keep the shape
        operands[position] = lean_operand(function, position, operands, layout)
    return tuple(operands)


def source_of(node):
    """What a copy is a copy of; any other node itself."""
    return node.operands[0] if isinstance(node, Line) and node.primitive is COPY else node


def lean_operand(function, position, operands, layout):
    node = operands[position]
    others = [o for o in operands if o is not node and o.layout]
    if isinstance(node, Constant) and not isinstance(node.value, np.ndarray):
        return lean_number(function, position, node, others)
    if not any(
        (o.layout.shape, o.layout.strides) == (layout.shape, layout.strides) for o in others
    ):
        return node
    if isinstance(node, Constant):
        x = node.value
        return Constant(value=x[(0,) * x.ndim].reshape(())) if is_uniform(x) else node
    if is_line(node, "broadcast_to") and node.operands[0].layout.by_rows:
        return node.operands[0]
    return node


def lean_number(function, position, node, others):
    x = node.value
    if isinstance(x, np.generic):
        return Constant(value=np.asarray(x))
    if type(x) in (int, float) and len(others) == 1 and others[0].layout.dtype.kind == "f":
        dtype = others[0].layout.dtype
        if function.nin == 2 and converts(function, position, type(x), dtype):
            return Constant(value=np.asarray(x, dtype))
    return node


@cache
def converts(function, position, kind, dtype):
    """Whether a ufunc of two arguments converts a Python number to the other one's dtype.

    Some don't: the second argument of ldexp stays an integer.
    """
    asked = [dtype] * 2 + [None] * function.nout
    asked[position] = kind
    try:
        return function.resolve_dtypes(tuple(asked))[position] == dtype
    except TypeError:
        return False


def is_uniform(x):
    """Whether all elements are equal, zeros in their sign too."""
    if not x.ndim or not x.size or x.dtype.kind != "f":
        return False
    first = x.flat[0]
    return bool((x == first).all() and (first or (np.signbit(x) == np.signbit(first)).all()))
