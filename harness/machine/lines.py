"""A machine's facts as lines for a person: the header of a run has them, and `harness machine`.

One convention: what the system does not tell is left out; nothing is called off that is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from results.units import size

Facts = Mapping[str, Any]
DATA = ("L1d", "L2", "L3")  # of the caches, those that hold data


def machine_lines(machine: Facts) -> list[str]:
    """Return two or three lines on the machine: what it is, what it is set to, who uses what."""
    found = (hardware(machine), setting(machine), pinned(machine.get("pinned")))
    return [line for line in found if line]


def hardware(machine: Facts) -> str:
    memory = f"{size(machine['memory'])}" if machine.get("memory") else "memory unknown"
    parts = [machine["cpu"], f"{machine['cores']} cores", memory]
    held = machine.get("caches") or {}
    parts += [f"{name} {size(held[name])}" for name in DATA if name in held]
    return ", ".join([*parts, machine["system"]])


def setting(machine: Facts) -> str:
    limits = machine.get("limits") or {}
    turbo = machine.get("turbo")
    virtual = machine.get("virtual")
    parts = [
        ("physical cores", machine.get("physical")),
        ("governor", machine.get("governor")),
        ("turbo", None if turbo is None else "on" if turbo else "off"),
        ("huge pages", machine.get("huge_pages")),
        ("ASLR", machine.get("aslr")),
        ("limited to cores", limits.get("cpus") and f"{limits['cpus']:g}"),
        ("limited to", limits.get("memory") and size(limits["memory"])),
        ("virtual machine", "" if virtual == "yes" else virtual),
    ]
    return ", ".join(f"{name} {told}".rstrip() for name, told in parts if told is not None)


def pinned(places: Mapping[str, Iterable[int]] | None) -> str:
    """Say which cores whom belong to."""
    if not places:
        return ""
    return "; ".join(f"{who} on {numbers(cores)}" for who, cores in places.items())


def numbers(cores: Iterable[int]) -> str:
    listed = list(cores)
    noun = "core" if len(listed) == 1 else "cores"
    return f"{noun} {', '.join(map(str, listed))}"
