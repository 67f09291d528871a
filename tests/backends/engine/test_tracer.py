"""The traced array: what it has of an array's, and the sentences with which it refuses the rest."""

import copy
import operator
import pickle

import numpy as np
import pytest

from backends.engine import grad, jvp, vjp, xp
from backends.engine.refusals import OFFERED, RENAMED
from backends.engine.tracer import Tracer

X = np.array([0.5, -1.25, 2.0])
MATRIX = np.arange(6.0).reshape(2, 3)


def traced(f, x=X):
    """What f gives on a traced array, which need not be traced itself."""
    kept = []
    vjp(lambda x: kept.append(f(x)) or x, x)
    return kept[0]


def test_it_looks_like_an_array():
    looks = traced(lambda x: (x.shape, x.dtype, x.ndim, x.size, len(x)), MATRIX)
    assert looks == ((2, 3), np.float64, 2, 6, 2)


def test_transposes_are_numpy_s():
    cube = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(jvp(lambda x: x.T, (cube,), (cube,))[1], cube.T)
    np.testing.assert_array_equal(jvp(lambda x: x.mT, (cube,), (cube,))[1], cube.swapaxes(1, 2))


BINARY = (
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
)


@pytest.mark.parametrize("operate", BINARY)
@pytest.mark.parametrize("other", [2.5, np.array([1.5, 2.0, 3.0]), np.float64(1.5)], ids=type)
def test_arithmetic_works_from_both_sides(operate, other):
    x = abs(X)
    for f in (lambda x: operate(x, other), lambda x: operate(other, x)):
        got = traced(f, x)
        got = got.value if isinstance(got, Tracer) else got
        np.testing.assert_array_equal(got, f(x))


def test_augmented_assignment_rebinds_the_name_and_leaves_the_array_alone():
    def f(x):
        y = x
        y += 1
        y *= x
        y **= 2
        return xp.sum(y)

    np.testing.assert_allclose(grad(f)(X), 2 * (X * X + X) * (2 * X + 1), 1e-15)


def test_masks_combine_with_the_operators_of_numpy():
    def f(x):
        return xp.sum(xp.where(((x > 0) & ~(x > 1)) | (x < -1) ^ (x < -2), x * x, x))

    np.testing.assert_array_equal(grad(f)(X), [1.0, -2.5, 1.0])


def test_it_prints_its_value():
    assert traced(repr).startswith("Tracer(array([ 0.5 , -1.25,  2.  ]), trace=")
    assert traced(lambda x: f"{x}" == str(x) == repr(x))
    assert traced(lambda x: f"{x[1]:.3f}") == "-1.250"


def test_unpacking_and_iterating_give_traced_rows():
    rows = traced(list, np.ones((11, 2)))
    assert [(type(row), row.shape) for row in rows] == [(Tracer, (2,))] * 11

    def last(x):
        *_, y = x
        return y

    np.testing.assert_array_equal(grad(last)(X), [0, 0, 1])


REFUSED = [
    (lambda x: x.__setitem__(0, 1.0), r"assigned in place; build .* set_at\(x, key, entries\)"),
    (lambda x: len(x[0]), r"len\(\) needs an axis, and a traced array of shape \(\) has none"),
    (lambda x: iter(x[0]), r"iteration needs an axis"),
    (lambda x: 0.5 in x, r"membership test `in` of a traced array would lose its derivative"),
    (hash, "unhashable"),
    (copy.copy, "a copy or pickle of a traced array would lose its derivative"),
    (copy.deepcopy, "a copy or pickle of a traced array"),
    (pickle.dumps, "a copy or pickle of a traced array"),
    (np.asarray, r"np.asarray, assigning into a NumPy array, or indexing one, of a traced array"),
    (lambda x: np.zeros(3).__setitem__(slice(3), x), "would lose its derivative; keep it an array"),
    (float, "float.* of a traced array would lose its derivative"),
    (lambda x: np.concatenate([x, x]), r"np.concatenate can't .*; use the engine's concat"),
    (np.transpose, r"np.transpose can't take a traced array; use the engine's permute_dims"),
    (lambda x: np.dot(x, x), r"np.dot can't take a traced array; use the engine's matmul"),
    (lambda x: np.linalg.solve(x, x), r"np.linalg.solve can't .*; use the engine's solve"),
    (np.cumsum, r"np.cumsum can't take a traced array; use the engine's cumulative_sum"),
    (np.fft.fft, r"np.fft.fft can't .*; write it with the functions in backends.engine.xp"),
    (np.shape, r"np.shape can't take a traced array; use x.shape"),
    (np.copy, r"np.copy can't take a traced array; use x itself, which is never changed"),
    (np.mean, r"np.mean can't take a traced array; use the engine's mean"),
    (np.spacing, r"np.spacing can't .*; write it with the functions in backends.engine.xp"),
    (np.add.reduce, r"np.add.reduce can't take a traced array; use the engine's sum"),
    (lambda x: np.sin(x, out=X), "use the engine's sin without out=, where= or dtype="),
    (lambda x: x.sum(), r"no 'sum'; use the function sum\(x\) instead"),
    (lambda x: x.dot(x), r"no 'dot'; use the function matmul\(x\) instead"),
    (lambda x: x.copy(), r"no 'copy'; use x itself, which is never changed"),
    (lambda x: x.tofile("f"), r"no 'tofile'; write it with the functions in backends.engine.xp"),
]


@pytest.mark.parametrize(("misuse", "sentence"), REFUSED)
def test_what_would_lose_a_derivative_is_refused_with_a_remedy(misuse, sentence):
    with pytest.raises((TypeError, AttributeError), match=sentence):
        traced(misuse)


def test_no_remedy_is_a_name_that_is_not_there():
    words = {name for name in RENAMED.values() if name.isidentifier()} - {"slices"}
    assert words - OFFERED == set()
    assert [name for name, known in RENAMED.items() if name == known or name in OFFERED] == []


def test_ufuncs_of_numpy_that_mean_the_same_are_taken():
    np.testing.assert_array_equal(grad(lambda x: xp.sum(np.square(x) * np.exp(0 * x)))(X), 2 * X)
    np.testing.assert_array_equal(traced(lambda x: np.greater(x, 0)), X > 0)
