"""Environments of versions: made once from wheels, kept, listed, removed; what goes wrong."""

import errno
import json
import os
import shutil
import threading
import zipfile
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness import plan, plugins
from harness.environments import cache as module
from harness.environments import installing, providing
from harness.environments.cache import MARKER, alone, cache, locked, name_of, remove, size
from harness.environments.cache import environments as present
from harness.environments.listing import shown
from harness.errors import UsageError
from harness.options import Options, Selection
from harness.runner import execute
from tests.harness.processes import command

JAX = plugins.backends().items["jax"]


def provided(*asked):
    """Return an environment that is held no longer."""
    with providing.provided(*asked) as made:
        return made


def wheel(folder, name, version):
    """Write a wheel with a package that holds its own version."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as file:
        for path, text in files.items():
            file.writestr(path, text)


@pytest.fixture
def wheels(tmp_path):
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, version in (("jax", "0.9.0"), ("numpy", "2.99.0")):
        wheel(folder, name, version)
    return folder


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pip(monkeypatch):
    """What pip was asked for, in place of pip."""
    asked = []

    def install(folder, requirement, packages, wheels, lock):
        asked.append(tuple(packages))
        (folder / "bin").mkdir(parents=True)
        (folder / "bin/python").write_text("")
        return {"jax": "0.9.0"}

    monkeypatch.setattr(installing, "install", install)
    return asked


def test_an_environment_is_made_from_wheels_once_listed_and_removed(wheels, kept, tmp_path):
    asked = ("environment", "add", "jax==0.9", "--wheels", str(wheels))
    first, again = (command(*asked, folder=tmp_path) for _ in range(2))
    assert first.returncode == again.returncode == 0, first.stderr
    assert "making the environment jax==0.9.0 in" in first.stdout and "(once)" in first.stdout
    assert "making" not in again.stdout and str(kept) in again.stdout
    (made,) = present()
    assert made.installed == {"jax": "0.9.0", "numpy": "2.99.0"}

    listed = command("environment", folder=tmp_path).stdout
    assert "jax==0.9.0" in listed and made.made[:10] in listed and made.folder.name in listed
    removed = command("environment", "remove", "jax==0.9", folder=tmp_path)
    assert f"removed {made.folder.name}" in removed.stdout and not made.folder.exists()
    assert "no environment in" in command("environment", "list", folder=tmp_path).stdout


def test_a_version_that_is_not_there_is_told_in_the_installers_words(wheels):
    with pytest.raises(UsageError) as caught:
        provided(JAX, "==7.7.0", str(wheels), print)
    assert "jax==7.7.0 does not install; give a version that" in str(caught.value)
    assert "No matching distribution found for jax==7.7.0" in str(caught.value)
    assert not list(cache().iterdir()), "not even its lock stays"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["environment", "add", "jax"], "give NAME==VERSION, as jax==0.9.0"),
        (["environment", "add", "jxa==1"], "did you mean 'jax'"),
        (["environment", "add", "jax==0.9.0", "--wheels", "nowhere"], "no folder nowhere"),
        (["environment", "remove", "jax==0.9"], "no environment called 'jax==0.9.0'"),
        (["environment", "remove", "jax==new"], "'jax==new' won't do"),
        (["run", "--backend", "jax==0.9.0", "--wheels", "nowhere"], "no folder nowhere"),
    ],
)
def test_bad_input_is_a_sentence_with_a_remedy_and_status_two(tmp_path, arguments, sentence):
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_pip_is_asked_for_the_version_numpy_and_the_companions(pip):
    provided(JAX, "[cuda12]==0.9.0", None, print)
    provided(plugins.backends().items["numpy"], "==2.1", None, print)
    assert pip == [("jax[cuda12]==0.9.0", "numpy>=2.0"), ("numpy==2.1", "numpy>=2.0", "scipy")]
    assert [one.requirement for one in present()] == ["jax[cuda12]==0.9.0", "numpy==2.1"]


def test_one_that_was_not_finished_or_lost_its_python_is_made_again(pip):
    (provided(JAX, "==0.9.0", None, print).folder / MARKER).unlink()
    assert "not finished" in screen()
    provided(JAX, "==0.9.0", None, print).executable.unlink()
    assert len(pip) == 2 and "not finished" not in screen()
    provided(JAX, "==0.9.0", None, print)
    assert len(pip) == 3


def test_an_interruption_leaves_nothing_behind(monkeypatch):
    def interrupted(folder, *rest):
        folder.mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        provided(JAX, "==0.9.0", None, print)
    assert not present() and not (cache() / name_of("jax==0.9.0")).exists()


def test_a_run_waits_for_another_that_makes_the_same(pip):
    told, waiting = [], threading.Event()

    def tell(line):
        told.append(line)
        waiting.set()

    other = threading.Thread(target=provided, args=(JAX, "==0.9.0", None, tell))
    with hold_the_lock("jax==0.9.0"):
        other.start()
        assert waiting.wait(20) and told[0].startswith("waiting for another command") and not pip
    other.join(20)
    assert len(pip) == 1 and "making" in told[1]


@pytest.mark.parametrize("how", [LOCK_EX, LOCK_SH])
def test_what_is_being_made_or_used_is_not_removed(pip, how):
    made = provided(JAX, "==0.9.0", None, print)
    with (
        hold_the_lock("jax==0.9.0", how),
        pytest.raises(UsageError, match=r"jax-0\.9\.0-py.* is in use: .*wait until"),
    ):
        remove(("all",), print)
    assert made.folder.exists()


def test_several_use_one_environment_without_waiting(pip):
    told = []
    with providing.provided(JAX, "==0.9.0", None, told.append) as made:
        assert provided(JAX, "==0.9.0", None, told.append) == made
    assert len(told) == len(pip) == 1


def test_a_run_holds_its_environments_until_it_ends(pip, monkeypatch):
    planned = plan.make(Selection(scenarios=("square",), backends=("jax==0.9",)), seed=0)

    def crew(*_):
        with pytest.raises(UsageError, match="a run has workers in it"):
            remove(("jax==0.9",), print)
        raise KeyboardInterrupt

    monkeypatch.setattr(providing, "interpreter_at", lambda *_: None)
    monkeypatch.setattr("harness.runner.Crew", crew)
    with pytest.raises(KeyboardInterrupt):
        execute(planned, Options(), store=None, command="", notify=print)
    remove(("jax==0.9",), print)
    assert not list(cache().iterdir())


def test_who_waited_for_a_lock_that_is_gone_takes_the_new_one(kept):
    folder, told, got = cache() / "jax-0.9.0-py3.11", threading.Event(), []

    def wait():
        with locked(folder, LOCK_EX, lambda line: told.set()) as lock:
            got.append(os.path.samestat(os.fstat(lock.fileno()), os.stat(lock.name)))

    waiting = threading.Thread(target=wait)
    with alone(folder, None):
        waiting.start()
        assert told.wait(20)
    waiting.join(20)
    assert got == [True]


def test_one_that_is_removed_before_it_can_be_used_is_made_again(pip, monkeypatch):
    def slow(folder, how, tell):
        if how == LOCK_SH and len(pip) == 1 and folder.exists():
            remove(("all",), print)
        return locked(folder, how, tell)

    monkeypatch.setattr(providing, "locked", slow)
    assert provided(JAX, "==0.9.0", None, print).usable and len(pip) == 2


def test_one_that_another_command_made_meanwhile_is_not_made_again(pip, monkeypatch):
    def late(folder, tell):
        monkeypatch.setattr(providing, "alone", alone)
        provided(JAX, "==0.9.0", None, tell)
        return alone(folder, tell)

    monkeypatch.setattr(providing, "alone", late)
    assert provided(JAX, "==0.9.0", None, print).usable and len(pip) == 1


def test_two_may_remove_the_same_at_once(pip, monkeypatch):
    provided(JAX, "==0.9.0", None, print)
    monkeypatch.setattr(module, "size", lambda folder: shutil.rmtree(folder) or 0)
    remove(("all",), print)
    assert not list(cache().iterdir())


def test_wheels_that_are_not_read_are_told(pip, wheels, tmp_path):
    told = []
    provided(JAX, "==0.9.0", None, print)
    provided(JAX, "==0.9.0", str(wheels), told.append)
    assert "is there already, made from a registry, so the wheels in" in told.pop()
    remove(("all",), print)
    provided(JAX, "==0.9.0", str(wheels), print)
    provided(JAX, "==0.9.0", os.path.relpath(wheels), told.append)
    provided(JAX, "==0.9.0", None, told.append)
    assert not told and f"from {wheels}" in screen(width=300)
    provided(JAX, "==0.9.0", str(tmp_path), told.append)
    assert f"made from {wheels}, so the wheels in {tmp_path} are not read" in told[0]


@contextmanager
def hold_the_lock(requirement, how=LOCK_EX):
    cache().mkdir(parents=True, exist_ok=True)
    with open(cache() / f".{name_of(requirement)}.lock", "w") as file:
        flock(file, how)
        yield


def test_only_what_was_made_here_is_listed_or_removed(pip, kept):
    provided(JAX, "==0.9.0", None, print)
    precious = cache() / "precious-1.0-py3.11"
    precious.mkdir()
    assert [one.requirement for one in present()] == ["jax==0.9.0"]
    with pytest.raises(UsageError, match=r"did you mean 'jax==0\.9\.0'"):
        remove(("jax==0.9.1", "all"), print)
    assert len(present()) == 1, "nothing is removed where a word is unknown"
    remove(("all",), print)
    assert precious.exists() and not present()


def test_a_cache_folder_that_cannot_be_written_is_named_with_its_variable(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "file"))
    with pytest.raises(UsageError, match=r"file can't be used: Not a directory.*\$HARNESS_CACHE"):
        provided(JAX, "==0.9.0", None, print)


@pytest.mark.parametrize("words", [("list",), ("remove", "all")])
def test_a_cache_folder_that_cannot_be_listed_is_named_too(tmp_path, words):
    variables = {**os.environ, "HARNESS_CACHE": "x" * 300}
    done = command("environment", *words, folder=tmp_path, env=variables)
    assert done.returncode == 2 and "can't be used: File name too long" in done.stderr


def test_a_cache_folder_without_rights_is_named_with_its_variable(monkeypatch):
    def refuse(folder):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(UsageError, match=r"can't be used: Permission denied: .*\$HARNESS_CACHE"):
        present()


def test_what_vanishes_while_a_folder_is_measured_takes_nothing(tmp_path, monkeypatch):
    (tmp_path / "kept").write_text("x" * 5000)
    monkeypatch.setattr(os, "walk", lambda folder: [(folder, [], ["gone", "kept"])])
    assert size(tmp_path) == (tmp_path / "kept").stat().st_blocks * 512


@pytest.mark.parametrize("code", [0, 1])
def test_a_disk_that_is_full_is_told_as_such(monkeypatch, code):
    said = ["ERROR: Could not install packages: [Errno 28] No space left on device"]
    monkeypatch.setattr(installing, "ran", lambda command, lock: (code, said))
    with pytest.raises(UsageError, match=r"No space left on device.*make room.*\$HARNESS_CACHE"):
        provided(JAX, "==0.9.0", None, print)
    assert not present()


def test_the_cache_is_where_the_user_or_their_system_wants_it(monkeypatch, tmp_path):
    assert cache() == tmp_path / "cache/environments"
    monkeypatch.delenv("HARNESS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache() == Path("/x/autodiff-harness/environments")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/u")
    assert cache() == Path("/home/u/.cache/autodiff-harness/environments")


def test_a_marker_that_cannot_be_read_is_none(pip):
    made = provided(JAX, "==0.9.0", None, print)
    for text in ("{", "[]", json.dumps({"requirement": "x"})):
        (made.folder / MARKER).write_text(text)
        assert not present()[0].usable


def screen(width=80):
    console = Console(width=width, record=True, file=StringIO())
    console.print(shown(present(), cache()))
    return console.export_text()
