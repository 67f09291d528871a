"""Imports run one way: results <- harness <- backends, scenarios. And names of frameworks stay in
the frameworks' own files."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FRAMEWORKS = {"torch", "jax", "tensorflow"}
ALLOWED = {
    "results": {"results"},
    "harness": {"harness", "results"},
    "backends": {"backends", "harness"},
    "scenarios": {"scenarios", "harness"},
}
FILES = [path for package in ALLOWED for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path):
    """The top-level packages that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_what_its_package_may(path):
    package = path.relative_to(ROOT).parts[0]
    names = imported(path)
    assert names & set(ALLOWED) <= ALLOWED[package]
    if package == "backends":
        own = {path.stem.partition("_")[0]}
        assert names & FRAMEWORKS <= own
    else:
        assert not names & FRAMEWORKS


def test_finding_every_scenario_loads_neither_a_framework_nor_numpy():
    code = "import sys; from harness import plugins; plugins.scenarios(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "scenarios" in loaded
    assert not loaded & {"numpy", "scipy", *FRAMEWORKS}


def test_the_rule_can_fail(tmp_path):
    (tmp_path / "x.py").write_text("def f():\n    import torch.nn\n")
    assert imported(tmp_path / "x.py") == {"torch"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_switches_on_a_backends_name(path):
    """`if backend == "jax"` belongs nowhere; what differs is in jax's own adapter."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare):
            constants = {c.value for c in ast.walk(node) if isinstance(c, ast.Constant)}
            assert not constants & {"numpy", *FRAMEWORKS}, f"{path}:{node.lineno}"
