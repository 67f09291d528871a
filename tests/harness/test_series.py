"""What is measured beside latency: once a launch, together, and by the device's clock."""

from types import SimpleNamespace

import pytest

import harness
from harness import bench, clock
from harness.asking import Asking
from harness.case import Case, Runner, Trial
from harness.contract import Probe, Settings
from harness.errors import TrialEnded, Unsupported, UsageError
from harness.options import Options
from harness.outcome import Outcome, highest
from harness.plugins import backends, load
from tests.harness.processes import command

CASE = Case(
    scenario="mine/one", size={}, point="drawn", dtype="float64", operator="gradient",
    composition=None, wrt=("x",), seed=0,
)  # fmt: skip
ON_CARD = Runner("mine", "one", "cuda")
SERIES = ("operator", "value", "prepare", "first", "throughput")


class Worker:
    """Answers as a worker would; `failing` requests, by series, end as given."""

    def __init__(self, failing=()):
        self.asked, self.failing = [], dict(failing)

    def ask(self, do, arrays=(), *, timeout, series=None, **others):
        self.asked.append((do, series))
        if (do, series) in self.failing:
            raise self.failing[do, series]
        return {
            "least": {"seconds": 1e-6},
            "calibrate": {"calls": 10},
            "block": {"seconds": 1e-3, "faults": 0},
        }[do], ()


def asking(worker, **options):
    crew = SimpleNamespace(worker=lambda runner: worker, out={}, note=lambda *ended: None)
    plan = SimpleNamespace(runners=(ON_CARD,))
    return Asking(plan, Options(**options), crew, lambda event: None)


def contestant(worker, *, lacks, **options):
    outcome = Outcome(Trial(case=CASE, runner=ON_CARD), lacks=lacks)
    one = asking(worker, **options)
    one.least_calls()
    return outcome, one.calibrated(outcome, 0)


def test_a_device_with_a_clock_of_its_own_is_timed_by_it_in_blocks_of_their_own():
    _, found = contestant(Worker(), lacks={})
    assert found.series == ("operator", "value", "device")
    assert found.time_block("device").series == "device"


def test_without_such_a_clock_or_the_wish_there_is_only_latency():
    _, found = contestant(Worker(), lacks={"seconds.device": "none"})
    assert found.series == ("operator", "value")


def test_throughput_is_calibrated_by_itself():
    worker = Worker()
    _, found = contestant(worker, lacks={"seconds.device": "none"}, throughput=True)
    assert found.series == ("operator", "value", "throughput")
    assert ("calibrate", "throughput") in worker.asked


def test_the_least_call_of_a_runner_is_in_all_its_records():
    outcome, _ = contestant(Worker(), lacks={})
    assert outcome.dispatch == 1e-6


def test_a_least_call_that_fails_leaves_its_reason():
    outcome, _ = contestant(Worker({("least", None): TrialEnded("failed", "too little")}), lacks={})
    assert outcome.dispatch is None and outcome.lacks == {"seconds.dispatch": "too little"}


def test_of_the_peaks_of_several_launches_the_highest_counts():
    assert highest({}, {"host_peak": 3, "device_peak": None}) == {
        "host_peak": 3,
        "device_peak": None,
    }
    assert highest({"host_peak": 3}, {"host_peak": 2}) == {"host_peak": 3}
    assert highest({"host_peak": None}, {"host_peak": 2}) == {"host_peak": 2}


@pytest.fixture
def numpy_backend():
    declaration = backends().items["numpy"]
    return load(declaration.adapter)("eager", "cpu", Settings())


def test_a_block_by_the_devices_clock_adds_up_what_that_says(numpy_backend):
    made, heads = [], []

    def elapsed(call, head):
        made.append(call())
        heads.append(head)
        return 0.25

    numpy_backend.probe = Probe(elapsed=elapsed)
    bench_ = bench.Bench(numpy_backend, (), "cuda")
    assert "seconds.device" not in bench_.lacks
    bench_.series["operator"] = (lambda x: (x,), (7,))
    bench_.queued = 1e-3
    reply, _ = bench.block(bench_, [], "device", 3)
    assert made == [(7,)] * 3 and reply["seconds"] == 0.75
    assert heads == [2e-3] * 3  # twice what a call takes to be queued


def test_calibrating_the_devices_clock_keeps_what_a_call_takes_to_be_queued(numpy_backend):
    heads = []

    def elapsed(call, head):
        heads.append(head)
        return 0.25

    numpy_backend.probe = Probe(elapsed=elapsed)
    bench_ = bench.Bench(numpy_backend, (), "cuda")
    bench_.series["operator"] = (lambda x: (x,), (7,))
    bench.calibrate(bench_, [], "device")
    assert bench_.queued > 0 and set(heads) == {2 * bench_.queued}


IDLE = TrialEnded("unsupported", "idle")


@pytest.mark.parametrize("do", ["calibrate", "block"])
def test_a_device_time_that_can_not_be_told_leaves_its_reason_and_the_other_series(do):
    outcome, found = contestant(Worker({(do, "device"): IDLE}), lacks={})
    for series in found.series:
        found.take(series)
    assert found.series == ("operator", "value")
    assert [block.series for block in found.blocks] == ["operator", "value"]
    assert outcome.lacks == {"seconds.device": "idle"} and outcome.going


def test_a_device_time_that_was_told_before_stands_without_a_reason():
    worker = Worker()
    outcome, found = contestant(worker, lacks={})
    found.take("device")
    worker.failing["block", "device"] = IDLE
    found.take("device")
    assert found.series == ("operator", "value") and outcome.lacks == {}
    assert [block.series for block in found.blocks] == ["device"]


@pytest.mark.parametrize(
    ("series", "ended"),
    [("operator", IDLE), ("device", TrialEnded("crashed", "the worker died"))],
)
def test_any_other_end_of_a_block_ends_the_trial(series, ended):
    _, found = contestant(Worker({("block", series): ended}), lacks={})
    with pytest.raises(TrialEnded, match=str(ended)):
        found.take(series)


def test_a_device_that_is_not_found_comes_with_a_remedy_for_every_environment():
    with pytest.raises(Unsupported) as caught:
        bench.start("harness.fakes:Fake", "exact", "cuda", {})
    for word in ("finds no cuda here, only cpu", "'autodiff-harness[cuda]'", "jax[cuda12]==0.9.0"):
        assert word in str(caught.value)


def test_no_more_calls_are_held_than_the_bound_allows(numpy_backend, monkeypatch):
    monkeypatch.setattr(clock, "LENGTH", 10**12)
    bench_ = bench.Bench(numpy_backend, ())
    bench_.series["operator"] = (lambda x: (x,), (7,))
    bench_.most_held = 32
    assert bench.calibrate(bench_, [], "throughput")[0] == {"calls": 32}


def test_what_is_taken_once_a_launch_holds_over_launches(tmp_path):
    (record,) = harness.run(
        "square", backend="numpy", launches=2, throughput=True, budget=0.02,
        results=tmp_path / "r.db",
    )  # fmt: skip
    seconds = record.seconds
    assert sorted(seconds.by_launch) == sorted(SERIES)
    assert {len(medians) for medians in seconds.by_launch.values()} == {2}
    assert min(seconds.prepare, seconds.first, seconds.throughput, seconds.dispatch) > 0
    assert seconds.device is None and "host's" in record.lacks["seconds.device"]


def test_checking_keeps_no_time_no_memory_and_no_excuses(tmp_path):
    (record,) = harness.run("square", backend="numpy", check=True, results=tmp_path / "r.db")
    assert record.status == "ok" and record.seconds is None
    assert set(record.bytes.values()) == {None} and record.lacks == {}


def test_throughput_and_checking_alone_exclude_each_other():
    with pytest.raises(UsageError, match="--check takes none; leave one out"):
        Options(check=True, throughput=True)


def test_the_flag_gives_a_table_of_what_else_a_call_costs(tmp_path):
    words = ["run", "square", "--backend", "numpy", "--throughput", "--budget", "10ms"]
    done = command(*words, folder=tmp_path)
    assert done.returncode == 0 and "what else a call costs" in done.stdout
    assert "throughput: time a call" in done.stdout
