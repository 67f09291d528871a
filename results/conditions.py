"""Which runs may be held against each other: same machine, same accelerator, same settings.

One convention: facts are compared as they are written for a person, those within others by both
names, as `limits cpus`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from results.cases import runner_name
from results.schema import Record, Run

# What makes it another machine: as many cores are not as fast where they share physical ones, or
# where a control group limits their time.
MACHINE = ("cpu", "cores", "physical", "memory", "architecture", "limits cpus")
SETTINGS = ("threads", "numerics", "isolate")  # that no series of measurements mixes
VERSION = re.compile(r"\d+\.\d+\.")
MEASURED = ("ceilings",)  # in the machine's facts, but never twice the same


def conditions(run: Run, record: Record) -> dict[str, str]:
    """Return what two runs have to share for a trial's times to stand in one course, by name: the
    machine, the device, threads and numeric settings.

    A version among the settings, such as jaxlib's, is left out: versions are what a course shows.
    """
    numerics = {
        f"{record.backend} {name}": written(value)
        for name, value in run.numerics.get(runner_name(record), {}).items()
        if not VERSION.search(str(value))
    }
    return {
        **machine_of(run.machine),
        "device": device_of(run, record.device),
        **settings_of(run),
        **numerics,
    }


def machine_of(machine: Mapping[str, Any]) -> dict[str, str]:
    """Return what tells one machine from another."""
    known = facts_of(machine)
    return {name: fact(name, known.get(name)) for name in MACHINE}


def settings_of(run: Run) -> dict[str, str]:
    return {name: written(run.settings.get(name) or False) for name in SETTINGS}


def device_of(run: Run, device: str) -> str:
    """Name the accelerator behind a device, without its driver; "" for the processor. `cuda` is
    the first card."""
    devices = run.machine.get("devices", {})
    told = "" if device == "cpu" else devices.get(device) or devices.get(f"{device}:0") or ""
    return without_driver(told)


def without_driver(device: str) -> str:
    return str(device).partition(", driver")[0]


def facts_of(machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return a machine's facts by name, the nested ones as `devices cuda:0`."""
    flat: dict[str, Any] = {}
    for name, known in machine.items():
        if isinstance(known, Mapping):
            flat |= {f"{name} {key}": one for key, one in known.items()}
        else:
            flat[name] = known
    return {
        name: known
        for name, known in flat.items()
        if known is not None and name.partition(" ")[0] not in MEASURED
    }


def fact(name: str, value: Any) -> str:
    """Write a fact; memory in GiB, as kernels keep a few MiB more or less for themselves."""
    if name == "memory" and isinstance(value, int | float):
        return f"{value / 2**30:.0f} GiB"
    return written(value)


def written(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {written(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(written, value))
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)
