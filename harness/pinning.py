"""Which cores a process runs on: workers share some, the parent keeps off them."""

from __future__ import annotations

import os
from collections.abc import Sequence


def shares(allowed: Sequence[int], threads: int) -> tuple[list[int], list[int]]:
    """Split the allowed cores into the workers' and the parent's; too few are shared by both."""
    allowed = sorted(allowed)
    if len(allowed) <= threads:
        return list(allowed), list(allowed)
    return list(allowed[:threads]), [allowed[-1]]


def pin(cores: Sequence[int]) -> None:
    """Pin every thread of this process, also those that the framework made while importing."""
    for thread in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(thread), cores)
        except ProcessLookupError:  # it ended meanwhile
            continue
