"""Time blocks of calls in the steady state. Runs in the worker; the clock is injected in tests.

Every call is waited for inside the timed region, on every output: the number is latency. Waiting
once a block would hide it (jax, n = 1000: 23.6 us a call against 9.3); that is another number,
`throughput`, and says so.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from harness.contract import Array

Call = Callable[..., tuple[Array, ...]]
Wait = Callable[[Sequence[Array]], None]
Clock = Callable[[], int]

WARM = 5_000_000  # ns of untimed calls before each block: other workers took the caches meanwhile
LENGTH = 10_000_000  # ns that a block lasts at least
HELD = 256 * 2**20  # bytes of outputs that a block may hold until it waits for them


def calibrate(
    call: Call,
    wait: Wait,
    inputs: Sequence[Any],
    clock: Clock = time.perf_counter_ns,
    *,
    measure: Callable[..., int] | None = None,
    most: int | None = None,
) -> int:
    """Return how many calls make a block of `LENGTH`, or `most` where that is fewer, tried out with
    ever longer blocks of `measure` (`timed`)."""
    calls = 1
    while True:
        spent = (measure or timed)(call, wait, inputs, calls, clock)
        if spent >= LENGTH or calls == most:
            return calls
        wanted = calls * LENGTH / max(spent, 1)
        calls = min(calls * 10, max(calls + 1, int(wanted * 1.2)), most or calls * 10)


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
    with uncollected():
        repeat = range(calls)
        start = clock()
        for _ in repeat:
            wait(call(*inputs))
        return clock() - start


def throughput(
    call: Call,
    wait: Wait,
    inputs: Sequence[Any],
    calls: int,
    clock: Clock = time.perf_counter_ns,
) -> int:
    """Return the nanoseconds of `calls` calls, waited for once, at the end, on every output of
    every call; letting the outputs go is in the time as it is in `timed`.

    They are all held until then, so a block has no more calls than make `HELD` bytes (`most_held`):
    where one output is larger than that, nothing overlaps and the number is latency.
    """
    with uncollected():
        repeat = range(calls)
        held: list[Array] = []
        start = clock()
        for _ in repeat:
            held.extend(call(*inputs))
        wait(held)
        held.clear()
        return clock() - start


def most_held(size: int) -> int:
    """Return of how many calls outputs of `size` bytes may be held."""
    return max(1, HELD // max(size, 1))


def resolution(clock: Clock = time.perf_counter_ns, readings: int = 10_000) -> dict[str, float]:
    """Return the clock's least step and what reading it takes, both in nanoseconds."""
    seen = [clock() for _ in range(readings)]
    steps = [later - one for one, later in pairwise(seen) if later > one]
    return {"step": float(min(steps, default=0)), "cost": (seen[-1] - seen[0]) / (readings - 1)}


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without garbage collection for a while."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
