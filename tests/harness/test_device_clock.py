"""Blocks by a device's own clock: how long they last, and a device that waited for its host."""

import pytest

from harness import device_clock
from harness.errors import Unsupported


class Ticking:
    """A clock of the host's that calls move on; the device is idle in the first calls of it."""

    def __init__(self, idle=0):
        self.now, self.heads, self.idle = 0, [], idle

    def call(self):
        self.now += 10**6
        return ()

    def elapsed(self, call, head):
        call()
        self.now += round(head * 1e9)
        self.heads.append(head)
        if len(self.heads) <= self.idle:
            raise Unsupported("idle")
        return 1e-9

    def calibrate(self):
        return device_clock.calibrate(
            self.elapsed, self.call, lambda outputs: None, (), lambda: self.now
        )


def test_a_block_by_the_devices_clock_lasts_as_long_as_others_by_the_hosts():
    clock_ = Ticking()
    calls, queued = clock_.calibrate()
    assert queued == 1e-3 and set(clock_.heads) == {2e-3}
    assert calls == 4  # 3 ms each, though the device says a nanosecond


def test_a_host_that_was_late_by_chance_may_try_again():
    assert Ticking(idle=2).calibrate()[0] == 4
    with pytest.raises(Unsupported, match="idle"):
        Ticking(idle=3).calibrate()
