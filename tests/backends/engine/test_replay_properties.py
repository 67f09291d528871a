"""Replays of random expressions and of their derivatives: the same as eager, to the last bit.

The one convention: a replay is of `(xs, vs, w) -> results`, so that arguments, tangents and
cotangents all are inputs and nothing of them can be baked in. Zeros of either sign count as equal.
"""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.engine import grad, replay, xp
from tests.backends.engine.drawing import SEEDS, expressions, scalars
from tests.backends.engine.expressions import DTYPES, FEW, MANY, XP, function
from tests.backends.engine.operators import FIRST, OF_SCALARS, inputs

OPERATORS = FIRST | OF_SCALARS
each_operator = pytest.mark.parametrize("name", OPERATORS)


def drawn(name):
    return expressions() if name in FIRST else scalars()


def transformed(name, expression, dtype="float64"):
    """The function (xs, vs, w) -> results of one operator on one expression."""
    f = function(expression, XP[dtype])
    return lambda xs, vs, w: OPERATORS[name](f, xs, vs, w)


def same(answers, expected):
    """Check that tuples of arrays are equal bit for bit, and so are their shapes and dtypes."""
    assert len(answers) == len(expected)
    for answer, one in zip(answers, expected, strict=True):
        np.testing.assert_array_equal(answer, one, strict=True)


def flat(xs, vs, w):
    return (*xs, *vs, w)


def copied(arrays):
    return tuple(np.array(x) for x in arrays)


def as_f(views, arrays):
    """Arguments of the same values, laid out in memory by `views`."""
    xs, vs, w = arrays
    return tuple(map(views, xs)), tuple(map(views, vs)), views(w)


def turned(x):
    """A copy that has its axes in the opposite order in memory."""
    return np.asfortranarray(x) if x.ndim > 1 else strided(x)


def strided(x):
    """Every other element of a longer array."""
    if not x.ndim:
        return x
    longer = np.full((2 * x.shape[0], *x.shape[1:]), np.nan, x.dtype)
    longer[::2] = x
    return longer[::2]


def backwards(x):
    """A view with negative strides."""
    return np.flip(np.flip(x).copy())


def repeated(x):
    """A read-only view that repeats its first row."""
    return np.broadcast_to(x[:1], x.shape) if x.ndim else x


LAYOUTS = (np.array, turned, strided, backwards, repeated)


@each_operator
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_replay_gives_what_the_function_gives_at_any_point(name, dtype):
    @MANY
    @given(drawn(name), st.tuples(SEEDS, SEEDS))
    def check(expression, seeds):
        g = transformed(name, expression, dtype)
        replayed = replay(g)
        points = [inputs(expression, dtype, seed=s) for s in (expression.seed, *seeds)]
        points = [*points, *points]
        before = [copied(flat(*point)) for point in points]
        answers = [replayed(*point) for point in points]
        for point, answer, inputs_before in zip(points, answers, before, strict=True):
            same(answer, g(*point))
            same(copied(flat(*point)), inputs_before)

    check()


@each_operator
def test_what_is_written_into_results_reaches_no_later_call(name):
    @MANY
    @given(drawn(name))
    def check(expression):
        g = transformed(name, expression)
        replayed = replay(g)
        for _ in range(3):
            given_, reference = inputs(expression), inputs(expression)
            answers = replayed(*given_)
            same(answers, g(*reference))
            for answer, plain in zip(answers, g(*given_), strict=True):
                lent = [np.shares_memory(answer, x) for x in flat(*given_)]
                assert lent <= [np.shares_memory(plain, x) for x in flat(*given_)]
                if isinstance(answer, np.ndarray) and answer.flags.writeable:
                    answer[...] = np.nan

    check()


@each_operator
def test_inputs_may_lie_in_memory_in_any_way(name):
    @MANY
    @given(drawn(name), st.permutations(LAYOUTS))
    def check(expression, layouts):
        g = transformed(name, expression)
        replayed = replay(g)
        for views in (*layouts, *layouts):
            point = as_f(views, inputs(expression))
            same(replayed(*point), g(*point))

    check()


@each_operator
def test_dtypes_may_alternate(name):
    @MANY
    @given(drawn(name), st.permutations(DTYPES))
    def check(expression, dtypes):
        gs = {np.dtype(dtype): transformed(name, expression, dtype) for dtype in dtypes}
        replayed = replay(lambda xs, vs, w: gs[w.dtype](xs, vs, w))
        for dtype in (*dtypes, *dtypes):
            point = inputs(expression, dtype)
            same(replayed(*point), gs[np.dtype(dtype)](*point))

    check()


def test_shapes_may_alternate():
    slope = grad(lambda x, y: xp.sum(xp.tanh(x * y) * x + xp.logsumexp(y) / y.size))
    replayed = replay(slope)
    shapes = [((3,), (3,)), ((3,), ()), ((2, 3), (3,)), ((5,), (1,)), ((), ()), ((0,), (1,))]
    for x, y in 2 * shapes:
        rng = np.random.default_rng(len(x))
        point = rng.uniform(1, 2, x), np.asarray(rng.uniform(1, 2, y))
        same((replayed(*point),), (slope(*point),))


@each_operator
def test_one_replay_serves_many_threads_at_once(name):
    @FEW
    @given(drawn(name))
    def check(expression):
        g = transformed(name, expression)
        replayed = replay(g)
        together = threading.Barrier(4)

        def work(seed):
            point = inputs(expression, seed=seed)
            together.wait(timeout=30)
            return [replayed(*point) for _ in range(20)]

        with ThreadPoolExecutor(4) as pool:
            for seed, answers in enumerate(pool.map(work, range(4))):
                expected = g(*inputs(expression, seed=seed))
                for answer in answers:
                    same(answer, expected)

    check()


@each_operator
def test_a_replay_is_differentiated_as_the_function_is(name):
    @FEW
    @given(drawn(name))
    def check(expression):
        f = function(expression, XP["float64"])
        replayed = replay(f)
        replayed(*inputs(expression)[0])
        point = inputs(expression)
        same(OPERATORS[name](replayed, *point), OPERATORS[name](f, *point))

    check()
