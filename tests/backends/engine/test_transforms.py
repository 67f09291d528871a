"""The engine's transformations: nesting, closures, threads, what is refused and how."""

import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import backends.engine as engine
from backends.engine import backward, grad, jvp, value_and_grad, variables, vjp, xp
from backends.engine.transforms import Reverse

X = np.array([0.5, -1.25, 2.0])


def cubes(x):
    return xp.sum(x**3)


def test_the_public_names_are_sorted_and_there():
    for module in (engine, xp):
        assert module.__all__ == sorted(module.__all__)
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


def test_an_ignored_argument_gives_zeros_of_its_own_shape_and_dtype():
    ignored = np.ones((2, 1), np.float32)
    for zeros in (grad(lambda x, y: cubes(x), 1)(X, ignored), vjp(lambda y: X, ignored)[1](X)[0]):
        assert (zeros.shape, zeros.dtype, zeros.any()) == ((2, 1), np.float32, False)
    assert not jvp(lambda y: X, (ignored,), (ignored,))[1].any()


def test_a_constant_function_has_a_gradient_of_zeros():
    np.testing.assert_array_equal(grad(lambda x: 3.0)(X), np.zeros(3))


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


def test_a_traced_array_kept_from_within_counts_as_its_value():
    kept = []

    def f(x):
        grad(lambda y: kept.append(xp.sum(x * y)) or xp.sum(y))(X)
        return kept[-1]

    np.testing.assert_array_equal(grad(f)(X), X)


@pytest.mark.parametrize("count", [3, 5000])
def test_gradients_of_any_size_are_right_and_writable(count):
    x = np.linspace(1, 2, count)
    for f, expected in ((xp.sum, np.ones(count)), (lambda x: xp.sum(x * x), 2 * x)):
        gradient = grad(f)(x)
        np.testing.assert_array_equal(gradient, expected)
        assert gradient.flags.writeable
