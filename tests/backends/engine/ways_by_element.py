"""Ways to draw a part of an expression as a function of each element.

The one convention: `WAYS` lists (does it fit this shape?, way); see drawing.py.
"""

from tests.backends.engine.parts import apart, broadcast, call, constant, shifted

UNARY = {
    "sin": 1,
    "cos": 1,
    "tanh": 1,
    "exp": 8,
    "expm1": 7,
    "square": 4,
    "erf": 1,
    "expit": 1,
    "softplus": 3,
}
UNARY_OF_POSITIVE = {"log": 2, "sqrt": 3, "log1p": 2}


def unary(draft, shape):
    name = draft.choose(list(UNARY))
    return call(name, draft.tame(shape), shape=shape, bound=UNARY[name])


def unary_of_positive(draft, shape):
    name = draft.choose(list(UNARY_OF_POSITIVE))
    return call(name, shifted(draft, shape), shape=shape, bound=UNARY_OF_POSITIVE[name])


def tangent(draft, shape):
    return call("tan", draft.tame(shape, limit=1), shape=shape, bound=2)


def kinked(draft, shape):
    x = apart(draft, shape)
    if draft.choose((True, False)):
        return call("abs", x, shape=shape, bound=x.bound)
    limits = {"min": draft.choose((-5, 0, None)), "max": draft.choose((5, 10))}
    return call("clip", x, shape=shape, bound=x.bound, **limits)


def extreme(draft, shape):
    """The greater or lesser of two, the second within 0.25 of multiples of 5."""
    x, y = apart(draft, shape), draft.tame(shape, limit=0.25)
    y = call("+", y, constant(shape, (0.0, 5.0, -5.0)), shape=shape, bound=5.25)
    name = draft.choose(("maximum", "minimum"))
    return call(name, *draft.choose(((x, y), (y, x))), shape=shape, bound=x.bound + 6)


def binary(draft, shape):
    x, y = draft.part(shape), draft.part(broadcast(draft, shape))
    name = draft.choose(("*", "+", "-"))
    bound = x.bound * y.bound if name == "*" else x.bound + y.bound
    return call(name, *draft.choose(((x, y), (y, x))), shape=shape, bound=bound)


def with_constant(draft, shape):
    x = draft.part(shape)
    other = draft.choose((0.75, 2, constant(shape, (0.5, -1.25, 2.0, 0.0))))
    name = draft.choose(("*", "+", "-"))
    pair = draft.choose(((x, other), (other, x)))
    return call(name, *pair, shape=shape, bound=2 * x.bound + 2)


def ratio(draft, shape):
    x = draft.part(shape)
    return call("/", x, shifted(draft, broadcast(draft, shape)), shape=shape, bound=x.bound)


def reciprocal(draft, shape):
    return call("/", draft.choose((1, 2.5)), shifted(draft, shape), shape=shape, bound=2.5)


def power(draft, shape):
    exponent = draft.choose((2, 3, -1, 0.5, None))
    if exponent is None:
        exponent = draft.tame(broadcast(draft, shape))
    return call("**", shifted(draft, shape), exponent, shape=shape, bound=125)


def angle(draft, shape):
    y, x = draft.tame(shape), shifted(draft, broadcast(draft, shape))
    return call("atan2", y, x, shape=shape, bound=2)


def choice(draft, shape):
    x, y = draft.part(shape), draft.part(broadcast(draft, shape))
    mask = call(">", constant(shape, (1.0, -1.0, 2.0, -0.5, -2.0)), 0, shape=shape, bound=1)
    return call("where", mask, x, y, shape=shape, bound=max(x.bound, y.bound))


def always(shape):
    return True


WAYS = [
    (always, way)
    for way in (
        unary,
        unary,
        unary,
        binary,
        binary,
        with_constant,
        unary_of_positive,
        ratio,
        reciprocal,
        power,
        tangent,
        angle,
        choice,
        kinked,
        extreme,
    )
]
