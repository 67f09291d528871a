"""Install packages into a new virtual environment, with the standard `venv` and this Python's pip.

One convention: pip is asked as the user set it up (its registry, its proxies), or with a folder of
wheels and no registry at all; what it says last is what the user is told. It holds the lock of what
it makes and ends with the command that started it, so that no two ever write to one environment.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import IO

from harness.contract import Declaration
from harness.environments.interpreter import told, variables_elsewhere
from harness.errors import UsageError, printable

NUMPY = "numpy>=2.0"
FLAGS = ("--no-input", "--disable-pip-version-check", "--no-warn-script-location")
# With --python pip runs once more as a process of its own, which would outlive the first: where the
# command ends, the kernel tells the first, and that ends its whole group.
ENTER_PIP = """\
import sys
sys.path = [p for p in sys.path if p]
import ctypes, os, runpy, signal
signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))
ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
if os.getppid() != int(sys.argv.pop(1)):
    sys.exit("the command ended")
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
INSTALLED = """\
import json
from importlib.metadata import distributions
found = {one.metadata["Name"]: one.version for one in distributions()}
print(json.dumps({"installed": found}))
"""
LAST_LINES = 5


def packages(declaration: Declaration, environment: str) -> tuple[str, ...]:
    """Return what is installed for a backend's version, such as "==0.9.0"."""
    name = declaration.distribution or declaration.requires
    return (f"{name}{environment}", NUMPY, *declaration.companions)


def install(
    folder: Path, requirement: str, packages: Sequence[str], wheels: str, lock: IO[str]
) -> dict[str, str]:
    """Make a virtual environment with these packages, from a folder of wheels or with "" from a
    registry; return the versions of all that is in it. `lock` is the environment's, locked.

    Raises UsageError where they don't install, OSError where there is no room.
    """
    if PathFinder.find_spec("pip") is None:  # importlib.util asks setuptools too, which may warn
        remedy = f"try: {sys.executable} -m ensurepip"
        raise UsageError(f"this Python lacks pip, which makes environments; {remedy}")
    venv.EnvBuilder(symlinks=True).create(folder)
    python = str(folder / "bin" / "python")
    source = ("--no-index", "--find-links", wheels) if wheels else ()
    pip = (sys.executable, "-c", ENTER_PIP, str(os.getpid()), "--python", python, "install")
    code, lines = ran((*pip, *FLAGS, *source, *packages), lock)
    if any("No space left on device" in line for line in lines):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    if code:
        said = "\n".join(f"  {shortened(line)}" for line in lines[-LAST_LINES:])
        where = wheels or "the registry"
        remedy = f"give a version that {where} has for this Python, with all that it needs"
        raise UsageError(f"{requirement} does not install; {remedy}; pip says:\n{said}")
    found: dict[str, str] = told("installed", python, INSTALLED)["installed"]
    return found


def ran(command: Sequence[str], lock: IO[str]) -> tuple[int, list[str]]:
    """Run a command that holds a lock with us; return its status and the lines that it printed.
    Where it is interrupted, nothing that it started stays behind."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=variables_elsewhere(),
        pass_fds=[lock.fileno()],
        start_new_session=True,
    ) as process:
        try:
            printed, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    lines = printed.decode(errors="replace").split("\n")
    return process.returncode, [printable(line) for line in lines if line.strip()]


def shortened(line: str, most: int = 200) -> str:
    """Leave out the middle of a long line: pip lists every version that there ever was."""
    return line if len(line) <= most else f"{line[: most // 2]} ... {line[-most // 2 :]}"
