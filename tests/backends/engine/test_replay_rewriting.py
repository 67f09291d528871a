"""What is simplified in a recording, and that no bit of any result changes by it."""

import numpy as np
import pytest

from backends.engine import grad, jvp, replay, xp

X = np.array([0.5, -1.25, 2.0])
LARGE = np.linspace(-2, 2, 30_000)


def penalty(x, y):
    f_x = grad(lambda x: xp.sum(x * x * y))(x)
    return xp.sum((f_x**2 - 1) ** 2)


def lines_of(f, *xs):
    """The calls in a function's recording."""
    replayed = replay(f)
    np.testing.assert_array_equal(replayed(*xs), f(*xs))
    np.testing.assert_array_equal(replayed(*xs), f(*xs))
    return [line.split(" = ")[1] for line in replayed.source.splitlines() if " = " in line]


SIMPLER = [
    (lambda x, y: (xp.exp(x), xp.sin(x))[1], ["sin(x0)"]),
    (lambda x, y: xp.sin(x) * xp.sin(x), ["sin(x0)", "square(v0, v0)"]),
    (lambda x, y: x * y + y * x, ["multiply(x0, x1)", "multiply(c0, v0, v0)"]),
    (lambda x, y: x * 1.0 / 1 - 0, ["x0.copy()"]),
    (lambda x, y: x * -1.0 + y, ["subtract(x1, x0)"]),
    (lambda x, y: xp.negative(-x) - (-y), ["add(x0, x1)"]),
    (lambda x, y: (-x) * (-y), ["multiply(x0, x1)"]),
    (lambda x, y: -(3.0 * (2.0 * x)), ["multiply(c0, x0)"]),
    (lambda x, y: 2.0 * (3.0 * x), ["multiply(c0, x0)", "multiply(c1, v0, v0)"]),
    (lambda x, y: 0.5 * (2.0 * x), ["multiply(c0, x0)", "multiply(c1, v0, v0)"]),
    (lambda x, y: x * np.full(3, 3.0), ["multiply(c0, x0)"]),
    (lambda x, y: x + xp.broadcast_to(y[:1], (3,)), ["x1[:1]", "add(x0, v0)"]),
    (
        lambda x, y: xp.broadcast_to(x[:1], (3,)) * xp.broadcast_to(y[:1], (3,)),
        ["x0[:1]", "x1[:1]", "broadcast_to(v1, shape=(3,))", "multiply(v0, v2, v2)"],
    ),
    (lambda x, y: xp.reshape(xp.reshape(x, (3,)), (3,)), []),
    (lambda x, y: x + 0.0, ["add(x0, c0)"]),
]


@pytest.mark.parametrize(("f", "calls"), SIMPLER)
def test_calls_are_simplified_where_no_bit_changes(f, calls):
    assert lines_of(f, X, 2 * X) == calls


def test_equal_matrices_transposed_twice_are_the_matrix():
    square = np.arange(9.0).reshape(3, 3)
    assert lines_of(lambda x: xp.matrix_transpose(xp.matrix_transpose(x)), square) == []


def test_parts_put_back_are_added_without_their_zeros():
    for x in (X, LARGE):
        calls = lines_of(grad(lambda x: xp.sum(x[1:] * x[:-1] + x[:-1] ** 2)), x)
        assert not any("place" in call or "zeros(" in call for call in calls)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: xp.sum(x[1:-1] ** 2) + xp.sum(xp.exp(x[::2])) + xp.sum(x[:3] * x[2]),
        lambda x: xp.sum(xp.sin(x[2:]) * x[:-2]) * xp.sum(x[2:]),
        lambda x: xp.sum(x[-1] * x[0] * x[1:]),
    ],
)
@pytest.mark.parametrize("x", [np.linspace(0, 1, 7), LARGE, np.linspace(0, 1, 300_000)])
def test_parts_are_put_back_wherever_they_belong(f, x):
    for g in (grad(f), lambda x: jvp(grad(f), (x,), (x,))[1], lambda x: (grad(f)(x), grad(f)(x))):
        replayed = replay(g)
        for _ in range(3):
            np.testing.assert_array_equal(replayed(x), g(x))


@pytest.mark.parametrize("shape", [(300_000,), (300, 1000), (100_003, 3), (2, 400_000)])
def test_large_elementwise_lines_are_carried_out_in_blocks_to_the_same_bits(shape):
    x = np.linspace(-2, 2, int(np.prod(shape))).reshape(shape)
    rows, columns = x[:1], x[:, :1] if x.ndim > 1 else x

    def f(x, y, z):
        a = xp.exp(x) * y + xp.sin(x * z)
        b = xp.sum(a * a) + a
        return a, xp.tanh(b) - x * 0.5, xp.where(a > b, a, b) * a

    replayed = replay(f)
    for _ in range(3):
        for got, want in zip(replayed(x, rows, columns), f(x, rows, columns), strict=True):
            np.testing.assert_array_equal(got, want)
    assert ("for rows in" in replayed.source) == (shape != (2, 400_000))


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_doubling_is_merged_up_to_the_largest_number_only(dtype):
    extreme = np.array([np.finfo(dtype).max, np.finfo(dtype).tiny, np.inf, np.nan, -0.0], dtype)
    huge = np.finfo(dtype).max / 3
    for f in (lambda x: huge * (4 * x), lambda x: 1.5 * (4 * x), lambda x: 0.25 * (4 * x)):
        with np.errstate(over="ignore"):
            replayed = replay(f)
            for _ in range(2):
                np.testing.assert_array_equal(replayed(extreme), f(extreme))


@pytest.mark.parametrize("order", [1, 2, 3])
def test_derivatives_of_any_order_are_recorded_as_they_are_computed(order):
    def f(x):
        return xp.sum(xp.tanh(x @ np.eye(3)) * xp.exp(-x) + xp.logsumexp(x) * x[::-1])

    for _ in range(order - 1):
        f = lambda x, f=f: xp.sum(grad(f)(x) ** 2)  # noqa: E731
    eager = grad(f)
    replayed = replay(eager)
    for x in (X, X, -X):
        np.testing.assert_array_equal(replayed(x), eager(x))


def test_a_gradient_of_a_gradient_is_a_few_calls():
    assert len(lines_of(grad(penalty, argnums=1), X, 2 * X)) <= 10
