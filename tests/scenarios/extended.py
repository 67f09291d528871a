"""The engine in extended precision against the oracle: another differentiation of another spelling.

One convention: derivatives are compared along the atlas's tangents v, forwards as arrays and in
reverse contracted with the cotangent w, so that the oracle takes one pass for all.
"""

import numpy as np

from backends.numpy_xp import namespace
from harness.atlas.evaluation import inputs_of
from harness.atlas.scenarios import own_function
from harness.atlas.truth import truths
from harness.atlas.ways import WAYS
from harness.expected import wide
from harness.operators import restrict

AGREED = 1e-15  # of the largest element, times 1 + the condition number; float64 gets 1.4e-14
BY_ORDER = {
    0: next(way for way in WAYS if way.operator == "value"),
    1: next(way for way in WAYS if way.operator == "jvp"),
    2: next(way for way in WAYS if way.operator == "second"),
}


def check_engine(primitive, point):
    """Raise AssertionError where the engine, forwards or in reverse, differs from the oracle."""
    inputs = inputs_of(primitive, point, "float64")
    ways = [way for order, way in BY_ORDER.items() if order <= point.exists]
    right = truths(primitive, point, inputs, ways)
    with np.errstate(all="ignore"):
        forwards, backwards = _derivatives(primitive, point, inputs, len(ways) - 1)
    for order, way in enumerate(ways):
        known, limit = right[way].arrays[0], AGREED * (1 + right[way].condition)
        what = f"{primitive.name} at {point.name!r}: the derivative of order {order}"
        _close(forwards[order], known, limit, f"{what}, forwards")
        contracted = np.sum(wide(inputs.cotangent) * known)
        weight = np.sum(np.abs(inputs.cotangent * known)) / max(1, known.size)
        _close(backwards[order], contracted, limit, f"{what}, in reverse", weight)


def _derivatives(primitive, point, inputs, order):
    """Up to an order: f's along v by forward mode, and phi's by reverse mode."""
    xp = namespace("longdouble")
    f = primitive.at(point, own_function(primitive, xp))
    arguments = [wide(x) if x.dtype.kind == "f" else x for x in inputs.arguments]
    f, xs = restrict(f, arguments, inputs.wrt)
    vs, w = tuple(map(wide, inputs.tangents)), wide(inputs.cotangent)
    forwards, backwards = [f], [lambda *xs: xp.sum(f(*xs) * w)]
    for _ in range(order):
        forwards.append(_along(xp, forwards[-1], vs))
        backwards.append(_slope(xp, backwards[-1], vs))
    return [g(*xs) for g in forwards], [g(*xs) for g in backwards]


def _along(xp, f, vs):
    return lambda *xs: xp.jvp(f, xs, vs)[1]


def _slope(xp, phi, vs):
    gradient = xp.grad(phi, argnums=tuple(range(len(vs))))

    def slope(*xs):
        terms = [xp.sum(g * v) for g, v in zip(gradient(*xs), vs, strict=True)]
        return sum(terms[1:], terms[0])

    return slope


def _close(got, known, limit, what, weight=0):
    assert np.shape(got) == known.shape, f"{what}: shape {np.shape(got)} instead of {known.shape}"
    scale = max(float(np.max(np.abs(known), initial=0)), float(weight)) or 1.0
    error = float(np.max(np.abs(got - known), initial=0))
    assert error <= limit * scale, (
        f"{what}, is off by {error / scale:.2g} of itself, over {limit:.2g}: "
        f"{np.ravel(got)[:4]} instead of {np.ravel(known)[:4]}"
    )
