"""From what stands behind a backend's name to an interpreter that its workers run under.

One convention: what a run uses it holds until it ends, so that nobody removes it meanwhile.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from fcntl import LOCK_SH
from pathlib import Path
from typing import IO

from harness.contract import Declaration
from harness.environments import installing
from harness.environments.cache import (
    Environment,
    Tell,
    alone,
    cache,
    locked,
    name_of,
    read,
    works,
    write,
)
from harness.environments.interpreter import Interpreter, interpreter_at
from harness.errors import UsageError
from harness.plan import Plan


@contextmanager
def interpreters(
    plan: Plan, wheels: str | None, tell: Tell
) -> Iterator[dict[tuple[str, str], Interpreter]]:
    """Hold the interpreter for each backend and environment of a plan that runs in another one.

    Makes those that are asked for by version; `tell` is called before what takes long.
    """
    wanted = dict.fromkeys(
        (runner.backend, runner.environment)
        for runner in plan.runners
        if runner.environment and runner not in plan.beforehand
    )
    found = {}
    with ExitStack() as stack:
        for backend, environment in wanted:
            declaration = plan.declarations[backend]
            path = environment.removeprefix("@")
            if path == environment:
                made = stack.enter_context(provided(declaration, environment, wheels, tell))
                path = str(made.executable)
            found[backend, environment] = interpreter_at(path, declaration, plan.locators.values())
        yield found


@contextmanager
def provided(
    declaration: Declaration, environment: str, wheels: str | None, tell: Tell
) -> Iterator[Environment]:
    """Hold the environment of a backend's version ("==0.9.0"), made where it is not there yet.

    `wheels` is a folder to install from instead of a registry. Raises UsageError where it can't be
    made.
    """
    source = _source(wheels)
    requirement = f"{declaration.name}{environment}"
    packages = installing.packages(declaration, environment)

    def make(folder: Path, lock: IO[str]) -> None:
        tell(f"making the environment {requirement} in {folder} (once)")
        installed = installing.install(folder, requirement, packages, source, lock)
        made = datetime.now(timezone.utc).isoformat(timespec="seconds")
        python = ".".join(map(str, sys.version_info[:3]))
        write(
            Environment(
                folder=folder,
                requirement=requirement,
                python=python,
                made=made,
                wheels=source,
                installed=installed,
            )
        )

    with works():
        found, lock = _usable(cache() / name_of(requirement), make, tell)
    with lock:
        if source not in ("", found.wheels):
            tell(
                f"{requirement} is there already, made from {found.wheels or 'a registry'}, so the "
                f"wheels in {source} are not read; to make it from them, first: "
                f"harness environment remove {requirement}"
            )
        yield found


def _source(wheels: str | None) -> str:
    """Return the folder of wheels to install from, "" for a registry."""
    given = wheels or ""
    if given and not Path(given).is_dir():
        raise UsageError(f"there is no folder {given}; give one of wheels with --wheels")
    return given and str(Path(given).resolve())


def _usable(
    folder: Path, make: Callable[[Path, IO[str]], None], tell: Tell
) -> tuple[Environment, IO[str]]:
    """Return an environment and its shared lock. Between making it and sharing its lock another
    command can remove it; then it is made again."""
    while True:
        with ExitStack() as stack:
            lock = stack.enter_context(locked(folder, LOCK_SH, tell))
            found = read(folder)
            if found.usable:
                stack.pop_all()
                return found, lock
        with alone(folder, tell) as lock:
            if not read(folder).usable:
                _made_anew(folder, lock, make)


def _made_anew(folder: Path, lock: IO[str], make: Callable[[Path, IO[str]], None]) -> None:
    """Make an environment from nothing, or leave nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        make(folder, lock)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
