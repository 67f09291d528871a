"""Every fault of a backend leaves a record that says so, and the others go on.

The faulty backends are those of `harness.fakes`, in real worker processes. A single number that is
exact in half precision has nothing to transpose or to lose; `harness.selftest.mutants` has
functions on which every mutant is wrong.
"""

from importlib.util import find_spec

import pytest

import harness
from results.store import Store
from tests.harness.processes import command

SCENARIO = "gradient-penalty"
FAULTS = {
    "exact": "ok",
    "twin": "ok",
    "slower": "ok",
    "sign": "wrong",
    "factor": "wrong",
    "transpose": "ok",
    "cross": "wrong",
    "stale": "wrong",
    "zero": "wrong",
    "narrow": "ok",
    "element": "wrong",
    "nan": "wrong",
    "shape": "wrong",
    "dtype": "wrong",
    "complex": "wrong",
    "longer": "wrong",
    "fewer": "wrong",
    "mutates": "wrong",
    "once": "wrong",
    "raises": "failed",
    "refuses": "unsupported",
    "exhausts": "out-of-memory",
    "dies": "crashed",
    "hangs": "timeout",
    "prints": "ok",
    "async": "ok",
    "unawaited": "wrong",
}


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """One run over all faults at once, timed, with a sound backend among them."""
    path = tmp_path_factory.mktemp("faults") / "results.db"
    found = harness.run(SCENARIO, backend="numpy,fake:all", timeout=3.0, budget=0.05, results=path)
    with Store(path) as store:
        stored = store.records(found[0].run)
    assert {r.id: r.status for r in stored} == {r.id: r.status for r in found}
    return {f"{r.backend}:{r.variant}": r for r in found}


def test_every_fault_has_its_test(records):
    from harness.faults import FAULTS as shipped

    assert set(FAULTS) == set(shipped)


@pytest.mark.parametrize(("fault", "status"), FAULTS.items())
def test_a_fault_has_its_status(records, fault, status):
    record = records[f"fake:{fault}"]
    assert record.status == status, record.reason
    assert (record.reason is None) == (status == "ok")


def test_the_sound_backend_is_right_and_timed_among_all_the_faults(records):
    sound = records["numpy:replay"]
    assert sound.status == "ok" and sound.seconds.median > 0 and sound.value == [[480.0]]


def test_only_what_is_right_is_timed(records):
    timed = {name for name, record in records.items() if record.seconds}
    assert timed == {name for name, record in records.items() if record.status == "ok"}


def test_asked_all_at_once_every_fault_has_the_same_status(tmp_path):
    """Without timing, all workers are asked before the first answer is taken."""
    found = harness.run(
        SCENARIO, "square", backend="numpy,fake:all", timeout=0.5, check=True,
        results=tmp_path / "r.db",
    )  # fmt: skip
    for scenario in ("documented/gradient-penalty", "documented/square"):
        mine = {r.variant: r.status for r in found if r.scenario == scenario}
        assert mine == {**FAULTS, "replay": "ok"}


def test_an_answer_that_is_not_there_yet_is_waited_for(records):
    """The asynchronous fake returns at once and works 5 ms behind the caller's back."""
    from harness.faults import LATE

    assert records["fake:async"].seconds.median >= LATE


def test_reasons_say_what_happened(records):
    words = {
        "nan": "nan",
        "shape": "shape",
        "dtype": "float16",
        "fewer": "0 outputs",
        "mutates": "input 0 was changed",
        "raises": "ValueError: this fake raises",
        "refuses": "this fake can't do it",
        "dies": "SIGKILL",
        "hangs": "3 s",
    }
    for fault, word in words.items():
        assert word in records[f"fake:{fault}"].reason


def test_a_worker_that_only_dies_is_given_up_after_three_deaths(tmp_path):
    found = harness.run(
        "documented", backend="fake:dies,numpy", check=True, results=tmp_path / "r.db"
    )
    dead = [r for r in found if r.backend == "fake"]
    assert [r.status for r in dead] == ["crashed"] * 10
    assert ["3 times" in r.reason for r in dead] == [False] * 3 + [True] * 7
    assert all(r.status == "ok" for r in found if r.backend == "numpy")


def test_a_worker_that_hangs_is_replaced_for_the_next_case(tmp_path):
    found = harness.run(
        "square", "gradient-penalty", backend="fake:hangs", check=True, timeout=0.5,
        results=tmp_path / "r.db",
    )  # fmt: skip
    assert [r.status for r in found] == ["timeout", "timeout"]
    assert all("0.5 s" in r.reason for r in found)


@pytest.mark.parametrize("fault", ["sign", "nan", "shape", "mutates"])
def test_a_wrong_answer_alone_makes_the_exit_status_one(tmp_path, fault):
    done = command("run", SCENARIO, "--backend", f"fake:{fault}", folder=tmp_path)
    assert done.returncode == 1
    assert "1 trial: 1 wrong" in done.stdout and "timing:" not in done.stdout


GREEDY = """
from harness.scenario import Scenario

def value(xp, x):
    return xp.sum(x) + xp.sum(xp.zeros((10**7, 10**6)))

greedy = Scenario(
    name="mine/greedy", value=value, size={"n": 3}, wrt=("x",),
    point=lambda rng, n: (rng.standard_normal(n),),
    closed_forms={"gradient": lambda np, x: (x / x,)},
)
"""


def test_a_framework_that_runs_out_of_memory_says_so_and_its_worker_lives_on(tmp_path):
    """Eighty terabytes, which no machine gives; allocation errors are the frameworks' own."""
    (tmp_path / "greedy.py").write_text(GREEDY)
    backends = ["numpy", *(["torch"] if find_spec("torch") else [])]
    found = harness.run(
        str(tmp_path / "greedy.py"),
        "square",
        backend=",".join(backends),
        check=True,
        results=tmp_path / "r.db",
    )
    statuses = {(r.backend, r.scenario): r.status for r in found}
    for backend in backends:
        assert statuses[backend, "mine/greedy"] == "out-of-memory"
        assert statuses[backend, "documented/square"] == "ok"


def test_a_wrong_plain_function_is_wrong_too():
    """The time of the plain function is shown, so its answer is checked as well."""
    import numpy as np

    from harness.case import Case
    from harness.expected import Answer
    from harness.oracle import Oracle
    from scenarios.documented.square import scenarios

    case = Case(
        scenario="documented/square",
        size={"n": 1},
        point="documented",
        dtype="float32",
        operator="gradient",
        composition=None,
        wrt=("x",),
        seed=0,
    )
    oracle = Oracle(backend=reference())
    oracle.draw(scenarios[0], case)
    right, wrong = np.array([2], np.float32), np.array(1.5, np.float32)
    oracle.answers = {
        "x": Answer(
            parts={"answer": (right,), "value": (wrong,)},
            devices={"answer": ("cpu",), "value": ("cpu",)},
            device="cpu",
            backend="numpy",
        )
    }
    verdict = oracle.judge()["x"]
    assert not verdict.right and verdict.reason.startswith("value: ")


def reference():
    from backends.numpy import Numpy
    from harness.contract import Settings

    return Numpy("eager", "cpu", Settings())
