from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from results.cases import question
from results.comparison import sides
from results.comparison.sides import TRIAL, Timing, find, read_trials, timing_of
from results.errors import StoreError
from results.export import as_json
from results.launches import launches_of
from results.schema import Record
from results.store import Store
from tests.results.comparison.compared import STEADY, launched
from tests.results.samples import a_record, a_run, a_time, a_timed, an_error

RACE = [
    launched("old", 1e-3, backend="jax", variant="jit", environment="==0.9.0"),
    launched("new", 2e-3, backend="jax", variant="jit", environment="==0.10.2"),
    launched("eager", 3e-3),
    launched("compiled", 4e-3, variant="compile"),
    a_record("bad", status="wrong", error=an_error(2e-3), known="issue 1", operator="vjp"),
    a_record("late", status="timeout", reason="ran past 60 s", operator="jvp"),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Callable[[], Store]]:
    with Store(tmp_path / "r.db", writing=True) as writing:
        for run, label in (("abc1", "race"), ("def2", "me@home")):
            writing.add_run(a_run(run, label=label, start=f"2026-01-0{run[-1]}T00:00:00+00:00"))
            for record in RACE:
                writing.put(replace(record, run=run))
    with Store(tmp_path / "r.db") as reading:
        yield lambda: reading


def no_store() -> Store:
    raise AssertionError("a file needs no store")


@pytest.mark.parametrize("word", ["abc", "race", "latest~1"])
def test_a_word_is_a_stored_run(word: str, store: Callable[[], Store]) -> None:
    side = find(word, store, "operator")
    assert side.run.id == "abc1" and list(side.timings) == [record.id for record in RACE]


def test_what_sqlite_reads_is_what_records_hold(store: Callable[[], Store]) -> None:
    side = find("race", store, "operator")
    assert side.timings == {record.id: timing_of(record, "operator") for record in RACE}
    assert side.timings["new"].launches == [2e-3 * one for one in STEADY]


@pytest.mark.parametrize("series", ["operator", "value", "prepare"])
def test_records_of_before_launches_were_kept_count_as_one(series: str, tmp_path: Path) -> None:
    old = [a_record("a", seconds=a_time(1e-3)), a_timed("b", 1e-3, launches=2), a_record("c")]
    with Store(tmp_path / "old.db", writing=True) as store:
        store.add_run(a_run("r1"))
        for record in old:
            store.put(record)
        timings = find("r1", lambda: store, series).timings
    for record in old:
        known = launches_of(record.seconds, series) if record.seconds else ()
        assert list(timings[record.id].launches) == list(known)
    assert len(timings["a"].launches) == (series == "operator")


def test_details_are_records_without_times_in_the_order_asked(store: Callable[[], Store]) -> None:
    found = find("race", store, "operator").details(["late", "bad", "new"])
    assert list(found) == ["late", "bad", "new"]
    assert found["bad"].error == an_error(2e-3) and found["late"].reason == "ran past 60 s"
    assert found["new"].seconds is None and found["new"].value is None
    assert question(found["new"]) == question(replace(RACE[1], run="abc1"))


def test_details_of_more_than_a_question_holds(
    store: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sides, "AT_ONCE", 2)
    ids = [record.id for record in reversed(RACE[:5])]
    assert list(read_trials(store(), "abc1", ids)) == ids


def test_what_is_read_of_a_trial_is_the_records_own() -> None:
    assert set(TRIAL) <= {field.name for field in fields(Record)}


@pytest.mark.parametrize(
    ("word", "meant", "ids"),
    [
        ("race@jax==0.9.0", "jax:jit==0.9.0", ["old"]),
        ("race@jax==0.9", "jax:jit==0.9.0", ["old"]),
        ("race@jax:jit==0.10.2", "jax:jit==0.10.2", ["new"]),
        ("latest@torch:compile", "torch:compile", ["compiled"]),
        ("me@home@torch:compile", "torch:compile", ["compiled"]),
        ("me@home", "", [record.id for record in RACE]),
    ],
)
def test_a_name_behind_an_at_chooses_a_runner(
    word: str, meant: str, ids: list[str], store: Callable[[], Store]
) -> None:
    side = find(word, store, "operator")
    assert side.runner == meant and list(side.timings) == ids


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("rase", "no run called 'rase'; did you mean 'race'"),
        ("rase@torch:eager", "no run called 'rase'; did you mean 'race'"),
        ("@torch", "no run called '@torch'"),
        ("latest~7", "there is no run latest~7"),
        ("race@torch", "could be torch:eager or torch:compile; give one of them behind the @"),
        ("race@jax==0.9.1", "has nothing of 'jax==0.9.1'; did you mean 'jax:jit==0.9.0'"),
        ("race@", "has nothing of ''; it has jax:jit==0.9.0, "),
        ("race@zz", "has nothing of 'zz'; it has jax:jit==0.9.0, jax:jit==0.10.2, torch:eager, "),
        ("missing.json@torch", "missing.json can't be read"),
    ],
)
def test_a_side_that_is_not_there_is_told(
    word: str, sentence: str, store: Callable[[], Store]
) -> None:
    with pytest.raises(StoreError, match=sentence):
        find(word, store, "operator")


def test_a_file_needs_no_store_and_may_name_a_runner(tmp_path: Path) -> None:
    path = tmp_path / "me@here.json"
    path.write_text(as_json(a_run("r1"), RACE, {}))
    side = find(f"{path}@torch:compile", no_store, "operator")
    assert list(side.timings) == ["compiled"] and side.runner == "torch:compile"
    assert side.details(["compiled"])["compiled"] == json_twin(RACE[3])
    assert list(find(str(path), no_store, "operator").timings) == [one.id for one in RACE]


def test_only_what_was_written_at_once_tells_that_a_run_did_not_end(tmp_path: Path) -> None:
    run, path = a_run("r1", end=None), tmp_path / "run.json"
    path.write_text(as_json(run, RACE, {}))
    assert find(str(path), no_store, "operator").broken_off
    header, *records = ({"header": run.to_json()}, *(one.to_json() for one in RACE))
    path.write_text("".join(f"{json.dumps(line)}\n" for line in (header, *records)))
    assert not find(str(path), no_store, "operator").broken_off
    with Store(tmp_path / "r.db", writing=True) as store:
        store.add_run(run)
        assert find("r1", lambda: store, "operator").broken_off
        store.finish_run("r1", run.start)
        assert not find("r1", lambda: store, "operator").broken_off


def json_twin(record: Record) -> Record:
    return Record.from_json(json.loads(json.dumps(record.to_json())))


def test_a_runner_of_another_interpreter_may_hold_an_at(tmp_path: Path) -> None:
    elsewhere = launched("there", environment="@/opt/py@3/bin/python", backend="jax")
    path = tmp_path / "run.json"
    path.write_text(as_json(a_run("r1"), [elsewhere], {}))
    for name in ("jax@/opt/py@3/bin/python", "jax:eager@/opt/py@3/bin/python"):
        assert find(f"{path}@{name}", no_store, "operator").runner == "jax:eager" + name[-21:]


def test_other_series_have_their_own_launches() -> None:
    timed = a_timed("a", 3e-3, launches=3)
    assert timed.seconds
    assert timing_of(timed, "value") == Timing(
        "torch:eager", "cpu", "2.13.0", "ok", None, timed.seconds.by_launch["value"]
    )
    assert timing_of(timed, "device").launches == []
