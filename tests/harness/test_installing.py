"""The installer: what it is told, what it says, and that it ends with the command."""

import io
import os
import signal
import tarfile
from pathlib import Path

import pytest

from harness.environments import installing
from harness.environments.cache import alone, cache, environments, name_of
from harness.errors import UsageError
from tests.harness.processes import gone, start, until

BUILD = """\
import os, time
from pathlib import Path
Path(os.environ["BUILDING"]).write_text(str(os.getpid()))
time.sleep(60)
"""
PROJECT = """\
[build-system]
requires = []
build-backend = "build"
backend-path = ["."]
"""


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def endless(tmp_path):
    """A folder with a package whose installation never ends."""
    with tarfile.open(tmp_path / "jax-0.9.0.tar.gz", "w:gz") as file:
        for name, text in {"build.py": BUILD, "pyproject.toml": PROJECT}.items():
            entry = tarfile.TarInfo(f"jax-0.9.0/{name}")
            entry.size = len(text)
            file.addfile(entry, io.BytesIO(text.encode()))
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_the_installer_ends_with_the_command_and_all_that_it_started(endless, number):
    """The terminal that is lost, and the worst that can happen."""
    building = endless / "building"
    asked = ("environment", "add", "jax==0.9", "--wheels", str(endless))
    process = start(*asked, folder=endless, env={**os.environ, "BUILDING": str(building)})
    until(lambda: building.exists() and building.read_text())
    started = below(process.pid)
    assert int(building.read_text()) in started and len(started) >= 3
    for stream in (process.stdout, process.stderr):  # it can't even say that it stops
        stream.close()
    process.send_signal(number)
    process.wait(timeout=20)
    until(lambda: all(gone(pid) for pid in started), patience=10)
    assert process.returncode == (2 if number == signal.SIGHUP else -number)
    with alone(cache() / name_of("jax==0.9.0"), tell=None):
        finished = [one.usable for one in environments()]
    assert finished == ([] if number == signal.SIGHUP else [False])


def below(pid):
    """The processes that one started, and those that they did."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [int(one) for child in children for one in (child, *below(child))]


def test_the_installer_holds_the_lock_with_the_command(tmp_path):
    """Were it to outlive the command all the same, nobody else would write beside it."""
    with alone(tmp_path / "environment", tell=None) as lock:
        _, held = installing.ran(("find", "/proc/self/fd", "-lname", lock.name), lock)
    assert len(held) == 1


def test_an_interrupted_installer_is_ended(tmp_path, monkeypatch):
    """The interruption comes while it runs, as from Ctrl-C."""
    pids = []

    def interrupt(process):
        pids.append(process.pid)
        raise KeyboardInterrupt

    monkeypatch.setattr(installing.subprocess.Popen, "communicate", interrupt)
    with alone(tmp_path / "environment", tell=None) as lock, pytest.raises(KeyboardInterrupt):
        installing.ran(("sleep", "60"), lock)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_python_without_pip_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(installing.PathFinder, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"lacks pip, .* -m ensurepip"):
        installing.install(tmp_path, "jax==0.9.0", (), "", None)


def test_long_lines_of_the_installer_lose_their_middle():
    line = "(from versions: " + "1.0, " * 500 + "9.9)"
    short = installing.shortened(line)
    assert len(short) < 220 and short.startswith("(from") and short.endswith("9.9)")
