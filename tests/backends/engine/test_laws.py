"""The laws of derivatives, for random expressions.

What holds up to rounding is checked in longdouble, to 2**11 units in the last place of the largest
number compared: where longdouble has 64 bits, that is float64's precision, with nothing to spare
for a wrong rule. What holds without rounding is checked bit for bit.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.engine import grad, hvp, jvp, vjp
from tests.backends.engine.drawing import expressions, scalars
from tests.backends.engine.expressions import DTYPES, MANY, XP, function
from tests.backends.engine.operators import FIRST, OF_SCALARS, SECOND, inputs, results

WIDE = "longdouble"
SLACK = 2**11 * np.finfo(WIDE).eps


def inner(xs, ys):
    """The inner product of tuples of arrays."""
    return sum(np.sum(x * y) for x, y in zip(xs, ys, strict=True))


def same(xs, ys):
    """Check that tuples of arrays are equal bit for bit, but for the sign of zeros."""
    for x, y in zip(xs, ys, strict=True):
        np.testing.assert_array_equal(x, y, strict=True)


def close(xs, ys):
    """Check that tuples of longdouble arrays are equal up to rounding."""
    for x, y in zip(xs, ys, strict=True):
        assert x.dtype == y.dtype == np.dtype(WIDE)
        scale = max(1, np.max(np.abs(x)), np.max(np.abs(y)))
        np.testing.assert_allclose(x, y, rtol=0, atol=scale * SLACK, strict=True)


def scaled(factor, xs):
    return tuple(factor * x for x in xs)


@MANY
@given(expressions())
def test_pulling_back_is_the_transpose_of_pushing_forward(expression):
    f, (xs, vs, w) = function(expression, XP[WIDE]), inputs(expression, WIDE)
    pushed, pulled = jvp(f, xs, vs)[1], vjp(f, *xs)[1](w)
    close((inner((w,), (pushed,)),), (inner(pulled, vs),))


@MANY
@given(scalars())
def test_the_hessian_is_symmetric_and_the_same_by_every_composition(expression):
    f, (xs, vs, _) = function(expression, XP[WIDE]), inputs(expression, WIDE)
    us = inputs(expression, WIDE, seed=1000)[0]
    first = results(SECOND["forward-over-reverse"], expression, WIDE)
    for composition, operator in SECOND.items():
        products = operator(f, xs, vs, None)
        close(products, first)
        turned = hvp(lambda xs: f(*xs), composition)(xs, us)
        close((inner(us, products),), (inner(vs, turned),))


@MANY
@given(expressions(), st.sampled_from([-1.0, 0.25, 1024.0]))
def test_a_power_of_two_comes_out_as_it_went_in(expression, factor):
    f, (xs, vs, w) = function(expression, XP["float64"]), inputs(expression)
    same((factor * jvp(f, xs, vs)[1],), (jvp(f, xs, scaled(factor, vs))[1],))
    pullback = vjp(f, *xs)[1]
    same(scaled(factor, pullback(w)), pullback(factor * w))


@MANY
@given(expressions())
def test_derivatives_are_additive(expression):
    f, (xs, vs, w) = function(expression, XP[WIDE]), inputs(expression, WIDE)
    _, us, z = inputs(expression, WIDE, seed=1000)
    both = tuple(v + u for v, u in zip(vs, us, strict=True))
    close((jvp(f, xs, vs)[1] + jvp(f, xs, us)[1],), (jvp(f, xs, both)[1],))
    pullback = vjp(f, *xs)[1]
    added = tuple(a + b for a, b in zip(pullback(w), pullback(z), strict=True))
    close(added, pullback(w + z))


@st.composite
def pairs(draw):
    """Draw an expression and another for its first argument."""
    outer = draw(expressions(depth=3))
    return outer, draw(expressions(shapes=outer.shapes[:1], depth=3))


@MANY
@given(pairs())
def test_the_derivative_of_a_composition_is_that_of_one_after_the_other(pair):
    """Bit for bit, as the same steps are taken in the same order."""
    g, f = (function(expression, XP["float64"]) for expression in pair)
    (_, *ys), (_, *us), w = inputs(pair[0])
    xs, vs, _ = inputs(pair[1])

    def composed(*both):
        return g(f(*both[: len(xs)]), *both[len(xs) :])

    y, v = jvp(f, xs, vs)
    same(jvp(g, (y, *ys), (v, *us)), jvp(composed, (*xs, *ys), (*vs, *us)))
    (c, *rest), pull_f = vjp(g, y, *ys)[1](w), vjp(f, *xs)[1]
    same((*pull_f(c), *rest), vjp(composed, *xs, *ys)[1](w))


@MANY
@given(expressions())
def test_what_does_not_change_has_derivatives_of_zeros(expression):
    f, (xs, vs, w) = function(expression, XP["float64"]), inputs(expression)
    zeros = scaled(0.0, xs)
    assert not jvp(f, xs, zeros)[1].any()
    same(vjp(f, *xs)[1](0 * w), zeros)
    same(vjp(lambda *ignored: f(*xs), *xs)[1](w), zeros)
    assert not jvp(lambda *ignored: f(*xs), xs, vs)[1].any()


@MANY
@given(expressions())
def test_differentiating_does_not_change_the_value(expression):
    f, (xs, vs, _) = function(expression, XP["float64"]), inputs(expression)
    same((f(*xs),) * 2, (jvp(f, xs, vs)[0], vjp(f, *xs)[0]))


@MANY
@given(scalars())
def test_one_function_has_one_derivative_for_all_ways_to_ask(expression):
    """A gradient is the pullback of 1, bit for bit, and the tangents of a basis up to rounding."""
    f, (xs, vs, _) = function(expression, XP[WIDE]), inputs(expression, WIDE)
    gradients = grad(f, argnums=tuple(range(len(xs))))(*xs)
    same(gradients, vjp(f, *xs)[1](np.longdouble(1)))
    close((inner(gradients, vs),), (np.asarray(jvp(f, xs, vs)[1]),))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [*FIRST, *OF_SCALARS])
def test_shape_and_dtype_come_out_as_they_went_in(name, dtype):
    @MANY
    @given(expressions() if name in FIRST else scalars())
    def check(expression):
        f, (xs, vs, w) = function(expression, XP[dtype]), inputs(expression, dtype)
        before = [x.copy() for x in (*xs, *vs, w)]
        answers = (FIRST | OF_SCALARS)[name](f, xs, vs, w)
        like = (w,) if name in ("value", "jvp") else xs
        assert [(a.shape, a.dtype) for a in answers] == [(x.shape, x.dtype) for x in like]
        same(before, (*xs, *vs, w))

    check()
