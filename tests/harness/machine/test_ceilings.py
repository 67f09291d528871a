"""`harness machine` and what it leaves for later runs, with small sizes and NumPy alone."""

import pytest

from harness import run
from harness.errors import UsageError
from harness.machine import ceilings, facts
from results.store import Store
from tests.harness.processes import command


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(ceilings, "LEVELS", {"cpu": "S"})
    monkeypatch.setattr(ceilings, "MOST", 80)
    monkeypatch.setattr(ceilings, "BACKENDS", ("numpy",))
    monkeypatch.setattr(ceilings, "BUDGET", 0.01)
    monkeypatch.setattr("results.ceilings.LEAST", 0)


def test_ceilings_are_measured_shown_stored_and_found_by_the_next_run(small, tmp_path, capsys):
    path = tmp_path / "r.db"
    assert ceilings.measure("cpu", 1, str(path)) == 0
    shown = capsys.readouterr().out
    for word in ("machine", "clock", "GB/s", "Gflop/s", "float32", "float64", "numpy:", "3 ok"):
        assert word in shown
    assert max(map(len, shown.splitlines())) <= 80
    run("quadratic", backend="numpy", size=("n=10",), budget=0.01, results=path)
    with Store(path) as store:
        measured, later = store.find("machine"), store.find("latest")
        (record,) = store.records(later.id)
    best = later.machine["ceilings"]["cpu"]
    assert best["bytes"]["run"] == measured.id == best["operations float32"]["run"]
    assert best["bytes"]["interval"] == "within one launch"
    assert later.machine["ceilings"]["clock"]["step"] > 0
    assert record.work == {"bytes": 8 * (100 + 30), "operations": 200}
    ticks = [later.noise[when]["ticks"] for when in ("before", "after")]
    assert ticks[0]["all"] < ticks[1]["all"] and ticks[0]["ours"] < ticks[1]["ours"]
    assert len(later.machine["pinned"]["workers"]) == 1


def test_reading_is_planned_once_and_for_the_caches_products_in_every_dtype(monkeypatch):
    described = {"caches": {"L1d": 2**15, "L3": 2**20}, "memory": None, "limits": {"memory": None}}
    monkeypatch.setattr(facts, "describe", lambda allowed: described)
    for device, size, order in (("cpu", 4 * 2**20, 1024), ("cuda:1", 256 * 2**20, 4096)):
        planned = ceilings.to_measure(device, 0)
        assert [(case.scenario, case.dtype, *case.size.values()) for case in planned.cases] == [
            ("machine/read", "float64", size // 8),
            ("machine/matmul", "float32", order),
            ("machine/matmul", "float64", order),
        ]


@pytest.mark.parametrize(
    ("caches", "memory", "limit", "expected"),
    [
        ({"L2": 2**21, "L3": 2**25}, 2**34, None, 2**27),
        ({"L3": 480 * 2**20}, 2**35, None, ceilings.MOST),
        ({}, None, None, ceilings.MOST),
        ({"L3": 2**25}, 2**32, None, 2**26),
        ({"L3": 2**25}, 2**34, 2**30, 2**24),
    ],
    ids=["four caches", "time", "nothing known", "memory", "its limit"],
)
def test_an_array_is_four_times_the_last_cache_within_bounds(caches, memory, limit, expected):
    machine = {"caches": caches, "memory": memory, "limits": {"memory": limit}}
    assert ceilings.length(machine) == expected


def test_a_number_of_threads_that_makes_no_sense_is_refused(tmp_path):
    with pytest.raises(UsageError, match="--threads is 0; give a number above 0"):
        ceilings.measure("cpu", 0, str(tmp_path / "r.db"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("machine", "--device", "cupboard"), "cupboard"),
        (("machine", "--threads", "4096"), "--threads is 4096, and this process may use"),
        (("run", "square", "--threads", "4096"), "--threads is 4096, and this process may use"),
        (("run", "square", "--isolate", "--threads", "4096"), "--isolate needs 4097 physical"),
    ],
)
def test_what_this_machine_lacks_is_refused_in_a_sentence(words, sentence, tmp_path):
    done = command(*words, folder=tmp_path)
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
