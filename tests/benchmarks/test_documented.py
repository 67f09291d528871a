"""Tables of pytest-benchmark, one a computation: the documented ones, two scaled up, and second
derivatives, with a row for every installed backend in its default variant.

What is timed is made, checked and waited for by the functions that a worker of `harness run` uses,
and a wrong answer fails before it is timed. The rest differs: here all frameworks share one process
and the core that it is pinned to, one is timed after the other and not interleaved, the allocator's
variables come too late to count, and a call goes through one more Python frame. So these numbers
are for reading; for ranks take `harness run --launches 5`.
"""

import os
from functools import cache

import pytest

from harness import bench, plan, plugins
from harness import oracle as judges
from harness.contract import Settings
from harness.options import Selection, environment
from harness.pinning import pin, shares
from harness.worker import sentence, status_of

DOCUMENTED = plan.make(Selection(), seed=0)
SCALED = plan.make(
    Selection(
        scenarios=("square-vjp-ones", "gradient-penalty"), sizes=("n=1000",), dtypes=("float64",)
    ),
    seed=0,
)
SECOND = plan.make(Selection(scenarios=("square", "sum-of-squares-xy"), operators=("hvp",)), seed=0)
CASES = (*DOCUMENTED.cases, *SCALED.cases, *SECOND.cases)

# torch's own rules of forward mode are compiled with torch.jit.script when they are first needed.
pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated")


def title(case):
    size = " ".join(f"{name}={number}" for name, number in case.size.items())
    order = f" {case.composition}" if case.composition else ""
    return f"{case.scenario.partition('/')[2]} {size} {case.dtype}: {case.operator}{order}"


@pytest.fixture(scope="module", autouse=True)
def declared_environment():
    """Set what the declarations ask for before a framework is imported; take it back after."""
    with pytest.MonkeyPatch.context() as patch:
        for runner in DOCUMENTED.runners:
            declaration = DOCUMENTED.declarations[runner.backend]
            chosen = environment(declaration, Settings(), runner.device)
            for variable, text in chosen.items():
                patch.setenv(variable, text)
        yield


@cache
def started(runner):
    """Import a runner's framework and make its bench, once for all cases."""
    adapter = plugins.load(DOCUMENTED.declarations[runner.backend].adapter)
    backend = adapter(runner.variant, runner.device, Settings())
    return bench.Bench(backend, backend.describe().native)


@cache
def oracle():
    (reference,) = (one for one in DOCUMENTED.declarations.values() if one.reference)
    return judges.start(reference.adapter, reference.reference, "cpu", Settings().to_json())[0]


def skip_what_cannot_run(runner, case):
    if runner in DOCUMENTED.beforehand:
        pytest.skip(DOCUMENTED.beforehand[runner][1])
    description = started(runner).backend.describe()
    refusal = description.refusal(case.operator, case.composition)
    if refusal:
        pytest.skip(refusal)


def answered(runner, case, locator, inputs):
    """Let the runner answer as a worker would; a refusal of its framework's skips."""
    try:
        return bench.check(started(runner), inputs, locator, case.to_json())
    except Exception as error:
        if status_of(error, started(runner).backend) == "unsupported":
            pytest.skip(sentence(error))
        raise


@pytest.fixture
def ready(case, runner):
    """Lend the runner's bench, on which the case lies ready once the answer was judged right."""
    skip_what_cannot_run(runner, case)
    locator = DOCUMENTED.locators[case.scenario]
    _, inputs = judges.draw(oracle(), [], locator, case.to_json())
    reply, answers = answered(runner, case, locator, inputs)
    who = {"who": runner.name, "backend": runner.backend, "device": runner.device}
    judges.hear(oracle(), answers, **who, parts=reply["parts"])
    (verdict,) = oracle().judge().values()
    assert verdict.right, verdict.reason
    allowed = sorted(os.sched_getaffinity(0))
    pin(shares(allowed, Settings().threads)[0])
    yield started(runner)
    pin(allowed)
    bench.release(started(runner), [])


# `ready` before `benchmark`: the latter warns, which is an error here, where a test never uses it.
@pytest.mark.benchmark(min_rounds=5, min_time=1e-3, max_time=0.2, disable_gc=True)
@pytest.mark.parametrize("runner", DOCUMENTED.runners, ids=lambda runner: runner.name)
@pytest.mark.parametrize("case", CASES, ids=title)
def test_a_right_answer_is_timed(ready, benchmark, case, runner):
    benchmark.group, benchmark.name = title(case), runner.name
    call, inputs = ready.series["operator"]
    wait = ready.backend.wait
    benchmark(lambda: wait(call(*inputs)))
