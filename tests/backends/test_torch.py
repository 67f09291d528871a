"""What is PyTorch's own: graphs that must not get out, accumulators, dual numbers, settings.

What every backend has to do is in `harness.conformance`; here it runs on a GPU, where there is one.
"""

import gc
from functools import partial

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from backends.torch import PRECISIONS, Torch  # noqa: E402
from harness import conformance  # noqa: E402
from harness.bind import bind  # noqa: E402
from harness.case import COMPOSITIONS, Case  # noqa: E402
from harness.conformance.driving import case_of, operate, ready  # noqa: E402
from harness.contract import Accumulation, BoundPass, Settings  # noqa: E402
from harness.errors import Unsupported, UsageError  # noqa: E402
from harness.operators import derive  # noqa: E402
from harness.worker import status_of  # noqa: E402
from scenarios.documented import scenarios as documented  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings(  # PyTorch compiles decompositions when forward mode is first used.
        "ignore:.torch.jit.script. is deprecated:DeprecationWarning"
    ),
]
on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch sees no CUDA device")

X = np.array([0.5, -1.25, 2.0])
Y = np.array([1.5, 0.25, -0.75])
WAYS = [
    *[(operator, None) for operator in ("value", "gradient", "vjp", "jvp", "jacobian")],
    *[(operator, c) for operator in ("hvp", "hessian") for c in COMPOSITIONS],
]


@pytest.fixture(scope="module")
def backend():
    return Torch("eager", "cpu", Settings())


def documented_case(scenario):
    return Case(
        scenario=scenario.name,
        size=scenario.size,
        point="documented",
        dtype=scenario.dtype,
        operator=scenario.operator,
        composition=None,
        wrt=scenario.documented.wrt,
        seed=0,
    )


def float32(numbers):
    return tuple(np.array(each, dtype="float32") for each in numbers)


def accumulation(scenario):
    return lambda xp: bind(scenario, documented_case(scenario), xp)


@pytest.mark.parametrize("scenario", documented, ids=lambda scenario: scenario.name)
def test_documented_computations_are_exact(backend, scenario):
    source = scenario.documented
    case = documented_case(scenario)
    function = accumulation(scenario) if scenario.passes else scenario.value
    wrt = scenario.positions(source.wrt)
    answers = operate(backend, case, function, wrt, float32(source.point), float32(source.seeds))
    for answer, expected in zip(answers, float32(source.answers), strict=True):
        np.testing.assert_array_equal(answer, expected, strict=True)


def test_the_documented_slope_is_exact(backend):
    (scenario,) = [one for one in documented if one.intermediates]
    source = scenario.documented
    slope = scenario.intermediates["f_x"].value
    case = documented_case(scenario).of("value")
    (got,) = operate(backend, case, slope, (), float32(source.point))
    expected = np.array(source.intermediates["f_x"], dtype="float32")
    np.testing.assert_array_equal(got, expected, strict=True)


def penalty(xp, x, y):
    slope = xp.grad(lambda x, y: xp.sum(x * x * y))(x, y)
    along = xp.jvp(lambda y: x * y * y, (y,), (x,))[1]
    y, pullback = xp.vjp(lambda x: x * y, x)
    return xp.sum((slope**2 - 1) ** 2) + xp.sum(along * y * pullback(x)[0])


@pytest.mark.parametrize(("operator", "composition"), WAYS)
def test_no_output_drags_a_graph_along(backend, operator, composition):
    case = case_of("graphs", operator, composition, wrt=(0, 1))
    seeds = {"vjp": (np.array(1.0),), "jvp": (Y, X), "hvp": (Y, X)}.get(operator, ())
    call = ready(backend, case, penalty, (0, 1), (X, Y), seeds)
    outputs = call(*[backend.put(array) for array in (X, Y, *seeds)])
    assert not any(output.requires_grad for output in outputs)


def test_what_vjp_and_jvp_return_beside_the_derivative_has_no_graph_either(backend):
    def both(xp, x):
        return xp.vjp(lambda x: x * x, x)[0], xp.jvp(lambda x: x * x, (x,), (x,))[0]

    outputs = ready(backend, case_of("values"), both, (), (X,))(backend.put(X))
    assert not any(output.requires_grad for output in outputs)


def test_only_inner_gradients_make_a_graph_of_the_derivative(backend):
    recorded = []

    def twice(xp, x):
        def slope(x):
            inner = xp.grad(lambda x: xp.sum(x**3))(x)
            recorded.append(inner.requires_grad)
            return xp.sum(inner)

        outer = xp.grad(slope)(x)
        recorded.append(outer.requires_grad)
        return outer

    operate(backend, case_of("recording"), twice, (), (X,))
    assert recorded == [True, False]


@pytest.mark.parametrize(
    ("operator", "composition"), [("value", None), ("jvp", None), ("hvp", "forward-over-reverse")]
)
def test_forward_mode_inside_knows_ignored_linear_and_constant_arguments(
    backend, operator, composition
):
    xp = backend.namespace(case_of("inside", operator, composition))
    x, y = backend.put(X), backend.put(Y)
    functions = {
        "ignored": (lambda x, y: x * x, 2 * X * Y),
        "linear": (lambda x, y: 3 * x + y, 3 * Y + X),
        "constant": (lambda x, y: xp.ones(2), np.zeros(2)),
        "flat": (lambda x, y: xp.sign(x), np.zeros(3)),
        "identity": (lambda x, y: x, Y),
    }
    for name, (function, expected) in functions.items():
        with torch.no_grad():
            tangent = xp.jvp(function, (x, y), (y, x))[1]
        np.testing.assert_allclose(backend.get(tangent)[0], expected, rtol=1e-15, err_msg=name)


@pytest.mark.parametrize("operator", ["hvp", "hessian"])
def test_a_composition_runs_the_modes_that_it_names(backend, operator):
    for composition in COMPOSITIONS:
        xp = backend.namespace(case_of("modes", operator, composition))
        forward = composition != "reverse-over-reverse"
        assert (xp.jvp is torch.func.jvp) == (xp.grad is torch.func.grad) == forward


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_hvp_of_a_function_that_is_linear_in_part(backend, composition):
    case = case_of("linear", "hvp", composition, wrt=(0, 1))
    got = operate(backend, case, lambda xp, x, y: xp.sum(x**3) + xp.sum(y), (0, 1), (X, Y), (Y, X))
    np.testing.assert_allclose(got[0], 6 * X * Y, rtol=1e-15)
    np.testing.assert_array_equal(got[1], np.zeros(3))
    zeros = operate(backend, case, lambda xp, x, y: xp.sum(x + y), (0, 1), (X, Y), (Y, X))
    np.testing.assert_array_equal(zeros, np.zeros((2, 3)))


def test_numbers_take_on_the_dtype_beside_them(backend):
    xp = backend.namespace(case_of("numbers", dtype="float32"))
    single, whole = torch.tensor(0.25), torch.tensor([1, 3])
    for mixed in (
        xp.maximum(single, 0.1),
        xp.minimum(2, single),
        xp.atan2(1.0, single),
        xp.where(single > 0, single, 1.0),
        xp.maximum(whole, 1.5),
    ):
        assert mixed.dtype == torch.float32
    assert xp.maximum(whole, 2).dtype == torch.int64
    assert xp.maximum(whole, 1.5).tolist() == [1.5, 3.0]


def test_options_that_no_sample_has(backend):
    xp = backend.namespace(case_of("options"))
    x = backend.put(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert xp.clip(x) is x
    assert xp.full(2, 1.0).shape == (2,)
    assert xp.prod(x, keepdims=True).tolist() == [[24.0]]
    assert xp.sum(x, keepdims=True).tolist() == [[10.0]]
    assert xp.max(x, axis=(0, 1), keepdims=True).tolist() == [[4.0]]
    assert xp.logsumexp(x[0, 0]).item() == 1.0
    assert xp.softplus(backend.put(np.array(25.0))).item() == np.logaddexp(0, 25.0)


def by_passes(*passes):
    """Accumulate over both arguments and read both; a pass is (value, clear)."""
    bound = tuple(BoundPass(value=value, clear=clear) for value, clear in passes)
    return Accumulation(passes=bound, read=(0, 1))


def square_times(xp, inputs, grads):
    return xp.sum(inputs[0] * inputs[0] * inputs[1])


ACCUMULATIONS = {
    "three passes, clearing between": lambda xp: by_passes(
        (partial(square_times, xp), ()),
        (lambda inputs, grads: xp.sum(grads[0] ** 2 * grads[1] * inputs[1]), (0,)),
        (lambda inputs, grads: xp.sum(grads[0] * grads[1] * inputs[0]), (1,)),
    ),
    "an accumulator that is read while its own gradient arrives": lambda xp: by_passes(
        (partial(square_times, xp), ()),
        (lambda inputs, grads: xp.sum(grads[1] ** 2) + xp.sum(inputs[1]), ()),
    ),
    "accumulators read before anything arrived": lambda xp: by_passes(
        (lambda inputs, grads: xp.sum((inputs[0] + grads[0]) ** 2 * (1 + grads[1])), ()),
    ),
    "an argument that no pass reaches": lambda xp: by_passes(
        (lambda inputs, grads: xp.sum(inputs[0] ** 3), ()),
        (lambda inputs, grads: xp.sum(grads[0] ** 2), (0,)),
    ),
    "passes that reach nothing": lambda xp: by_passes(
        (partial(square_times, xp), ()),
        (lambda inputs, grads: xp.sum(xp.ones(2)), (1,)),
    ),
}


@pytest.mark.parametrize("passes", ACCUMULATIONS.values(), ids=ACCUMULATIONS.keys())
def test_accumulating_agrees_with_nested_gradients(backend, passes):
    case = case_of("accumulate", "accumulate", wrt=(0, 1))
    got = operate(backend, case, passes, (0, 1), (X, Y))
    xp = backend.namespace(case)
    pure = backend.prepare(case.of("value"), derive(xp, case, passes(xp), (0, 1), 2), (0, 1), ())
    expected = [backend.get(each)[0] for each in pure(backend.put(X), backend.put(Y))]
    np.testing.assert_allclose(got, expected, rtol=1e-14)


@pytest.mark.parametrize("passes", ACCUMULATIONS.values(), ids=ACCUMULATIONS.keys())
def test_no_accumulator_drags_a_graph_along(backend, passes):
    case = case_of("accumulate", "accumulate", wrt=(0, 1))
    call = ready(backend, case, passes, (0, 1), (X, Y))
    outputs = call(backend.put(X), backend.put(Y))
    assert not any(output.requires_grad for output in outputs)


def naive(passes, x, y):
    """Accumulate as one would at first: every backward adds to what lies there."""
    leaves = x.detach().requires_grad_(), y.detach().requires_grad_()
    for number, one in enumerate(passes, start=1):
        scalar = one.value(leaves, tuple(leaf.grad for leaf in leaves))
        scalar.backward(create_graph=number < len(passes))
    return tuple(leaf.grad for leaf in leaves)


@pytest.mark.filterwarnings("ignore:Using backward.* with create_graph=True:UserWarning")
def test_adding_in_place_would_destroy_what_is_still_read(backend):
    xp = backend.namespace(case_of("in place", "accumulate"))
    passes = ACCUMULATIONS["an accumulator that is read while its own gradient arrives"](xp).passes
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        naive(passes, backend.put(X), backend.put(Y))
    gc.collect()


def left_over(call, times=20):
    """Count the arrays that calls leave behind while nothing collects cycles."""
    gc.collect()
    gc.disable()
    try:
        before = count_of_tensors()
        for _ in range(times):
            call()
        return count_of_tensors() - before
    finally:
        gc.enable()
        gc.collect()


def count_of_tensors():
    return sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())


@pytest.mark.filterwarnings("ignore:Using backward.* with create_graph=True:UserWarning")
def test_accumulating_leaves_nothing_behind(backend):
    case = case_of("leaks", "accumulate", wrt=(0, 1))
    x, y = backend.put(X), backend.put(Y)
    three_passes = ACCUMULATIONS["three passes, clearing between"]
    call = ready(backend, case, three_passes, (0, 1), (X, Y))
    assert left_over(lambda: call(x, y)) == 0
    passes = three_passes(backend.namespace(case)).passes
    assert left_over(lambda: naive(passes, x, y)) >= 20


def test_accumulating_leaves_nothing_behind_when_a_pass_fails(backend):
    def fails(inputs, grads):
        raise ArithmeticError("on purpose")

    def passes(xp):
        return by_passes((partial(square_times, xp), ()), (fails, ()))

    case = case_of("leaks", "accumulate", wrt=(0, 1))
    call = ready(backend, case, passes, (0, 1), (X, Y))
    x, y = backend.put(X), backend.put(Y)

    def attempt():
        with pytest.raises(ArithmeticError):
            call(x, y)

    attempt()
    assert left_over(attempt) == 0


def test_numerics_are_equalised_or_left_as_they_are():
    before = {name: each.fp32_precision for name, each in PRECISIONS.items()}
    try:
        for each in PRECISIONS.values():
            each.fp32_precision = "tf32"
        shipped = Torch("eager", "cpu", Settings(numerics="shipped")).describe().numerics
        assert {shipped[name] for name in PRECISIONS} == {"tf32"}
        equal = Torch("eager", "cpu", Settings()).describe().numerics
        assert {equal[name] for name in PRECISIONS} == {"ieee"}
        assert equal["threads"] == equal["interop_threads"] == 1
    finally:
        for name, each in PRECISIONS.items():
            each.fp32_precision = before[name]


def test_running_out_of_memory_is_recognised(backend):
    xp = backend.namespace(case_of("memory"))
    with pytest.raises(RuntimeError) as caught:
        xp.ones((2**48,))
    assert status_of(caught.value, backend) == "out-of-memory"


def test_what_pytorch_has_no_derivative_of_is_a_refusal(backend):
    for operator in ("gradient", "jvp"):
        case = case_of("igamma", operator, wrt=(0,))
        with pytest.raises(Unsupported, match=r"not (been )?implemented"):
            operate(
                backend,
                case,
                lambda xp, x: xp.sum(torch.igamma(x, x)),
                (0,),
                (X**2,),
                (X,) if operator == "jvp" else (),
            )
    assert status_of(RuntimeError("something else"), backend) == "failed"


def test_unknown_variants_and_foreign_ways_are_refused(backend):
    with pytest.raises(UsageError, match="did you mean 'eager'"):
        Torch("eagre", "cpu", Settings())
    with pytest.raises(Unsupported, match="no own way to accumulate"):
        Torch("func", "cpu", Settings()).prepare(case_of("sum", "accumulate"), np.sin, (0,), ())


@pytest.fixture(scope="module")
def on_cuda():
    return Torch("eager", "cuda", Settings())


@on_gpu
@pytest.mark.parametrize(
    "check", [pytest.param(check, id=name) for name, check in conformance.samples()]
)
def test_every_name_means_the_same_on_cuda(on_cuda, check):
    check(lambda: on_cuda)


@on_gpu
@pytest.mark.parametrize(
    "check", [pytest.param(check, id=name) for name, check in conformance.checks()]
)
def test_the_adapter_behaves_on_cuda(on_cuda, check):
    check(lambda: on_cuda)


@on_gpu
def test_cuda_is_its_first_card_with_name_and_driver(on_cuda):
    assert on_cuda.get(on_cuda.put(X))[1] == "cuda:0"
    assert "driver" in on_cuda.describe().devices["cuda:0"]


@on_gpu
def test_waiting_on_cuda_leaves_the_stream_idle(on_cuda):
    x = on_cuda.put(np.ones((4096, 4096)))
    output = x
    for _ in range(20):
        output = output @ x / 4096
    on_cuda.wait((output,))
    assert torch.cuda.current_stream(on_cuda.device).query()
