"""Time blocks of calls in the steady state. Runs in the worker; the clock is injected in tests.

Every call is waited for inside the timed region, on every output: the number is latency. Waiting
once a block would hide it (jax, n = 1000: 23.6 us a call against 9.3).
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import Any

from harness.contract import Array

Call = Callable[..., tuple[Array, ...]]
Wait = Callable[[Sequence[Array]], None]
Clock = Callable[[], int]

WARM = 5_000_000  # ns of untimed calls before each block: other workers took the caches meanwhile
LENGTH = 10_000_000  # ns that a block lasts at least


def calibrate(
    call: Call, wait: Wait, inputs: Sequence[Any], clock: Clock = time.perf_counter_ns
) -> int:
    """Return how many calls make a block of `LENGTH`, tried out with ever longer blocks."""
    calls = 1
    while True:
        spent = timed(call, wait, inputs, calls, clock)
        if spent >= LENGTH:
            return calls
        wanted = calls * LENGTH / max(spent, 1)
        calls = min(calls * 10, max(calls + 1, int(wanted * 1.2)))


def warm(
    call: Call, wait: Wait, inputs: Sequence[Any], clock: Clock = time.perf_counter_ns
) -> None:
    """Call, untimed, until `WARM` has passed."""
    start = clock()
    while clock() - start < WARM:
        wait(call(*inputs))


def timed(
    call: Call,
    wait: Wait,
    inputs: Sequence[Any],
    calls: int,
    clock: Clock = time.perf_counter_ns,
) -> int:
    """Return the nanoseconds of `calls` calls, each waited for, garbage collection off."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        repeat = range(calls)
        start = clock()
        for _ in repeat:
            wait(call(*inputs))
        return clock() - start
    finally:
        if collecting:
            gc.enable()
