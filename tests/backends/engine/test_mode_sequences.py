"""Derivatives within derivatives: by every sequence of modes, through closures, threads and errors.

The one convention: `derivative` is of a function of one number, by one mode; a sequence of modes is
read from the outermost to the innermost.
"""

import itertools
import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backends.engine import grad, jvp, vjp, xp

EPS = np.finfo(float).eps


def forward(f):
    return lambda x: jvp(f, (x,), (np.float64(1),))[1]


def reverse(f):
    return grad(f)


def pulled(f):
    """Reverse mode by a pullback that outlives its trace."""
    return lambda x: vjp(f, x)[1](np.float64(1))[0]


MODES = {"forward": forward, "reverse": reverse}


def sequences(order):
    return list(itertools.product(MODES, repeat=order))


each_pair = pytest.mark.parametrize("modes", sequences(2), ids="-over-".join)
each_triple = pytest.mark.parametrize("modes", sequences(3), ids="-over-".join)
each_four = pytest.mark.parametrize("modes", sequences(4), ids="-over-".join)


def derivatives(modes):
    return [MODES[mode] for mode in modes]


def nested(modes, f):
    """The derivative of f of the order that there are modes."""
    for derivative in reversed(derivatives(modes)):
        f = derivative(f)
    return f


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
    cube = lambda z: z * z * z  # noqa: E731
    assert outer(lambda x: cube(x) * inner(cube)(x) * inner(lambda y: cube(y) * x)(x))(1.0) == 72  # 9 x^8


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


# Higher orders

X = np.float64(0.7)
KNOWN = {  # the fourth derivative at x, by paper
    "wave": (lambda x: xp.sin(x) * xp.exp(x), lambda x: -4 * np.sin(x) * np.exp(x)),
    "pole": (lambda x: 1 / (1 + x), lambda x: 24 / (1 + x) ** 5),
    "log": (xp.log, lambda x: -6 / x**4),
    "power": (lambda x: x**2.5, lambda x: 2.5 * 1.5 * 0.5 * -0.5 * x**-1.5),
    "integer power": (lambda x: x**5, lambda x: 120 * x),
    "square root": (xp.sqrt, lambda x: -15 / 16 * x**-3.5),
    "gauss": (
        lambda x: xp.exp(-x * x),
        lambda x: (16 * x**4 - 48 * x**2 + 12) * np.exp(-x * x),
    ),
    "expit": (
        xp.expit,
        lambda x: (lambda s: s * (1 - s) * (1 - 2 * s) * (1 - 12 * s * (1 - s)))(expit(x)),
    ),
    "tanh": (
        xp.tanh,
        lambda x: (lambda t: 8 * t * (1 - t * t) * (2 - 3 * t * t))(np.tanh(x)),
    ),
}


def expit(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("name", KNOWN)
@each_four
def test_the_fourth_derivative_is_right_by_every_sequence_of_modes(modes, name):
    f, fourth = KNOWN[name]
    # Terms of either sign cancel; each is some tens at most here, so a hundred roundings' worth.
    np.testing.assert_allclose(nested(modes, f)(X), fourth(X), rtol=0, atol=500 * EPS)


@each_triple
def test_the_third_derivative_of_an_arrays_function_is_right(modes):
    x = np.array([0.3, -0.8, 1.1])

    def along(u):  # the third derivative along (1, 1, 1) sums all entries of the third's tensor
        return xp.sum(xp.exp(x + u)) * xp.sum((x + u) ** 3)

    s, c, n = np.sum(np.exp(x)), np.sum(x**3), 3
    expected = s * (c + 3 * np.sum(3 * x**2) + 3 * np.sum(6 * x) + 6 * n)
    np.testing.assert_allclose(nested(modes, along)(np.float64(0)), expected, rtol=50 * EPS)


@each_four
def test_mixed_fourth_derivatives_are_right_by_every_sequence_of_modes(modes):
    a, b, c, d = derivatives(modes)

    def f(x, y):
        return xp.exp(x * y)

    def third(x, y):  # of x, then y, then x
        return b(lambda x: c(lambda y: d(lambda x: f(x, y))(x))(y))(x)

    x, y = np.float64(0.6), np.float64(-0.9)
    p = x * y
    expected = (2 + 4 * p + p * p) * math.exp(p)
    np.testing.assert_allclose(a(lambda y: third(x, y))(y), expected, rtol=0, atol=50 * EPS)


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
