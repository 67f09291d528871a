"""Simplifications of a call before it is written down.

The one convention: they keep every bit, of infinities and NaN too, and the strides, so that what is
done with the result keeps its bits as well. So a quotient is never made a product with the inverse,
no sum is taken in another order, and one array stands for another only if it has the same layout. A
rule gets the recorder, operands, metadata and layout, and returns the node that is equal, or None.
"""

import math

import numpy as np

from backends.engine.functions.special import scipy_special
from backends.engine.replaying.nodes import Constant, Operation, is_line
from backends.engine.tracer import PRIMITIVES


def simpler(recorder, primitive, operands, metadata, layout):
    """The node that a call can be simplified to, or None."""
    rules = RULES if layout.dtype.kind == "f" else OF_ANYTHING
    rule = None if isinstance(primitive, Operation) else rules.get(primitive.name)
    return rule(recorder, operands, metadata, layout) if rule else None


def number(node):
    """The number that a constant is, as such or as an array of no axes; else None."""
    if not isinstance(node, Constant) or np.ndim(node.value):
        return None
    return node.value


def is_like(node, layout):
    return node.layout is not None and node.layout.is_like(layout)


def negated(node):
    """What a node is the negative of, of the same layout; else None."""
    if is_line(node, "negative") and node.layout.dtype.kind == "f":
        (x,) = node.operands
        return x if is_like(x, node.layout) else None
    return None


def factors(node):
    """The number and the array, of the same layout, that a node is the product of; else None."""
    if not is_line(node, "multiply"):
        return None
    c, x = node.operands
    return None if number(c) is None or not is_like(x, node.layout) else (number(c), x)


def call(recorder, name, layout, *operands):
    return recorder.line(PRIMITIVES[name], operands, {}, layout)


def scaled(recorder, c, x, layout):
    """A line for c x; c is rounded to the dtype, as NumPy would."""
    return call(recorder, "multiply", layout, Constant(value=np.asarray(c, layout.dtype)), x)


def multiply(recorder, operands, metadata, layout):
    x, y = operands
    if number(x) is not None:
        return multiply_by_number(recorder, x, y, layout)
    if number(y) is not None:
        return call(recorder, "multiply", layout, y, x)
    if negated(x) is not None:
        return minus_product(recorder, negated(x), y, layout)
    if negated(y) is not None:
        return minus_product(recorder, x, negated(y), layout)
    return call(recorder, "square", layout, x) if x is y else None


def minus_product(recorder, x, y, layout):
    """-(x y), whose sign a sum can take in."""
    return call(recorder, "negative", layout, call(recorder, "multiply", layout, x, y))


def multiply_by_number(recorder, node, x, layout):
    c = number(node)
    if not is_like(x, layout):
        return None
    if c == 1:
        return recorder.instead(x)
    if c == -1:
        return call(recorder, "negative", layout, x)
    if negated(x) is not None:
        return scaled(recorder, -layout.dtype.type(c), negated(x), layout)
    return doubling_merged(recorder, c, x, layout)


def doubling_merged(recorder, c, x, layout):
    """c (2 x) as (2c) x: doubling is exact, and what it would make infinite stays so times c."""
    if factors(x) is None:
        return None
    inner, rest = factors(x)
    c, inner = layout.dtype.type(c), layout.dtype.type(inner)
    if is_doubling(inner) and 1 <= abs(c) < np.finfo(layout.dtype).max / inner:
        return scaled(recorder, c * inner, rest, layout)
    return None


def is_doubling(c):
    """Whether a number is 2, 4, 8, ..."""
    return bool(c >= 2 and np.isfinite(c) and np.frexp(c)[0] == 0.5)


def divide(recorder, operands, metadata, layout):
    x, y = operands
    return recorder.instead(x) if number(y) == 1 and is_like(x, layout) else None


def add(recorder, operands, metadata, layout):
    x, y = operands
    if negated(y) is not None:
        return call(recorder, "subtract", layout, x, negated(y))
    if negated(x) is not None:
        return call(recorder, "subtract", layout, y, negated(x))
    if x is y:
        return scaled(recorder, 2, x, layout)
    return None


def subtract(recorder, operands, metadata, layout):
    x, y = operands
    if negated(y) is not None:
        return call(recorder, "add", layout, x, negated(y))
    nothing = number(y) == 0 and not np.signbit(number(y))
    return recorder.instead(x) if nothing and is_like(x, layout) else None


def negative(recorder, operands, metadata, layout):
    (x,) = operands
    if negated(x) is not None:
        return recorder.instead(negated(x))
    if factors(x) is not None:
        c, rest = factors(x)
        return scaled(recorder, -layout.dtype.type(c), rest, layout)
    return None


def place(recorder, operands, metadata, layout):
    """Parts at one key are added before they are put there."""
    keys = metadata["keys"]
    if len(keys) < 2 or repr(keys[0]) != repr(keys[1]):
        return None
    first, second, *rest = operands
    if first.layout.dtype != layout.dtype or not is_like(first, second.layout):
        return None
    both = call(recorder, "add", first.layout, first, second)
    fewer = {**metadata, "keys": keys[1:]}
    return recorder.line(PRIMITIVES["place"], (both, *rest), fewer, layout)


def view_unless_changed(recorder, operands, metadata, layout):
    (x,) = operands
    return x if is_like(x, layout) else None


def copy_unless_changed(recorder, operands, metadata, layout):
    (x,) = operands
    return recorder.instead(x) if is_like(x, layout) else None


def transpose(recorder, operands, metadata, layout):
    (x,) = operands
    return x.operands[0] if is_line(x, "matrix_transpose") else None


def mean(recorder, operands, metadata, layout):
    (x,) = operands
    if x.layout.dtype != layout.dtype:
        return None  # a sum of integers or bools is of another dtype than their mean
    total = recorder.line(PRIMITIVES["sum"], operands, metadata, layout)
    count = math.prod(x.layout.shape) // max(1, math.prod(layout.shape))
    return call(recorder, "divide", layout, total, Constant(value=count))


def below_one(recorder, operands, metadata, layout):
    """By ufuncs, which write into memory that is there."""
    (x,) = operands
    one = Constant(value=1)
    less, more = (call(recorder, name, layout, one, x) for name in ("subtract", "add"))
    return call(recorder, "multiply", layout, less, more)


def matmul(recorder, operands, metadata, layout):
    """Of vectors and matrices without gaps, of one dtype, dot gives the same bits and is faster."""
    alike = len({x.layout.dtype for x in operands}) == 1 and all(
        is_dense(x.layout) for x in operands
    )
    return recorder.line(DOT if alike else MATMUL, operands, metadata, layout)


def is_dense(layout):
    return 0 < len(layout.shape) < 3 and (layout.by_rows or layout.by_columns)


def expit(recorder, operands, metadata, layout):
    operation = Operation(name="expit", function=scipy_special().expit)
    return recorder.line(operation, operands, metadata, layout)


DOT = Operation(name="dot", function=np.dot)
MATMUL = Operation(name="matmul", function=np.matmul)
OF_ANYTHING = {
    "astype": copy_unless_changed,
    "broadcast_to": copy_unless_changed,
    "expit": expit,
    "matmul": matmul,
    "matrix_transpose": transpose,
    "mean": mean,
    "place": place,
    "reshape": view_unless_changed,
    "stop_gradient": view_unless_changed,
}
RULES = {
    **OF_ANYTHING,
    "add": add,
    "below_one": below_one,
    "divide": divide,
    "multiply": multiply,
    "negative": negative,
    "subtract": subtract,
}
