"""Gradients accumulated in variables, and derivatives taken through them."""

import numpy as np
import pytest

from backends.engine import backward, grad, variables, xp

X = np.array([0.5, -1.25, 2.0])


def cubes(x):
    return xp.sum(x**3)


def test_passes_accumulate():
    x, y = variables(X, 2 * X)
    for _ in range(2):
        backward(xp.sum(x * x), (x, y))
    np.testing.assert_array_equal(x.grad, 4 * X)
    assert y.grad is None


def test_without_create_graph_a_gradient_is_a_plain_array():
    (x,) = variables(X)
    backward(cubes(x), (x,))
    assert isinstance(x.grad, np.ndarray)


@pytest.mark.parametrize(("clear", "answer"), [(True, 480), (False, 481)])
def test_a_pass_is_differentiated_through_by_the_next(clear, answer):
    x, y = variables(np.float32([1]), np.float32([2]))
    backward(xp.sum(x * x * y), (x, y), create_graph=True)
    w = xp.sum((x.grad**2 - 1) ** 2)
    if clear:
        y.grad = None
    backward(w, (x, y))
    assert (xp.stop_gradient(x.grad), xp.stop_gradient(y.grad)) == (964, answer)


def test_accumulation_can_itself_be_differentiated():
    def slope_squared(x):
        (leaf,) = variables(x)
        backward(cubes(leaf), (leaf,))
        return xp.sum(leaf.grad**2)

    np.testing.assert_allclose(grad(slope_squared)(X), 36 * X**3, 1e-15)


def test_variables_of_another_tape_are_constants():
    (x,), (y,) = variables(X), variables(2 * X)
    backward(xp.sum(x * x * y), (x,))
    np.testing.assert_array_equal(x.grad, 4 * X**2)


def test_variables_may_be_a_tree():
    (p,) = variables({"a": X, "b": (2 * X, None)})
    backward(xp.sum(p["a"] * p["b"][0]), p)
    np.testing.assert_array_equal(p["a"].grad, 2 * X)
    np.testing.assert_array_equal(p["b"][0].grad, X)
