"""A survey as a person starts it: every cell has its record, whatever a backend does."""

import json

import pytest

from tests.harness.processes import command

TABLE = """
from harness.primitive import Point, Primitive

def cube(m, x):
    return x * x * x

mine = Primitive(
    name="my-cube",
    kind="mine",
    formula="x^3",
    define=cube,
    points=(
        Point(name="generic", arguments=((0.5, -2.0),)),
        Point(name="other", arguments=((1.5, 3.0),)),
        Point(name="twice", arguments=((0.5, -2.0),), form="twice"),
        Point(name="half a derivative", arguments=((1.0, 2.0),), exists=1),
    ),
    calls={"xp": "x**3"},
)
absent = Primitive(
    name="my-absent",
    kind="mine",
    formula="x",
    define=lambda m, x: x,
    points=(Point(name="generic", arguments=(0.5,)),),
    calls={"torch": "x"},
    lacks={"numpy": "the engine has no such function"},
)
"""
FAKES = ("exact", "sign", "nan", "raises", "refuses", "dies", "mutates", "shape")
WAYS = 8  # of the first two orders, the value among them


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory):
    """One survey of a table of our own by backends with faults."""
    folder = tmp_path_factory.mktemp("surveyed")
    (folder / "mine.py").write_text(TABLE)
    backends = ",".join(f"fake:{fault}" for fault in FAKES)
    done = command(
        "atlas", "--primitive", "mine.py", "--backend", backends, "--json", "-", folder=folder,
    )  # fmt: skip
    _, *records = [json.loads(line) for line in done.stdout.splitlines()]
    return folder, done, records


def of(records, fault, **fields):
    return [
        r
        for r in records
        if r["variant"] == fault and all(r[name] == value for name, value in fields.items())
    ]


def statuses(records, fault, **fields):
    return {r["status"] for r in of(records, fault, scenario="primitive/my-cube", **fields)}


def test_every_cell_leaves_one_record(surveyed):
    _, _, records = surveyed
    assert len(records) == len(FAKES) * WAYS * (4 + 1)
    assert len({(r["variant"], r["id"]) for r in records}) == len(records)


def test_a_right_backend_is_right_where_derivatives_exist(surveyed):
    _, _, records = surveyed
    for point in ("generic", "other", "twice"):
        assert statuses(records, "exact", point=point) == {"ok"}


def test_beyond_the_derivatives_that_exist_an_answer_is_a_convention(surveyed):
    _, _, records = surveyed
    there = of(records, "exact", point="half a derivative")
    first = {r["status"] for r in there if r["operator"] in ("value", "gradient", "vjp", "jvp")}
    second = [r for r in there if r["operator"] in ("hvp", "second")]
    assert first == {"ok"} and {r["status"] for r in second} == {"convention"}
    assert all(r["value"] is not None and r["error"] is None for r in second)


@pytest.mark.parametrize("fault", ["sign", "nan", "shape", "mutates"])
def test_a_wrong_backend_is_wrong_in_every_way(surveyed, fault):
    _, _, records = surveyed
    assert statuses(records, fault, point="generic") == {"wrong"}


def test_not_a_number_is_an_error_without_end_that_says_where(surveyed):
    _, _, records = surveyed
    cube = {"scenario": "primitive/my-cube", "point": "generic", "operator": "jvp"}
    (record,) = of(records, "nan", **cube)
    assert record["error"]["relative"] == "inf" and record["error"]["worst"]["got"] == "nan"


def test_what_raises_has_failed_but_for_conventions(surveyed):
    _, _, records = surveyed
    assert statuses(records, "raises", point="other") == {"failed"}
    (second,) = of(records, "raises", point="half a derivative", operator="second")
    assert second["status"] == "convention" and "this fake raises" in second["reason"]


def test_a_refusal_is_unsupported_with_its_sentence(surveyed):
    _, _, records = surveyed
    assert statuses(records, "refuses", point="other") == {"unsupported"}
    absent = of(records, "exact", scenario="primitive/my-absent")
    assert {r["reason"] for r in absent} == {"the engine has no such function"}


def test_a_worker_that_dies_costs_its_own_cells_alone(surveyed):
    _, _, records = surveyed
    assert statuses(records, "dies") == {"crashed"}


def test_unlisted_wrong_cells_make_the_status_one(surveyed):
    folder, done, _ = surveyed
    assert done.returncode == 1
    right = command("atlas", "--primitive", "mine.py", "--backend", "fake:exact", folder=folder)
    assert right.returncode == 0, right.stdout + right.stderr


def test_an_atlas_is_a_run_like_any_other_but_is_not_resumed(surveyed):
    folder, _, _ = surveyed
    assert "atlas" in command("list", "runs", folder=folder).stdout
    resumed = command("run", "--resume", "latest", folder=folder)
    assert resumed.returncode == 2 and "start it again" in resumed.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--primitive", "absolute"), "no primitive called 'absolute'; did you mean"),
        (("--primitive", "%%%%"), "the chapters are"),
        (("--composition", "forward-over-reserve"), "did you mean 'forward-over-reverse'?"),
        (("--operator", "gradeint"), "did you mean 'gradient'?"),
        (("--order", "4"), "give 1, 2 or 3"),
        (("--operator", "jvp", "--composition", "forward-over-reverse"), "no way has these"),
        (("--primitive", "nowhere.py"), "there is no file nowhere.py"),
        (("--dtype", "float16"), "no dtype called 'float16'"),
        (("--primitive", "broken.py"), "primitive 'x' has no formula; every one needs it"),
        (("--primitive", "missing.py"), "missing 1 required keyword-only argument: 'define'"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, arguments, words):
    entry = "from harness.primitive import Point, Primitive\np = Primitive(name='x', kind='k', "
    points = "points=(Point(name='generic', arguments=(1.0,)),), calls={'xp': 'x'})\n"
    (tmp_path / "broken.py").write_text(f"{entry}formula='', define=lambda m, x: x, {points}")
    (tmp_path / "missing.py").write_text(f"{entry}formula='x', {points}")
    done = command("atlas", "--backend", "fake:exact", *arguments, folder=tmp_path)
    assert done.returncode == 2 and words in done.stderr
    assert len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr


def test_a_definition_that_raises_fails_its_cells_with_a_sentence(tmp_path):
    (tmp_path / "poor.py").write_text(
        "from harness.primitive import Point, Primitive\n"
        "p = Primitive(name='poor', kind='k', formula='x', define=lambda m, x: 1 / 0,\n"
        "              points=(Point(name='generic', arguments=(1.0,)),), calls={'xp': 'x'})\n"
    )
    done = command(
        "atlas", "--primitive", "poor.py", "--backend", "fake:exact", "--json", "-",
        folder=tmp_path,
    )  # fmt: skip
    _, *records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and {r["status"] for r in records} == {"failed"}
    assert "can't be evaluated at its point 'generic': ZeroDivisionError" in records[0]["reason"]
