"""Replay: what is recorded, when it is recorded anew, and that nothing is shared between calls."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from backends.engine import grad, jvp, replay, value_and_grad, vjp, xp
from backends.engine.replaying.replay import MOST

X = np.array([0.5, -1.25, 2.0])
LARGE = np.linspace(-2, 2, 30_000)


def counted(f):
    """f, and the list of its calls."""
    calls = []

    def g(*xs):
        calls.append(xs)
        return f(*xs)

    return g, calls


def test_a_function_runs_once_for_arguments_of_the_same_kind():
    f, calls = counted(grad(lambda x: xp.sum(xp.sin(x) * x)))
    replayed = replay(f)
    for x in (X, 2 * X, X[::-1]):
        np.testing.assert_array_equal(replayed(x), np.cos(x) * x + np.sin(x))
    assert len(calls) == 1


@pytest.mark.parametrize(
    "other",
    [np.ones(4), np.ones((3, 1)), X.astype(np.float32), X.astype(np.longdouble), np.arange(3)],
    ids=lambda x: f"{x.dtype}-{x.shape}",
)
def test_another_shape_or_dtype_is_recorded_anew(other):
    f, calls = counted(lambda x: x * 2 + 1)
    replayed = replay(f)
    for x in (X, other, X, other):
        y = replayed(x)
        np.testing.assert_array_equal(y, x * 2 + 1)
        assert y.dtype == (x * 2 + 1).dtype
    assert len(calls) == 2


def test_another_constant_or_structure_is_recorded_anew():
    f, calls = counted(lambda tree, k: tree["w"] * k)
    replayed = replay(f)
    for k in (2.0, 3, 2.0, 3, True):
        np.testing.assert_array_equal(replayed({"w": X}, k), X * k)
    np.testing.assert_array_equal(replayed({"b": X, "w": 2 * X}, 2.0), 4 * X)
    assert len(calls) == 4


def test_trees_go_in_and_come_out():
    def f(pair, more):
        a, [b, c] = pair
        return {"sum": a + b, "rest": [c, (a,), None, 1.5]}, more["scale"] * a

    replayed = replay(f)
    for scale in (np.float64(2), np.float64(-3)):
        got, want = (g((X, [2 * X, X * X]), {"scale": scale}) for g in (replayed, f))
        assert repr(got) == repr(want)


def test_numpys_scalars_are_arguments_and_not_constants():
    f, calls = counted(lambda x: x * x)
    replayed = replay(f)
    assert [replayed(np.float64(k)) for k in range(4)] == [0, 1, 4, 9]
    assert type(replayed(np.float64(3))) is np.float64
    assert len(calls) == 1


def test_the_other_path_is_recorded_where_control_flow_looks_at_a_value():
    @grad
    def f(x):
        return xp.sum(x**2) if xp.sum(x) > 0 else -xp.sum(x)

    f, calls = counted(f)
    replayed = replay(f)
    for x in (X, -X, X, -2 * X, 3 * X):
        np.testing.assert_array_equal(replayed(x), 2 * x if x.sum() > 0 else -np.ones(3))
    assert len(calls) == 2


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x[int(xp.argmax(x))] * x,
        lambda x: x[xp.argmax(x)] * x,
        lambda x: x * float(xp.stop_gradient(xp.sum(x))),
        lambda x: xp.while_loop(lambda c: xp.sum(c[0]) < 9, lambda c: (c[0] * c[0] + 1,), (x,))[0],
    ],
    ids=["int", "index", "float", "while"],
)
def test_a_number_that_is_read_is_compared(f):
    replayed = replay(f)
    for x in (X, X[::-1].copy(), X, -X, X + 1, X):
        np.testing.assert_array_equal(replayed(x), f(x))


def test_what_never_repeats_is_run_and_not_recorded_for_ever():
    f, calls = counted(lambda x: x * float(xp.sum(x)))
    replayed = replay(f)
    for k in range(MOST + 10):
        np.testing.assert_array_equal(replayed(k * X), k * X * float(np.sum(k * X)))
    assert len(calls) == MOST + 10


def test_other_numbers_of_arguments_are_recorded_anew():
    replayed = replay(lambda *xs: sum(xs[1:], xs[0]))
    for count in (1, 3, 2, 3, 1):
        np.testing.assert_array_equal(replayed(*[X] * count), X * count)


def test_an_error_of_the_function_is_passed_on_and_nothing_kept():
    replayed = replay(lambda x, y: x + y)
    with pytest.raises(ValueError, match="could not be broadcast"):
        replayed(X, np.ones(2))
    np.testing.assert_array_equal(replayed(X, X), 2 * X)
    with pytest.raises(TypeError, match=r"ufunc|operand"):
        replayed("a", X)


def test_an_error_in_a_replay_leaves_it_usable_and_shows_the_source():
    def f(x):
        return xp.solve(x, xp.tanh(x))

    replayed = replay(f)
    good, singular = np.eye(200) * 3, np.zeros((200, 200))
    for _ in range(2):
        np.testing.assert_array_equal(replayed(good), f(good))
        with pytest.raises(np.linalg.LinAlgError) as caught:
            replayed(singular)
        lines = [str(entry.statement) for entry in caught.traceback]
    assert any("factors(" in line and line.lstrip().startswith("v") for line in lines)


@pytest.mark.parametrize("x", [X, LARGE], ids=["small", "large"])
def test_results_never_share_memory_between_calls(x):
    replayed = replay(value_and_grad(lambda x: xp.sum(xp.exp(x * x) * xp.sin(x))))
    first = replayed(x)
    kept = [np.copy(y) for y in first]
    second = replayed(x)
    replayed(-x)
    for a, b, copy in zip(first, second, kept, strict=True):
        np.testing.assert_array_equal(a, copy)
        np.testing.assert_array_equal(b, copy)
        assert not np.shares_memory(a, b)


@pytest.mark.parametrize("x", [X, LARGE], ids=["small", "large"])
def test_results_may_be_written_to_and_inputs_stay_as_they_were(x):
    before = x.copy()

    def f(x):
        return (
            grad(xp.sum)(x),
            grad(lambda x: xp.sum(x * x))(x),
            xp.flip(x * 2, axis=0),
            x * 1,
            x + x,
        )

    replayed = replay(f)
    for _ in range(3):
        for y, expected in zip(replayed(x), f(x), strict=True):
            np.testing.assert_array_equal(y, expected)
            y += 1
    np.testing.assert_array_equal(x, before)


def test_constants_are_as_they_were_when_recorded():
    constant = np.ones(3)

    def f(x):
        y = x * constant
        constant[0] += 1  # while it is recorded: what was read before must not change
        return y

    replayed = replay(f)
    for _ in range(3):
        np.testing.assert_array_equal(replayed(X), X)


def test_a_view_of_large_memory_outlives_what_is_written_elsewhere():
    def f(x):
        a = xp.exp(x)
        head = a[: a.shape[0] // 2]
        b = xp.sin(a) + 1  # a is alive through its view
        return xp.concat([head * b[: head.shape[0]], b])

    replayed = replay(f)
    for x in (LARGE, LARGE, -LARGE):
        np.testing.assert_array_equal(replayed(x), f(x))


def test_a_view_of_a_dying_array_forbids_writing_into_it():
    def f(x):
        a = xp.exp(x)
        return xp.sin((a - xp.flip(a, axis=0)) * (a + xp.roll(a, 1, axis=0)))

    replayed = replay(f)
    for x in (LARGE, LARGE, -LARGE):
        np.testing.assert_array_equal(replayed(x), f(x))


def test_memory_kept_for_large_arrays_is_reused():
    replayed = replay(lambda x: xp.sum(xp.exp(xp.sin(xp.tanh(x) + x) * 2)))
    replayed(LARGE)
    assert "kept.pop()" in replayed.source and "b1" not in replayed.source


def test_other_strides_are_recorded_anew_where_memory_is_reused():
    square = np.linspace(0, 1, 300 * 300).reshape(300, 300)

    def f(x):
        return xp.sum(xp.reshape(xp.exp(x) * x, (-1,)) * xp.reshape(x, (-1,))) + xp.sum(x, axis=0)

    replayed = replay(f)
    for x in (square, square.T, square[::-1], np.asfortranarray(square), square):
        np.testing.assert_array_equal(replayed(x), f(x))


@pytest.mark.parametrize("n", [3, 30_000])
def test_threads_do_not_share_memory(n):
    x = np.linspace(-1, 1, n)
    f = grad(lambda x: xp.sum(xp.exp(xp.sin(x) * x) * x))
    replayed = replay(f)
    barrier = threading.Barrier(4)

    def work(factor):
        barrier.wait(timeout=10)
        return [replayed(factor * x) for _ in range(50)]

    with ThreadPoolExecutor(4) as pool:
        for factor, got in zip(range(4), pool.map(work, range(4)), strict=True):
            for y in got:
                np.testing.assert_array_equal(y, f(factor * x))


def test_a_replay_can_be_differentiated():
    f = replay(lambda x: xp.sum(x**3))
    f(X)
    np.testing.assert_array_equal(grad(f)(X), 3 * X**2)
    np.testing.assert_array_equal(jvp(grad(f), (X,), (X,))[1], 6 * X * X)


def test_a_replay_that_closes_over_an_outer_variable_is_differentiated():
    def total(y):
        return xp.sum(replay(lambda x: x * x * y)(X))

    def hidden(y):
        return xp.sum(replay(lambda x: (x, y))(X)[1])

    np.testing.assert_array_equal(grad(total)(X), X * X)
    np.testing.assert_array_equal(grad(hidden)(X), np.ones(3))


def test_a_replay_within_a_recording_becomes_part_of_it():
    inner = replay(lambda x: xp.sin(x) * 2)
    outer = replay(grad(lambda x: xp.sum(inner(x) * x)))
    for x in (X, -X):
        np.testing.assert_array_equal(outer(x), grad(lambda x: xp.sum(xp.sin(x) * 2 * x))(x))


def test_what_is_neither_array_nor_constant_is_refused():
    with pytest.raises(TypeError, match=r"replay takes arrays.*got a object; convert it"):
        replay(lambda x: x)(object())
    with pytest.raises(TypeError, match=r"got a MaskedArray"):
        replay(lambda x: x)(np.ma.ones(2))
    with pytest.raises(TypeError, match=r"function that returns arrays.*got a set; return"):
        replay(lambda x: {1})(X)


def test_handing_a_recorded_array_to_numpy_is_refused():
    with pytest.raises(TypeError, match=r"np\.asarray.* of a traced array"):
        replay(lambda x: np.asarray(x) * 2)(X)


def test_the_source_is_readable_python():
    replayed = replay(lambda x, g: vjp(lambda x: x**2, x)[1](g)[0])
    assert replayed.source.startswith("# nothing is recorded")
    replayed(X, X)
    assert replayed.source == (
        "# c0: 2.0\n"
        "def replayed(x0=ABSENT, x1=ABSENT, *more):\n"
        "    if more: return otherwise(x0, x1, *more)\n"
        "    if not (type(x0) is type(x1) is ndarray and x0.shape == x1.shape == (3,) "
        "and x0.dtype is x1.dtype is float64): return otherwise(x0, x1, *more)\n"
        "    v0 = multiply(c0, x0)\n"
        "    v1 = multiply(x1, v0, v0)\n"
        "    return v1\n"
    )
