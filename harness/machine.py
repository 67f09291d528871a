"""The machine and the versions that a run's header records. Reads files of Linux, imports nothing
heavy; the GPU and its driver come from the backends' own descriptions."""

from __future__ import annotations

import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

DRIVER = Path("/proc/driver/nvidia/version")


def describe() -> dict[str, Any]:
    """Return CPU model, memory in bytes, kernel and architecture."""
    return {
        "cpu": processor(),
        "memory": memory(),
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
    }


def processor() -> str:
    """Return the processor's own name, where the system tells it."""
    return _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def card(name: str, driver: Path = DRIVER) -> str:
    """Return an NVIDIA card's name with its driver's version, read off the system.

    `driver` is the kernel's file on its driver; nvidia-smi is asked where there is none.
    """
    try:
        text = driver.read_text()
    except OSError:
        query = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
        text = _output(query) or ""
    version = re.search(r"\d{3,}\.[\d.]+", text)
    return f"{name}, driver {version[0]}" if version else name


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


def memory() -> int | None:
    """Return the machine's memory in bytes, where the system tells it."""
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
