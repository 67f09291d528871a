"""What a machine is and is set to, and the versions that a run's header records beside it.

One convention: a fact that the system does not tell is None, which is not the same as off. Files of
Linux are read and nothing heavy is imported; GPUs come from the backends' own descriptions.
"""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from harness.machine import linux

ASLR = {"0": "off", "1": "partly", "2": "on"}  # kernel.randomize_va_space
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}
UNLIMITED = 2**60  # bytes: cgroup v1 writes the largest number it knows where there is no limit


def describe(allowed: Sequence[int], root: Path = linux.ROOT) -> dict[str, Any]:
    """Return CPU model, memory in bytes, kernel, architecture and what else stays as it is; the
    process may use the cores `allowed`."""
    return {
        "cpu": processor(root),
        "memory": memory(root),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "cores": len(allowed),
        **settings(allowed, root),
    }


def processor(root: Path = linux.ROOT) -> str:
    """Return the processor's own name, where the system tells it."""
    told = linux.field(root, "proc/cpuinfo", "model name")
    return told or platform.processor() or platform.machine()


def memory(root: Path = linux.ROOT) -> int | None:
    """Return the machine's memory in bytes, where the system tells it."""
    told = linux.field(root, "proc/meminfo", "MemTotal")
    return int(told.split()[0]) * 1024 if told else None


def settings(allowed: Sequence[int], root: Path = linux.ROOT) -> dict[str, Any]:
    """Return what holds for the cores that this process may use."""
    shared = linux.siblings(root, allowed)
    return {
        "allowed": list(allowed),
        "physical": len(set(shared.values())),
        "threads_per_core": max(map(len, shared.values()), default=1),
        "caches": caches(root, min(allowed)),
        "limits": {"cpus": cpu_limit(root), "memory": memory_limit(root)},
        "virtual": virtual(root),
        "governor": governor(root, allowed),
        "turbo": turbo(root),
        "huge_pages": bracketed(linux.text(root, "sys/kernel/mm/transparent_hugepage/enabled")),
        "aslr": ASLR.get(linux.text(root, "proc/sys/kernel/randomize_va_space") or ""),
    }


def caches(root: Path, core: int) -> dict[str, int]:
    """Return the bytes of a core's caches by name, such as L1d and L3."""
    found = {}
    for index in range(8):
        folder = f"{linux.CORES}/cpu{core}/cache/index{index}"
        level, size = linux.text(root, f"{folder}/level"), linux.text(root, f"{folder}/size")
        kind = {"Data": "d", "Instruction": "i"}.get(linux.text(root, f"{folder}/type") or "", "")
        if level and size:
            found[f"L{level}{kind}"] = int(size.rstrip("KMG")) * UNITS.get(size[-1], 1)
    return found


def cpu_limit(root: Path) -> float | None:
    """Return how many cores' time the control groups allow, the least on the way to the root."""
    quotas = [
        *(linux.text(root, f"{folder}/cpu.max") for folder in groups(root, "")),
        *(
            f"{linux.text(root, f'{folder}/cpu.cfs_quota_us')} "
            f"{linux.text(root, f'{folder}/cpu.cfs_period_us')}"
            for folder in groups(root, "cpu")
        ),
    ]
    pairs = [quota.split() for quota in quotas if quota]
    found = [int(q) / int(period) for q, period in pairs if q.isdigit() and period.isdigit()]
    return min(found, default=None)


def memory_limit(root: Path) -> int | None:
    """Return how many bytes the control groups allow, the least on the way to the root."""
    numbers = [
        *(linux.number(root, f"{folder}/memory.max") for folder in groups(root, "")),
        *(linux.number(root, f"{f}/memory.limit_in_bytes") for f in groups(root, "memory")),
    ]
    return min((one for one in numbers if one is not None and one < UNLIMITED), default=None)


def groups(root: Path, controller: str) -> list[str]:
    """Return the folders of this process's control group and all above it.

    `controller` is "" for version 2, else that of a version 1 hierarchy. Inside a container the
    group's own path may not be mounted; the mount's root is always looked at.
    """
    mount = f"sys/fs/cgroup/{controller}".rstrip("/")
    for line in (linux.text(root, "proc/self/cgroup") or "").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            parts = [part for part in path.split("/") if part not in ("", "..")]
            return ["/".join([mount, *parts[:depth]]) for depth in range(len(parts), -1, -1)]
    return [mount]


def virtual(root: Path) -> str | None:
    """Return what this machine runs on where it is a virtual one: the product's name, or "yes"."""
    flags = linux.field(root, "proc/cpuinfo", "flags") or ""
    if "hypervisor" not in flags.split():
        return None
    return linux.text(root, "sys/class/dmi/id/product_name") or "yes"


def governor(root: Path, allowed: Sequence[int]) -> str | None:
    """Return what scales the clocks of the allowed cores: one name, or several with commas."""
    path = "cpufreq/scaling_governor"
    read = (linux.text(root, f"{linux.CORES}/cpu{core}/{path}") for core in allowed)
    return ", ".join(dict.fromkeys(name for name in read if name)) or None


def turbo(root: Path) -> bool | None:
    """Return whether clocks may rise above the nominal one."""
    off = linux.number(root, f"{linux.CORES}/intel_pstate/no_turbo")
    boost = linux.number(root, f"{linux.CORES}/cpufreq/boost")
    if off is not None:
        return not off
    return None if boost is None else bool(boost)


def bracketed(choices: str | None) -> str | None:
    """Return the choice in force, which the kernel puts in brackets: "always [madvise] never"."""
    return choices.partition("[")[2].partition("]")[0] or None if choices else None


def versions() -> dict[str, str]:
    """Return the versions that do not depend on a backend."""
    return {"python": platform.python_version(), "autodiff-harness": version("autodiff-harness")}


def commit() -> str | None:
    """Return the commit checked out in the current folder, with a + where it was changed."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if head is None:
        return None
    return f"{head}+" if _git("status", "--porcelain", "--untracked-files=no") else head


def _git(*arguments: str) -> str | None:
    return _output(["git", *arguments])


def _output(command: list[str]) -> str | None:
    """Return what a command prints, or None where it is not here or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
