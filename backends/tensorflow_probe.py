"""What TensorFlow tells of a device: its allocator's counters. It has no events.

One convention: where TensorFlow counts nothing on the CPU there is no probe of it. With oneDNN,
which is on by default on x86, large arrays (above 256 kB) come from an allocator of its own that
never gives memory back, so the process's resident memory would tell of earlier trials; that
allocator counts. Without oneDNN they come from the C library.
"""

import tensorflow as tf

from harness.contract import Probe

LACKS = {"seconds.device": "TensorFlow has no events of the device's clock"}
ALLOCATED = "bytes of TensorFlow's own allocator, where others have the process's resident memory"


def probe(place):
    """Return the probe of a device as TensorFlow names it, such as "GPU:0"."""
    counters = tf.config.experimental
    try:
        counters.reset_memory_stats(place)
    except ValueError:
        return Probe(lacks={"bytes.device_peak": f"TensorFlow counts nothing on {place}", **LACKS})
    return Probe(
        used=lambda: counters.get_memory_info(place)["current"],
        reset=lambda: counters.reset_memory_stats(place),
        peak=lambda: counters.get_memory_info(place)["peak"],
        lacks={"bytes.host_peak": ALLOCATED, **LACKS},
    )
