"""The engine's transformations: values, trees, dtypes, control flow and what NumPy may do."""

import re

import numpy as np
import pytest

import backends.engine as engine
from backends.engine import grad, jvp, trees, value_and_grad, vjp, xp

X = np.array([0.5, -1.25, 2.0])


def cubes(x):
    return xp.sum(x**3)


def in_natural_order(name):
    """As ruff sorts `__all__`: log2 before log10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def test_the_public_names_are_sorted_and_there():
    for module in (engine, xp):
        assert module.__all__ == sorted(module.__all__, key=in_natural_order)
        assert [name for name in module.__all__ if getattr(module, name, None) is None] == []


def test_grad_gives_the_gradient():
    np.testing.assert_array_equal(grad(cubes)(X), 3 * X**2)


def test_grad_of_several_arguments_gives_a_tuple_in_the_order_asked():
    gradients = grad(lambda x, y: xp.sum(x * y * y), argnums=(1, 0))(X, 2 * X)
    np.testing.assert_array_equal(gradients, (2 * X * 2 * X, 4 * X**2))


def test_grad_of_one_argnum_in_a_tuple_gives_a_tuple():
    assert isinstance(grad(cubes, argnums=(0,))(X), tuple)


def test_value_and_grad_gives_both():
    value, gradient = value_and_grad(cubes)(X)
    assert value == np.sum(X**3)
    np.testing.assert_array_equal(gradient, 3 * X**2)


def test_a_pullback_can_be_called_again():
    y, pullback = vjp(lambda x: x**3, X)
    np.testing.assert_array_equal(y, X**3)
    for g in (np.ones(3), X):
        np.testing.assert_array_equal(pullback(g)[0], 3 * X**2 * g)


def test_jvp_gives_value_and_tangent():
    y, t = jvp(lambda x, y: x * y, (X, 2 * X), (np.ones(3), X))
    np.testing.assert_array_equal(y, 2 * X**2)
    np.testing.assert_array_equal(t, 2 * X + X**2)


def test_an_ignored_argument_gives_zeros_of_its_own_shape_and_dtype():
    ignored = np.ones((2, 1), np.float32)
    for zeros in (grad(lambda x, y: cubes(x), 1)(X, ignored), vjp(lambda y: X, ignored)[1](X)[0]):
        assert (zeros.shape, zeros.dtype, zeros.any()) == ((2, 1), np.float32, False)
    assert not jvp(lambda y: X, (ignored,), (ignored,))[1].any()


def test_a_constant_function_has_a_gradient_of_zeros():
    np.testing.assert_array_equal(grad(lambda x: 3.0)(X), np.zeros(3))


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_the_dtype_that_goes_in_comes_out(dtype):
    x = X.astype(dtype)

    def f(x):
        return xp.sum(2.0 * x**2 / 3 + 0.5) + xp.mean(1 - xp.where(x > 0, x, 1) ** 1.5)

    value, gradient = value_and_grad(f)(x)
    tangent = jvp(lambda x: grad(f)(x), (x,), (x,))[1]
    assert {value.dtype, gradient.dtype, tangent.dtype} == {np.dtype(dtype)}


def test_a_gradient_has_its_own_arguments_dtype_where_dtypes_are_mixed():
    def f(x, y):
        return xp.sum(x * y)

    x, y = grad(f, argnums=(0, 1))(X.astype(np.float32), X)
    assert (x.dtype, y.dtype) == (np.float32, np.float64)


def test_a_python_number_is_a_float64_scalar():
    assert grad(lambda x: x**3)(2.0) == 12


def test_control_flow_may_look_at_values():
    def f(x):
        return x**2 if x > 0 else -x

    assert (grad(f)(3.0), grad(f)(-3.0)) == (6, -1)
    assert grad(lambda x: grad(f)(x))(3.0) == 2


def test_a_comparison_is_a_plain_array():
    seen = []
    grad(lambda x: seen.append(x > 0) or cubes(x))(X)
    assert isinstance(seen[0], np.ndarray)


def test_stop_gradient_makes_a_constant():
    np.testing.assert_array_equal(grad(lambda x: xp.sum(x * xp.stop_gradient(x)))(X), X)


def test_what_is_infinite_on_the_other_branch_stays_there():
    zeros = np.zeros(3)
    with np.errstate(divide="ignore"):
        got = vjp(lambda x, y: xp.where(x < 1, x, y), zeros, zeros)[1](np.full(3, np.inf))
    np.testing.assert_array_equal(got[1], zeros)


def test_numpys_arrays_and_scalars_may_stand_on_the_left():
    for left in (np.full(3, 2.0), np.float64(2), 2.0, 2):
        got = grad(lambda x, left=left: xp.sum(left * x - left / x + left**x))(X)
        np.testing.assert_allclose(got, 2 + 2 / X**2 + 2**X * np.log(2), 1e-15)
    matrix = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(grad(lambda x: xp.sum(matrix @ x))(X), matrix.sum(0))


def test_ufuncs_of_the_same_meaning_are_taken_for_primitives():
    got = grad(lambda x: xp.sum(np.multiply(np.sin(x), np.power(x, 2))))(X)
    np.testing.assert_allclose(got, np.cos(X) * X**2 + 2 * X * np.sin(X), 1e-15)


def test_rows_of_a_traced_array_can_be_iterated_and_unpacked():
    def f(x):
        a, b, c = x
        assert len(x) == 3
        return a * b * c

    np.testing.assert_array_equal(grad(f)(X), np.prod(X) / X)


def test_a_row_taken_twice_counts_twice():
    got = grad(lambda x: xp.sum(x[np.array([2, 0, 2])]))(X)
    np.testing.assert_array_equal(got, [1, 0, 2])


def test_gradients_are_writable_and_inputs_unchanged():
    before = X.copy()
    gradient = grad(xp.sum)(X)
    gradient += 1
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("count", [3, 5000])
def test_gradients_of_any_size_are_right_and_writable(count):
    x = np.linspace(1, 2, count)
    for f, expected in ((xp.sum, np.ones(count)), (lambda x: xp.sum(x * x), 2 * x)):
        gradient = grad(f)(x)
        np.testing.assert_array_equal(gradient, expected)
        assert gradient.flags.writeable


TREE = {"w": X, "rest": [2 * X, (np.float32([[3]]), None)], "scale": 2.0}


def weighted(p):
    w, (x, (y, _)), scale = p["w"], p["rest"], p["scale"]
    return scale * xp.sum(w * x * x) * xp.sum(y)


def assert_trees_equal(a, b):
    assert trees.places(a) == trees.places(b)
    for got, expected in zip(trees.leaves(a), trees.leaves(b), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_a_gradient_has_the_structure_and_dtypes_of_a_tree():
    value, gradient = value_and_grad(weighted)(TREE)
    total = np.sum(4 * X**3)
    assert_trees_equal(
        gradient,
        {
            "w": 24 * X**2,
            "rest": [24 * X * X, (np.float32([[2 * total]]), None)],
            "scale": 3 * total,
        },
    )
    assert value == 6 * total
    assert isinstance(gradient["rest"], list)
    assert gradient["rest"][1][0].dtype == np.float32


def test_several_arguments_may_be_trees():
    gradients = grad(lambda p, x, q: xp.sum(p[0] * x * q["a"]), argnums=(2, 0))([X], X, {"a": X})
    assert_trees_equal(gradients, ({"a": X * X}, [X * X]))


def test_a_pullback_takes_a_tree_of_the_outputs_structure_and_gives_one_tree_per_argument():
    y, pullback = vjp(lambda p, z: {"u": p["a"] * z, "v": (p["b"], None, 3.0)}, {"a": X, "b": X}, X)
    assert_trees_equal(y, {"u": X * X, "v": (X, None, 3.0)})
    one = np.ones(3)
    for g in ({"u": one, "v": (2 * one, None, 1.0)}, {"v": (2 * one, None, 1.0), "u": one}):
        assert_trees_equal(pullback(g), ({"a": X, "b": 2 * one}, X))


def test_an_output_returned_twice_pulls_both_cotangents():
    def twice(x):
        y = x * x
        return y, [y]

    np.testing.assert_array_equal(vjp(twice, X)[1]((X, [X]))[0], 4 * X**2)


def test_a_tangent_is_a_tree_of_the_outputs_structure():
    y, t = jvp(lambda p: [p["a"] ** 2, (p["b"], 1.0)], ({"a": X, "b": X},), ({"b": X, "a": X},))
    assert_trees_equal(y, [X**2, (X, 1.0)])
    assert_trees_equal(t, [2 * X**2, (X, 0.0)])


def test_trees_nest_in_derivatives_of_derivatives():
    def slope(p):
        inner = grad(lambda q: xp.sum(q["a"] * q["b"] ** 2))(p)
        return xp.sum(inner["a"]) + xp.sum(inner["b"])

    assert_trees_equal(grad(slope)({"a": X, "b": X}), {"a": 2 * X, "b": 4 * X})


def test_a_tree_of_nothing_has_a_gradient_of_nothing():
    assert grad(lambda p: 1.0)({"a": None, "b": ()}) == {"a": None, "b": ()}
