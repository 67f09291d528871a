"""What README promises: its commands parse, its own file runs, its table is not stale."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.atlas import sheets
from harness.commands.atlas import atlas
from harness.options import Selection, split
from scenarios import primitive
from tests.harness.processes import command
from tests.scenarios.test_documented import NUMBERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
TABLE = README.partition("<!-- table:")[2].partition("<!-- end of table -->")[0]
SCENARIOS = README.partition("<!-- scenarios: harness ")[2].partition("<!-- end of scenarios -->")[
    0
]
PINS = dict(
    line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
)


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands(*names):
    """Every `harness NAME` of README, without its comment."""
    lines = [line.partition("#")[0] for block in blocks("") for line in block.splitlines()]
    each = [one.strip() for line in lines for one in line.split(";")]
    return [one for one in each if one.startswith(tuple(f"harness {name}" for name in names))]


@pytest.mark.parametrize("line", [one for one in commands("run") if "--resume" not in one])
def test_a_command_of_the_readme_can_be_carried_out(line, tmp_path):
    (tmp_path / "my_scenarios.py").write_text(blocks("python")[1])
    (tmp_path / "gmm_d2_K5.txt").write_text("1 1 1\n0\n0\n0\n0\n1 0\n")
    (tmp_path / "nightly.toml").write_text('backend = ["numpy"]\n')
    words = [w for w in shlex.split(line)[1:] if w != "--json"]
    done = command(*[w for w in words if w != "-"], "--dry-run", folder=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder in which the runs and files that README compares have been made."""
    folder = tmp_path_factory.mktemp("stored")
    for label, file in (("before", "baseline.json"), ("after", "after.json")):
        words = ["--label", label, "--json", file, "--backend", "numpy", "--launches", "2"]
        done = command("run", "gradient-penalty", "--budget", "20ms", *words, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(
    "line",
    [
        one
        for one in commands("compare", "history", "show", "list", "export", "environment")
        if "jax==" not in one
    ],
)
def test_a_command_on_what_is_stored_can_be_carried_out(line, stored, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(stored / "cache"))
    done = command(*shlex.split(line)[1:], folder=stored)
    # The last one is the recipe for CI, which may well find that such short runs differ.
    assert done.returncode in ((0, 1) if "--fail-above" in line else (0,)), done.stderr
    assert done.stdout


def test_an_interrupted_run_is_finished_as_the_readme_says(stored):
    (line,) = [one for one in commands("run") if "--resume" in one]
    done = command(*shlex.split(line)[1:], folder=stored)
    assert done.returncode == 0, done.stderr


def test_the_readmes_own_file_runs_and_is_checked(tmp_path):
    (tmp_path / "my_scenarios.py").write_text(blocks("python")[1])
    done = command(
        "run", "my_scenarios.py", "--backend", "numpy", "--budget", "50ms", "--json", "-",
        folder=tmp_path,
    )  # fmt: skip
    (record,) = [json.loads(line) for line in done.stdout.splitlines()[1:]]
    assert record["status"] == "ok", record["reason"]
    assert record["error"]["against"] == "reference in extended precision"


def test_the_notebooks_lines_run(tmp_path):
    (tmp_path / "cell.py").write_text(blocks("python")[0].replace("torch,jax", "numpy"))
    done = subprocess.run(
        [sys.executable, "cell.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.startswith("numpy ok "), done.stderr


def test_the_lines_on_the_engine_run(tmp_path):
    (tmp_path / "cell.py").write_text(blocks("python")[2])
    done = subprocess.run(
        [sys.executable, "cell.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_the_table_has_the_ten_computations_and_four_backends():
    header, _, *rows = [line for line in TABLE.splitlines() if line.startswith("|")]
    for backend in ("jax:jit", "numpy:", "tensorflow:function", "torch:eager"):
        assert backend in header
    assert [row.split()[1] for row in rows] == list(NUMBERS)
    assert all("(fastest)" in row or "(#1 " in row for row in rows)
    assert "ranks over launches" in TABLE


def test_the_table_of_scenarios_is_what_its_command_prints(tmp_path):
    line, _, table = SCENARIOS.partition(" -->\n")
    assert table.strip() == command(*shlex.split(line), folder=tmp_path).stdout.strip(), line


@pytest.mark.parametrize("package", ["torch", "jax", "tensorflow", "numpy"])
def test_the_table_was_made_with_the_versions_that_are_pinned(package):
    version = re.search(rf"\b{package}\s([\d.]+)", TABLE)[1].rstrip(".")
    assert version == PINS[package], "make the table again, by the command above it"


def test_the_pins_and_the_requirements_name_the_same_packages():
    project = (ROOT / "pyproject.toml").read_text()
    for package in PINS:
        if package != "jaxlib":  # comes with jax, whose version it has to match
            assert re.search(rf'"{package}\W', project), package


def test_contributing_names_files_that_exist():
    for path in re.findall(r"`((?:scenarios|tests|harness)/[\w/.]+)`", CONTRIBUTING):
        assert (ROOT / path).exists(), path


MAP = README.partition("<!-- map: harness ")[2].partition("<!-- end of map: ")[0]


@pytest.mark.parametrize("line", commands("atlas"))
def test_a_survey_of_the_readme_can_be_planned(line):
    words = shlex.split(line)[2:]
    given = atlas.make_context("atlas", list(words)).params
    selection = Selection(backends=split(given["backend"]))
    orders = sheets.orders(split(given["order"]))
    asked = sheets.Chosen(primitives=split(given["primitive"]), orders=orders)
    plan, found = sheets.make(selection, asked)
    assert plan.cases and found


def test_the_map_of_the_readme_is_of_the_pinned_versions_and_of_what_is_in_the_table():
    versions = README.partition("<!-- end of map: ")[2].partition(" -->")[0]
    assert {tuple(one.split()) for one in versions.split(", ")} <= set(PINS.items())
    names = {p.name for p in primitive.TABLE}
    asked = MAP.partition(" -->")[0].partition("--primitive ")[2].split(",")
    rows = [line.split()[0] for line in MAP.splitlines() if len(line.split()) == 8]
    assert set(asked) <= names and set(asked) == set(rows) & names
    assert f" {len(primitive.TABLE)} primitives" in README
