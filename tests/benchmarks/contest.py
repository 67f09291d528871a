"""The worker side of the promises: one process, one backend, whose calls are timed in blocks, those
of the harness by the harness's own worker functions, those written by hand by a loop of their own.

Speaks the harness's messages. Both kinds of call may live in one process or each in its own; both
are held against the oracle's answer before they are timed.
"""

import gc
import os
import socket
import sys
import time

from harness import bench
from harness.arrays import from_blob, to_blob
from harness.channel import Channel
from harness.worker import die_with_parent, serve
from tests.benchmarks.byhand import CALLS

BY_HAND = "by hand"
WARM, LENGTH = 5e-3, 10e-3  # s, as the harness does


def main():
    """Serve the parent, whose number and end of the channel are in `sys.argv`."""
    parent, channel = map(int, sys.argv[1:])
    die_with_parent(parent)
    os.set_inheritable(channel, False)
    serve(Channel(socket.socket(fileno=channel)), REQUESTS)


def write(state, arrays, backend, scenario):
    """Make the call by hand, of the inputs that the harness's call has where it lives here too."""
    if "operator" in state.series:
        _, inputs = state.series["operator"]
    else:
        inputs = tuple(state.backend.put(from_blob(blob)) for blob in arrays)
    once = CALLS[backend][scenario](*inputs)
    once()
    state.series[BY_HAND] = (once, ())
    got = [state.backend.get(output) for output in once()]
    return {"parts": {"answer": [device for _, device in got]}}, [to_blob(a) for a, _ in got]


def calibrate(state, arrays, series):
    """Find out how many calls make a block."""
    if series != BY_HAND:
        return bench.calibrate(state, arrays, series)
    once, _ = state.series[BY_HAND]
    calls = 1
    while (spent := timed(once, calls)) < LENGTH:
        calls = max(calls + 1, min(10 * calls, int(1.2 * calls * LENGTH / spent)))
    return {"calls": calls}, ()


def block(state, arrays, series, calls):
    """Warm the caches, then time one block."""
    if series != BY_HAND:
        return bench.block(state, arrays, series, calls)
    once, _ = state.series[BY_HAND]
    start = time.perf_counter()
    while time.perf_counter() - start < WARM:
        once()
    return {"seconds": timed(once, calls)}, ()


def timed(once, calls):
    """Time calls as anybody would: a loop, outputs dropped at once, garbage collection off."""
    gc.disable()
    start = time.perf_counter()
    for _ in range(calls):
        once()
    spent = time.perf_counter() - start
    gc.enable()
    return spent


REQUESTS = {
    "start": bench.start,
    "settle": bench.settle,
    "check": bench.check,
    "write": write,
    "calibrate": calibrate,
    "block": block,
    "release": bench.release,
}

if __name__ == "__main__":
    main()
