"""Inputs read from a file: the size is the file's own, and a bad file costs nothing."""

import pytest

import harness
from harness import plan
from harness.errors import UsageError
from harness.options import Selection

SCENARIO = """
from harness.scenario import Scenario

scenario = Scenario(
    name="mine/total",
    value=lambda xp, x: xp.sum(x * x),
    point=lambda rng, n: (rng.standard_normal(n),),
    size={"n": 3},
    wrt=("x",),
    data="own_format:read",
    closed_forms={"gradient": lambda np, x: (2 * x,)},
)
"""
READER = """
from harness.errors import UsageError

def read(file, model):
    try:
        numbers = [float(word) for word in file.read_text().split()]
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} can't be read: {error}; give numbers") from error
    scale = float(model.read_text()) if model else 1.0
    return {"n": len(numbers)}, ([scale * x for x in numbers],)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text(SCENARIO)
    (tmp_path / "own_format.py").write_text(READER)
    (tmp_path / "x.txt").write_text("1 2 3 4 5")
    (tmp_path / "scale.txt").write_text("10")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_data_file_gives_the_point_and_its_size(folder):
    (record,) = harness.run("own.py", backend="numpy", check=True, data="x.txt", results="r.db")
    assert record.status == "ok" and record.size == {"n": 5}
    assert record.point.startswith("x.txt ")
    assert record.value == [[2.0, 4.0, 6.0, 8.0, 10.0]]


def test_a_model_goes_with_it(folder):
    (record,) = harness.run(
        "own.py", backend="numpy", check=True, data="x.txt", model="scale.txt", results="r.db"
    )
    assert record.value == [[20.0, 40.0, 60.0, 80.0, 100.0]]


def test_a_trial_keeps_its_id_wherever_the_file_lies(folder):
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "x.txt").write_text("1 2 3 4 5")
    ids = {
        harness.run("own.py", backend="numpy", check=True, data=path, results="r.db")[0].id
        for path in ("x.txt", "elsewhere/x.txt")
    }
    assert len(ids) == 1
    (folder / "elsewhere" / "x.txt").write_text("1 2 3 4 6")
    (other,) = harness.run(
        "own.py", backend="numpy", check=True, data="elsewhere/x.txt", results="r.db"
    )
    assert other.id not in ids


@pytest.mark.parametrize(
    ("scenario", "words", "sentence"),
    [
        ("own.py", {"data": "nowhere.txt"}, "there is no file 'nowhere.txt'"),
        ("own.py", {"data": "own.py"}, "own.py can't be read"),
        ("own.py", {"data": "/dev/null"}, "there is no file '/dev/null'"),
        ("own.py", {"data": "x.txt", "sizes": ("n=5",)}, "leave out --size or --data"),
        ("documented/square", {"data": "x.txt"}, "reads no data files"),
        ("own.py", {"model": "scale.txt"}, "--model goes with --data"),
        ("own.py", {"data": ""}, "there is no file ''"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_before_anything_starts(
    folder, scenario, words, sentence
):
    with pytest.raises(UsageError, match=sentence):
        plan.make(Selection(scenarios=(scenario,), **words), seed=0)
