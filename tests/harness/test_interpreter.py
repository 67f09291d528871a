"""Workers under another Python: what is refused beforehand, and what a worker sees there."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import numpy
import pytest

from harness import plugins
from harness.environments import interpreter
from harness.environments.interpreter import (
    OURS,
    Interpreter,
    answered,
    folders,
    interpreter_at,
    located,
    told,
    version_of,
)
from harness.errors import TrialEnded, UsageError
from harness.process import Process
from tests.harness.processes import command
from tests.test_imports import FRAMEWORKS, ROOT, imported

DECLARED = plugins.backends().items
REFUSED = ("packaging", "click", "rich", "scipy", "pytest", "hypothesis")


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The folder of a virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("bare") / "env"
    venv.EnvBuilder(symlinks=True).create(folder)
    return folder


@pytest.fixture(scope="module")
def with_numpy(tmp_path_factory):
    """The folder of a virtual environment that has NumPy and nothing else."""
    folder = tmp_path_factory.mktemp("thin") / "env"
    venv.EnvBuilder(symlinks=True).create(folder)
    (packages,) = folder.glob("lib/python*/site-packages")
    here = Path(numpy.__file__).parent.parent
    for name in ("numpy", "numpy.libs"):
        if (here / name).exists():
            (packages / name).symlink_to(here / name)
    return folder


def script(folder, text):
    """A program that prints what a shell's echo makes of a text, and notes how it was called."""
    file = folder / "program"
    file.write_text(f'#!/bin/sh\necho "$@" >> "{folder}/calls"\n{text}\n')
    file.chmod(0o755)
    return file


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("echo Python 3.9.18", "is Python 3.9.18; a worker needs 3.10 or later"),
        ("echo Python 2.7.18 >&2", "is Python 2.7.18; a worker needs 3.10 or later"),
        ("echo shell 5.2; echo free", "is no Python: asked for its version it says 'shell 5.2'"),
        ("echo not today; exit 3", "can't be used as a Python: not today; give another"),
        ("exit 3", "it ended with status 3"),
    ],
)
def test_what_is_no_python_or_too_old_is_refused_and_never_given_a_program(
    tmp_path, text, sentence
):
    with pytest.raises(UsageError) as caught:
        interpreter_at(str(script(tmp_path, text)), DECLARED["numpy"], ())
    assert sentence in str(caught.value)
    assert (tmp_path / "calls").read_text() == "--version\n"


@pytest.mark.parametrize("then", ["echo hello", "", "echo [1]", "echo 1 >&2", "echo '{}'"])
def test_what_only_knows_its_version_is_no_python(tmp_path, then):
    file = script(tmp_path, f"echo Python 3.11.0; {then}")
    with pytest.raises(UsageError, match="is no Python: given a program it says 'Python 3"):
        interpreter_at(str(file), DECLARED["numpy"], ())


@pytest.mark.parametrize("where", ["", ">&2"])
def test_a_wrapper_may_print_what_it_likes_before_and_after(tmp_path, where):
    wrapped = f'echo Warning: slow {where}\n{sys.executable} "$@"\necho done {where}'
    file = str(script(tmp_path, wrapped))
    assert version_of(file) == ".".join(map(str, sys.version_info[:3]))
    assert told("x", file, "print('{\"x\": 1}')") == {"x": 1}
    file = str(script(tmp_path, f'echo Warning: slow {where}\nexec {sys.executable} "$@"'))
    assert interpreter_at(file, DECLARED["numpy"], ()).executable == file


def test_a_wrapper_that_stays_between_the_command_and_a_worker_is_refused(tmp_path):
    """A worker ends with its parent, so it has to be the command's own child."""
    file = script(tmp_path, f'{sys.executable} "$@"\nexit $?')
    with pytest.raises(UsageError, match=r'let it end in `exec python "\$@"`'):
        interpreter_at(str(file), DECLARED["numpy"], ())


def test_what_gives_no_answer_is_refused_without_its_program(tmp_path, monkeypatch):
    monkeypatch.setattr(interpreter, "PATIENCE", 0.2)
    with pytest.raises(UsageError, match=r"as a Python: it gave no answer within 0\.2 s; give an"):
        version_of(str(script(tmp_path, "exec sleep 60")))


def test_a_file_that_cannot_be_run_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UsageError, match=r"notes\.txt can't be run as a Python"):
        interpreter_at(str(tmp_path / "notes.txt"), DECLARED["numpy"], ())


@pytest.mark.parametrize("path", ["no/such/python", "."])
def test_a_path_without_a_python_is_refused_with_examples(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"there is no Python at .*as /opt/env/bin/python"):
        located(path)


def test_an_environment_is_meant_by_its_folder_and_its_link_is_not_followed(bare, monkeypatch):
    monkeypatch.chdir(bare.parent)
    assert located("env") == located("env/bin/python") == str(bare / "bin/python")
    assert answered(located("env"), "-c", "import sys; print(sys.prefix)") == [str(bare)]


def test_an_environment_without_numpy_or_the_framework_says_what_installs_them(bare, with_numpy):
    with pytest.raises(UsageError, match=r"lacks numpy and jax; try: .*pip install numpy jax"):
        interpreter_at(str(bare), DECLARED["jax"], ())
    with pytest.raises(UsageError, match=r"lacks jax; try: "):
        interpreter_at(str(with_numpy), DECLARED["jax"], ())


def test_variables_of_this_python_do_not_reach_another(bare, tmp_path, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(tmp_path))
    (printed,) = answered(located(str(bare)), "-c", "import sys; print(sys.path)")
    assert str(tmp_path) not in printed.replace(str(bare), "")


def test_a_worker_elsewhere_is_lent_our_packages_and_not_the_numpy_beside_them(bare, tmp_path):
    for name in (*OURS, "numpy"):
        (tmp_path / name).symlink_to(ROOT / name if name in OURS else Path(numpy.__file__).parent)
    lent = dict.fromkeys(OURS, str(tmp_path))
    process = Process(
        "bench", {}, [0], Interpreter(executable=located(str(bare)), version="", lent=lent)
    )
    with pytest.raises(TrialEnded, match="No module named 'numpy'"):
        process.ask("settle", timeout=20, cores=[0])
    process.kill()


def test_packages_of_plugins_are_lent_and_users_files_are_not():
    assert folders(["backends.jax:Jax", "json:loads", "mine.py", "no_such:x"]) == {
        **dict.fromkeys(("harness", "results", "backends", "scenarios"), str(ROOT)),
        "json": str(Path(json.__file__).parent.parent),
    }


def test_numpy_is_all_that_a_worker_elsewhere_needs(with_numpy, tmp_path):
    (tmp_path / "mine.py").write_text(
        "def value(xp, x):\n    return xp.sum(x * x)\npoint = [1.0, 2.0]\n"
    )
    done = command(
        "run", "square", "mine.py", "--backend", f"numpy,numpy:eager@{with_numpy}", "--check",
        "--json", "-", folder=tmp_path,
    )  # fmt: skip
    header, *records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["environment"], r["status"]) for r in records] == [
        (None, "ok"),
        (f"@{with_numpy}", "ok"),
    ] * 2, done.stderr
    python = header["header"]["versions"][f"python of numpy@{with_numpy}"]
    assert python == ".".join(map(str, sys.version_info[:3]))


def test_the_workers_side_and_every_scenario_import_only_numpy_beside_the_standard_library():
    program = f"""
import sys
class Refuse:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {REFUSED}:
            raise ImportError("refused: " + name)
sys.meta_path.insert(0, Refuse)
import harness.worker, harness.bench, backends.numpy
from harness import plugins
print(len(plugins.scenarios().items), plugins.scenarios().broken)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    count, broken = done.stdout.split(maxsplit=1)
    assert int(count) > 10 and broken.strip() == "()", done.stderr


ADAPTERS = sorted(path for name in FRAMEWORKS for path in ROOT.glob(f"backends/{name}*.py"))


@pytest.mark.parametrize("path", ADAPTERS, ids=lambda path: path.name)
def test_an_adapter_needs_its_framework_and_numpy_and_nothing_else(path):
    others = imported(path) - set(sys.stdlib_module_names) - {"harness", "backends", "numpy"}
    assert others <= {*FRAMEWORKS, "jaxlib"}


def test_a_bad_interpreter_ends_the_command_with_a_sentence(tmp_path):
    done = command("run", "square", "--backend", "numpy@nowhere", folder=tmp_path,
                   env={**os.environ, "COLUMNS": "80"})  # fmt: skip
    assert done.returncode == 2 and "there is no Python at nowhere" in done.stderr
    assert "Traceback" not in done.stderr
