"""Python's numbers beside arrays: never computed with in float64 unless the arrays are of it.

The one convention: each function mixes an array between 0.15 and 0.65 with numbers that binary
fractions don't reach, so that rounding them, or what is made of them, to another dtype would show.
"""

import numpy as np
import pytest

from backends.engine import check_gradients, xp
from backends.engine.boundary import pushed
from backends.engine.traces import Forward
from backends.engine.transforms import taped

X = np.random.default_rng(17).uniform(0.15, 0.65, (3, 4))

MIXED = {
    "add": lambda x: (x + 0.1) * x,
    "atan2": lambda x: xp.atan2(x, 0.3),
    "atan2 of a number": lambda x: xp.atan2(0.3, x),
    "clip": lambda x: xp.clip(x, min=0.21, max=0.53) * x,
    "copysign": lambda x: xp.copysign(x, -0.3) * x,
    "divide": lambda x: x / 3,
    "divide a number": lambda x: 3 / x,
    "full_like": lambda x: xp.full_like(x, 0.1) * x,
    "hypot": lambda x: xp.hypot(x, 0.3),
    "hypot of a number": lambda x: xp.hypot(0.3, x),
    "logaddexp": lambda x: xp.logaddexp(x, 0.1),
    "maximum": lambda x: xp.maximum(x, 0.41) * x,
    "mean": lambda x: xp.mean(x, axis=0),
    "minimum of a number": lambda x: xp.minimum(0.41, x) * x,
    "multiply": lambda x: 0.1 * x,
    "power": lambda x: x**0.1,
    "power, negative": lambda x: x**-1.7,
    "power of a number": lambda x: 0.1**x,
    "remainder": lambda x: xp.remainder(x, 0.07) * x,
    "remainder of a number": lambda x: xp.remainder(0.7, x) * x,
    "set_at": lambda x: xp.set_at(x, 0, 0.1) * x,
    "subtract from a number": lambda x: (0.1 - x) * x,
    "var": lambda x: xp.var(x, correction=0.3),
    "vector_norm": lambda x: xp.vector_norm(x, ord=2.3, axis=0),
    "where": lambda x: xp.where(x > 0.41, x, 0.1) * x,
    "xlogy": lambda x: xp.xlogy(x, 0.3) * x,
    "xlogy of a number": lambda x: xp.xlogy(0.3, x),
}
each = pytest.mark.parametrize("f", MIXED.values(), ids=MIXED)


@each
def test_derivatives_in_longdouble_are_right_to_its_last_digits(f):
    check_gradients(f, X.astype(np.longdouble))


@each
@pytest.mark.parametrize("dtype", ["float32", "longdouble"])
def test_nothing_on_the_way_is_of_another_dtype(f, dtype):
    x = X.astype(dtype)
    trace, (leaf,), y, note = taped(f, (x,), "vjp")
    cotangents = trace.pull({note: np.ones_like(y)})
    tangent = f(pushed(x, x, Forward())).note
    assert {y.dtype, cotangents[leaf.note].dtype, tangent.dtype} == {np.dtype(dtype)}


def test_a_norm_in_longdouble_has_an_exponent_in_longdouble():
    x = np.full(8, 3, np.longdouble)
    eps = np.finfo(np.longdouble).eps
    np.testing.assert_allclose(xp.vector_norm(x, ord=3), 6, rtol=4 * eps)
