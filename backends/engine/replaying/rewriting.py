"""Simplifications of a call before it is written down.

The one convention: they keep every bit, of infinities and NaN too, but for the sign of zeros. So a
quotient is never made a product with the inverse, and no sum is taken in another order. A rule gets
the recorder, operands, metadata and layout, and returns the node that is equal, or None.
"""

import math

import numpy as np

from backends.engine.functions.special import scipy_special
from backends.engine.replaying.nodes import Constant, Line, Operation
from backends.engine.replaying.placing import PLACED
from backends.engine.tracer import PRIMITIVES


def lean(primitive, operands, layout):
    """The operands as NumPy takes them fastest.

    Where another operand has the full shape, an array of equal elements becomes a single one, and a
    broadcast array what it was made of. A Python number becomes the array that it would become at
    every call: 120 ns.
    """
    if not isinstance(primitive.function, np.ufunc) or primitive.function.signature:
        return operands
    lean = list(operands)
    for position in range(len(lean)):  # one by one, as one must keep the shape
        lean[position] = lean_operand(lean[position], lean, layout)
    return tuple(lean)


def lean_operand(node, operands, layout):
    others = [o for o in operands if o is not node and getattr(o, "layout", None)]
    full = any((o.layout.shape, o.layout.strides) == (layout.shape, layout.strides) for o in others)
    if isinstance(node, Constant):
        return lean_constant(node, others, full)
    return node.operands[0] if full and is_line(node, "broadcast_to") else node


def lean_constant(node, others, full):
    x = node.value
    if isinstance(x, np.generic):
        return Constant(value=np.asarray(x))
    if isinstance(x, np.ndarray):
        return Constant(value=x[(0,) * x.ndim].reshape(())) if full and is_uniform(x) else node
    if isinstance(x, (int, float)) and len(others) == 1:
        dtype = others[0].layout.dtype
        if dtype.kind == "f" and np.result_type(dtype, x) == dtype:
            return Constant(value=np.asarray(x, dtype))
    return node


def is_uniform(x):
    if not x.ndim or not x.size or x.dtype.kind != "f":
        return False
    first = x.flat[0]
    return bool((x == first).all() and (first or (np.signbit(x) == np.signbit(first)).all()))


def number(node):
    """The number that a constant is, as such or as an array of no axes; else None."""
    if not isinstance(node, Constant) or isinstance(node.value, str) or np.ndim(node.value):
        return None
    return node.value


def same(node, layout):
    """The node, if it has the shape and dtype of the call that it would stand for."""
    mine = node.layout
    alike = mine is not None and (mine.shape, mine.dtype) == (layout.shape, layout.dtype)
    return node if alike else None


def is_line(node, name):
    return isinstance(node, Line) and node.name == name


def call(recorder, name, layout, *operands):
    return recorder.line(PRIMITIVES[name], operands, {}, layout)


def multiply(recorder, operands, metadata, layout):
    x, y = operands
    if number(x) is not None:
        return scaled(recorder, x, y, layout)
    if number(y) is not None:
        return call(recorder, "multiply", layout, y, x)
    if is_line(x, "negative"):
        return outward(recorder, layout, x.operands[0], y)
    if is_line(y, "negative"):
        return outward(recorder, layout, x, y.operands[0])
    return call(recorder, "square", layout, x) if x is y else None


def outward(recorder, layout, x, y):
    """-(x y), whose sign a sum can take in."""
    return call(recorder, "negative", layout, call(recorder, "multiply", layout, x, y))


def scaled(recorder, c, x, layout):
    """c x, where c is a number."""
    if number(c) == 1:
        return same(x, layout)
    if not same(x, layout):
        return None
    if number(c) == -1:
        return call(recorder, "negative", layout, x)
    if is_line(x, "negative"):
        return call(recorder, "multiply", layout, Constant(value=-number(c)), x.operands[0])
    if is_line(x, "multiply") and abs(number(c)) >= 1:
        inner, rest = x.operands
        if is_doubling(number(inner)) and abs(number(c)) < np.finfo(layout.dtype).max / number(
            inner
        ):
            # Doubling is exact, and what it would make infinite stays so when multiplied by c.
            product = Constant(value=np.asarray(number(c) * number(inner), layout.dtype))
            return call(recorder, "multiply", layout, product, rest)
    return None


def is_doubling(c):
    """Whether a number is 2, 4, 8, ..."""
    return c is not None and c >= 2 and np.isfinite(c) and np.frexp(c)[0] == 0.5


def divide(recorder, operands, metadata, layout):
    x, y = operands
    return same(x, layout) if number(y) == 1 else None


def add(recorder, operands, metadata, layout):
    x, y = operands
    if is_line(y, "negative"):
        return call(recorder, "subtract", layout, x, y.operands[0])
    if is_line(x, "negative"):
        return call(recorder, "subtract", layout, y, x.operands[0])
    if x is y and layout.dtype.kind == "f":
        return call(recorder, "multiply", layout, Constant(value=np.asarray(2, layout.dtype)), x)
    if is_line(x, "placed") and is_line(y, "placed"):
        return placed(recorder, x, y, layout)
    return None


def subtract(recorder, operands, metadata, layout):
    x, y = operands
    if is_line(y, "negative"):
        return call(recorder, "add", layout, x, y.operands[0])
    return same(x, layout) if number(y) == 0 else None


def negative(recorder, operands, metadata, layout):
    (x,) = operands
    if is_line(x, "negative"):
        return x.operands[0]
    if is_line(x, "multiply") and number(x.operands[0]) is not None:
        c, rest = x.operands
        return call(recorder, "multiply", layout, Constant(value=-number(c)), rest)
    return None


def place(recorder, operands, metadata, layout):
    return recorder.line(
        PLACED, operands, {"keys": (metadata["key"],), "shape": layout.shape}, layout
    )


def placed(recorder, x, y, layout):
    """The sum of arrays that are zero but for some parts, made without the zeros."""
    if len(y.operands) > 1:
        return None
    (key,), (part,) = y.metadata["keys"], y.operands
    parts, keys = x.operands, x.metadata["keys"]
    if repr(keys[-1]) == repr(key) and len(keys) == 1 and parts[0].layout == part.layout:
        both = call(recorder, "add", part.layout, parts[0], part)
        return recorder.line(PLACED, (both,), x.metadata, layout)
    metadata = {"keys": (*keys, key), "shape": layout.shape}
    return recorder.line(PLACED, (*parts, part), metadata, layout)


def unless_changed(recorder, operands, metadata, layout):
    (x,) = operands
    return same(x, layout) if x.layout.strides == layout.strides else None


def transpose(recorder, operands, metadata, layout):
    (x,) = operands
    return x.operands[0] if is_line(x, "matrix_transpose") else None


def mean(recorder, operands, metadata, layout):
    (x,) = operands
    total = recorder.line(PRIMITIVES["sum"], operands, metadata, layout)
    count = math.prod(x.layout.shape) // max(1, math.prod(layout.shape))
    return call(recorder, "divide", layout, total, Constant(value=count))


def matmul(recorder, operands, metadata, layout):
    dense = all(len(x.layout.shape) < 3 and is_dense(x.layout) for x in operands)
    return recorder.line(DOT if dense else MATMUL, operands, metadata, layout)


def is_dense(layout):
    """Whether memory has no gaps, by rows or by columns: there dot is matmul to the last bit."""
    orders = (np.empty(layout.shape, layout.dtype, order=order).strides for order in "CF")
    return layout.strides in orders


def expit(recorder, operands, metadata, layout):
    operation = Operation(name="expit", function=scipy_special().expit)
    return recorder.line(operation, operands, metadata, layout)


DOT = Operation(name="dot", function=np.dot)
MATMUL = Operation(name="matmul", function=np.matmul)
RULES = {
    "add": add,
    "astype": unless_changed,
    "broadcast_to": unless_changed,
    "divide": divide,
    "expit": expit,
    "matmul": matmul,
    "matrix_transpose": transpose,
    "mean": mean,
    "multiply": multiply,
    "negative": negative,
    "place": place,
    "reshape": unless_changed,
    "stop_gradient": unless_changed,
    "subtract": subtract,
}
