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
