"""What a trial takes of memory: made-up counters, a made-up kernel, and arrays of a known size."""

import gc
import weakref

import numpy as np
import pytest

import harness
from harness import footprint
from harness.contract import Probe
from harness.errors import Unsupported
from harness.footprint import Footprint, host, meters

ARENA = {"MALLOC_ARENA_MAX": "1"}
STATUS = "Name:\tpython\nVmHWM:\t    3000 kB\nVmRSS:\t    1000 kB\n"
WORDS = {"budget": 0.01, "size": ("n=3000000,3000001",), "operator": "value"}


class Counters:
    """A device's memory, as a framework counts it."""

    def __init__(self, used=0):
        self.in_use = self.highest = used

    def take(self, count):
        self.in_use += count
        self.highest = max(self.highest, self.in_use)

    def reset(self):
        self.highest = self.in_use

    def meter(self, *, resets=True):
        return Probe(
            used=lambda: self.in_use,
            reset=self.reset if resets else None,
            peak=lambda: self.highest,
        )


def measured(counters, *, resets=True, compiling=0):
    """Put 10, compile with `compiling` for a while, leave 5 behind, and call with 100."""
    one = Footprint(counters.meter(resets=resets))
    counters.take(10)
    counters.take(compiling)
    counters.take(5 - compiling)
    one.begin()
    counters.take(100)
    counters.take(-100)
    return one


def test_inputs_what_is_left_behind_and_the_call_count_but_not_what_compiling_takes():
    assert measured(Counters(), compiling=1000).taken() == 115


def test_what_was_in_use_before_does_not_count():
    assert measured(Counters(used=7000)).taken() == 115


def test_a_peak_that_never_begins_anew_tells_only_where_it_rose():
    counters = Counters()
    assert measured(counters, resets=False).taken() == 115
    later = measured(counters, resets=False)  # starts with the 15 that the first one left
    assert later.taken() == 115 and later.lacks is None
    counters.take(-30)
    lower = measured(counters, resets=False)
    assert lower.taken() is None and lower.lacks == footprint.BELOW_EARLIER


def test_a_counter_that_refuses_leaves_a_reason_and_no_number():
    def refuse():
        raise Unsupported("no counters today")

    one = Footprint(Probe(used=refuse, peak=lambda: 1))
    one.begin()
    assert (one.taken(), one.lacks) == (None, "no counters today")


def test_garbage_is_collected_whatever_becomes_of_the_reading():
    class Kept:
        pass

    def refuse():
        raise OSError("never")

    def litter():
        one = Kept()
        one.itself = one
        return weakref.ref(one)

    gc.disable()
    try:
        before = litter()
        one = Footprint(Probe(used=refuse, peak=lambda: 1))
        assert before() is None
        between = litter()
        one.begin()
        assert between() is None
    finally:
        gc.enable()


@pytest.fixture
def process(tmp_path):
    (tmp_path / "status").write_text(STATUS)
    (tmp_path / "clear_refs").write_text("")
    return tmp_path


def test_the_kernel_is_told_to_forget_the_peak_and_asked_for_pages(process):
    one = Footprint(host(process, ARENA))
    one.begin()
    assert (process / "clear_refs").read_text() == "5"
    assert one.taken() == 2000 * 1024


def test_a_kernel_that_does_not_forget_is_the_reason(process):
    (process / "clear_refs").unlink()
    (process / "clear_refs").mkdir()  # so that writing fails, for root too
    one = Footprint(host(process, ARENA))
    one.begin()
    assert one.taken() is None and "does not let a peak begin anew" in one.lacks


def test_a_kernel_that_does_not_tell_is_the_reason(process):
    (process / "status").write_text("Name:\tpython\n")
    one = Footprint(host(process, ARENA))
    assert one.taken() is None and "does not tell VmRSS" in one.lacks


def test_an_allocator_that_keeps_what_was_freed_is_the_reason(process):
    one = Footprint(host(process, {}))
    assert one.taken() is None and "would hide the need" in one.lacks


def test_a_c_library_that_keeps_everything_is_the_reason(process, monkeypatch):
    monkeypatch.setattr(footprint.ctypes, "CDLL", lambda name: object())
    one = Footprint(host(process, ARENA))
    assert one.taken() is None and "malloc_trim" in one.lacks


def test_64_megabytes_are_measured_as_64_megabytes():
    one = Footprint(host(variables=ARENA))
    one.begin()
    np.ones(8_000_000)
    assert one.taken() == pytest.approx(64e6, rel=0.03)


def test_on_the_cpu_a_probe_speaks_of_the_host_and_the_device_has_nothing_of_its_own():
    probe = Counters().meter()
    assert meters(probe, "cpu") == ({"host_peak": probe}, footprint.ON_CPU)


def test_on_another_device_both_are_measured():
    probe = Counters().meter()
    found, lacks = meters(probe, "cuda:1")
    assert list(found) == ["host_peak", "device_peak"] and found["device_peak"] is probe
    assert lacks == {"seconds.device": footprint.NO_PROBE}


def test_what_a_probe_lacks_it_explains_itself():
    _, lacks = meters(Probe(lacks={"seconds.device": "no clock"}), "cuda")
    assert lacks == {"seconds.device": "no clock", "bytes.device_peak": footprint.NO_PROBE}


@pytest.fixture
def own(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text(
        "def value(xp, x):\n    return xp.sum(x * x)\n\n\n"
        "def point(rng, n=3):\n    return (rng.standard_normal(n),)\n"
    )
    monkeypatch.chdir(tmp_path)
    return "own.py"


def test_a_second_trial_is_not_hidden_by_what_the_first_one_freed(own):
    found = harness.run(own, backend="numpy:eager", results="r.db", **WORDS)
    assert [record.status for record in found] == ["ok", "ok"]
    for record in found:  # the argument, and its square
        assert record.bytes["host_peak"] == pytest.approx(2 * 8 * 3e6, rel=0.03)
        assert record.bytes["device_peak"] is None and record.lacks == footprint.ON_CPU


def test_with_the_allocator_as_shipped_the_record_says_why_it_has_no_peak(own):
    (record,) = harness.run(
        own, backend="numpy:eager", numerics="shipped", size=("n=3",), budget=0.01, results="r.db"
    )
    assert record.bytes["host_peak"] is None
    assert "would hide the need" in record.lacks["bytes.host_peak"]
