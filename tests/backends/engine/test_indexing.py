"""Indexing, assigning by key, sums by segment and sorting: NumPy's meaning, and its transpose."""

import numpy as np
import pytest

from backends.engine import grad, jvp, keys, vjp, xp
from backends.engine.functions.indexing import FEW
from backends.engine.functions.manipulation import index, place
from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(3)
X = RNG.uniform(-1, 1, (4, 3, 5))
GRID = np.array([[0, 2], [-1, 0]])
MASK = np.array([True, False, True])

KEYS = {
    "an integer": 2,
    "NumPy's integer": np.int64(-1),
    "slices": (slice(None, None, -2), slice(1, None)),
    "nothing": (),
    "new axes": (None, ..., None, 1),
    "a list": [0, 2, 0],
    "a list of lists": [[0, 2], [1, 1]],
    "an empty list": [],
    "a grid": GRID,
    "a grid behind a slice": (slice(1, 3), GRID),
    "a grid behind an ellipsis": (..., GRID),
    "neighbours": (slice(None), GRID, [0, 4]),
    "strangers": (GRID, slice(None), [0, 4]),
    "strangers, one an integer": (1, slice(None), GRID),
    "a new axis between": (GRID, None, [0, 1]),
    "a mask of one axis": (slice(None), MASK),
    "a list as mask": [True, False, False, True],
    "a mask of two axes": RNG.uniform(size=(4, 3)) > 0.5,
    "a mask of all axes": X > 0,
    "a mask of nothing": np.zeros(X.shape, bool),
    "a mask and an integer": (slice(None), MASK, 0),
    "a mask behind an ellipsis": (..., X[0] > 0),
    "a mask and integers": (slice(None), MASK, [1, 3]),
    "a mask without axes": np.array(True),
    "Python's bool": (True, 0),
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_every_key_of_numpy_takes_and_puts_back_what_numpy_does(key):
    expected = X[key]
    y, pullback = vjp(lambda x: x[key], X)
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(jvp(lambda x: x[key], (X,), (2 * X,))[1], 2 * expected)
    g = RNG.uniform(size=expected.shape)
    transposed = np.zeros_like(X)
    np.add.at(transposed, key, g)
    np.testing.assert_array_equal(pullback(g)[0], transposed)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_setting_and_adding_at_a_key_do_what_numpy_does_in_place(key):
    entries = RNG.uniform(size=X[key].shape)
    assigned, increased = X.copy(), X.copy()
    assigned[key] = entries
    np.add.at(increased, key, entries)
    for f, expected in ((xp.set_at, assigned), (xp.add_at, increased)):
        before = X.copy()
        np.testing.assert_array_equal(f(X, key, entries), expected)
        np.testing.assert_array_equal(X, before)
        y, pullback = vjp(lambda x, v, f=f: f(x, key, v), X, entries)
        np.testing.assert_array_equal(y, expected)
        # linear in both together, so <g, f(x, v)> = <pullback of g, (x, v)>
        g = RNG.uniform(size=X.shape)
        of_x, of_entries = pullback(g)
        inner = np.sum(of_x * X) + np.sum(of_entries * entries)
        np.testing.assert_allclose(np.sum(g * expected), inner, 1e-12)


def test_a_replaced_entry_has_no_derivative():
    _, pullback = vjp(lambda v: xp.set_at(np.zeros(3), [1, 1, 2], v), np.arange(3.0))
    np.testing.assert_array_equal(pullback(np.array([5.0, 7.0, 11.0]))[0], [0, 7, 11])


def test_a_single_entry_for_many_places_has_the_sum_of_their_derivatives():
    _, pullback = vjp(lambda v: xp.set_at(np.zeros(4), [0, 2], v), np.float64(3))
    np.testing.assert_array_equal(pullback(np.array([1.0, 2.0, 4.0, 8.0]))[0], 5)
    assert grad(lambda v: xp.sum(xp.add_at(np.zeros(4), slice(1, 4), v)))(1.0) == 3


def test_setting_keeps_the_wider_dtype_of_array_and_entries():
    x = np.ones(3, np.float32)
    assert xp.set_at(x, 0, 2.0).dtype == np.float32
    assert xp.add_at(x, [0], np.float64(0.1))[0] == 1 + np.float64(0.1)


def test_adding_at_a_key_works_for_arrays_in_fortran_order():
    x = np.asfortranarray(RNG.uniform(size=(30, 40)))
    where = RNG.integers(0, 30, 400), RNG.integers(0, 40, 400)
    expected = x.copy()
    np.add.at(expected, where, 1.0)
    np.testing.assert_array_equal(xp.add_at(x, where, 1.0), expected)


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
@pytest.mark.parametrize("shape", [(7,), (5000,), (5000, 3), (20, 500), (2, 3), (400, 2, 2)])
def test_segments_are_summed_in_the_order_of_their_entries(shape, dtype):
    x = RNG.standard_normal(shape).astype(dtype)
    segments = RNG.integers(-9, 9, shape[0])
    expected = np.zeros((9, *shape[1:]), dtype)
    for segment, row in zip(segments, x, strict=True):
        expected[segment] += row
    got = xp.segment_sum(x, segments, count=9)
    np.testing.assert_array_equal(got, expected)
    assert got.dtype == dtype


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_large_transposes_of_gathering_are_those_of_small_ones(axis):
    x = RNG.standard_normal((12, 13, 14))
    indices = RNG.integers(-12, 12, (5, 6))
    before = (slice(None),) * axis
    for key in [(*before, indices), (*before, indices, indices)][: 3 - axis]:
        g = RNG.standard_normal(x[key].shape)
        assert g.size > FEW
        expected = np.zeros_like(x)
        np.add.at(expected, key, g)
        np.testing.assert_array_equal(vjp(lambda x, key=key: x[key], x)[1](g)[0], expected)


@pytest.mark.parametrize("segments", [[0, 3], [0, -4]])
@pytest.mark.parametrize("columns", [1, 300])
def test_a_segment_that_is_not_there_is_refused(segments, columns):
    with pytest.raises(IndexError, match="out of bounds"):
        xp.segment_sum(np.ones((2, columns)), np.array(segments), count=3)


def test_an_index_that_is_not_there_is_refused():
    for f in (lambda x: x[[0, 4]], lambda x: x[[0], [3]], lambda x: xp.take(x, [5], axis=2)):
        with pytest.raises(IndexError):
            vjp(f, X)


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(IndexError, match=r"mask of shape \(2,\) stands for axes of shape \(3,\)"):
        vjp(lambda x: x[:, [True, False]], X)


def test_an_index_of_floats_is_refused():
    with pytest.raises(TypeError, match="can't be indexed by one of float64; use integers, a mask"):
        vjp(lambda x: x[x], X)


def test_empty_arrays_are_indexed_put_back_and_sorted():
    empty = np.ones((0, 3))
    none = np.zeros(0, int)
    functions = (
        lambda x: x[none],
        lambda x: x[:, [0, 1]],
        lambda x: x[x > 0],
        lambda x: xp.segment_sum(x, none, count=2),
        lambda x: xp.set_at(x, none, 1),
        lambda x: xp.add_at(x, (none, none), 1),
        lambda x: xp.take_along_axis(x, np.zeros((0, 2), int)),
        lambda x: xp.sort(x, axis=0, descending=True),
    )
    for f in functions:
        y, pullback = vjp(f, empty)
        assert pullback(np.ones(y.shape))[0].shape == (0, 3)
        assert jvp(f, (empty,), (empty,))[1].shape == y.shape


def test_index_and_place_are_each_other_s_transpose():
    key = (slice(1, None), 0)
    g = X[key]
    y, pullback = vjp(lambda x: place(x, keys=(key,), shape=X.shape), g)
    assert np.sum(y * X) == pytest.approx(np.sum(g * index(X, key=key)))
    np.testing.assert_array_equal(pullback(X)[0], g)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("axis", [0, -1])
def test_sorting_is_stable_both_ways(axis, descending):
    x = RNG.integers(0, 4, (9, 8)).astype(float)
    order = xp.argsort(x, axis=axis, descending=descending)
    reference = np.argsort(-x if descending else x, axis=axis, kind="stable")
    np.testing.assert_array_equal(order, reference)
    expected = np.take_along_axis(x, reference, axis)
    np.testing.assert_array_equal(xp.sort(x, axis=axis, descending=descending), expected)


def test_tied_elements_keep_their_derivatives_in_their_order():
    _, pullback = vjp(xp.sort, np.array([2.0, 1.0, 2.0]))
    np.testing.assert_array_equal(pullback(np.array([3.0, 5.0, 7.0]))[0], [5, 3, 7])


def test_large_sorts_put_every_derivative_back():
    x, g = RNG.standard_normal((2, 40, 30))
    _, pullback = vjp(lambda x: xp.sort(x, axis=0), x)
    expected = np.empty_like(x)
    np.put_along_axis(expected, np.argsort(x, axis=0), g, axis=0)
    np.testing.assert_array_equal(pullback(g)[0], expected)


def test_placing_along_an_axis_is_numpy_s():
    indices = np.array([[1, 1], [0, 2], [2, 0], [0, 0]])
    x, entries = X[..., 0], RNG.uniform(size=(4, 2))
    expected = x.copy()
    np.put_along_axis(expected, indices, entries, axis=1)
    np.testing.assert_array_equal(xp.put_along_axis(x, indices, entries, axis=1), expected)
    added = xp.add_along_axis(x, indices, entries, axis=1)
    np.testing.assert_allclose(np.sum(added), np.sum(x) + np.sum(entries))
    np.testing.assert_allclose(added[0, 1], x[0, 1] + entries[0].sum())


def test_indices_along_an_axis_need_all_axes():
    with pytest.raises(ValueError, match="need the array's 3 axes; got 1; reshape them, or use"):
        xp.take_along_axis(X, np.array([0]))


def test_searching_and_finding_are_numpy_s():
    line = np.array([1.0, 2.0, 2.0, 5.0])
    for side in ("left", "right"):
        got = xp.searchsorted(line, np.array([2.0, 6.0]), side=side)
        np.testing.assert_array_equal(got, np.searchsorted(line, [2.0, 6.0], side=side))
    found = []
    vjp(lambda x: found.extend(xp.nonzero(x > 0)) or x, X)
    np.testing.assert_array_equal(found, np.nonzero(X > 0))


def test_repeats_per_entry_are_numpy_s():
    repeats = np.array([2, 0, 3])
    np.testing.assert_array_equal(xp.repeat(X, repeats, axis=1), np.repeat(X, repeats, axis=1))
    np.testing.assert_array_equal(xp.repeat(X, 2), np.repeat(X, 2))


def test_a_template_is_made_of_plain_hashable_parts():
    template, indices = keys.split((slice(None), MASK, None, GRID), X.shape, np.asarray)
    assert template == (slice(None), keys.GAP, None, keys.GAP)
    np.testing.assert_array_equal(keys.filled(template, indices)[1], [0, 2])


def test_one_array_among_whole_axes_is_taken_the_fast_way(monkeypatch):
    def refuse(*inputs, **metadata):
        raise AssertionError("gathered")

    monkeypatch.setitem(PRIMITIVES, "gather", refuse)
    vjp(lambda x: x[:, MASK, :] + x[:, [0, 1]], X)
    with pytest.raises(AssertionError, match="gathered"):
        vjp(lambda x: x[:, GRID, 0], X)
