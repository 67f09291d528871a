"""What JAX tells of a device: its allocator's counters. It has no events.

One convention: the peak is the process's, for JAX can't begin a new one; so it holds what compiling
took for a while too, and says so.
"""

from harness.contract import Probe

LACKS = {"seconds.device": "JAX has no events of the device's clock"}
WHOLE = "with compiling, XLA's autotuning and the first call: JAX can't begin a new peak"


def probe(device):
    if not device.memory_stats():
        return Probe(lacks={"bytes.device_peak": f"JAX counts nothing on {device}", **LACKS})
    return Probe(
        used=lambda: device.memory_stats()["bytes_in_use"],
        peak=lambda: device.memory_stats()["peak_bytes_in_use"],
        lacks={"bytes.device_peak": WHOLE, **LACKS},
    )
