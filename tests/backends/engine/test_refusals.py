"""What would silently lose a derivative is refused, with a sentence and a remedy."""

import numpy as np
import pytest

from backends.engine import backward, grad, jvp, variables, vjp, xp

X = np.array([0.5, -1.25, 2.0])


def cubes(x):
    return xp.sum(x**3)


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
    (lambda: grad(lambda x: (x, x))(X), r"returns one array; got tuple; return one, or stack"),
    (lambda: grad(assign)(X), r"can't be assigned in place; build the new one with where"),
    (lambda: grad(lambda x: xp.sum(np.asarray(x)))(X), r"np.asarray.* would lose its derivative"),
    (lambda: grad(lambda x: float(xp.sum(x)))(X), r"float\(\) of a traced array .* stop_gradient"),
    (lambda: grad(lambda x: int(xp.sum(x)))(X), r"int\(\) of a traced array"),
    (lambda: grad(lambda x: [1, 2][x])(1.0), r"an index of a traced array"),
    (lambda: grad(lambda x: np.sum(x))(X), r"np.sum can't take a traced array; use the engine's"),
    (lambda: grad(lambda x: np.concatenate([x, x]))(X), r"np.concatenate .* engine's concat"),
    (lambda: grad(lambda x: np.fft.fft(x))(X), r"np.fft can't .* functions in backends.engine"),
    (lambda: grad(lambda x: np.arctanh(x))(X), r"np.arctanh can't .* functions in backends.engine"),
    (lambda: grad(lambda x: np.add.reduce(x))(X), r"np.add.reduce can't take a traced array"),
    (lambda: grad(lambda x: np.sin(x, out=np.ones(3)))(X), r"engine's sin without out="),
    (lambda: grad(lambda x: x[np.array([True, False, True])])(X), r"array of bool.* use where"),
    (lambda: grad(lambda x: x[None, [0, 1]])(X), r"arrays within a tuple; use take"),
    (lambda: grad(lambda x: x.sum())(X), r"no 'sum'; use the function sum\(x\) instead"),
    (lambda: vjp(xp.sin, X)[1](np.ones(2)), r"cotangent has shape \(2,\), but the output \(3,\)"),
    (lambda: jvp(xp.sin, (X,), (np.ones(2),)), r"tangent has shape \(2,\), but its argument"),
    (lambda: jvp(xp.sin, (X,), ()), r"one tangent per argument; got 0 for 1"),
    (lambda: backward(*[variables(X)] * 2), r"returns one array; got tuple"),
    (lambda: backward(X, variables(X)[:0]), r"needs the variables to accumulate in; got none"),
    (lambda: backward(X, variables(X) + variables(X)), r"by one call of variables"),
    (lambda: backward_of_an_array(X), r"backward needs a scalar output; got shape \(3,\)"),
]


@pytest.mark.parametrize(("misuse", "sentence"), REFUSED)
def test_misuse_is_refused_with_a_sentence_and_a_remedy(misuse, sentence):
    with pytest.raises((TypeError, ValueError, AttributeError), match=sentence):
        misuse()
