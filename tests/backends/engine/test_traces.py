"""The traces: how cotangents meet, in parts and as wholes, and what a pass leaves in memory."""

import itertools

import numpy as np
import pytest

from backends.engine import grad, jvp, vjp, xp
from backends.engine.traces import Reverse

X = np.array([0.5, -1.25, 2.0, 3.0])
LARGE = 100_000  # elements: from 256 kB on, NumPy writes sums over arrays that nobody holds

USES = {
    "a slice": lambda x: xp.sum(x[1:] * X[1:]),
    "an overlapping slice": lambda x: xp.sum(x[:3] ** 2),
    "an entry": lambda x: x[2] * 5,
    "the whole": lambda x: xp.sum(x * x),
}


@pytest.mark.parametrize("uses", list(itertools.permutations(USES)), ids=" then ".join)
def test_parts_and_wholes_add_up_in_every_order(uses):
    def f(x):
        total = 0.0
        for use in uses:
            total = total + USES[use](x)
        return total

    expected = 2 * X + [0, *X[1:]] + [*2 * X[:3], 0] + [0, 0, 5, 0]
    np.testing.assert_allclose(grad(f)(X), expected, 1e-15)
    hessian_times_ones = np.array([4.0, 4.0, 4.0, 2.0])
    slope = jvp(grad(f), (X,), (np.ones(4),))[1]
    np.testing.assert_allclose(slope, hessian_times_ones, 1e-15)
    slope = grad(lambda x: xp.sum(grad(f)(x)))(X)
    np.testing.assert_allclose(slope, hessian_times_ones, 1e-15)


def test_slices_are_put_into_zeros_once():
    def places(n):
        trace = Reverse()
        grad(lambda x: sum(xp.sum(x[i : i + 2] ** 3) for i in range(n)))(trace.leaf(np.ones(n + 1)))
        return sum(primitive.name == "place" for primitive, *_ in trace.tape)

    assert places(2) == places(50) == 1


def test_parts_of_two_dtypes_are_added_in_the_wider():
    x = np.ones(2, np.float32)
    factor = np.float64(1) + 2**-40

    def f(x):
        return xp.sum(x[:1] * np.float32(-1)) + xp.sum(x[:1] * factor)

    assert grad(f)(x)[0] == np.float32(2**-40)


@pytest.mark.parametrize("count", [4, LARGE])
def test_a_callers_cotangent_is_never_written_over(count):
    x, g = np.linspace(1, 2, count), np.ones(count)
    _, pullback = vjp(lambda x: x + x + 2 * x + x, x)
    for _ in range(2):
        np.testing.assert_array_equal(pullback(g)[0], np.full(count, 5.0))
    np.testing.assert_array_equal(g, np.ones(count))


@pytest.mark.parametrize("count", [4, LARGE])
def test_a_cotangent_shared_by_two_inputs_is_never_written_over(count):
    x, y = np.linspace(1, 2, count), np.linspace(2, 3, count)
    _, pullback = vjp(lambda x, y: (x + y) + x * x, x, y)
    of_x, of_y = pullback(y)
    np.testing.assert_array_equal(of_y, y)
    np.testing.assert_allclose(of_x, y + 2 * x * y, 1e-15)


@pytest.mark.parametrize(("once", "left"), [(True, 0), (False, 2)])
def test_a_tape_is_kept_for_another_pass_unless_told_otherwise(once, left):
    trace = Reverse()
    x = trace.leaf(X)
    y = xp.sum(xp.sin(x))
    cotangents = trace.pull({y.note: np.float64(1)}, once=once)
    np.testing.assert_array_equal(cotangents[x.note], np.cos(X))
    assert len(trace.tape) == left
