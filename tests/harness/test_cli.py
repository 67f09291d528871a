"""The command as a person types it: real processes, real exit statuses."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from tests.harness.processes import command, start
from tests.scenarios.test_documented import NUMBERS

FRAMEWORKS = ("torch", "jax", "tensorflow", "numpy", "scipy")


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run of the documented computations with a wrong backend among them."""
    folder = tmp_path_factory.mktemp("ran")
    done = command(
        "run", "--backend", "numpy,fake:sign", "--budget", "50ms", "--json", "-",
        "--label", "first", folder=folder,
    )  # fmt: skip
    return folder, done


def test_json_on_stdout_is_a_header_and_a_record_a_trial_and_nothing_else(ran):
    _, done = ran
    header, *records = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(header) == {"header"} and header["header"]["label"] == "first"
    assert len(records) == 20 and all(r["schema"] == 1 for r in records)


def test_the_documented_numbers_come_out_exactly(ran):
    _, done = ran
    records = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    values = {
        r["scenario"].partition("/")[2]: r["value"] for r in records if r["backend"] == "numpy"
    }
    assert values == NUMBERS
    assert all(r["error"]["relative"] == 0 for r in records if r["backend"] == "numpy")


def test_a_wrong_backend_is_named_never_ranked_and_the_status_is_one(ran):
    _, done = ran
    assert done.returncode == 1
    records = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    wrong = [r for r in records if r["backend"] == "fake"]
    assert [r["status"] for r in wrong] == ["wrong"] * 10
    assert all(r["seconds"] is None for r in wrong)
    timing, _, troubles = done.stderr.partition("timing:")[2].partition("not ok")
    assert "numpy:replay" in timing and "fake:sign" not in timing
    assert "fake:sign" in troubles


def test_the_screen_goes_to_stderr_when_stdout_has_json(ran):
    _, done = ran
    assert "machine" in done.stderr and "20 trials" in done.stderr
    assert "\x1b" not in done.stderr, "no colour or control codes in a pipe"
    assert max(map(len, done.stderr.partition("agreement")[2].splitlines())) <= 80


def test_a_stored_run_is_shown_by_latest_label_and_id(ran):
    folder, done = ran
    run = json.loads(done.stdout.splitlines()[0])["header"]["id"]
    for word in ("latest", "first", run[:6]):
        shown = command("show", word, folder=folder)
        assert shown.returncode == 0 and run in shown.stdout and "10 wrong" in shown.stdout


def test_lists_show_backends_scenarios_and_runs(ran):
    folder, _ = ran
    brief = command("list", folder=folder).stdout
    assert "torch" in brief and "documented/square" in brief and "first" in brief
    assert "first" in command("list", "runs", folder=folder).stdout


def test_the_doctor_says_what_works_here(tmp_path):
    done = command("list", "backends", folder=tmp_path)
    assert done.returncode == 0
    assert "numpy" in done.stdout and "cpu" in done.stdout


@pytest.mark.parametrize("format", ["json", "csv", "markdown", "pytest-benchmark"])
def test_a_run_is_exported(ran, format):
    folder, _ = ran
    done = command("export", "latest", "--format", format, folder=folder)
    assert done.returncode == 0 and "gradient-penalty" in done.stdout, done.stderr


def test_check_times_nothing_and_values_keeps_long_answers(tmp_path):
    done = command(
        "run", "square", "--backend", "numpy", "--size", "n=100", "--check", "--values",
        "--json", "-", "--quiet", folder=tmp_path,
    )  # fmt: skip
    record = json.loads(done.stdout.splitlines()[1])
    assert record["status"] == "ok" and record["seconds"] is None
    assert len(record["value"][0]) == 100 and record["point"] == "drawn"
    assert done.stderr.count("\n") == 1


def test_a_long_answer_is_left_out_of_the_record(tmp_path):
    done = command(
        "run", "square", "--backend", "numpy", "--size", "n=65", "--check", "--json", "-",
        folder=tmp_path,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[1])["value"] is None


def test_a_dry_run_prints_the_plan_and_stores_nothing(tmp_path):
    done = command("run", "--dry-run", "--backend", "numpy,jax", folder=tmp_path)
    assert done.returncode == 0 and "20 trials in 10 cases" in done.stdout
    assert not list(tmp_path.iterdir())


def test_launches_make_intervals_over_launches(tmp_path):
    done = command(
        "run", "square", "--backend", "numpy", "--launches", "2", "--budget", "50ms",
        "--json", "-", folder=tmp_path,
    )  # fmt: skip
    seconds = json.loads(done.stdout.splitlines()[1])["seconds"]
    assert seconds["interval"] == "over launches" and seconds["launches"] == 2
    assert seconds["low"] < seconds["median"] < seconds["high"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "--backend", "jxa"], "did you mean 'jax'"),
        (["run", "sqare"], "did you mean 'square'"),
        (["run", "--operator", "gradiant"], "did you mean 'gradient'"),
        (["run", "--device", "gpu"], "no device called 'gpu'"),
        (["run", "--dtype", "float46"], "did you mean"),
        (["run", "--size", "n=zero"], "no whole number"),
        (["run", "--size", "m=3"], "no chosen scenario has a size 'm'"),
        (["run", "--budget", "0"], "give a time above 0"),
        (["run", "--budget=-1s"], "give a time above 0"),
        (["run", "--precision", "0%"], "give a percentage above 0"),
        (["run", "--timeout", "never"], "give a time above 0"),
        (["run", "--threads", "0"], "--threads"),
        (["run", "--launches=-1"], "--launches"),
        (["run", "--numerics", "fast"], "equal or shipped"),
        (["run", "--seed", "99999999999999999999"], "whole number from 0"),
        (["run", "--timeout", "1e10s"], "at most"),
        (["run", "--label", "latest"], "another name"),
        (["run", "--backend", ""], "each need a name"),
        (["run", "--composition", "forward-over-reverse"], "give --operator hvp"),
        (["run", "square-vjp-ones", "--operator", "gradient"], "theirs are: jacobian"),
        (["run", "--size", "S,n=5"], "a --size of its own"),
        (["run", "nowhere.py"], "there is no file nowhere.py"),
        (["run", "--device", "cuda", "--backend", "numpy"], "NumPy computes on the CPU"),
        (["run", "--json", "no/such/folder/x", "--backend", "numpy"], "can't be written"),
        (["show", "nothing"], "no run"),
        (["list", "bakends"], "did you mean 'backends'"),
        (["export", "latest", "--format", "cvs"], "did you mean 'csv'"),
    ],
)
def test_bad_input_is_a_sentence_with_a_remedy_and_status_two(tmp_path, arguments, sentence):
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2, done.stderr
    assert sentence in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


def test_the_traceback_is_there_for_those_who_ask(tmp_path):
    done = command("--debug", "run", "sqare", folder=tmp_path)
    assert "Traceback" in done.stderr


def test_cuda_that_is_not_here_is_refused_with_the_reason_for_each(tmp_path):
    if os.path.exists("/dev/nvidia0"):
        pytest.skip("this machine has an NVIDIA GPU, so --device cuda may work")
    done = command("run", "--device", "cuda", "--backend", "numpy,torch", folder=tmp_path)
    assert done.returncode == 2
    assert "numpy:replay on cuda: NumPy computes on the CPU" in done.stderr
    assert "torch:eager on cuda: " in done.stderr
    assert not (tmp_path / ".harness").exists() or not runs_in(tmp_path / ".harness/results.db")


def runs_in(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM runs").fetchone()[0]


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read", None])
def test_a_results_file_that_is_not_ours_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "other.db"
    if content is None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        content = path.read_bytes()
    path.write_bytes(content)
    done = command("run", "square", "--backend", "numpy", "--results", "other.db", folder=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert path.read_bytes() == content


def test_a_file_of_ones_own_with_a_function_that_raises_is_a_failed_record(tmp_path):
    (tmp_path / "mine.py").write_text(
        "from harness.scenario import Scenario\n"
        "def value(xp, x):\n    raise RuntimeError('not today')\n"
        "s = Scenario(name='mine/s', value=value, point=lambda rng, n: (rng.standard_normal(n),),\n"
        "    size={'n': 2}, wrt=('x',), closed_forms={'gradient': lambda np, x: (x,)})\n"
    )
    done = command("run", "mine.py", "--backend", "numpy", "--json", "-", folder=tmp_path)
    (record,) = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert done.returncode == 1 and record["status"] == "failed"
    assert "not today" in record["reason"]


def test_json_never_overwrites_the_store(ran):
    folder, _ = ran
    store = folder / ".harness/results.db"
    before = store.read_bytes()
    done = command("run", "square", "--backend", "numpy", "--json", str(store), folder=folder)
    assert done.returncode == 2 and "is the store" in done.stderr
    assert store.read_bytes() == before


def test_a_run_that_cannot_begin_leaves_an_old_file_alone(tmp_path):
    (tmp_path / "old.json").write_text("precious")
    done = command("run", "--device", "cuda", "--backend", "numpy", "--json", "old.json",
                   folder=tmp_path)  # fmt: skip
    assert done.returncode == 2 and (tmp_path / "old.json").read_text() == "precious"


def test_a_stream_that_is_full_is_a_sentence_and_every_trial_has_its_record(tmp_path):
    done = command("run", "--backend", "numpy", "--check", "--json", "/dev/full", folder=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "can't be written" in done.stderr
    assert records_in(tmp_path / ".harness/results.db") == 10


def test_a_reader_that_leaves_early_costs_no_record(tmp_path):
    with start("run", "--backend", "numpy", "--check", "--json", "-", folder=tmp_path) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=60)
    assert process.returncode == 2 and "Traceback" not in err and "Exception ignored" not in err
    assert records_in(tmp_path / ".harness/results.db") == 10


def records_in(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM records").fetchone()[0]


USERS = """
from __future__ import annotations
from dataclasses import dataclass
from harness.scenario import Scenario
print("noise on stdout")

@dataclass
class Settings:
    power: int = 3

def value(xp, x):
    BODY
    return xp.sum(x ** Settings().power)

s = Scenario(name="mine/[/s]", value=value, point=lambda rng, n: POINT, size={"n": 3}, wrt=("x",),
    closed_forms={"gradient": lambda np, x: FORM})
"""


@pytest.mark.parametrize(
    ("body", "point", "form", "status", "words"),
    [
        ("pass", "(rng.standard_normal(n),)", "(3 * x**2,)", "ok", ""),
        ("raise SystemExit(3)", "(rng.standard_normal(n),)", "(3 * x**2,)", "failed", "SystemExit"),
        ("raise ValueError('bad \\udcff \\x1b[31m')", "(rng.standard_normal(n),)", "(x,)",
         "failed", "bad \\udcff \\x1b[31m"),
        ("pass", "rng.standard_normal(n)", "(3 * x**2,)", "failed", "point should return a tuple"),
        ("pass", "(rng.standard_normal(n),)", "3 * x**2", "failed", "should return a tuple"),
        ("pass", "(rng.standard_normal(n),)", "(3 * x[1:]**2,)", "failed", "gives shapes"),
        ("pass", "(rng.standard_normal(n),)", "(x / 0,)", "failed", "not finite"),
    ],
)  # fmt: skip
def test_a_users_mistakes_are_told_as_such(tmp_path, body, point, form, status, words):
    text = USERS.replace("BODY", body).replace("POINT", point).replace("FORM", form)
    (tmp_path / "mine.py").write_text(text)
    done = command("run", "mine.py", "--backend", "numpy", "--check", "--json", "-",
                   folder=tmp_path)  # fmt: skip
    (record,) = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert record["status"] == status, record["reason"]
    assert words in (record["reason"] or "") and "noise on stdout" in done.stderr


def test_a_scenario_cannot_take_the_name_of_another(tmp_path):
    text = USERS.replace("BODY", "pass").replace("mine/[/s]", "documented/square")
    (tmp_path / "mine.py").write_text(text.replace("POINT", "(1,)").replace("FORM", "(1,)"))
    done = command("run", "mine.py", "--backend", "numpy", folder=tmp_path)
    assert done.returncode == 2 and "is taken by" in done.stderr


def test_modules_in_the_users_folder_shadow_nothing(tmp_path):
    for name in ("results", "torch", "json", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('shadowed')")
    done = subprocess.run(
        [sys.executable, "-P", "-c", "from harness.cli import main; main()", "run", "square",
         "--backend", "numpy", "--check", "--quiet"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["run", "--dry-run"]])
def test_listing_and_planning_import_no_framework_and_no_numpy(tmp_path, arguments):
    program = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {FRAMEWORKS} if m in sys.modules]))\n"
        "from harness.cli import main\n"
        f"sys.argv = ['harness', *{arguments}]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_the_parent_of_a_run_imports_no_framework_and_no_numpy(tmp_path):
    program = (
        "import os, sys, harness\n"
        "before = dict(os.environ)\n"
        "harness.run('square', backend='numpy', budget=0.05, results='r.db')\n"
        f"print([m for m in {FRAMEWORKS} if m in sys.modules], before == dict(os.environ))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["[]", "True"], done.stdout + done.stderr
