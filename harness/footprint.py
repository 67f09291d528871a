"""What a trial needs of memory: how far one call takes it above the level before the trial.

The level is what is in use before the inputs are put; the peak is that of the second call, for
calls like it are timed. So inputs, outputs and what lies between them count, and what preparing and
the first call leave behind (buffers, compiled code); what compiling itself needs for a while does
not. What a framework loads when an operator is first used counts to the trial that is first, unless
the least call (`harness.least`) loaded it before: PyTorch's vjp is 35 MB.

Garbage is collected before the level is read and before the peak begins, whatever the meter. The
host's counts resident pages; free memory is first given back to the kernel, since what the
allocator keeps would be reused unseen. A framework with an allocator of its own on the CPU, which
gives nothing back, brings its own meter as its probe.

One convention: bytes; None where they can't be known, and then `lacks` says why.
"""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.contract import Probe
from harness.errors import Unsupported

PROCESS = Path("/proc/self")
BEGIN_ANEW = "5"  # what makes the kernel forget the peak: proc_pid_clear_refs(5)
ONE_ARENA = "MALLOC_ARENA_MAX"  # free memory at the end of any further arena is never given back

ON_CPU = {
    "bytes.device_peak": "the CPU's memory is the host's",
    "seconds.device": "the CPU's clock is the host's",
}
NO_PROBE = "its adapter has no probe for it"
BELOW_EARLIER = "the framework keeps one peak for good, and an earlier trial's was no lower"


class Footprint:
    """What one trial takes by one meter. Made before the inputs are put."""

    def __init__(self, meter: Probe) -> None:
        self.meter = meter
        self.lacks: str | None = None
        gc.collect()
        self.level = self._read(meter.used)
        self.earlier = self._read(meter.peak)

    def begin(self) -> None:
        """Begin the peak that counts, where the meter can begin anew."""
        gc.collect()
        if self.meter.reset:
            self._read(self.meter.reset)

    def taken(self) -> int | None:
        """Return the bytes by which the peak is above the level."""
        peak = self._read(self.meter.peak)
        if peak is None or self.level is None:
            return None
        if not self.meter.reset and peak == self.earlier:
            self.lacks = BELOW_EARLIER
            return None
        return max(peak - self.level, 0)

    def _read(self, reading: Callable[[], int | None] | None) -> int | None:
        if self.lacks or reading is None:
            return None
        try:
            return reading()
        except (OSError, Unsupported) as error:
            self.lacks = str(error)
            return None


def told(footprints: Mapping[str, Footprint], lacks: Mapping[str, str]) -> dict[str, Any]:
    """Return what a trial takes, and beside what a worker `lacks` anyway why the rest is missing;
    nothing of either where nothing was measured."""
    taken = {name: one.taken() for name, one in footprints.items()}
    why = {f"bytes.{name}": one.lacks for name, one in footprints.items() if one.lacks}
    return {"bytes": taken, "lacks": {**lacks, **why} if footprints else {}}


def meters(probe: Probe, device: str) -> tuple[dict[str, Probe], dict[str, str]]:
    """Return the meters of a worker by the record's names of what they tell, and by those names
    why the others are missing or not quite what they are called. On the CPU a probe's memory is the
    host's."""
    if device == "cpu":
        found = {"host_peak": probe if probe.peak else host()}
        named = {name: why for name, why in probe.lacks.items() if name == "bytes.host_peak"}
        return found, {**named, **ON_CPU}
    found = {"host_peak": host()} | ({"device_peak": probe} if probe.peak else {})
    known = {"bytes.device_peak": probe.peak, "seconds.device": probe.elapsed}
    missing = {name: NO_PROBE for name, had in known.items() if not had}
    named = {name: why for name, why in probe.lacks.items() if name in known}
    return found, {**missing, **named}


def host(process: Path = PROCESS, variables: Mapping[str, str] = os.environ) -> Probe:
    """Return the meter of this process's resident memory. Its functions raise OSError where the
    kernel, the C library or the allocator's settings don't allow it."""

    def used() -> int:
        if variables.get(ONE_ARENA) != "1":
            raise OSError("with the allocator as shipped, memory freed earlier would hide the need")
        give_back()
        return _resident(process, "VmRSS")

    def reset() -> None:
        give_back()
        try:
            (process / "clear_refs").write_text(BEGIN_ANEW)
        except OSError as error:
            raise OSError(f"the kernel does not let a peak begin anew: {error}") from error

    return Probe(used=used, reset=reset, peak=lambda: _resident(process, "VmHWM"))


def give_back() -> None:
    """Give free memory back to the kernel. Raises OSError where the C library can't."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except AttributeError as error:  # musl has none
        raise OSError("the C library can't give memory back: it has no malloc_trim") from error


def _resident(process: Path, name: str) -> int:
    for line in (process / "status").read_text().splitlines():
        key, _, text = line.partition(":")
        if key == name:
            return int(text.split()[0]) * 1024
    raise OSError(f"the kernel does not tell {name} in {process / 'status'}")
