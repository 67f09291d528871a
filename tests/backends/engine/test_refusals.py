"""What would silently lose a derivative is refused, with a sentence and a remedy."""

from typing import NamedTuple

import numpy as np
import pytest

from backends.engine import (
    backward,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    linearize,
    variables,
    vjp,
    xp,
)
from backends.engine.derivatives import COMPOSITIONS

X = np.array([0.5, -1.25, 2.0])


class Pair(NamedTuple):
    left: object
    right: object


def cubes(x):
    return xp.sum(x**3)


def pair(x):
    return x, x


def forward(f):
    return lambda x: jvp(f, (x,), (x,))


def kept_from(derivative):
    """A traced array that has outlived its derivative."""
    kept = []
    derivative(lambda x: kept.append(x) or cubes(x))(X)
    return kept[0]


def kept_within(x):
    kept = []
    grad(lambda y: kept.append(xp.sum(x * y)) or xp.sum(y))(X)
    return kept[0]


def assign(x):
    x[0] = 1.0


def backward_of_an_array(x):
    leaves = variables(x)
    backward(leaves[0] * 2, leaves)


REFUSED = [
    (lambda: grad(lambda x: x)(np.ones(5)), r"grad needs a scalar output; got shape \(5,\); sum"),
    (lambda: grad(lambda x: x)(np.ones(1)), r"grad needs a scalar output; got shape \(1,\)"),
    (lambda: grad(cubes)(np.arange(3)), r"grad needs floating-point inputs; got int64; try"),
    (lambda: grad(cubes)(3), r"grad needs floating-point inputs"),
    (lambda: vjp(cubes, np.ones(2, complex)), r"vjp needs floating-point inputs; got complex128"),
    (lambda: grad(cubes, argnums=2)(X), r"asked for argument 2 of a function called with 1"),
    (
        lambda: grad(lambda x: (x, x))(X),
        r"grad needs a scalar output; got tuple; return one number",
    ),
    (lambda: grad(cubes)({"a": [X, np.arange(3)]}), r"got int64; try .*; this is at \['a'\]\[1\]"),
    (lambda: grad(cubes)(Pair(X, X)), r"grad takes trees of plain tuples.*; got Pair; convert"),
    (lambda: grad(cubes)("abc"), r"grad needs floating-point inputs; got <U3"),
    (lambda: grad(cubes)(1j * X), r"got complex128; try a function of the real and the imag"),
    (lambda: vjp(pair, X)[1](X), r"cotangent has one array, but the output has a tuple of 2; give"),
    (lambda: vjp(pair, X)[1]((X, X[:2])), r"cotangent has shape \(2,\), but the output \(3,\)"),
    (lambda: vjp(xp.sin, X)[1]((X,)), r"cotangent has a tuple of 1, but the output has one array"),
    (
        lambda: jvp(pair, ({"a": [X]},), ({"a": [X, X]},)),
        r"tangent has a list of 2 at \['a'\], but its argument has a list of 1; give both the same",
    ),
    (lambda: linearize(xp.sin, X)[1](X, X), r"one tangent per argument; got 2 for 1"),
    (lambda: linearize(xp.sin, X)[1]([X]), r"tangent has a list of 1, but its argument"),
    (lambda: jacobian(xp.sin, mode="sideways"), r"no mode 'sideways'; choose one of forward, rev"),
    (lambda: hvp(cubes, "up-over-down"), r"no composition 'up-over-down'; choose one of forward-"),
    *[
        (
            lambda f=f, c=c: f(xp.sin, c)(X, *[X] * (f is hvp)),
            rf"{f.__name__} needs a scalar output",
        )
        for f in (hvp, hessian)
        for c in COMPOSITIONS
    ],
    (lambda: grad(lambda x: kept_within(x))(X), r"grad got a traced array of a derivative that is"),
    (lambda: kept_from(grad) * 2, r"multiply got a traced array of a derivative that is over; ret"),
    (lambda: grad(lambda x: xp.sum(x * kept_from(grad)))(X), r"multiply got a traced array of a"),
    (lambda: bool(xp.sum(kept_from(forward)) > 0), r"sum got a traced array of a derivative that"),
    (lambda: bool(kept_from(forward)), r"bool got a traced array of a derivative that is over"),
    (lambda: grad(assign)(X), r"can't be assigned in place; build the new one with where"),
    (lambda: grad(lambda x: xp.sum(np.asarray(x)))(X), r"np.asarray.* would lose its derivative"),
    (lambda: grad(lambda x: float(xp.sum(x)))(X), r"float\(\) of a traced array .* stop_gradient"),
    (lambda: grad(lambda x: int(xp.sum(x)))(X), r"int\(\) of a traced array"),
    (lambda: grad(lambda x: [1, 2][x])(1.0), r"an index of a traced array"),
    (lambda: grad(lambda x: np.sum(x))(X), r"np.sum can't take a traced array; use the engine's"),
    (lambda: grad(lambda x: np.concatenate([x, x]))(X), r"np.concatenate .* engine's concat"),
    (lambda: grad(lambda x: np.fft.fft(x))(X), r"np.fft.fft can't .* functions in backends.eng"),
    (lambda: grad(lambda x: np.spacing(x))(X), r"np.spacing can't .* functions in backends.engine"),
    (lambda: grad(lambda x: np.add.reduce(x))(X), r"np.add.reduce can't .* use the engine's sum"),
    (lambda: grad(lambda x: np.multiply.outer(x, x))(X), r"np.multiply.outer .* engine's outer"),
    (lambda: jvp(xp.sin, X, X), r"a tuple of arguments and one of tangents; write \(x,\) and \(v"),
    (lambda: grad(lambda x: xp.sum(abs(x * 1j) ** 2))(X), r"came out complex, and would lose its"),
    (lambda: vjp(xp.sin, X)[1](1j * X), r"came out complex"),
    (lambda: grad(lambda x: np.sin(x, out=np.ones(3)))(X), r"engine's sin without out="),
    (lambda: grad(lambda x: x[np.array([0.5])])(X), r"indexed by .*float64"),
    (lambda: grad(lambda x: x.sum())(X), r"no 'sum'; use the function sum\(x\) instead"),
    (lambda: vjp(xp.sin, X)[1](np.ones(2)), r"cotangent has shape \(2,\), but the output \(3,\)"),
    (lambda: jvp(xp.sin, (X,), (np.ones(2),)), r"tangent has shape \(2,\), but its argument"),
    (lambda: jvp(xp.sin, (X,), ()), r"one tangent per argument; got 0 for 1"),
    (lambda: backward(*[variables(X)] * 2), r"backward needs a scalar output; got tuple"),
    (lambda: backward(X, (X,)), r"accumulates in variables; make them by"),
    (lambda: backward(X, variables(X)[:0]), r"needs the variables to accumulate in; got none"),
    (lambda: backward(X, variables(X) + variables(X)), r"by one call of variables"),
    (lambda: backward_of_an_array(X), r"backward needs a scalar output; got shape \(3,\)"),
]


@pytest.mark.parametrize(("misuse", "sentence"), REFUSED)
def test_misuse_is_refused_with_a_sentence_and_a_remedy(misuse, sentence):
    with pytest.raises((TypeError, ValueError, AttributeError), match=sentence):
        misuse()


def test_what_stop_gradient_made_may_be_kept():
    kept = []
    grad(lambda x: kept.append(xp.stop_gradient(x * x)) or cubes(x))(X)
    np.testing.assert_array_equal(kept[0] + 1, X * X + 1)
