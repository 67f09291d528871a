"""Samples of elementwise.py."""

from backends.engine import xp
from tests.backends.engine.samples.drawn import CUBE, POSITIVE, ROW, X, Y, call, rigid

OF_ANY = (
    *("abs", "asinh", "atan", "cos", "cosh", "exp", "expm1", "negative", "positive"),
    *("sin", "sinh", "square", "tan", "tanh"),
)
OF_POSITIVE = ("log", "log10", "log1p", "log2", "reciprocal", "sqrt")
DISCRETE_OF_ONE = (
    *("ceil", "floor", "isfinite", "isinf", "isnan", "logical_not", "round", "sign", "signbit"),
    *("trunc", "within"),
)
DISCRETE_OF_TWO = (
    *("equal", "floor_divide", "greater", "greater_equal", "less", "less_equal", "logical_and"),
    *("logical_or", "logical_xor", "not_equal", "share"),
)

SAMPLES = {
    **{name: [call(name, X)] for name in OF_ANY},
    **{name: [call(name, POSITIVE)] for name in OF_POSITIVE},
    **{name: [call(name, X / 2.5)] for name in ("acos", "asin", "atanh", "below_one")},
    "acosh": [call("acosh", POSITIVE + 1)],
    "add": [call("add", X, Y), call("add", X, ROW), call("add", ROW, CUBE)],
    "subtract": [call("subtract", X, ROW), call("subtract", ROW, X)],
    "multiply": [call("multiply", X, Y), call("multiply", X[:, :1], CUBE)],
    "divide": [call("divide", X, POSITIVE), call("divide", ROW, POSITIVE)],
    "power": [
        call("power", POSITIVE, Y),
        rigid("power", (2.0,), X),
        (lambda x: x**3 + x**-1 + x**2.5 + x**0, (POSITIVE,)),
        (lambda x: x**1, (X,)),
    ],
    "where": [call("where", X > 0, X, Y), call("where", X > 0, X[:, :1], ROW)],
    "atan2": [call("atan2", X, Y), call("atan2", X, -POSITIVE)],
    "copysign": [call("copysign", X, Y), call("copysign", X, ROW)],
    "hypot": [call("hypot", X, Y), call("hypot", ROW, POSITIVE)],
    "remainder": [call("remainder", X, POSITIVE), call("remainder", X, -POSITIVE[0])],
    "maximum": [call("maximum", X, Y), call("maximum", X, ROW)],
    "minimum": [call("minimum", X, Y), call("minimum", ROW, X)],
    "clip": [
        call("clip", X, min=-0.5, max=0.6),
        (lambda x: xp.clip(x, None, 0.1), (X,)),
        (xp.clip, (X, Y[0] - 1, Y[:, :1] + 1)),
    ],
}
COMPOSITES = {"pow": [(xp.pow, (POSITIVE, Y))]}
DISCRETE = {
    **{name: (X,) for name in DISCRETE_OF_ONE},
    **{name: (X, Y) for name in DISCRETE_OF_TWO},
}
