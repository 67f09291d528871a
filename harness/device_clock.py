"""Time calls by a device's own clock, with the host out of the number.

One convention: `elapsed` is that of `harness.contract.Probe`. It keeps the device busy for twice as
long as a call takes to be queued, which is found out once for a case and without that: a call that
waits for the device half-way would wait for what keeps it busy too, and be given ever more of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from harness import clock
from harness.clock import Call, Clock, Wait
from harness.errors import Unsupported
from results.statistics import median

Elapsed = Callable[[Callable[[], Any], float], float]

HEAD = 2.0  # times as long as a call takes to be queued, the device is kept busy before it
TRIES = 3


def calibrate(
    elapsed: Elapsed,
    call: Call,
    wait: Wait,
    inputs: Sequence[Any],
    now: Clock = time.perf_counter_ns,
) -> tuple[int, float]:
    """Return how many calls make a block by the host's clock, which has to pay for it, and the
    seconds that a call takes to be queued. Raises Unsupported as `once` does."""
    clock.warm(call, wait, inputs, now)
    queued = queueing(call, wait, inputs, now)
    calls = clock.calibrate(
        lambda *xs: (once(elapsed, call, xs, queued),), lambda told: None, inputs, now
    )
    return calls, queued


def queueing(call: Call, wait: Wait, inputs: Sequence[Any], now: Clock) -> float:
    """Return the median seconds until a call returns that finds the device idle."""
    spent = []
    for _ in range(TRIES):
        start = now()
        outputs = call(*inputs)
        spent.append((now() - start) / 1e9)
        wait(outputs)
    return median(spent)


def once(elapsed: Elapsed, call: Call, inputs: Sequence[Any], queued: float) -> float:
    """Return the seconds that a call takes by the device's clock.

    Where the device waited for the host it is called anew, in case that something else held the
    host up. Raises Unsupported where the device waited each time.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return elapsed(lambda: call(*inputs), HEAD * queued)
        except Unsupported:
            if attempt == TRIES:
                raise
    raise AssertionError("the last attempt returns or raises")


def timed(elapsed: Elapsed, call: Call, inputs: Sequence[Any], calls: int, queued: float) -> int:
    """Return the nanoseconds of `calls` calls, garbage collection off. Raises as `once` does."""
    with clock.uncollected():
        spent = sum(once(elapsed, call, inputs, queued) for _ in range(calls))
    return round(spent * 1e9)
