"""What NVIDIA's cards say of themselves beside a run: clocks, power, temperature, throttling.

One convention: only `asked` runs nvidia-smi; where that is missing, slow or says "[N/A]" the answer
is missing too, never an error.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

DRIVER = Path("/proc/driver/nvidia/version")
FIELDS = {  # ours: nvidia-smi's
    "index": "index",
    "name": "name",
    "clock": "clocks.sm",  # MHz
    "memory_clock": "clocks.mem",  # MHz
    "power": "power.draw",  # W
    "temperature": "temperature.gpu",  # degrees Celsius
    "utilisation": "utilization.gpu",  # %
}
NEW, OLD = "clocks_event_reasons.active", "clocks_throttle_reasons.active"  # bits: its two names
COUNTERS = {  # microseconds since the driver was loaded, in newer drivers; ours: nvidia-smi's
    "its power limit": "clocks_event_reasons_counters.sw_power_cap",
    "its temperature, by its driver": "clocks_event_reasons_counters.sw_thermal_slowdown",
    "its temperature, by its hardware": "clocks_event_reasons_counters.hw_thermal_slowdown",
    "a brake on its power": "clocks_event_reasons_counters.hw_power_brake_slowdown",
}
REASONS = {  # bits of the reasons that slow a card down; idle and chosen clocks are none of them
    0x04: "its power limit",
    0x08: "a slow-down by its hardware",
    0x20: "its temperature, by its driver",
    0x40: "its temperature, by its hardware",
    0x80: "a brake on its power",
}
PATIENCE = 5.0  # s
Ask = Callable[[Sequence[str], Sequence[str]], str | None]


def asked(
    fields: Sequence[str], which: Sequence[str] = (), patience: float = PATIENCE
) -> str | None:
    """Return what nvidia-smi prints of some cards, or of all, a line a card; "" where it refuses,
    as for a field that it does not know, None where it is not here or does not answer."""
    command = ["nvidia-smi", f"--query-gpu={','.join(fields)}", "--format=csv,noheader,nounits"]
    command += ["-i", ",".join(which)] if which else []
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else ""


def with_driver(name: str, driver: Path = DRIVER) -> str:
    """Return a card's name with its driver's version, read off the system.

    `driver` is the kernel's file on its driver; nvidia-smi is asked where there is none.
    """
    try:
        text = driver.read_text()
    except OSError:
        text = asked(["driver_version"]) or ""
    version = re.search(r"\d{3,}\.[\d.]+", text)
    return f"{name}, driver {version[0]}" if version else name


def cards(which: Sequence[str], ask: Ask = asked) -> list[dict[str, Any]] | None:
    """Return what some cards say, named as nvidia-smi does; a number that one does not tell is
    None. The whole is None where none could be read.

    A field that nvidia-smi does not know spoils its whole answer, so fewer are asked for until it
    gives one.
    """
    for besides in ((NEW, *COUNTERS.values()), (NEW,), (OLD,), ()):
        answer = ask((*FIELDS.values(), *besides), which)
        if answer is None:
            break
        rows = [[cell.strip() for cell in line.split(",")] for line in answer.splitlines()]
        rows = [row for row in rows if len(row) == len(FIELDS) + len(besides)]
        if rows:
            return [told(row) for row in rows]
    return None


def told(row: Sequence[str]) -> dict[str, Any]:
    """Name a card's cells, of which those behind `FIELDS` may be missing."""
    names = (*FIELDS, "throttle", *COUNTERS)
    cells = [*row, *["[N/A]"] * (len(names) - len(row))]
    found = {name: read(name, cell) for name, cell in zip(names, cells, strict=True)}
    slowed = {reason: found.pop(reason) for reason in COUNTERS}
    return {**found, "slowed": slowed}


def read(name: str, cell: str) -> Any:
    if name == "name":
        return cell
    try:
        return int(cell, 16) if name == "throttle" else float(cell.removesuffix(" us"))
    except ValueError:
        return None


def worst(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Put two readings of a card together: all that slows it down in either, the most of each
    number; of clocks the least."""
    joined = dict(other)
    for name in FIELDS:
        pair = [reading[name] for reading in (one, other) if reading[name] is not None]
        if name != "name" and pair:
            joined[name] = min(pair) if "clock" in name else max(pair)
    bits = [reading["throttle"] for reading in (one, other) if reading["throttle"] is not None]
    return {**joined, "throttle": bits[0] | bits[-1] if bits else None}


def used(devices: Iterable[str], variables: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return how nvidia-smi names the cards behind devices such as `cuda` and `cuda:1`: it counts
    all that there are, a framework those in CUDA_VISIBLE_DEVICES."""
    visible = [word.strip() for word in variables.get("CUDA_VISIBLE_DEVICES", "").split(",")]
    found = [re.fullmatch(r"cuda(?::(\d+))?", device) for device in devices]
    places = [int(match[1] or 0) for match in found if match]
    names = [visible[n] if n < len(visible) and visible[n] else str(n) for n in places]
    return tuple(dict.fromkeys(names))


def reasons(bits: int | None) -> list[str]:
    """Say what slows a card down."""
    return [reason for bit, reason in REASONS.items() if (bits or 0) & bit]


def uncounted(one: Mapping[str, Any]) -> int:
    """Return the bits of the reasons that slow a card down and have no counter of their own."""
    active = one["throttle"] or 0
    return sum(bit & active for bit, reason in REASONS.items() if one["slowed"].get(reason) is None)
