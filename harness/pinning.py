"""Which cores a process runs on: workers share some, the parent keeps off them.

One convention: choosing is a pure function of a topology; only `here` and `pin` touch the system.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError, counted
from harness.machine import linux

WATCHED = 0.5  # s: how long the cores are watched to find the least busy


@dataclass(frozen=True, kw_only=True)
class Topology:
    """The cores `allowed`; each one's `siblings` on its physical core, itself among them; those
    that the kernel keeps `isolated` from its scheduler; and how `busy` each is, from 0 to 1."""

    allowed: tuple[int, ...]
    siblings: Mapping[int, tuple[int, ...]]
    isolated: tuple[int, ...] = ()
    busy: Mapping[int, float]


def shares(allowed: Sequence[int], threads: int) -> tuple[list[int], list[int]]:
    """Split the allowed cores into the workers' and the parent's; as many as `threads` are shared
    by both. Raises UsageError where there are fewer."""
    allowed = sorted(allowed)
    if len(allowed) < threads:
        raise UsageError(
            f"--threads is {threads}, and this process may use {counted(len(allowed), 'core')}; "
            f"give {len(allowed)} at most"
        )
    if len(allowed) == threads:
        return list(allowed), list(allowed)
    return list(allowed[:threads]), [allowed[-1]]


def apart(topology: Topology, threads: int) -> tuple[list[int], list[int]]:
    """Choose physical cores for the workers that nothing else of ours uses, and the parent's.

    The kernel's isolated cores are taken where there are enough, else the least busy ones; their
    siblings stay idle. Raises UsageError where there are too few.
    """
    physical = by_physical(topology)
    if len(physical) <= threads:
        raise UsageError(
            f"--isolate needs {threads + 1} physical cores, one more than --threads for the "
            f"process that asks, and this one may use {len(physical)}; take fewer --threads, or "
            "leave --isolate out"
        )
    kept = [group for group in physical if set(group) <= set(topology.isolated)]
    pool = kept if len(kept) >= threads else physical
    workers = sorted(pool, key=lambda group: business(group, topology))[:threads]
    rest = [core for group in physical if group not in workers for core in group]
    ordinary = [core for core in rest if core not in topology.isolated]
    return sorted(group[0] for group in workers), ordinary or rest


def by_physical(topology: Topology) -> list[tuple[int, ...]]:
    """Group the allowed cores by the physical core that they are on."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for core in sorted(topology.allowed):
        groups.setdefault(topology.siblings[core], []).append(core)
    return [tuple(group) for group in groups.values()]


def business(group: Sequence[int], topology: Topology) -> float:
    """Return how busy a physical core is, by all its siblings: also those that we may not use."""
    return sum(topology.busy.get(core, 0.0) for core in topology.siblings[group[0]])


def here(allowed: Sequence[int], root: Path = linux.ROOT, watched: float = WATCHED) -> Topology:
    """Watch this machine's cores for a while and describe them."""
    before = linux.ticks(root)
    time.sleep(watched)
    return Topology(
        allowed=tuple(allowed),
        siblings=linux.siblings(root, allowed),
        isolated=linux.cores_in(linux.text(root, f"{linux.CORES}/isolated")),
        busy=busy(before, linux.ticks(root)),
    )


def busy(
    before: Mapping[str, tuple[int, ...]], after: Mapping[str, tuple[int, ...]]
) -> dict[int, float]:
    """Return the share of the time between two counts of ticks in which each core did something."""
    found = {}
    for name, counts in after.items():
        core, spent = name.removeprefix("cpu"), sum(counts) - sum(before.get(name, counts))
        if core and spent > 0:
            found[int(core)] = 1 - (linux.idle(counts) - linux.idle(before[name])) / spent
    return found


def pin(cores: Sequence[int]) -> None:
    """Pin every thread of this process, also those that the framework made while importing."""
    for thread in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(thread), cores)
        except ProcessLookupError:  # it ended meanwhile
            continue
