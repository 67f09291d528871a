"""The adapter of NumPy: the whole table, the documented computations, longdouble, and plain
arrays out."""

import subprocess
import sys

import numpy as np
import pytest

from backends.numpy import Numpy
from harness import operators
from harness.bind import bind
from harness.case import COMPOSITIONS, Case
from harness.contract import Accumulation, BoundPass, Description, Settings
from harness.xp import TABLE
from scenarios.documented import scenarios

WIDE = np.dtype(np.longdouble)
RNG = np.random.default_rng(3)
A, B = RNG.uniform(0.5, 1.5, 3), RNG.uniform(0.5, 1.5, 3)
V, W = RNG.uniform(-1, 1, 3), RNG.uniform(-1, 1, 3)


VARIANT = "replay"


@pytest.fixture(params=["replay", "eager"], autouse=True)
def variant(request, monkeypatch):
    """Every test holds for both variants."""
    monkeypatch.setattr(f"{__name__}.VARIANT", request.param)


def adapter():
    return Numpy(VARIANT, "cpu", Settings())


def case(operator="gradient", *, dtype="float64", composition=None, wrt=("x", "y")):
    return Case(
        scenario="test/test",
        size={},
        point="drawn",
        dtype=dtype,
        operator=operator,
        composition=composition,
        wrt=wrt,
        seed=0,
    )


def looked_up(xp, name):
    for part in name.split("."):
        xp = getattr(xp, part)
    return xp


def run(asked, function, wrt, *inputs):
    call = adapter().prepare(asked, function, wrt, inputs)
    first, second = call(*inputs), call(*inputs)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)
    return second


def f(x, y):
    return np.sin(x) @ (x * y) + np.sum(np.exp(x * y * y))


def f_xp(xp):
    return lambda x, y: xp.sum(xp.sin(x) * x * y) + xp.sum(xp.exp(x * y * y))


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_every_name_of_the_table_is_lent(dtype):
    xp = adapter().namespace(case(dtype=dtype))
    assert all(looked_up(xp, name) is not None for name in TABLE)


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_creation_defaults_to_the_cases_dtype(dtype):
    xp = adapter().namespace(case(dtype=dtype))
    made = [
        xp.arange(3),
        xp.asarray([1, 2]),
        xp.asarray(np.ones(2)),
        xp.eye(2),
        xp.full((2,), 1),
        xp.linspace(0, 1, 3),
        xp.ones((2,)),
        xp.zeros(()),
        xp.ones_like(xp.ones((2,))),
        xp.zeros_like(xp.ones((2,))),
    ]
    assert {x.dtype for x in made} == {np.dtype(dtype)}
    assert xp.arange(3, dtype=xp.int64).dtype == np.int64
    assert xp.zeros(2, dtype=xp.float64).dtype == np.float64


def test_linspace_in_longdouble_is_right_to_its_precision():
    xp = adapter().namespace(case(dtype="longdouble"))
    thirds = xp.linspace(0, 1, 4)
    np.testing.assert_allclose(thirds * 3, np.arange(4), rtol=np.finfo(WIDE).eps)


def test_what_is_created_from_a_traced_array_is_still_differentiated():
    xp = adapter().namespace(case())
    assert xp.grad(lambda x: xp.sum(xp.full((3,), x)))(2.0) == 3
    assert xp.grad(lambda x: xp.asarray(x) ** 2)(3.0) == 6


def documented_cases():
    return [pytest.param(scenario, id=scenario.name) for scenario in scenarios]


def documented(scenario, dtype="float32"):
    known = scenario.documented
    asked = case(scenario.operator, dtype=dtype, wrt=known.wrt)
    inputs = tuple(np.asarray(x, dtype) for x in (*known.point, *known.seeds))
    return asked, inputs, known


@pytest.mark.parametrize("scenario", documented_cases())
@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_the_documented_computations_are_exact(scenario, dtype):
    asked, inputs, known = documented(scenario, dtype)
    function = bind(scenario, asked, adapter().namespace(asked))
    outputs = run(asked, function, scenario.positions(known.wrt), *inputs)
    assert [y.tolist() for y in outputs] == [list(map(float, answer)) for answer in known.answers]
    assert {(type(y), y.dtype) for y in outputs} == {(np.ndarray, np.dtype(dtype))}


def test_there_are_ten_documented_computations():
    assert len(scenarios) == 10


@pytest.mark.parametrize("scenario", documented_cases())
def test_what_the_harness_derives_from_the_namespace_is_exact_too(scenario):
    asked, inputs, known = documented(scenario)
    xp = adapter().namespace(asked)
    wrt = scenario.positions(known.wrt)
    function = operators.derive(xp, asked, bind(scenario, asked, xp), wrt, len(known.point))
    outputs = run(asked.of("value"), function, wrt, *inputs)
    assert [y.tolist() for y in outputs] == [list(map(float, answer)) for answer in known.answers]


def test_accumulators_hold_what_both_passes_added():
    scenario = next(s for s in scenarios if s.name.endswith("uncleared"))
    asked, inputs, _ = documented(scenario)
    accumulation = bind(scenario, asked, adapter().namespace(asked))
    both = Accumulation(passes=accumulation.passes, read=(0, 1))
    x, y = run(asked, both, (0, 1), *inputs)
    assert (x.tolist(), y.tolist()) == ([964], [481])


def test_an_accumulator_that_no_pass_reaches_is_zeros():
    xp = adapter().namespace(case())
    only = BoundPass(value=lambda arguments, accumulators: xp.sum(arguments[0]), clear=())
    unreached = Accumulation(passes=(only,), read=(0, 1))
    x, y = run(case("accumulate"), unreached, (0, 1), A, np.ones((2, 1), np.float32))
    np.testing.assert_array_equal(x, np.ones(3))
    assert (y.shape, y.dtype, y.any()) == ((2, 1), np.float32, False)


def directional(function, vs, xs):
    """The central difference of fourth order along vs."""
    step = np.finfo(WIDE).eps ** (WIDE.type(1) / 5)

    def at(k):
        return function(*(x + k * step * v for x, v in zip(xs, vs, strict=True)))

    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_every_second_order_composition_is_right(composition):
    asked = case("hvp", dtype="longdouble", composition=composition)
    inputs = tuple(x.astype(WIDE) for x in (A, B, V, W))
    xp = adapter().namespace(asked)
    hvp = operators.derive(xp, asked, f_xp(xp), (0, 1), 2)
    got = run(asked.of("value"), hvp, (0, 1), *inputs)
    gradient = xp.grad(f_xp(xp), argnums=(0, 1))
    for i, part in enumerate(got):
        expected = directional(lambda *xs, i=i: gradient(*xs)[i], inputs[2:], inputs[:2])
        limit = 1e3 * np.finfo(WIDE).eps ** 0.8  # what differences of fourth order can resolve
        np.testing.assert_allclose(part, expected, rtol=limit, atol=limit)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compositions_agree_with_each_other(dtype):
    inputs = tuple(x.astype(dtype) for x in (A, B))
    xp = adapter().namespace(case(dtype=dtype))
    hessians = []
    for composition in COMPOSITIONS:
        asked = case("hessian", dtype=dtype, composition=composition)
        hessian = operators.derive(xp, asked, f_xp(xp), (0, 1), 2)
        hessians += run(asked.of("value"), hessian, (0, 1), *inputs)
    for hessian in hessians:
        limit = 512 * np.finfo(dtype).eps * np.abs(hessians[0]).max()
        np.testing.assert_allclose(hessian, hessians[0], rtol=0, atol=limit)
        assert hessian.dtype == dtype


def test_native_ways_agree_with_differences():
    inputs = (A.astype(WIDE), B.astype(WIDE))
    asked = case(dtype="longdouble")
    function = f_xp(adapter().namespace(asked))
    limit = 1e3 * np.finfo(WIDE).eps ** 0.8
    along = directional(f, (V, W), inputs)
    (value,) = run(case("value", dtype="longdouble"), function, (0, 1), *inputs)
    np.testing.assert_allclose(value, f(*inputs), rtol=limit)
    x, y = run(asked, function, (0, 1), *inputs)
    np.testing.assert_allclose(x @ V + y @ W, along, rtol=limit)
    g = np.asarray(3, WIDE)
    x, y = run(case("vjp", dtype="longdouble"), function, (0, 1), *inputs, g)
    np.testing.assert_allclose(x @ V + y @ W, 3 * along, rtol=limit)
    vs = (V.astype(WIDE), W.astype(WIDE))
    (t,) = run(case("jvp", dtype="longdouble"), function, (0, 1), *inputs, *vs)
    np.testing.assert_allclose(t, along, rtol=limit)


def test_only_the_arguments_asked_for_are_differentiated():
    function = f_xp(adapter().namespace(case()))
    both = run(case(), function, (0, 1), A, B)
    for operator, seeds in (("gradient", ()), ("vjp", (np.asarray(1.0),))):
        (y,) = run(case(operator, wrt=("y",)), function, (1,), A, B, *seeds)
        np.testing.assert_array_equal(y, both[1])
    (t,) = run(case("jvp", wrt=("y",)), function, (1,), A, B, W)
    np.testing.assert_allclose(t, both[1] @ W, 1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_scalars_come_out_as_arrays_without_axes(dtype):
    x = np.asarray(2, dtype)
    for operator, seeds in (("value", ()), ("gradient", ()), ("vjp", (x,)), ("jvp", (x,))):
        (y,) = run(case(operator, dtype=dtype, wrt=("x",)), lambda x: x**2, (0,), x, *seeds)
        assert (type(y), y.shape, y.dtype) == (np.ndarray, (), np.dtype(dtype))


def test_a_tuple_of_values_is_the_tuple_of_outputs():
    first, second = run(case("value"), lambda x: (x, x + 1), (0,), A)
    np.testing.assert_array_equal(second - first, np.ones(3))


def test_put_and_get_copy():
    backend = adapter()
    put = backend.put(A)
    got, device = backend.get(put)
    assert device == "cpu"
    assert not np.shares_memory(put, A)
    assert not np.shares_memory(got, put)


def test_the_description_travels_as_json():
    described = adapter().describe()
    assert Description.from_json(described.to_json()) == described
    assert described.version == np.__version__
    assert described.devices["cpu"]
    assert {"threads", "blas", "longdouble_eps"} == set(described.numerics)
    assert ("accumulate", None) in described.native


def test_importing_the_engine_loads_no_scipy():
    code = "import sys, backends.engine; print([m for m in sys.modules if m.startswith('scipy')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
