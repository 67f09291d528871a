"""Derivatives within derivatives, by every sequence of modes: which variable is whose.

Through closures, pullbacks and generators that outlive the function they were made in, exceptions,
and threads.
"""

import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backends.engine import grad, vjp, xp
from tests.backends.engine.modes import (
    EPS,
    derivatives,
    each_pair,
    each_triple,
    forward,
    nested,
    reverse,
    sequences,
)


def pulled(f):
    """Reverse mode by a pullback that outlives its trace."""
    return lambda x: vjp(f, x)[1](np.float64(1))[0]


# Perturbation confusion


@each_pair
def test_the_inner_derivative_is_not_mistaken_for_the_outer(modes):
    """Siskind and Pearlmutter (2005), Perturbation confusion and referential transparency."""
    outer, inner = derivatives(modes)
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1
    assert outer(lambda x: x * inner(lambda y: x * y)(2.0))(3.0) == 6
    assert outer(lambda x: x * inner(lambda y: y * y)(x))(3.0) == 12


@each_pair
def test_an_inner_derivative_at_the_outer_variable_depends_on_it_twice(modes):
    outer, inner = derivatives(modes)
    # d/dx of [d/dy (x^2 y^3) at y = x] = 3 x^4
    assert outer(lambda x: inner(lambda y: x**2 * y**3)(x))(2.0) == 12 * 2**3


@each_pair
def test_shifting_twice_gives_the_second_derivative(modes):
    """Manzyuk et al. (2019), where a derivative of a function that returns one goes wrong."""

    def by(derivative, f):
        return lambda x: derivative(lambda u: f(x + u))(0.0)

    outer, inner = derivatives(modes)
    np.testing.assert_allclose(by(outer, by(inner, xp.sin))(0.7), -np.sin(0.7), rtol=4 * EPS)


@each_pair
def test_the_derivative_of_one_function_serves_both_levels(modes):
    """The same closure is called at two levels: what it traces has to be told by the call."""
    outer, inner = derivatives(modes)

    def cube(z):
        return z * z * z

    def f(x):
        return cube(x) * inner(cube)(x) * inner(lambda y: cube(y) * x)(x)  # 9 x^8

    assert outer(f)(1.0) == 72


@each_triple
def test_closures_over_two_outer_variables_are_differentiated(modes):
    a, b, c = derivatives(modes)

    def f(x):
        return x * b(lambda y: y * c(lambda z: x * y * z)(1.0))(3.0)  # x d/dy (x y^2) = 6 x^2

    assert a(f)(2.0) == 24


@each_triple
def test_an_inner_derivative_that_ignores_its_variable_is_zero(modes):
    a, b, c = derivatives(modes)
    assert a(lambda x: x + b(lambda y: x * x)(1.0) + c(lambda z: 5.0)(x))(2.0) == 1


@each_triple
def test_levels_whose_variables_are_independent_do_not_touch(modes):
    a, b, c = derivatives(modes)
    constant = b(c(lambda y: y**4))(1.0)
    assert a(lambda x: x * b(c(lambda y: y**4))(1.0))(7.0) == constant == 12


@pytest.mark.parametrize("outer", [forward, reverse, pulled])
def test_a_pullback_may_be_called_within_later_derivatives(outer):
    def f(x):
        _, pullback = vjp(lambda z: x * z * z, np.float64(3))  # w -> 6 x w
        return grad(lambda w: pullback(w)[0] ** 2)(np.float64(2))  # 72 x^2 w = 144 x^2

    assert outer(f)(0.5) == 144


@pytest.mark.parametrize("outer", [forward, reverse, pulled])
def test_a_generator_may_go_on_within_an_inner_derivative(outer):
    def powers(x):
        power = x
        while True:
            yield power
            power = power * x

    def f(x):
        ongoing = powers(x)
        first = next(ongoing)
        inner = grad(lambda y: y * y * next(ongoing))(first)  # 2 x x^2
        return inner + next(ongoing)  # 3 x^3

    assert outer(f)(2.0) == 36


# Exceptions and threads


@each_triple
def test_an_exception_caught_within_an_outer_derivative_leaves_nothing_behind(modes):
    a, b, c = derivatives(modes)

    def fails(x):
        c(lambda z: 1 / 0 + x * z)(x)

    def f(x):
        with pytest.raises(ZeroDivisionError):
            b(lambda y: y * fails(x * y))(x)
        return x * b(lambda y: x * y * y)(x)  # 2 x^3

    assert a(f)(2.0) == 24
    assert a(b(c(lambda x: x**3)))(2.0) == 6


@pytest.mark.parametrize("outer", [forward, reverse])
def test_a_generator_closed_within_a_derivative_leaves_nothing_behind(outer):
    def steps(x):
        try:
            yield grad(lambda y: x * y * y)(x)
            yield x
        finally:
            closed.append(grad(lambda y: y * y)(2.0))

    kept, closed = [], []

    def f(x):
        kept.append(steps(x))
        return next(kept[-1])

    assert outer(f)(3.0) == 12
    kept[0].close()
    assert outer(f)(5.0) == 20
    assert closed == [4]


def test_many_threads_nest_different_derivatives_at_once():
    every = [modes for order in (2, 3, 4) for modes in sequences(order)]
    together = threading.Barrier(4)

    def work(start):
        rng = np.random.default_rng(start)
        together.wait(timeout=30)
        for modes in every[start::2]:
            x = np.float64(rng.uniform(0.5, 1.5))
            order = len(modes)
            got = nested(modes, lambda x: xp.exp(2 * x) + x**4)(x)
            rest = math.perm(4, order) * x ** (4 - order)
            np.testing.assert_allclose(got, 2**order * np.exp(2 * x) + rest, rtol=20 * EPS)
        return len(every[start::2])

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, (0, 1, 0, 1)))
    assert sum(done) == 2 * len(every)
