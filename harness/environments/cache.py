"""The folder of environments made for `--backend jax==0.9.0`: what is there, what may go.

One convention: an environment counts only once its marker is there, a JSON file that is written
last. A lock beside the folder is shared by those that use the environment, and whoever makes or
removes it has it alone; it goes with the folder, so a lock counts only while its file is there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO

from harness.errors import UsageError, unknown
from harness.variants import parsed
from results import units

MARKER = "environment.json"
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One in the cache. `requirement` is as a person asks for it, `jax==0.9.0`; `installed` maps
    packages to versions; `wheels` is the folder that they came from, "" for a registry. `made` is
    empty, and so are they, where it was never finished."""

    folder: Path
    requirement: str
    python: str = ""
    made: str = ""
    wheels: str = ""
    installed: dict[str, str]

    @property
    def executable(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def usable(self) -> bool:
        return bool(self.made) and self.executable.exists()  # its Python can have been removed


def cache() -> Path:
    """Return the folder of environments: in $HARNESS_CACHE, else where caches of users are."""
    own = os.environ.get("HARNESS_CACHE")
    shared = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(own) if own else shared / "autodiff-harness").absolute() / "environments"


def name_of(requirement: str) -> str:
    """Return the folder's name for a requirement: `jax-0.9.0-py3.11`, `jax+cuda12-0.9.0-py3.11`."""
    readable = requirement.replace("[", "+").replace("]", "").replace("==", "-")
    return f"{readable}-py{sys.version_info.major}.{sys.version_info.minor}"


def environments() -> list[Environment]:
    """Return all in the cache, the unfinished too, by name. Only what has a lock of ours counts:
    whatever else lies there is not ours to list, let alone to remove."""
    with works():
        try:
            names = sorted(os.listdir(cache()))
        except FileNotFoundError:
            return []
        locks = [name for name in names if name.startswith(".") and name.endswith(".lock")]
        folders = [cache() / name[1:].removesuffix(".lock") for name in locks]
        return [read(folder) for folder in folders if folder.is_dir()]


def remove(words: Sequence[str], tell: Tell) -> None:
    """Remove environments by requirement or by the folder's name; "all" means every one.

    Raises UsageError for one that is not there, before anything is removed, and for one that is
    being made or used.
    """
    present = environments()
    names = {name for one in present for name in (one.requirement, one.folder.name)}
    wanted = {_spelt(word) for word in words}
    for word in sorted(wanted - names - {"all"}):
        raise unknown("environment", word, {one.requirement for one in present})
    if not present:
        tell("there is no environment to remove")
    for one in present:
        if {"all", one.requirement, one.folder.name} & wanted:
            freed = size(one.folder)
            with works(), alone(one.folder, tell=None):
                if one.folder.is_dir():  # another command can have been faster
                    shutil.rmtree(one.folder)
            tell(f"removed {one.folder.name} ({units.size(freed)})")


def _spelt(word: str) -> str:
    """Write a requirement in the one way that environments are called by."""
    if "==" not in word:
        return word
    name, variant, environment = parsed(word)
    return word if variant else f"{name}{environment}"


def size(folder: Path) -> int:
    """Return what a folder takes on the disk, in bytes; it may be changing meanwhile."""
    total = 0
    with works():
        for top, _, names in os.walk(folder):
            for name in names:
                with suppress(FileNotFoundError):
                    total += os.lstat(os.path.join(top, name)).st_blocks * 512
    return total


def read(folder: Path) -> Environment:
    try:
        data = json.loads((folder / MARKER).read_text())
        return Environment(**{**data, "folder": folder})
    except (FileNotFoundError, ValueError, TypeError):
        return Environment(folder=folder, requirement=folder.name, installed={})


def write(made: Environment) -> None:
    """Write the marker, whole or not at all."""
    whole = made.folder / f"{MARKER}.part"
    whole.write_text(json.dumps({**asdict(made), "folder": str(made.folder)}, indent=1))
    whole.replace(made.folder / MARKER)


@contextmanager
def works() -> Iterator[None]:
    """Say in a sentence why the cache folder can't be used."""
    try:
        yield
    except OSError as error:
        why = re.sub(r"^\[Errno \d+\] ", "", str(error))
        raise UsageError(
            f"the cache folder {cache().parent} can't be used: {why}; make room or rights, or name "
            "another with $HARNESS_CACHE"
        ) from error


@contextmanager
def alone(folder: Path, tell: Tell | None) -> Iterator[IO[str]]:
    """Hold the lock of one environment as nobody else does. Where no folder is left, the lock's
    file goes too."""
    with locked(folder, LOCK_EX, tell) as lock:
        try:
            yield lock
        finally:
            if not folder.exists():
                Path(lock.name).unlink(missing_ok=True)


def locked(folder: Path, how: int, tell: Tell | None) -> IO[str]:
    """Return the locked file of one environment: LOCK_SH to use it, LOCK_EX to change it. `tell`
    that it is waited for, or where there is none to tell raise UsageError instead."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with ExitStack() as stack:
            file = stack.enter_context(open(folder.parent / f".{folder.name}.lock", "a"))
            _wait_for(file, how, folder.name, tell)
            if _is_there(file):
                stack.pop_all()
                return file


def _wait_for(file: IO[str], how: int, name: str, tell: Tell | None) -> None:
    try:
        flock(file, how | LOCK_NB)
    except BlockingIOError as error:
        if tell is None:
            raise UsageError(
                f"{name} is in use: a command is making it, or a run has workers in it; wait until "
                "that is done"
            ) from error
        tell(f"waiting for another command, which is making, removing or using {name}")
        flock(file, how)


def _is_there(file: IO[str]) -> bool:
    """Whether it is still the file of its name: whoever had the lock before can have removed it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(file.name))
    except FileNotFoundError:
        return False
