"""The hash of the code changes with whatever decides a number, and with nothing else."""

import shutil
import sys
from dataclasses import replace

import pytest

from harness import identity, plan
from harness.identity import beside, code_of
from harness.options import Selection

OWN = """
import math
from helper import three

def value(xp, x):
    import late
    return xp.sum(three(x))

point = (1.0,)
"""


def planned(*scenarios):
    return plan.make(Selection(scenarios=scenarios, backends=("numpy",)), seed=0)


@pytest.fixture
def folder(tmp_path):
    """A user's file, two modules and a package that it imports, and a file that it doesn't."""
    (tmp_path / "mine.py").write_text(OWN)
    (tmp_path / "helper.py").write_text("from deep.inner import cube as three\n")
    (tmp_path / "late.py").write_text("late = 1\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "__init__.py").write_text("")
    (tmp_path / "deep" / "inner.py").write_text("def cube(x):\n    return x**3\n")
    (tmp_path / "other.py").write_text("other = 1\n")
    before = list(sys.path)
    yield tmp_path
    sys.path[:] = before
    for name in ("helper", "late", "deep", "deep.inner"):
        sys.modules.pop(name, None)


def test_the_same_code_has_the_same_hash():
    assert code_of(planned("square")) == code_of(planned("square"))


@pytest.mark.parametrize("name", ["mine.py", "helper.py", "late.py", "deep/inner.py"])
def test_a_users_file_and_what_it_imports_from_beside_it_are_in_the_hash(folder, name):
    ours = planned(str(folder / "mine.py"))
    before = code_of(ours)
    with (folder / name).open("a") as file:
        file.write("# changed\n")
    assert code_of(ours) != before


def test_a_file_that_nobody_imports_is_not_in_the_hash(folder):
    ours = planned(str(folder / "mine.py"))
    before = code_of(ours)
    (folder / "other.py").write_text("other = 2\n")
    assert code_of(ours) == before


def test_where_a_users_file_lies_is_not_in_the_hash(folder, tmp_path_factory):
    elsewhere = shutil.copytree(folder, tmp_path_factory.mktemp("elsewhere") / "copy")
    copied = code_of(planned(str(elsewhere / "mine.py")))
    assert copied == code_of(planned(str(folder / "mine.py")))


def test_a_file_that_is_no_python_is_hashed_all_the_same(folder):
    (folder / "late.py").write_text("no python at all\n")
    assert "late.py" in {name for name, _ in beside(folder / "mine.py")}


def test_the_package_of_a_plugin_is_in_the_hash(tmp_path, monkeypatch):
    package = tmp_path / "some_plugin"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "sums.py").write_text("sums = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    ours = planned("square")
    theirs = replace(ours, locators={"documented/square": "some_plugin.sums:scenarios"})
    before = code_of(theirs)
    assert before != code_of(ours)
    (package / "sums.py").write_text("sums = 2\n")
    assert code_of(theirs) != before
    assert "some_plugin" not in sys.modules, "it is found without being imported"


def test_only_the_statistics_of_results_decide_a_number():
    found = {name for name, _ in identity._sources(planned("square"))}
    assert {"results/statistics.py", "harness/clock.py", "backends/torch.py"} <= found
    assert not any(name.startswith("results/") for name in found - {"results/statistics.py"})
