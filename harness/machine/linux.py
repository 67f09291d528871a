"""Reading what Linux tells of itself in files, each of which may be missing.

One convention: every function takes the folder that stands for `/`, so that tests can make a
machine of their own; what is missing or not as expected is None or empty, never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ROOT = Path("/")
CORES = "sys/devices/system/cpu"


def text(root: Path, path: str) -> str | None:
    """Return a file's text without its line's end."""
    try:
        return (root / path).read_text(errors="replace").strip()
    except OSError:
        return None


def number(root: Path, path: str) -> int | None:
    """Return the whole number that a file holds."""
    found = text(root, path)
    return int(found) if found and found.lstrip("-").isdigit() else None


def field(root: Path, path: str, name: str) -> str | None:
    """Return what stands behind `name:` where it first does."""
    for line in (text(root, path) or "").splitlines():
        key, colon, rest = line.partition(":")
        if colon and key.strip() == name:
            return rest.strip()
    return None


def cores_in(listed: str | None) -> tuple[int, ...]:
    """Read a list of cores as the kernel writes it, "0-3,8"."""
    found: list[int] = []
    for part in (listed or "").split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit():
            found += range(int(first), int(last or first) + 1)
    return tuple(found)


def siblings(root: Path, allowed: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return for each core all that share its physical core, itself among them."""
    found = {
        core: cores_in(text(root, f"{CORES}/cpu{core}/topology/thread_siblings_list"))
        for core in allowed
    }
    return {core: shared or (core,) for core, shared in found.items()}


def ticks(root: Path) -> dict[str, tuple[int, ...]]:
    """Return the kernel's counts of ticks, of all cores ("cpu") and of each ("cpu0"): user, nice,
    system, idle, waiting, interrupts, soft interrupts, stolen."""
    lines = [line.split() for line in (text(root, "proc/stat") or "").splitlines()]
    return {
        line[0]: tuple(map(int, line[1:9]))
        for line in lines
        if len(line) > 8 and line[0].startswith("cpu")
    }


def spent(root: Path, processes: Iterable[int | str]) -> int:
    """Return the ticks that processes used, the sessions that they lead, and their children that
    have ended."""
    leaders = set(map(str, processes))
    total = 0
    for folder in (root / "proc").glob("[0-9s]*"):  # and self
        told = text(root, f"proc/{folder.name}/stat") or ""
        fields = told.rpartition(")")[2].split()  # a name may hold anything
        if folder.name in leaders or (fields and folder.name != "self" and fields[3] in leaders):
            total += sum(int(count) for count in fields[11:15])
    return total


def idle(counts: tuple[int, ...]) -> int:
    return counts[3] + counts[4]
