"""What is JAX's own about its adapter; the conformance suite holds the rest."""

from types import SimpleNamespace

import numpy as np
import pytest

from harness.bind import bind
from harness.conformance import operate
from harness.conformance.driving import case_of
from harness.contract import Settings
from harness.errors import Unsupported, UsageError
from harness.worker import status_of
from scenarios.documented import scenarios

jax = pytest.importorskip("jax", reason="jax is not installed; try: pip install jax")
adapter = pytest.importorskip("backends.jax")

VARIANTS = ("jit", "eager")
CONFIGURATION = ("jax_default_device", "jax_default_matmul_precision", "jax_enable_x64")
POINT = np.array([0.5, -1.25, 2.0])


@pytest.fixture(autouse=True)
def restored():
    """Adapters set JAX's process-wide configuration: leave it as it was found."""
    before = {key: getattr(jax.config, key) for key in CONFIGURATION}
    yield
    for key, setting in before.items():
        jax.config.update(key, setting)


@pytest.fixture
def shipped():
    jax.config.update("jax_enable_x64", False)
    return adapter.Jax("jit", "cpu", Settings(numerics="shipped"))


def made(variant="jit", device="cpu"):
    return adapter.Jax(variant, device, Settings())


def float32(numbers):
    return tuple(np.asarray(x, "float32") for x in numbers)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("scenario", scenarios, ids=lambda scenario: scenario.short)
def test_the_documented_computations_are_exact_in_float32(scenario, variant):
    known = scenario.documented
    wrt = scenario.positions(known.wrt)
    case = case_of(scenario.short, scenario.operator, dtype="float32", wrt=wrt)
    function = scenario.value
    if scenario.operator == "accumulate":
        function = lambda xp: bind(scenario, case, xp)  # noqa: E731
    seeds = float32(known.seeds)
    got = operate(made(variant), case, function, wrt, float32(known.point), seeds)
    assert [(x.dtype.name, x.tolist()) for x in got] == [("float32", x) for x in known.answers]


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_inner_gradient_of_the_penalty_is_the_documented_one(variant):
    (penalty,) = (s for s in scenarios if s.short == "gradient-penalty")
    f_x = penalty.intermediates["f_x"].value
    case = case_of("f_x", dtype="float32")
    (got,) = operate(made(variant), case, f_x, (), float32(penalty.documented.point))
    assert got.tolist() == penalty.documented.intermediates["f_x"]


def test_the_prepared_call_is_the_jitted_function_itself():
    call = made("jit").prepare(case_of("a sum", "gradient"), lambda x: x.sum(), (0,), ())
    assert isinstance(call, type(jax.jit(abs)))


def test_eager_runs_the_function_at_every_call_and_jit_once_until_released():
    assert traces("eager") == [1, 2, 3]
    assert traces("jit") == [1, 1, 2]


def traces(variant):
    """Count how often the function has run after the first call, the second, and a release."""
    backend, ran = made(variant), []

    def cubes(x):
        ran.append(1)
        return (x**3).sum()

    x = backend.put(POINT)
    call = backend.prepare(case_of("cubes", "gradient"), cubes, (0,), (x,))
    counts = []
    for before in (lambda: None, lambda: None, backend.release):
        before()
        backend.wait(call(x))
        counts.append(len(ran))
    return counts


def test_what_was_put_never_borrows_numpys_memory_at_any_alignment():
    backend, memory = made(), np.zeros(256)
    for start in range(32):
        source = memory[start : start + 64]
        held = backend.put(source)
        source[:] = 1.0
        assert not backend.get(held)[0].any()
        source[:] = 0.0


def test_equal_numerics_are_in_force_and_described(monkeypatch):
    monkeypatch.setenv("NPROC", "1")
    description = made().describe()
    assert description.dtypes == ("float32", "float64")
    assert description.numerics["x64"] is True
    assert description.numerics["matmul_precision"] == "highest"
    assert description.numerics["NPROC"] == "1"


def test_as_shipped_there_is_float32_alone_and_no_warning(shipped):
    assert shipped.describe().dtypes == ("float32",)
    xp = shipped.namespace(case_of("shipped", dtype="float32"))
    with pytest.raises(Unsupported, match="32 bits as shipped"):
        _ = xp.float64
    index = shipped.put(np.array([2, 0]))
    taken = xp.take(xp.arange(3), index, axis=0) + xp.astype(index, xp.int64)
    assert (taken.dtype.name, taken.tolist()) == ("float32", [4.0, 0.0])
    assert xp.zeros((2,), dtype=xp.int64).tolist() == [0, 0]


def test_reverse_mode_through_while_loop_is_refused():
    def doubled(xp, x):
        return xp.while_loop(lambda c: c[0] < 9, lambda c: (c[0] + c[0],), (xp.sum(x),))[0]

    backend = made()
    xp = backend.namespace(case_of("doubled", "gradient"))
    call = backend.prepare(case_of("doubled", "gradient"), lambda x: doubled(xp, x), (0,), ())
    assert ends(backend, call) == "unsupported"


def test_a_branch_on_a_value_is_refused_by_jit_and_runs_eagerly():
    def kinked(x):
        return x.sum() if x[0] > 0 else -x.sum()

    for variant, end in (("jit", "unsupported"), ("eager", "answer")):
        backend = made(variant)
        call = backend.prepare(case_of("kinked", "gradient"), kinked, (0,), ())
        assert ends(backend, call) == end


def test_running_out_of_memory_is_recognised():
    backend = made()
    xp = backend.namespace(case_of("too large"))
    assert ends(backend, lambda x: (xp.ones((2**50,)),)) == "out-of-memory"


def test_an_error_of_the_function_is_neither_refusal_nor_exhaustion():
    assert ends(made(), lambda x: (x + jax.numpy.ones(2),)) == "failed"


def ends(backend, call):
    """Call at a point, and say how it ends: with an answer, or with a record's status."""
    try:
        backend.wait(call(backend.put(POINT)))
    except Exception as error:
        return status_of(error, backend)
    return "answer"


def test_a_device_that_is_not_here_is_unsupported_with_a_remedy():
    with pytest.raises(Unsupported, match=r"finds no cuda:99 here, only .*cpu.*install"):
        made(device="cuda:99")


def test_an_unknown_variant_is_refused():
    with pytest.raises(UsageError, match="no variant of jax called 'egaer'; did you mean 'eager'"):
        made("egaer")


def test_a_card_has_our_name_for_it():
    card = SimpleNamespace(platform="gpu", id=1, device_kind="NVIDIA H200")
    assert adapter.name(card) == "cuda:1" and adapter.label(card).startswith("NVIDIA H200")


@pytest.mark.parametrize("variant", VARIANTS)
def test_on_a_gpu_everything_lies_there(variant):
    try:
        backend = made(variant, "cuda")
    except Unsupported as reason:
        pytest.skip(str(reason))
    xp = backend.namespace(case_of("ignored", "gradient", wrt=(0, 1)))
    case = case_of("ignored", "gradient", wrt=(0, 1))
    call = backend.prepare(case, lambda x, y: xp.sum(x * xp.arange(3)), (0, 1), ())
    for output in (*call(backend.put(POINT), backend.put(POINT)), xp.ones((2,))):
        assert backend.get(output)[1] == "cuda:0"
    assert "cuda:0" in backend.describe().devices
