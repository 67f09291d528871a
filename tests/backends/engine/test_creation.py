"""Creation: plain arrays, and arrays out of traced entries."""

import numpy as np
import pytest

from backends.engine import grad, vjp, xp
from backends.engine.functions import creation
from backends.engine.tracer import Tracer

X = np.array([0.5, -1.25, 2.0])

PLAIN = {
    "arange": (xp.arange(1, 7, 2), np.arange(1, 7, 2)),
    "asarray": (xp.asarray([[1, 2.5]]), np.array([[1, 2.5]])),
    "eye": (xp.eye(2, 3), np.eye(2, 3)),
    "full": (xp.full((2, 1), 7.0), np.full((2, 1), 7.0)),
    "full_like": (xp.full_like(X, 7), np.full(3, 7.0)),
    "linspace": (xp.linspace(0, 1, 5), np.linspace(0, 1, 5)),
    "meshgrid": (xp.meshgrid(X, X[:2]), np.meshgrid(X, X[:2])),
    "ones": (xp.ones((2, 3)), np.ones((2, 3))),
    "ones_like": (xp.ones_like(X), np.ones(3)),
    "zeros": (xp.zeros(3), np.zeros(3)),
    "zeros_like": (xp.zeros_like(X), np.zeros(3)),
}
CONSTANTS = {"e": np.e, "inf": np.inf, "nan": np.nan, "pi": np.pi}
DTYPES = {name: getattr(np, name) for name in ("bool", "float32", "float64", "int64", "longdouble")}


def test_every_name_of_creation_is_tested_here():
    assert set(creation.__all__) == set(PLAIN) | set(CONSTANTS) | set(DTYPES)
    assert creation.__all__ == sorted(creation.__all__)


@pytest.mark.parametrize("name", PLAIN)
def test_creation_is_numpy_s(name):
    got, expected = PLAIN[name]
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype


def test_constants_and_dtypes_are_numpy_s():
    for name, constant in {**CONSTANTS, **DTYPES}.items():
        np.testing.assert_equal(getattr(xp, name), constant)


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_arrays_like_a_traced_one_are_plain_and_of_its_dtype(dtype):
    made = []

    def f(x):
        made.extend([xp.ones_like(x), xp.zeros_like(x), xp.full_like(x, 2.5)])
        return x

    vjp(f, X.astype(dtype))
    assert [(type(x), x.dtype, x.shape) for x in made] == [(np.ndarray, dtype, (3,))] * 3
    assert xp.ones_like(X, dtype=dtype).dtype == dtype


def test_lists_of_traced_scalars_make_a_traced_array():
    def f(x):
        y = xp.asarray([[x[0], 3.0], (x[1] * x[2], x[0])])
        assert isinstance(y, Tracer)
        assert y.shape == (2, 2)
        return xp.sum(y * y)

    np.testing.assert_allclose(grad(f)(X), [4 * X[0], 2 * X[1] * X[2] ** 2, 2 * X[2] * X[1] ** 2])


def test_a_traced_list_has_the_dtype_that_numpy_gives_the_plain_one():
    x = X.astype(np.float32)
    for entries in (lambda x: [x[0], x[1]], lambda x: [x[0], 1.0], lambda x: [x[0], 1]):
        seen = []
        vjp(lambda x, f=entries, seen=seen: seen.append(xp.asarray(f(x))) or x, x)
        assert seen[0].dtype == xp.asarray(entries(x)).dtype


def test_asarray_of_a_traced_array_is_itself_unless_another_dtype_is_asked_for():
    def f(x):
        assert xp.asarray(x) is x
        assert xp.asarray(x, dtype=xp.float64) is x
        assert xp.asarray([x[0]], dtype=xp.float32).dtype == np.float32
        return xp.sum(xp.asarray(x, dtype=xp.float32))

    np.testing.assert_array_equal(grad(f)(X), np.ones(3))


def test_a_traced_fill_is_differentiated():
    assert grad(lambda x: xp.sum(xp.full((2, 3), x)))(1.5) == 6
    assert grad(lambda x: xp.sum(xp.full((2, 3), x, dtype=xp.float32)))(1.5) == 6


def test_an_unknown_order_of_a_grid_is_refused():
    with pytest.raises(ValueError, match="indexing is 'xy' or 'ij'; got 'yx'"):
        xp.meshgrid(X, X, indexing="yx")
