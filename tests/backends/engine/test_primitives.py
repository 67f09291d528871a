"""Every primitive's derivative, in both modes and to third order, against differences.

Differences are central, of fourth order, in longdouble: with a step of eps^(1/5) what is cut off
and what is rounded are both about eps^(4/5) of the function. Each is of the exact derivative one
order lower, so a third derivative is as sharply tested as a first.
"""

import numpy as np
import pytest

from backends.engine import jvp, vjp, xp
from backends.engine.tracer import PRIMITIVES
from tests.backends.engine.samples import COMPOSITES, DISCRETE, SAMPLES, elementwise, special
from tests.backends.engine.samples.drawn import X
from tests.backends.engine.samples.empty import EMPTY

EVERY = [
    pytest.param(*sample, id=f"{name}-{number}")
    for name, samples in {**SAMPLES, **COMPOSITES}.items()
    for number, sample in enumerate(samples)
]
ELEMENTWISE = [
    pytest.param(*sample, id=f"{name}-{number}")
    for name, samples in {**elementwise.SAMPLES, **special.SAMPLES}.items()
    for number, sample in enumerate(samples)
]
LAYOUTS = {
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
    "reversed": lambda x: np.flip(np.flip(x).copy()),
    "transposed": np.asfortranarray,
}


def test_every_primitive_has_a_sample():
    assert set(SAMPLES) | set(DISCRETE) | {"discretise"} == set(PRIMITIVES)


def test_every_function_of_the_namespace_has_a_sample():
    sampled = set(SAMPLES) | set(COMPOSITES) | set(DISCRETE)
    assert set(xp.__all__) - sampled == set()


def test_every_primitive_has_a_sample_without_elements():
    assert set(EMPTY) | set(elementwise.SAMPLES) | set(special.SAMPLES) == set(SAMPLES)


def in_dtype(inputs, dtype):
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


def check(f, xs, slack=1, order=3):
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
    np.testing.assert_array_equal(value, f(*xs))
    cotangents = pullback(g)
    assert [c.shape for c in cotangents] == [x.shape for x in xs]
    assert {tangent.dtype, *(c.dtype for c in cotangents)} == {xs[0].dtype}
    np.testing.assert_allclose(inner(cotangents, vs), np.sum(g * tangent), rtol=0, atol=limit * 10)
    if order > 1:
        check(lambda *xs: jvp(f, xs, vs)[1], xs, slack * 10, order - 1)
        for i in range(len(xs)):
            check(lambda *xs, i=i: vjp(f, *xs)[1](g)[i], xs, slack * 10, order - 1)


@pytest.mark.parametrize(("f", "inputs"), EVERY)
def test_both_modes_agree_with_differences_to_third_order(f, inputs):
    check(*over_floats(f, in_dtype(inputs, np.longdouble)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("f", "inputs"), EVERY)
def test_narrower_dtypes_compute_the_same_and_stay_narrow(f, inputs, dtype):
    wide, xs = over_floats(f, in_dtype(inputs, np.longdouble))
    narrow, ys = over_floats(f, in_dtype(inputs, dtype))
    (g,) = random_like(np.asarray(wide(*xs)))
    expected = [wide(*xs), jvp(wide, xs, xs)[1], *vjp(wide, *xs)[1](g)]
    got = [narrow(*ys), jvp(narrow, ys, ys)[1], *vjp(narrow, *ys)[1](g.astype(dtype))]
    for a, b in zip(got, expected, strict=True):
        assert a.dtype == dtype
        limit = 400 * np.finfo(dtype).eps * (1 + np.abs(b).max())
        np.testing.assert_allclose(a.astype(b.dtype), b, rtol=0, atol=limit)


def outcome(f, xs):
    """The value, a tangent and the cotangents."""
    (g,) = random_like(np.asarray(f(*xs)))
    y, pullback = vjp(f, *xs)
    return [y, jvp(f, xs, random_like(*xs))[1], *pullback(g)]


def assert_near(got, expected):
    for a, b in zip(got, expected, strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-13 * (1 + np.abs(b).max(initial=0)))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("f", "inputs"), EVERY)
def test_the_layout_in_memory_does_not_matter(f, inputs, layout):
    laid_out = [LAYOUTS[layout](x) if x.ndim else x for x in inputs]
    f_of, xs = over_floats(f, inputs)
    f_of_laid_out, ys = over_floats(f, laid_out)
    assert_near(outcome(f_of_laid_out, ys), outcome(f_of, xs))


@pytest.mark.parametrize(("f", "inputs"), ELEMENTWISE)
def test_views_that_repeat_an_element_are_as_good_as_copies(f, inputs):
    views = [np.broadcast_to(x[..., :1], x.shape) for x in inputs]
    f_of, xs = over_floats(f, views)
    f_of_copies, ys = over_floats(f, [x.copy() for x in views])
    assert_near(outcome(f_of, xs), outcome(f_of_copies, ys))


@pytest.mark.parametrize(("f", "inputs"), ELEMENTWISE)
def test_arrays_without_axes_are_treated_as_those_with(f, inputs):
    short = [x.reshape(-1)[:1] for x in inputs]
    f_of, xs = over_floats(f, short)
    for scalars in ([x[0] for x in short], [x.reshape(()) for x in short]):
        f_of_scalars, ys = over_floats(f, scalars)
        got = outcome(f_of_scalars, ys)
        assert {np.shape(y) for y in got} == {()}
        for y, expected in zip(got, outcome(f_of, xs), strict=True):
            assert y.dtype == expected.dtype
            np.testing.assert_allclose(y, expected[0], 1e-14, 1e-14)


@pytest.mark.parametrize(
    ("f", "inputs"),
    [
        *(pytest.param(*sample, id=name) for name, sample in EMPTY.items()),
        *(
            pytest.param(f, tuple(x[..., :0] for x in inputs), id=case.id)
            for case in ELEMENTWISE
            for f, inputs in [case.values]
        ),
    ],
)
def test_arrays_without_elements_have_derivatives_in_both_modes(f, inputs):
    f_of, xs = over_floats(f, inputs)
    y, *_ = outcome(f_of, xs)
    vs = random_like(*xs)
    (g,) = random_like(np.asarray(y))
    value, tangent = jvp(lambda *xs: vjp(f_of, *xs)[1](g)[0], xs, vs)
    assert (value.shape, tangent.shape) == (xs[0].shape, xs[0].shape)
    first, second = jvp(f_of, xs, vs)[1], vjp(f_of, *xs)[1](g)
    assert first.shape == y.shape
    np.testing.assert_allclose(inner(second, vs), np.sum(g * first), rtol=0, atol=1e-12)


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
