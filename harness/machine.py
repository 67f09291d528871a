"""The machine and the versions that a run's header records. Reads files of Linux, imports nothing
heavy; the GPU and its driver come from the backends' own descriptions."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from typing import Any


def describe() -> dict[str, Any]:
    """Return CPU model, memory in bytes, kernel and architecture."""
    return {
        "cpu": _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
    }


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
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _memory() -> int | None:
    text = _field("/proc/meminfo", "MemTotal")
    return int(text.split()[0]) * 1024 if text else None


def _field(path: str, name: str) -> str | None:
    try:
        with open(path) as file:
            for line in file:
                key, _, text = line.partition(":")
                if key.strip() == name:
                    return text.strip()
    except OSError:
        return None
    return None
