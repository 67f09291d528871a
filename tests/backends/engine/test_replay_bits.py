"""Replays of what is easily got wrong by a rounding, a sign, a dtype or a scalar.

The one convention: `check` compares types, dtypes, shapes, bits and the signs of zeros, at the
first point, which is recorded, at the others, and at all of them again.
"""

import pickle

import numpy as np
import pytest
from scipy import special

from backends.engine import grad, replay, vjp, xp
from backends.engine.core import elementwise
from backends.engine.replaying.recorder import as_it_lies
from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(3)
X = np.array([0.5, -1.25, 2.0])
ROWS = RNG.standard_normal((30, 40))
COLUMNS = np.asfortranarray(ROWS)
GAPS = np.repeat(ROWS, 2, axis=1)[:, ::2]
LINE = RNG.standard_normal(40)
LONG = RNG.standard_normal(1001)
COUNTS = np.arange(12).reshape(3, 4)
INFINITE = np.array([complex(np.inf, 0), complex(np.nan, np.inf), 1])


def same(got, expected):
    if isinstance(expected, tuple):
        return len(got) == len(expected) and all(map(same, got, expected))
    alike = type(got) is type(expected) and got.dtype == expected.dtype
    equal = np.array_equal(got, expected, equal_nan=got.dtype.kind in "fc")
    signs = [np.signbit(y) & (y == 0) for y in (got, expected) if y.dtype.kind == "f"]
    return alike and equal and (not signs or np.array_equal(*signs))


def check(f, *points):
    replayed = replay(f)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for xs in (*points, *points):
            xs = xs if isinstance(xs, tuple) else (xs,)
            assert same(replayed(*xs), f(*xs))
    return replayed


@pytest.mark.parametrize(
    "f",
    [
        lambda x: xp.sum(x * xp.broadcast_to(LINE, (30, 40))),
        lambda x: xp.sum(x * np.broadcast_to(LINE, (30, 40))),
        lambda x: xp.sum(x * np.full((30, 40), 3.0)),
        lambda x: xp.sum(x * 1.0),
        lambda x: xp.sum(xp.negative(-x)),
        lambda x: xp.sum(xp.astype(x, np.float64) / 1),
        lambda x: xp.sum(xp.stack([x, x * 2])),
        lambda x: xp.reshape(x, (-1,)) * 1.0,
        lambda x: x.T @ np.repeat(ROWS, 3, axis=1)[:, ::3],
    ],
)
@pytest.mark.parametrize("first", range(3))
def test_sums_and_products_are_rounded_by_the_order_of_memory(f, first):
    layouts = [ROWS, COLUMNS, GAPS]
    check(f, layouts[first], *layouts)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: xp.exp(x * 1.0) + xp.tanh(x / 1),
        lambda x: xp.sum(x - 0),
        lambda x: (x * 1.0) @ (x * 1.0),
        lambda x: xp.einsum("i,i->", x * 1.0, x),
        lambda x: xp.exp((x * 1.0)[1:]),
        lambda x: x @ np.repeat(LONG, 2)[::2],
    ],
)
def test_an_array_stands_for_a_copy_of_itself_only_where_it_lies_alike(f):
    shifted = np.ndarray(LONG.shape, LONG.dtype, np.zeros(LONG.nbytes + 1, np.uint8), 1)
    shifted[...] = LONG
    reversed_ = LONG[::-1].copy()[::-1]
    check(f, LONG, reversed_, np.repeat(LONG, 2)[::2], shifted)
    check(f, shifted, LONG)


@pytest.mark.parametrize("n", [5, 17, 64])
def test_a_product_with_the_own_transpose_is_one_only_where_f_has_it_so(n):
    x = RNG.standard_normal((n, 100))
    check(lambda x: xp.tanh(x) @ xp.matrix_transpose(xp.tanh(x)), x)
    check(lambda x: (x * 1.0) @ xp.matrix_transpose(x), x)


@pytest.mark.parametrize("x", [ROWS[::2, ::-3], ROWS.T, np.broadcast_to(LINE, (3, 40))])
def test_constants_keep_their_strides(x):
    y = as_it_lies(x)
    assert y.strides == x.strides and not np.shares_memory(x, y)
    np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 3 * (2 * x),
        lambda x: -(2 * x),
        lambda x: (-x) * 2,
        lambda x: x + (-x),
        lambda x: X.sum() + (-x),
        lambda x: (x + x) - 0,
        lambda x: xp.mean(x, axis=0),
        lambda x: xp.mean(x > 2, axis=0),
        lambda x: (x > 2) * (x > 2),
    ],
)
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64"])
def test_integers_wrap_and_have_their_own_dtypes(f, dtype):
    check(f, COUNTS.astype(dtype), COUNTS[::-1].astype(dtype))


def test_scalars_of_integers_wrap_without_a_warning():
    replayed = replay(lambda x: xp.multiply(xp.max(x), 3))
    with np.errstate(over="raise"):
        for x in (2**40, 2**62):
            assert replayed(np.array([x])) == np.multiply(np.array([x]), 3)[0]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * 1.0,
        lambda x: x / 1.0,
        lambda x: x * -1.0,
        lambda x: 3 * (2j * x),
        lambda x: (x + 1) + (1 + x),
    ],
)
def test_complex_arithmetic_is_not_simplified(f):
    check(f, INFINITE)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 1 / (x - (-0.0)),
        lambda x: 1 / (x - 0.0),
        lambda x: -(np.False_ * x),
        lambda x: np.float32(3e38) * (np.float32(4) * x),
        lambda x: (-2.0) ** x,
        lambda x: (-2) ** xp.sum(xp.floor(x)),
        lambda x: xp.stack([x[0], 1.0]),
        lambda x: 1 / grad(lambda x: xp.sum(-x[1:] * 0.0) + xp.sum(x[:-1] * 0.0))(x),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_signs_of_zeros_infinities_and_dtypes_are_kept(f, dtype):
    check(f, np.array([-0.0, 1, 3], dtype), np.array([0.0, -2, np.inf], dtype))


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x * 1.0,
        lambda x: xp.negative(-x),
        lambda x: x - 0,
        lambda x: xp.reshape(xp.sum(x), ()),
    ],
)
def test_a_scalar_is_not_an_array_without_axes(f):
    x = np.array(2.0)
    replayed = check(f, x, np.float64(3))
    assert not np.shares_memory(replayed(x), x)


@pytest.mark.parametrize(
    "values", [(0.0, -0.0), (np.nan, 1.0), (complex(1, 0.0), complex(1, -0.0))]
)
def test_constants_that_python_finds_equal_are_told_apart(values):
    check(lambda x, k: x / np.array(k), *[(X, k) for k in values])


def test_a_float_that_is_read_is_compared_with_its_sign_and_nan_is_no_other_than_nan():
    def f(x):
        calls.append(x)
        return x / float(xp.sum(x) * 0)

    calls = []
    replayed = replay(f)
    with np.errstate(divide="ignore", invalid="ignore"):
        for x in (X, -X, X * np.nan, X * np.nan):
            np.testing.assert_array_equal(replayed(x), f(x))
    assert len(calls) == 3 + 4


def test_parts_of_different_dtypes_are_added_in_the_wider_one():
    def f(x, y):
        pullback = vjp(lambda x: (x[:-1] * y, x[1:] * np.float32(2)), x)[1]
        return pullback((x[:-1] * y, x[1:]))[0]

    def of_parts(x, y):
        place = PRIMITIVES["place"]
        return place(x, keys=(slice(1, None),), shape=(8,)) + place(
            y, keys=(slice(-1),), shape=(8,)
        )

    narrow, wide = LONG[:7].astype("float32"), LONG[7:14]
    check(f, (LONG[:8].astype("float32"), wide))
    check(of_parts, (narrow, wide), (narrow * 2, wide))


def test_integers_stay_integers_where_a_ufunc_tells_them_from_floats():
    shift = elementwise("shift", np.ldexp, None, None)
    polynomial = elementwise("polynomial", special.eval_legendre, None, None)
    check(lambda x: (shift(x, 3), polynomial(30, x)), X / 2)


def test_lists_are_as_they_were_when_recorded():
    numbers = [1.0, 2.0, 3.0]
    replayed = replay(lambda x: x * numbers)
    expected = replayed(X)
    numbers[0] = 7.0
    np.testing.assert_array_equal(replayed(X), expected)


@pytest.mark.parametrize("x", [X.astype(">f8"), np.array(["2020-02-29"], "M8[D]")])
def test_dtypes_of_many_objects_are_compared_by_value(x):
    calls = []
    replayed = replay(lambda x: calls.append(x) or x[::-1])
    for _ in range(3):
        np.testing.assert_array_equal(replayed(x.astype(np.dtype(x.dtype.str))), x[::-1])
    assert len(calls) == 1


def test_what_was_unpickled_is_recorded_once():
    calls = []
    replayed = replay(lambda x: calls.append(x) or x * 2)
    for _ in range(3):
        np.testing.assert_array_equal(replayed(pickle.loads(pickle.dumps(X))), X * 2)
    replayed(X)
    assert len(calls) == 1


def test_views_without_elements_are_not_written_into():
    check(
        lambda x: xp.exp(x[None, ::2][1:] * 2) + 1 / x[None, ::2][1:], np.broadcast_to(X[:1], (3,))
    )


@pytest.mark.parametrize(
    "f",
    [
        lambda x: xp.sum(x[xp.sum(x) > 0, 1] ** 2),
        lambda x: xp.sum(x[True, 1] ** 2) + xp.sum(xp.sin(x[0])),
        lambda x: xp.sum(xp.sin(x[0]) * x[1]) + xp.sum(x[True, 0:2] ** 2),
    ],
)
def test_a_bool_in_a_key_is_put_back_where_it_belongs(f):
    replayed = replay(grad(f))
    x = np.linspace(0.5, 2, 12).reshape(4, 3)
    for factor in (1, 2, 3):
        np.testing.assert_array_equal(replayed(factor * x), grad(f)(factor * x))
