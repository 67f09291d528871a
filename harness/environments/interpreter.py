"""Another Python for a worker: is it one, has it what a worker needs, and how is it entered.

One convention: only our own packages are lent from here, by name. NumPy, the framework and all else
the other interpreter finds in its own environment, or not at all: were our folder of packages on
its path, our NumPy would stand in for one that is missing there.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from harness.contract import Declaration
from harness.errors import UsageError, printable

OLDEST = (3, 10)
OURS = ("harness", "results", "backends", "scenarios")
PATIENCE = 60.0  # s for an interpreter to say what it is
# They speak of this interpreter's packages; pip would take those on PYTHONPATH for installed.
OWN_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "PYTHONEXECUTABLE", "VIRTUAL_ENV")

ENTER_ELSEWHERE = """\
import sys
sys.path = [p for p in sys.path if p]
from importlib.machinery import PathFinder
from json import loads

class Lent:
    folders = loads(sys.argv[1])["lent"]

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return PathFinder.find_spec(name, [cls.folders[name]]) if name in cls.folders else None

sys.meta_path.insert(0, Lent)
from harness.worker import main
main()
"""
LOOK = """\
import os, sys
sys.path = [p for p in sys.path if p]
from importlib.util import find_spec
from json import dumps
absent = [name for name in sys.argv[1:] if find_spec(name) is None]
print(dumps({"absent": absent, "parent": os.getppid()}))
"""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """A Python that workers run under. `version` is its own; `lent` holds, for each package that it
    is lent from here, the folder where that is found."""

    executable: str
    version: str
    lent: Mapping[str, str]

    def command(self, order: Mapping[str, Any]) -> list[str]:
        """Return the command of a worker with this order."""
        told = json.dumps({**order, "lent": dict(self.lent)})
        return [self.executable, "-c", ENTER_ELSEWHERE, told]


def interpreter_at(path: str, declaration: Declaration, locators: Iterable[str]) -> Interpreter:
    """Look at an interpreter, or the folder of its environment, for a backend and scenarios.

    Raises UsageError where it is no Python, too old, lacks NumPy or the framework, or is a wrapper
    that stays in between.
    """
    executable = located(path)
    version = version_of(executable)
    wanted = tuple(dict.fromkeys(("numpy", declaration.requires)))
    seen = told("absent", executable, LOOK, *wanted)
    if seen["parent"] != os.getpid():  # a worker is no one else's child, or none would end it
        raise UsageError(
            f"{executable} starts Python as a process of its own; let it end in `exec python "
            '"$@"`, or give the path of that Python'
        )
    if seen["absent"]:
        install = f"{shlex.quote(executable)} -m pip install {' '.join(wanted)}"
        raise UsageError(f"{executable} lacks {' and '.join(seen['absent'])}; try: {install}")
    lent = folders([declaration.adapter, *locators])
    return Interpreter(executable=executable, version=version, lent=lent)


def located(path: str) -> str:
    """Return the interpreter that a path means: a file, an environment's folder, or a command.

    A link is not followed: that of a virtual environment says which environment is meant.
    """
    given = os.path.abspath(os.path.expanduser(path))
    for file in (given, f"{given}/bin/python", f"{given}/bin/python3"):
        if os.path.isfile(file):
            return file
    found = shutil.which(path)
    if found:
        return found
    raise UsageError(
        f"there is no Python at {path}; give an interpreter behind @, as /opt/env/bin/python, or "
        "the folder of its environment"
    )


def version_of(executable: str) -> str:
    """Return an interpreter's version. Raises UsageError for what is none, or too old."""
    # Asked first: a shell would carry a Python program out as commands of its own.
    said = answered(executable, "--version")
    answers = (re.match(r"Python ((\d+)\.(\d+)\S*)", line) for line in said)
    found = next(filter(None, answers), None)
    if not found:
        raise UsageError(
            f"{executable} is no Python: asked for its version it says {said[0][:60]!r}; "
            "give the path of an interpreter"
        )
    if (int(found[2]), int(found[3])) < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise UsageError(f"{executable} is Python {found[1]}; a worker needs {oldest} or later")
    return found[1]


def told(key: str, executable: str, program: str, *arguments: str) -> dict[str, Any]:
    """Return the JSON object with this key that a program prints; a wrapper may print more.

    Raises UsageError where there is no such object.
    """
    said = answered(executable, "-c", program, *arguments)
    for line in said:
        with suppress(ValueError):
            data = json.loads(line)
            if isinstance(data, dict) and key in data:
                return data
    raise UsageError(
        f"{executable} is no Python: given a program it says {said[0][:60]!r}; give the path of an "
        "interpreter"
    )


def answered(*command: str) -> list[str]:
    """Return the lines that a command printed, at least one: those on stdout, then on stderr.

    Raises UsageError where it can't be run or fails.
    """
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=variables_elsewhere(),
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        why = f"it gave no answer within {PATIENCE:g} s"
        raise UsageError(f"{command[0]} can't be used as a Python: {why}; give another") from error
    except OSError as error:
        raise UsageError(f"{command[0]} can't be run as a Python: {error}") from error
    printed = (done.stdout + b"\n" + done.stderr).decode(errors="replace").split("\n")
    lines = [printable(line) for line in printed if line.strip()]
    if done.returncode:
        said = lines[-1][:200] if lines else f"it ended with status {done.returncode}"
        raise UsageError(f"{command[0]} can't be used as a Python: {said}; give another")
    return lines or [""]


def variables_elsewhere() -> dict[str, str]:
    """Return the environment variables for another interpreter, without those of this one's own."""
    return {name: text for name, text in os.environ.items() if name not in OWN_VARIABLES}


def folders(locators: Iterable[str]) -> dict[str, str]:
    """Return where our packages are found, and those of locators ("module:attribute")."""
    modules = [one for one in locators if ":" in one and not one.endswith(".py")]
    tops = dict.fromkeys([*OURS, *(re.split(r"[.:]", module)[0] for module in modules)])
    found = {name: find_spec(name) for name in tops}
    return {
        name: _parent(spec.submodule_search_locations or (), spec.origin or "")
        for name, spec in found.items()
        if spec
    }


def _parent(packages: Sequence[str], module: str) -> str:
    """The folder that holds a package, or else a single module."""
    return str(Path(os.path.abspath([*packages, module][0])).parent)
