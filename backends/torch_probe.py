"""What PyTorch tells of a CUDA device: its allocator's counters, and events of the device's clock.

One convention: a device that is not CUDA has no probe.
"""

import torch

from harness.contract import Probe
from harness.errors import Unsupported

LEAST, MOST = 20e-6, 0.1  # s that the device is kept busy
CYCLES = 3e9  # a second of the fastest card; a slower one is kept busy for longer
IDLE = (
    "the device was idle within the call, waiting for the host: the call waits for an answer "
    "half-way, or has more operations than a queue holds (about 1000)"
)


def probe(device):
    if device.type != "cuda":
        return Probe()
    return Probe(
        used=lambda: torch.cuda.memory_allocated(device),
        reset=lambda: torch.cuda.reset_peak_memory_stats(device),
        peak=lambda: torch.cuda.max_memory_allocated(device),
        elapsed=events(device),
    )


def events(device):
    """Return a function that times the device's work of a call.

    The device is first kept busy until the whole call is queued, or else its waiting for the host
    would be counted as its own time. Where it is through with that when the call returns, it may
    have waited, and no time is told: a call that waits for the device half-way, one that overfills
    the queue, and one that takes the host more than `MOST`.
    """

    def elapsed(call, head):
        with torch.cuda.device(device):
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            torch.cuda._sleep(int(CYCLES * min(max(head, LEAST), MOST)))
            start.record()
            outputs = call()
            late = start.query()
            end.record()
            end.synchronize()
            del outputs
            if late:
                raise Unsupported(IDLE)
            return start.elapsed_time(end) / 1e3

    return elapsed
