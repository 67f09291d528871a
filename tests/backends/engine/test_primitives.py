"""Every primitive's derivative, in both modes and to second order, against differences.

Differences are central, of fourth order, in the widest dtype that the primitive computes in: with a
step of eps^(1/5) what is cut off and what is rounded are both about eps^(4/5) of the function.
"""

import numpy as np
import pytest

from backends.engine import jvp, vjp, xp
from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(7)
X = RNG.uniform(-1.4, 1.4, (3, 4))
Y = RNG.uniform(-1.4, 1.4, (3, 4))
ROW = RNG.uniform(-1.4, 1.4, 4)
POSITIVE = RNG.uniform(0.6, 2.5, (3, 4))
CUBE = RNG.uniform(-1.4, 1.4, (2, 3, 4))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
MATRICES = RNG.uniform(-1, 1, (2, 3, 3)) + 2 * np.eye(3)
DEFINITE = MATRIX @ MATRIX.T
IMAGES = RNG.uniform(-1, 1, (2, 2, 5, 4))
WINDOWS = RNG.uniform(-1, 1, (2, 2, 2, 2, 3, 2))
SEGMENTS = np.array([2, 0, 2])
PLACES = np.array([[3, 0], [1, 1], [2, 0]])


def call(name, *inputs, **metadata):
    """A sample: the primitive called with these inputs, of which the integers are constants."""
    return lambda *xs: PRIMITIVES[name](*xs, **metadata), inputs


def rigid(name, constants, *inputs, **metadata):
    """The same with some leading constants, whatever their dtype."""
    return lambda *xs: PRIMITIVES[name](*constants, *xs, **metadata), inputs


def symmetric(name, x, **metadata):
    """The same for a primitive that looks at one triangle only."""
    return lambda x: PRIMITIVES[name]((x + x.T) * 0.5, **metadata), (x,)


SAMPLES = {
    "add": [call("add", X, Y), call("add", X, ROW), call("add", ROW, CUBE)],
    "subtract": [call("subtract", X, ROW), call("subtract", ROW, X)],
    "multiply": [call("multiply", X, Y), call("multiply", X[:, :1], CUBE)],
    "divide": [call("divide", X, POSITIVE), call("divide", ROW, POSITIVE)],
    "negative": [call("negative", X)],
    "power": [
        call("power", POSITIVE, Y),
        rigid("power", (2.0,), X),
        (lambda x: x**3 + x**-1 + x**2.5 + x**0, (POSITIVE,)),
        (lambda x: x**1, (X,)),
    ],
    "where": [rigid("where", (X > 0,), X, Y), rigid("where", (X > 0,), X[:, :1], ROW)],
    **{
        name: [call(name, x)]
        for names, x in (
            ("abs exp expm1 sin cos square tan tanh erf expit softplus", X),
            ("log log1p sqrt gammaln", POSITIVE),
        )
        for name in names.split()
    },
    "polygamma": [call("polygamma", POSITIVE, order=0), call("polygamma", POSITIVE, order=1)],
    "atan2": [call("atan2", X, Y), call("atan2", X, -POSITIVE)],
    "maximum": [call("maximum", X, Y), call("maximum", X, ROW)],
    "minimum": [call("minimum", X, Y), call("minimum", ROW, X)],
    "clip": [call("clip", X, min=-0.5, max=0.6), call("clip", X, max=0.1)],
    **{
        name: [
            call(name, CUBE),
            call(name, CUBE, axis=1),
            call(name, CUBE, axis=(0, -1), keepdims=True),
        ]
        for name in ("sum", "mean", "max", "min", "logsumexp")
    },
    "cumulative_sum": [call("cumulative_sum", CUBE, axis=1)],
    "sum_to": [call("sum_to", CUBE, shape=(3, 1))],
    "broadcast_to": [call("broadcast_to", X[:, :1], shape=(2, 3, 4))],
    "astype": [(lambda x: xp.astype(x * x, x.dtype), (X,))],
    "reshape": [call("reshape", CUBE, shape=(4, -1))],
    "permute_dims": [call("permute_dims", CUBE, axes=(2, 0, 1)), (lambda x: x.T, (CUBE,))],
    "matrix_transpose": [call("matrix_transpose", CUBE)],
    "flip": [call("flip", CUBE, axis=1)],
    "roll": [call("roll", CUBE, shift=-2, axis=2)],
    "tril": [call("tril", CUBE, k=-1)],
    "triu": [call("triu", CUBE, k=1)],
    "index": [
        call("index", CUBE, key=(0, slice(1, None), slice(None, None, 2))),
        call("index", CUBE, key=(Ellipsis, None, -1)),
    ],
    "place": [call("place", ROW, key=(slice(None), 1), shape=(4, 3))],
    "concat": [
        call("concat", X, Y, axis=-1),
        (lambda x: xp.concat([x, np.ones((1, 4), x.dtype), x]), (X,)),
    ],
    "stack": [
        call("stack", X, Y, axis=-1),
        (lambda x: xp.stack([x, np.ones((3, 4), x.dtype)]), (X,)),
    ],
    "segment_sum": [call("segment_sum", X, SEGMENTS, count=4)],
    "take": [call("take", CUBE, SEGMENTS, axis=1), call("take", CUBE, SEGMENTS, axis=-1)],
    "take_along_axis": [call("take_along_axis", X, PLACES, axis=-1)],
    "add_along_axis": [call("add_along_axis", X[:, :2], PLACES, shape=(3, 4), axis=1)],
    "matmul": [
        call("matmul", x, y)
        for x, y in (
            (X, X.T),
            (X, ROW),
            (ROW, X.T),
            (ROW, ROW),
            (CUBE, X.T),
            (X, CUBE.swapaxes(1, 2)),
            (CUBE, CUBE.swapaxes(1, 2)),
            (CUBE, ROW),
            (ROW, CUBE.swapaxes(1, 2)),
            (X[None], CUBE.swapaxes(1, 2)),
        )
    ],
    "einsum": [
        call("einsum", CUBE, X, subscripts="aij,ij->ai"),
        call("einsum", CUBE, X, ROW, subscripts="aij, ij, j -> ia"),
        call("einsum", CUBE, X, subscripts="aij,ik->j"),
        call("einsum", X, subscripts="ij->ji"),
        call("einsum", X, subscripts="ij->i"),
    ],
    "patches": [call("patches", IMAGES, shape=(3, 2), stride=2)],
    "unpatch": [call("unpatch", WINDOWS, shape=(2, 2, 5, 4), stride=2)],
    "diagonal": [call("diagonal", CUBE)],
    "undiagonal": [call("undiagonal", X, shape=(3, 4, 5))],
    "solve": [
        call("solve", MATRIX, X),
        call("solve", MATRIX, ROW[:3]),
        call("solve", MATRICES, X),
    ],
    "solve_triangular": [
        call("solve_triangular", MATRIX, X, lower=True),
        call("solve_triangular", MATRIX, ROW[:3], lower=False),
    ],
    "inv": [call("inv", MATRIX), call("inv", MATRICES)],
    "det": [call("det", MATRIX), call("det", MATRICES)],
    "log_of_det": [call("log_of_det", -MATRIX), call("log_of_det", MATRICES)],
    "cholesky": [symmetric("cholesky", DEFINITE)],
}
COMPOSITES = {
    "prod": [
        (lambda x: xp.prod(x), (X,)),
        (lambda x: xp.prod(x, axis=1, keepdims=True), (CUBE,)),
        (lambda x: xp.prod(x - x[0], axis=0), (RNG.uniform(-1, 1, (5, 3)),)),
    ],
    "sort": [(lambda x: xp.sort(x, axis=0), (X,))],
    "conv": [
        (
            lambda x, k: xp.conv(x, k, stride=2, padding=1),
            (IMAGES, RNG.uniform(-1, 1, (3, 2, 2, 3))),
        ),
        (lambda x, k: xp.conv(x, k), (IMAGES, RNG.uniform(-1, 1, (1, 2, 5, 4)))),
    ],
    "trace": [(lambda x: xp.trace(x), (CUBE,))],
    "expand_dims": [(lambda x: xp.expand_dims(x, axis=-2), (X,))],
    "squeeze": [(lambda x: xp.squeeze(x[:, :1], axis=-1), (X,))],
    "digamma": [(xp.digamma, (POSITIVE,))],
    "scan": [
        (lambda c, x: xp.scan(lambda c, x: (c * x, (c + x, c)), c, x)[1][0], (ROW, X)),
        (lambda c, x: xp.scan(lambda c, xs: (c + xs[0] * xs[1], c), c, (x, x))[0], (ROW, X)),
    ],
    "while_loop": [
        (
            lambda x: xp.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * x), (0, x))[1],
            (X,),
        )
    ],
    "cond": [(lambda x: xp.cond(x[0, 0] < 9, xp.sin, xp.cos, x), (X,))],
}
DISCRETE = {
    "argmax": (X,),
    "argmin": (X,),
    "argsort": (X,),
    "equal": (X, Y),
    "greater": (X, Y),
    "greater_equal": (X, Y),
    "less": (X, Y),
    "less_equal": (X, Y),
    "not_equal": (X, Y),
    "share": (X, Y),
    "sign": (X,),
    "sign_of_det": (MATRIX,),
    "stop_gradient": (X,),
    "within": (X,),
}
NARROW = ("gammaln", "polygamma", "digamma")  # what longdouble refuses
# SciPy's polygamma is right to about 1e-14 only, which differences magnify by 1 / step
SLACK = {"gammaln": 1e3, "polygamma": 1e5, "digamma": 1e5}

EVERY = [
    pytest.param(name, *sample, id=f"{name}-{number}")
    for name, samples in {**SAMPLES, **COMPOSITES}.items()
    for number, sample in enumerate(samples)
]


def test_every_primitive_has_a_sample():
    assert set(SAMPLES) | set(DISCRETE) | {"discretise"} == set(PRIMITIVES)


def test_every_function_of_the_namespace_has_a_sample():
    sampled = set(SAMPLES) | set(COMPOSITES) | set(DISCRETE) | {"slogdet"}
    assert set(xp.__all__) - sampled == set()


def in_widest(name, inputs):
    dtype = np.float64 if name in NARROW else np.longdouble
    return tuple(x.astype(dtype) if x.dtype.kind == "f" else x for x in inputs)


def over_floats(f, inputs):
    """Fix the integers among the inputs."""
    floats = [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]

    def restricted(*xs):
        filled = list(inputs)
        for i, x in zip(floats, xs, strict=True):
            filled[i] = x
        return f(*filled)

    return restricted, tuple(inputs[i] for i in floats)


def along(f, xs, vs):
    """The central difference of fourth order."""
    step = np.finfo(xs[0].dtype).eps ** (xs[0].dtype.type(1) / 5)

    def at(k):
        return np.asarray(f(*(x + k * step * v for x, v in zip(xs, vs, strict=True))))

    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)


def random_like(*xs):
    rng = np.random.default_rng(11)
    return tuple(rng.standard_normal(np.shape(x)).astype(x.dtype) for x in xs)


def inner(xs, ys):
    return sum(np.sum(x * y) for x, y in zip(xs, ys, strict=True))


def check(f, xs, slack, order=2):
    """Compare both modes with differences; then the same for each mode's own derivative."""
    vs = random_like(*xs)
    limit = slack * 1e3 * np.finfo(xs[0].dtype).eps ** 0.8
    y, tangent = jvp(f, xs, vs)
    difference = along(f, xs, vs)
    np.testing.assert_allclose(
        tangent, difference, rtol=0, atol=limit * (1 + abs(difference).max())
    )
    (g,) = random_like(y)
    value, pullback = vjp(f, *xs)
    # not equal to the bit, as prod multiplies in another order while it is differentiated
    np.testing.assert_allclose(value, f(*xs), rtol=8 * np.finfo(xs[0].dtype).eps)
    cotangents = pullback(g)
    assert [c.shape for c in cotangents] == [x.shape for x in xs]
    assert {tangent.dtype, *(c.dtype for c in cotangents)} == {xs[0].dtype}
    np.testing.assert_allclose(inner(cotangents, vs), np.sum(g * tangent), rtol=0, atol=limit * 10)
    if order > 1:
        check(lambda *xs: jvp(f, xs, vs)[1], xs, slack * 10, order - 1)
        for i in range(len(xs)):
            check(lambda *xs, i=i: vjp(f, *xs)[1](g)[i], xs, slack * 10, order - 1)


@pytest.mark.parametrize(("name", "f", "inputs"), EVERY)
def test_both_modes_agree_with_differences_to_second_order(name, f, inputs):
    check(*over_floats(f, in_widest(name, inputs)), SLACK.get(name, 1))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "f", "inputs"), EVERY)
def test_narrower_dtypes_compute_the_same_and_stay_narrow(name, f, inputs, dtype):
    wide, xs = over_floats(f, in_widest(name, inputs))
    narrow, ys = over_floats(f, [x.astype(dtype) if x.dtype.kind == "f" else x for x in inputs])
    (g,) = random_like(np.asarray(wide(*xs)))
    expected = [wide(*xs), jvp(wide, xs, xs)[1], *vjp(wide, *xs)[1](g)]
    got = [narrow(*ys), jvp(narrow, ys, ys)[1], *vjp(narrow, *ys)[1](g.astype(dtype))]
    for a, b in zip(got, expected, strict=True):
        assert a.dtype == dtype
        limit = 400 * np.finfo(dtype).eps * (1 + np.abs(b).max())
        np.testing.assert_allclose(a.astype(b.dtype), b, rtol=0, atol=limit)


@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_primitives_are_never_traced(name):
    seen = []

    def f(*xs):
        y = PRIMITIVES[name](*xs)
        seen.append(y)
        return xp.sum(xs[0])

    vjp(f, *DISCRETE[name])
    jvp(f, DISCRETE[name], DISCRETE[name])
    assert all(isinstance(y, (np.ndarray, np.generic)) for y in seen)


def test_what_becomes_an_integer_is_never_traced():
    seen = []
    vjp(lambda x: seen.append(xp.astype(x, np.int64)) or x, X)
    assert seen[0].dtype == np.int64
