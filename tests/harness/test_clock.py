"""Timing logic with an injected clock: no test here sleeps or asserts a real time."""

import gc

import pytest

from harness import clock


class Ticking:
    """A clock that moves only when work is done."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now

    def work(self, nanoseconds):
        self.now += nanoseconds


def test_waiting_is_part_of_the_sample():
    ticking = Ticking()

    def call(x):
        ticking.work(10)
        return (x,)

    def wait(outputs):
        assert outputs == (7,)
        ticking.work(990)

    assert clock.timed(call, wait, (7,), 3, ticking) == 3000


def test_a_block_lasts_ten_milliseconds_or_more():
    for cost in (100, 1_500, 999_999, 30_000_000):
        ticking = Ticking()

        def call(cost=cost, ticking=ticking):
            ticking.work(cost)
            return ()

        calls = clock.calibrate(call, lambda outputs: None, (), ticking)
        assert calls * cost >= clock.LENGTH
        assert calls == 1 or calls * cost <= 2 * clock.LENGTH


def test_a_block_begins_with_five_milliseconds_of_untimed_calls():
    ticking, calls = Ticking(), []

    def call():
        calls.append(1)
        ticking.work(1_000_000)
        return ()

    clock.warm(call, lambda outputs: None, (), ticking)
    assert len(calls) == 5


def test_garbage_collection_is_off_inside_a_block_and_on_again_after_an_exception():
    seen = []

    def call():
        seen.append(gc.isenabled())
        raise ValueError

    assert gc.isenabled()
    with pytest.raises(ValueError):
        clock.timed(call, lambda outputs: None, (), 1)
    assert seen == [False] and gc.isenabled()


def test_the_clocks_step_is_the_smallest_and_its_cost_the_mean():
    times = iter([0, 0, 40, 40, 120, 150])
    assert clock.resolution(lambda: next(times), readings=6) == {"step": 30, "cost": 30}


def test_a_clock_that_never_moved_has_no_step():
    assert clock.resolution(lambda: 7, readings=5) == {"step": 0, "cost": 0}


class Asynchronous:
    """Calls that take 10 to make and 1000 more on a device that works on many at a time."""

    def __init__(self, ticking, lanes):
        self.ticking, self.free, self.waits = ticking, [0] * lanes, 0

    def call(self):
        self.ticking.work(10)
        lane = self.free.index(min(self.free))
        self.free[lane] = max(self.free[lane], self.ticking.now) + 1000
        return (self.free[lane],)

    def wait(self, outputs):
        self.waits += 1
        self.ticking.now = max(self.ticking.now, *outputs)


def test_latency_counts_every_wait_and_throughput_only_the_last():
    ticking = Ticking()
    device = Asynchronous(ticking, lanes=100)
    assert clock.timed(device.call, device.wait, (), 100, ticking) == 100 * 1010
    assert device.waits == 100
    assert clock.throughput(device.call, device.wait, (), 100, ticking) == 100 * 10 + 1000
    assert device.waits == 101


def test_throughput_waits_for_what_is_still_being_computed():
    ticking = Ticking()
    device = Asynchronous(ticking, lanes=1)
    spent = clock.throughput(device.call, device.wait, (), 100, ticking)
    assert spent == 10 + 100 * 1000 > 100 * 10  # the last is what making the calls takes


def test_throughput_waits_for_every_output_of_every_call():
    ticking, waited = Ticking(), []
    outputs = iter([(5, 1), (3, 2)])
    clock.throughput(lambda: next(outputs), lambda held: waited.extend(held), (), 2, ticking)
    assert waited == [5, 1, 3, 2]


def test_of_large_outputs_few_are_held_and_of_the_largest_one():
    assert clock.most_held(8 * 10**6) * 8 * 10**6 <= clock.HELD < (32 + 2) * 8 * 10**6
    assert clock.most_held(10**12) == 1
    assert clock.most_held(0) == clock.HELD


def test_a_clock_tells_its_step_and_what_reading_it_takes():
    readings = iter([0, 0, 40, 40, 100])
    assert clock.resolution(lambda: next(readings), 5) == {"step": 40.0, "cost": 25.0}
