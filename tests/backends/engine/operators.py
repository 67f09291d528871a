"""Derivatives of expressions by the engine, each as a function of arrays that gives a tuple.

The one convention: an operator takes the function, then its arguments, then one tangent for each,
then a cotangent of its result. Those of SECOND and "gradient" need a scalar function.
"""

from functools import partial

from backends.engine import grad, hvp, jvp, vjp
from backends.engine.derivatives import COMPOSITIONS
from tests.backends.engine.expressions import XP, function, point


def value(f, xs, vs, w):
    return (f(*xs),)


def tangent(f, xs, vs, w):
    return (jvp(f, xs, vs)[1],)


def cotangents(f, xs, vs, w):
    return vjp(f, *xs)[1](w)


def gradient(f, xs, vs, w):
    return grad(f, argnums=tuple(range(len(xs))))(*xs)


def _second(composition, f, xs, vs, w):
    return hvp(lambda xs: f(*xs), composition)(xs, vs)


FIRST = {"value": value, "jvp": tangent, "vjp": cotangents}
SECOND = {composition: partial(_second, composition) for composition in COMPOSITIONS}
OF_SCALARS = {"gradient": gradient, **SECOND}


def inputs(expression, dtype="float64", *, seed=None):
    """Return arguments, tangents and a cotangent for an expression, at its own point by default."""
    seed = expression.seed if seed is None else seed
    xs = point(expression.shapes, dtype, seed=seed)
    vs = point(expression.shapes, dtype, seed=(seed, 1))
    (w,) = point((expression.root.shape,), dtype, seed=(seed, 2))
    return xs, vs, w


def results(operator, expression, dtype="float64"):
    """Return an operator's arrays for an expression, computed by the engine in one dtype."""
    return operator(function(expression, XP[dtype]), *inputs(expression, dtype))
