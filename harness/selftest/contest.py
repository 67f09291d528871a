"""The worker side of what an adapter costs: a worker as in any run that also holds the same call
written by hand, and times it by a loop of its own, as its author would.

One convention: the call by hand is one more series, named `BY_HAND`.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any

from harness import bench, clock, plugins
from harness.arrays import from_blob, to_blob
from harness.bench import Bench
from harness.channel import Blob, Reply
from harness.errors import TrialEnded

HARNESS, BY_HAND = "operator", "by hand"
Once = Callable[[], tuple[Any, ...]]


def write(state: Bench, arrays: list[Blob], table: str, scenario: str) -> Reply:
    """Make the call by hand, of the inputs that the harness's call has where it lives here too."""
    calls = plugins.load(table)
    if scenario not in calls:
        raise TrialEnded("unsupported", f"{table} has no call by hand for {scenario}")
    if HARNESS in state.series:
        _, inputs = state.series[HARNESS]
    else:
        inputs = tuple(state.backend.put(from_blob(blob)) for blob in arrays)
    once: Once = calls[scenario](*inputs)
    once()
    state.series[BY_HAND] = (once, ())
    got = [state.backend.get(output) for output in once()]
    return {"parts": {"answer": [device for _, device in got]}}, [to_blob(a) for a, _ in got]


def calibrate(state: Bench, arrays: list[Blob], series: str, **others: Any) -> Reply:
    """Find out how many calls make a block."""
    if series != BY_HAND:
        return bench.calibrate(state, arrays, series, **others)
    once, _ = state.series[BY_HAND]
    calls = 1
    while (spent := timed(once, calls)) < clock.LENGTH / 1e9:
        wanted = 1.2 * calls * clock.LENGTH / 1e9 / spent
        calls = max(calls + 1, min(10 * calls, int(wanted)))
    return {"calls": calls}, ()


def block(state: Bench, arrays: list[Blob], series: str, calls: int, **others: Any) -> Reply:
    """Warm the caches, then time one block."""
    if series != BY_HAND:
        return bench.block(state, arrays, series, calls, **others)
    once, _ = state.series[BY_HAND]
    start = time.perf_counter()
    while time.perf_counter() - start < clock.WARM / 1e9:
        once()
    return {"seconds": timed(once, calls)}, ()


def timed(once: Once, calls: int) -> float:
    """Time calls as anybody would: a loop, outputs dropped at once, garbage collection off."""
    gc.disable()
    start = time.perf_counter()
    for _ in range(calls):
        once()
    spent = time.perf_counter() - start
    gc.enable()
    return spent


REQUESTS = {**bench.REQUESTS, "write": write, "calibrate": calibrate, "block": block}
