"""Functions of each element: arithmetic, comparisons, and the usual functions of analysis.

The one convention: a partial derivative is given the output first, then the inputs. Where a
function has a kink, its derivative there is what most frameworks agree on.
"""

import operator

import numpy as np

from backends.engine.core import discrete, elementwise, primitive, unbroadcast
from backends.engine.tracer import OF_UFUNC, PYTHON

equal = discrete("equal", np.equal)
not_equal = discrete("not_equal", np.not_equal)
less = discrete("less", np.less)
less_equal = discrete("less_equal", np.less_equal)
greater = discrete("greater", np.greater)
greater_equal = discrete("greater_equal", np.greater_equal)
sign = discrete("sign", np.sign)

add = elementwise("add", np.add, 1, 1)
subtract = elementwise("subtract", np.subtract, 1, -1)
multiply = elementwise("multiply", np.multiply, lambda out, x, y: y, lambda out, x, y: x)
divide = elementwise("divide", np.divide, lambda out, x, y: 1 / y, lambda out, x, y: -out / y)
negative = elementwise("negative", np.negative, -1)

where = primitive(
    "where",
    np.where,
    # Selected and not multiplied by 0 or 1: what is infinite on the other branch stays there.
    vjps=(
        None,
        lambda g, out, c, x, y: unbroadcast(where(c, g, 0), x),
        lambda g, out, c, x, y: unbroadcast(where(c, 0, g), y),
    ),
    jvps=(
        None,
        lambda t, out, c, x, y: where(c, t, 0),
        lambda t, out, c, x, y: where(c, 0, t),
    ),
)


def _power_by_base(out, x, y):
    if isinstance(y, PYTHON):
        return y * x ** (y - 1) if y else 0
    return y * x ** where(equal(y, 0), 1, y - 1)  # no 0 * inf at 0**0


def _power_by_exponent(out, x, y):
    return out * log(where(equal(x, 0), 1, x))


# The operator, not the ufunc: it has NumPy's shortcuts for small exponents.
power = elementwise("power", operator.pow, _power_by_base, _power_by_exponent)
OF_UFUNC[np.power] = power

exp = elementwise("exp", np.exp, lambda out, x: out)
expm1 = elementwise("expm1", np.expm1, lambda out, x: out + 1)
log = elementwise("log", np.log, lambda out, x: 1 / x)
log1p = elementwise("log1p", np.log1p, lambda out, x: 1 / (1 + x))
sqrt = elementwise("sqrt", np.sqrt, lambda out, x: 0.5 / out)
square = elementwise("square", np.square, lambda out, x: 2 * x)

sin = elementwise("sin", np.sin, lambda out, x: cos(x))
cos = elementwise("cos", np.cos, lambda out, x: -sin(x))
tan = elementwise("tan", np.tan, lambda out, x: 1 + out * out)
tanh = elementwise("tanh", np.tanh, lambda out, x: 1 - out * out)
atan2 = elementwise(
    "atan2",
    np.arctan2,
    lambda out, y, x: x / (x * x + y * y),
    lambda out, y, x: -y / (x * x + y * y),
)

abs = elementwise("abs", np.absolute, lambda out, x: sign(x))


def _share(x, y):
    """1 where x is the greater, 0 where y is, and a half each where they tie."""
    share = np.where(np.equal(x, y), 0.5, np.greater(x, y))
    return share.astype(np.result_type(x, y), copy=False)


share = discrete("share", _share)
maximum = elementwise(
    "maximum", np.maximum, lambda out, x, y: share(x, y), lambda out, x, y: share(y, x)
)
minimum = elementwise(
    "minimum", np.minimum, lambda out, x, y: share(y, x), lambda out, x, y: share(x, y)
)


def _clip(x, *, min=None, max=None):
    return np.clip(x, min, max)


def _within(x, *, min=None, max=None):
    return (x == np.clip(x, min, max)).astype(x.dtype)


within = discrete("within", _within)
clip = elementwise("clip", _clip, lambda out, x, *, min=None, max=None: within(x, min=min, max=max))
