"""Jacobians, Hessians and their products: shapes, trees, compositions, and derivatives of them."""

import numpy as np
import pytest

from backends.engine import grad, hessian, hvp, jacobian, jvp, linearize, trees, vjp, xp
from backends.engine.derivatives import COMPOSITIONS, MODES

X = np.array([0.5, -1.25, 2.0])
V = np.array([1.0, -2.0, 0.5])
TREE = {"a": X, "b": (X[:2].reshape(2, 1), 2.0, None)}


def coupled(x):
    return xp.sum(xp.sin(x)) * xp.sum(x**3)


def coupled_hessian(x):
    s, c, cubes, squares = np.sin(x), np.cos(x), np.sum(x**3), 3 * x**2
    cross = np.outer(c, squares)
    return np.diag(6 * x * np.sum(s) - s * cubes) + cross + cross.T


def of_tree(p):
    a, (b, c, _) = p["a"], p["b"]
    return c * c * xp.sum(a**3) * xp.sum(b * b)


def close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("mode", MODES)
def test_a_jacobian_has_the_outputs_axes_and_then_the_inputs(mode):
    x = np.arange(6.0).reshape(2, 3)
    got = jacobian(lambda x: xp.sum(x * x, axis=1), mode)(x)
    expected = np.zeros((2, 2, 3))
    expected[[0, 1], [0, 1]] = 2 * x
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("y_shape", [(), (1,), (0,), (2, 1)])
@pytest.mark.parametrize("x_shape", [(), (1,), (3, 0), (2,)])
def test_scalars_and_empty_arrays_have_jacobians(mode, x_shape, y_shape):
    def f(x):
        return xp.broadcast_to(xp.sum(x * x), y_shape)

    x = np.full(x_shape, 1.5)
    got = jacobian(f, mode)(x)
    np.testing.assert_array_equal(got, np.full((*y_shape, *x_shape), 3.0))
    assert np.shape(got) == (*y_shape, *x_shape)


@pytest.mark.parametrize("mode", MODES)
def test_the_jacobian_of_a_tree_is_a_tree_of_trees(mode):
    got = jacobian(lambda p: [p["a"] * p["b"][1], (xp.sum(p["b"][0]), 1.0)], mode)(TREE)
    of_product, (of_sum, of_one) = got
    np.testing.assert_array_equal(of_product["a"], 2 * np.eye(3))
    np.testing.assert_array_equal(of_product["b"][0], np.zeros((3, 2, 1)))
    np.testing.assert_array_equal(of_product["b"][1], X)
    np.testing.assert_array_equal(of_sum["b"][0], np.ones((2, 1)))
    assert of_sum["b"][2] is None
    assert not any(np.any(block) for block in trees.leaves(of_one))


@pytest.mark.parametrize("mode", MODES)
def test_jacobians_keep_the_dtype(mode):
    for dtype in (np.float32, np.longdouble):
        assert jacobian(lambda x: xp.sin(x), mode)(X.astype(dtype)).dtype == dtype


def test_a_linearized_function_is_run_once():
    runs = []

    def f(x, p):
        runs.append(1)
        return {"y": xp.sin(x) * p[0], "z": p[0]}

    y, push = linearize(f, X, [V])
    for v in (V, X):
        value, tangent = jvp(f, (X, [V]), (v, [X]))
        for got, expected in ((y, value), (push(v, [X]), tangent)):
            np.testing.assert_array_equal(got["y"], expected["y"])
            np.testing.assert_array_equal(got["z"], expected["z"])
    assert len(runs) == 3


def test_a_linearized_constant_has_tangents_of_zeros():
    y, push = linearize(lambda x: (3.0, x > 0), X)
    assert y[0] == 3
    assert push(V)[0] == 0
    assert not push(V)[1].any()


def test_linearize_broadcasts_tangents_to_the_output():
    _, push = linearize(lambda x: x + np.zeros((2, 3)), X)
    np.testing.assert_array_equal(push(V), np.broadcast_to(V, (2, 3)))


def test_lines_that_the_output_does_not_depend_on_are_never_pushed():
    def f(x):
        xp.log(x - x)  # its derivative would divide by zero
        return x * x

    with np.errstate(divide="ignore"):
        _, push = linearize(f, X)
    np.testing.assert_array_equal(push(V), 2 * X * V)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_hessians_and_their_products_are_right_in_every_composition(composition):
    close(hessian(coupled, composition)(X), coupled_hessian(X))
    close(hvp(coupled, composition)(X, V), coupled_hessian(X) @ V)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_hessians_of_trees_are_trees_of_trees(composition):
    got = hessian(of_tree, composition)(TREE)
    squares = np.sum(TREE["b"][0] ** 2)
    close(got["a"]["a"], np.diag(24 * X * squares))
    close(got["a"]["b"][0], 24 * np.multiply.outer(X**2, TREE["b"][0]))
    close(got["b"][0]["a"], np.moveaxis(got["a"]["b"][0], 0, -1))
    close(got["b"][1]["b"][1], 2 * np.sum(X**3) * squares)
    assert got["b"][2] is None
    assert got["a"]["b"][2] is None


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_products_with_trees_are_the_hessians(composition):
    v = {"b": (np.ones((2, 1)), 0.5, None), "a": V}
    got = hvp(of_tree, composition)(TREE, v)
    blocks = hessian(of_tree)(TREE)["a"]
    expected = blocks["a"] @ V + np.sum(blocks["b"][0], axis=(1, 2)) + blocks["b"][1] * 0.5
    close(got["a"], expected)
    assert [np.shape(x) for x in trees.leaves(got)] == [(3,), (2, 1), ()]


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_third_derivatives_are_taken_through_every_composition(composition):
    third = jacobian(hessian(lambda x: xp.sum(x**4) * x[0], composition))(X)
    expected = np.zeros((3, 3, 3))
    for i in (1, 2):
        expected[i, i, i] = 24 * X[i] * X[0]
        for place in ((0, i, i), (i, 0, i), (i, i, 0)):
            expected[place] = 12 * X[i] ** 2
    expected[0, 0, 0] = 60 * X[0] ** 2
    close(third, expected)
    swept = grad(lambda x: xp.sum(hvp(lambda x: xp.sum(x**4) * x[0], composition)(x, V)))(X)
    close(swept, np.einsum("ijk,j->k", expected, V))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_a_jacobian_of_a_jacobian_of_a_hessian_is_the_fourth_derivative(composition, mode):
    fourth = jacobian(jacobian(hessian(lambda x: xp.sum(x**4), composition)), mode)(X)
    expected = np.zeros((3,) * 4)
    expected[(range(3),) * 4] = 24
    close(fourth, expected)


def test_a_product_is_differentiated_by_its_direction_too():
    _, pullback = vjp(lambda v: hvp(coupled)(X, v), V)
    close(pullback(V)[0], coupled_hessian(X) @ V)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_closures_over_outer_arrays_are_differentiated(composition):
    def f(scale):
        return xp.sum(hessian(lambda x: scale * scale * coupled(x), composition)(X))

    close(grad(f)(1.5), 3 * np.sum(coupled_hessian(X)))
    close(grad(lambda s: xp.sum(linearize(lambda x: s * x * x, X)[1](V)))(1.5), 2 * np.sum(X * V))


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_a_hessian_has_its_arguments_dtype_where_dtypes_are_mixed(composition):
    def f(x):
        return xp.sum(x**2) * np.float64(1.1)

    x = np.ones(3, np.float32)
    assert hessian(f, composition)(x).dtype == np.float32
    assert hvp(f, composition)(x, x).dtype == np.float32
