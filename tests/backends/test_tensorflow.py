"""What is TensorFlow's own about its adapter; the conformance suite holds the rest."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

tf = pytest.importorskip(
    "tensorflow", reason="tensorflow is not installed; try: pip install tensorflow"
)

from backends import ledger  # noqa: E402
from backends import tensorflow as adapter  # noqa: E402
from harness.bind import bind  # noqa: E402
from harness.case import COMPOSITIONS  # noqa: E402
from harness.conformance import operate  # noqa: E402
from harness.conformance.driving import case_of  # noqa: E402
from harness.errors import Unsupported, UsageError  # noqa: E402
from harness.operators import derive  # noqa: E402
from harness.worker import status_of  # noqa: E402
from scenarios.documented import scenarios  # noqa: E402
from tests.backends.tensorflow_samples import V, X, made, rolling  # noqa: E402

VARIANTS = ("function", "eager")


def float32(numbers):
    return tuple(np.asarray(x, "float32") for x in numbers)


def derived(variant, operator, composition, function, inputs, seeds=()):
    """Answer through `derive`, so that nothing is the adapter's own but its namespace."""
    backend = made(variant)
    case = case_of("derived", operator, composition, wrt=(0,))
    xp = backend.namespace(case)
    call = derive(xp, case, lambda *xs: function(xp, *xs), (0,), len(inputs))
    arrays = tuple(backend.put(x) for x in (*inputs, *seeds))
    prepared = backend.prepare(case.of("value"), call, (), arrays)
    return [backend.get(output)[0].tolist() for output in prepared(*arrays)]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("scenario", scenarios, ids=lambda scenario: scenario.name)
def test_the_documented_computations_are_exact_in_float32(scenario, variant):
    known = scenario.documented
    wrt = scenario.positions(known.wrt)
    case = case_of(scenario.name, scenario.operator, dtype="float32", wrt=wrt)
    function = scenario.value
    if scenario.operator == "accumulate":
        function = lambda xp: bind(scenario, case, xp)  # noqa: E731
    seeds = float32(known.seeds)
    got = operate(made(variant), case, function, wrt, float32(known.point), seeds)
    assert [(x.dtype.name, x.tolist()) for x in got] == [
        ("float32", np.asarray(x).tolist()) for x in known.answers
    ]


def confused(xp, x):
    return xp.sum(x * xp.grad(lambda y: xp.sum(x * y))(x))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_outer_variable_is_not_the_inner_one(variant):
    assert derived(variant, "gradient", None, confused, [X]) == [(2 * X).tolist()]
    assert derived(variant, "jvp", None, confused, [X], [V]) == [float(2 * X @ V)]


def sound_ways():
    ways = [(variant, composition) for variant in VARIANTS for composition in COMPOSITIONS]
    return [way for way in ways if way != ("eager", "forward-over-forward")]


@pytest.mark.parametrize(("variant", "composition"), sound_ways())
def test_the_outer_variable_is_not_the_inner_one_in_second_order(variant, composition):
    assert derived(variant, "hvp", composition, confused, [X], [V]) == [(2 * V).tolist()]


AFTER_ANOTHER = """
from tests.backends.test_tensorflow import V, X, confused, derived
forward = lambda xp, x: xp.sum(x * xp.jvp(lambda y: x * y, (x,), (x,))[1])
derived("eager", "jvp", None, forward, [X], [V])
print(*derived("eager", "hvp", "forward-over-forward", confused, [X], [V]))
"""


@pytest.mark.xfail(reason=ledger.tensorflow[0].issue, strict=True)
def test_nested_forward_mode_is_right_whatever_the_process_computed_before():
    """Eagerly TensorFlow caches the rules of forward mode, and a nested one serves where it does
    not fit. In a process of its own, so that no other test decides what is in that cache."""
    assert fresh_process(AFTER_ANOTHER) == f"{(2 * V).tolist()}"


def fresh_process(script):
    """Run a script and return what it printed."""
    command = [sys.executable, "-c", script]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=root)
    if done.returncode:
        pytest.fail(f"the script ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout.strip()


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_value_beside_a_jvp_is_differentiable_after_its_tangent_is_gone(variant):
    def value_of_a_jvp(xp, x):
        return xp.sum(xp.jvp(lambda y: y * y, (x,), (x,))[0])

    assert derived(variant, "gradient", None, value_of_a_jvp, [X]) == [(2 * X).tolist()]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_pullback_is_called_twice_and_differentiated_each_time(variant):
    def twice(xp, x):
        _, pullback = xp.vjp(lambda y: y * y * y, x)
        return xp.sum(pullback(x)[0] + pullback(x * x)[0])  # 3 x^3 + 3 x^4

    (got,) = derived(variant, "gradient", None, twice, [X])
    np.testing.assert_allclose(got, 9 * X**2 + 12 * X**3, rtol=1e-14)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("order", [0, 1])
def test_gathered_rows_leave_dense_gradients_of_any_order(variant, order):
    def gathered(xp, x):
        f = lambda y: xp.sum(xp.take(y, xp.asarray([1, 1], dtype=xp.int64), axis=0) ** 3)  # noqa: E731
        return xp.sum(xp.grad(f)(x) * x) if order else f(x)

    (got,) = derived(variant, "gradient", None, gathered, [X])
    np.testing.assert_allclose(got, [0.0, (18 if order else 6) * X[1] ** 2, 0.0], rtol=1e-14)


@pytest.mark.parametrize("operator", ["gradient", "jvp"])
def test_a_scan_in_a_graph_is_the_loop_that_eager_code_runs(operator):
    seeds = [V] if operator == "jvp" else []
    graph, eager = (derived(v, operator, None, rolling, [X], seeds) for v in VARIANTS)
    np.testing.assert_allclose(graph, eager, rtol=1e-14)


def test_a_scan_is_not_unrolled_in_a_graph():
    def operations(count):
        backend, case = made(), case_of("rolling", "gradient", wrt=(0,))
        xp = backend.namespace(case)
        example = (backend.put(np.zeros(count)),)
        call = backend.prepare(case, lambda x: rolling(xp, x), (0,), example)
        return len(call.graph.get_operations())

    assert operations(8) == operations(64)


def test_a_branch_on_a_value_is_refused_by_graphs_and_runs_eagerly():
    kinked = lambda xp, x: xp.sum(x if x[0] > 0 else -x)  # noqa: E731
    assert derived("eager", "value", None, kinked, [X]) == [1.25]
    with pytest.raises(tf.errors.OperatorNotAllowedInGraphError) as refused:
        derived("function", "value", None, kinked, [X])
    assert status_of(refused.value, made()) == "unsupported"


@pytest.mark.parametrize(
    "error",
    [
        tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor with shape[9]"),
        tf.errors.InvalidArgumentError(None, None, "{{node zeros}} Cannot parse tensor from proto"),
        tf.errors.InternalError(None, None, "CUDA_ERROR_OUT_OF_MEMORY: out of memory"),
        tf.errors.InternalError(None, None, "Dst tensor is not initialized."),
        MemoryError(),
    ],
)
def test_running_out_of_memory_is_recognised(error):
    """By what TensorFlow says: really to run out takes it 10 s a try, and a graph tries 7 times."""
    assert status_of(error, made()) == "out-of-memory"


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_error_of_the_function_is_neither_refusal_nor_exhaustion(variant):
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)) as failed:
        derived(variant, "value", None, lambda xp, x: x + xp.ones((2,)), [X])
    assert status_of(failed.value, made()) == "failed"


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_gradient_of_several_numbers_is_refused_by_prepare_too(variant):
    backend = made(variant)
    x = backend.put(X)
    with pytest.raises(ValueError, match=r"grad needs a scalar output; got shape \(3,\)"):
        backend.prepare(case_of("vector", "gradient"), lambda x: x * x, (0,), (x,))(x)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_of_python_may_stand_first_and_keep_the_dtype(variant, dtype):
    def mixed(xp, x):
        return (2 / x, 16 * x, xp.maximum(0.0, x), xp.where(x > 0, 0.0, x), xp.atan2(1, x))

    case = case_of("mixed", dtype=dtype)
    got = operate(made(variant), case, mixed, (), (X.astype(dtype),))
    assert [x.dtype.name for x in got] == [dtype] * 5


def test_a_function_is_traced_once_and_eager_code_runs_at_every_call():
    for variant, count in (("function", 1), ("eager", 3)):
        ran, backend = [], made(variant)
        x = backend.put(X)
        call = backend.prepare(case_of("counted"), lambda x, ran=ran: ran.append(1) or x, (), (x,))
        for _ in range(3):
            call(x)
        assert len(ran) == count


def test_on_the_cpu_nothing_is_pending_when_a_call_returns():
    assert made().describe().numerics["synchronous"] is True


SETTINGS = """
import json
from backends.tensorflow import TensorFlow
from harness.contract import Settings
told = [
    TensorFlow("eager", "cpu", Settings(threads=threads, numerics=numerics)).describe().numerics
    for threads, numerics in ((2, "shipped"), (1, "equal"))
]
print(json.dumps(told))
"""


def test_threads_are_chosen_once_and_what_is_in_force_is_described():
    first, second = json.loads(fresh_process(SETTINGS))
    keys = ("intra_op_threads", "inter_op_threads", "tf32")
    assert [first[key] for key in keys] == [2, 2, True]
    assert [second[key] for key in keys] == [2, 2, False]


def test_a_card_that_is_not_here_is_unsupported_with_a_remedy():
    with pytest.raises(Unsupported, match=r"no cuda:99; try: pip install"):
        made(device="cuda:99")


def test_an_unknown_variant_is_refused():
    with pytest.raises(UsageError, match="no variant of tensorflow called 'egaer'; did you mean"):
        made("egaer")


def test_a_card_has_its_own_name(monkeypatch):
    details = {"device_name": "NVIDIA H200"}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda card: details)
    card = SimpleNamespace(name="/physical_device:GPU:0")
    assert adapter.label(card).startswith("NVIDIA H200")


ON_GPU = """
import numpy as np
from backends.tensorflow import TensorFlow
from harness.conformance.driving import case_of
from harness.contract import Settings
for variant in ("function", "eager"):
    backend = TensorFlow(variant, "cuda", Settings())
    case = case_of("ignored", "gradient", wrt=(0, 1))
    xp = backend.namespace(case)
    x, y = backend.put(np.ones(3)), backend.put(np.ones(3))
    outputs = backend.prepare(case, lambda x, y: xp.sum(x * xp.arange(3)), (0, 1), (x, y))(x, y)
    backend.wait(outputs)
    for output in (*outputs, xp.ones((2,))):
        assert backend.get(output)[1] == "cuda:0", output.device
print("all there")
"""


def test_on_a_gpu_everything_lies_there():
    """In a process of its own, as devices are chosen once in a process."""
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow sees no GPU here")
    assert fresh_process(ON_GPU) == "all there"
