"""Derivatives within derivatives: which is which, in threads too, and what they leave behind."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backends.engine import backward, grad, jvp, variables, vjp, xp
from backends.engine.traces import Reverse

X = np.array([0.5, -1.25, 2.0])


def cubes(x):
    return xp.sum(x**3)


def test_inner_and_outer_derivatives_of_one_array_are_not_confused():
    def confusing(x):
        return xp.sum(x * grad(lambda y: xp.sum(x * y))(x))

    np.testing.assert_array_equal(grad(confusing)(X), 2 * X)
    np.testing.assert_array_equal(jvp(confusing, (X,), (np.ones(3),))[1], np.sum(2 * X))


def test_the_classic_confusion_of_forward_modes_does_not_happen():
    def slope(f, x):
        return jvp(f, (x,), (np.float64(1),))[1]

    assert slope(lambda x: x * slope(lambda y: x + y, np.float64(1)), np.float64(1)) == 1


def test_a_closure_over_an_outer_variable_is_differentiated():
    def outer(x):
        return xp.sum(grad(lambda y: xp.sum(x * x * y * y))(np.ones(3)))

    np.testing.assert_array_equal(grad(outer)(X), 4 * X)


def test_the_third_derivative_needs_no_rule_of_its_own():
    def derivative(f):
        return grad(lambda x: xp.sum(f(x)))

    np.testing.assert_allclose(
        derivative(derivative(derivative(lambda x: xp.exp(2 * x))))(X), 8 * np.exp(2 * X), 1e-15
    )


def test_the_modes_nest_three_deep_in_every_order():
    def reverse(f):
        return grad(lambda x: xp.sum(f(x)))

    def forward(f):
        return lambda x: jvp(f, (x,), (np.ones(3),))[1]

    for a in (reverse, forward):
        for b in (reverse, forward):
            for c in (reverse, forward):
                got = a(b(c(xp.sin)))(X)
                np.testing.assert_allclose(got, -np.cos(X), 1e-15)


def test_an_exception_in_the_middle_leaves_nothing_behind():
    def fails(x):
        grad(lambda y: xp.sum(x * y))(x)
        raise RuntimeError("in the middle")

    for _ in range(2):
        with pytest.raises(RuntimeError, match="in the middle"):
            grad(lambda x: grad(fails)(x))(X)
        np.testing.assert_array_equal(grad(cubes)(X), 3 * X**2)


def test_threads_do_not_meet():
    barrier = threading.Barrier(4)

    def work(factor):
        def total(x):
            barrier.wait(timeout=10)  # every thread is inside its own trace now
            return xp.sum(factor * x * grad(cubes)(x))

        return grad(total)(X)

    with ThreadPoolExecutor(4) as pool:
        for factor, got in zip(range(4), pool.map(work, range(4)), strict=True):
            np.testing.assert_allclose(got, factor * 9 * X**2, 1e-15)


def test_trace_numbers_are_never_drawn_twice():
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: Reverse().number, range(2000)))
    assert len(set(numbers)) == 2000


def test_a_derivative_taken_leaves_no_garbage():
    def gradient_penalty(x):
        return xp.sum((grad(cubes)(x) ** 2 - 1) ** 2)

    gc.collect()
    gc.disable()
    try:
        grad(gradient_penalty)(X)
        x, y = variables(X, X)
        backward(xp.sum(x * x * y), (x, y), create_graph=True)
        backward(xp.sum(x.grad), (x, y))
        del x, y
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_result_computed_from_variables_made_within_is_differentiated():
    def f(x):
        (leaf,) = variables(x)
        backward(cubes(leaf), (leaf,), create_graph=True)
        return xp.sum(leaf.grad)

    np.testing.assert_array_equal(grad(f)(X), 6 * X)


def test_a_pullback_and_a_value_of_an_over_derivative_stay_usable():
    def f(x):
        y, pullback = vjp(xp.sin, x)
        return xp.sum(y * pullback(y)[0])

    np.testing.assert_allclose(grad(f)(X), np.cos(X) * np.sin(2 * X) - np.sin(X) ** 3, 1e-14)
