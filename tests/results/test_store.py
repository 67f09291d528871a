from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from results import rows
from results.errors import StoreError
from results.schema import Block, Record, Run
from results.store import Store
from tests.results.samples import a_record, a_run, a_timed, an_error, blocks_of

WRITER = """
import sys
from results.store import Store
from tests.results.samples import a_record, a_run, blocks_of

# Having put the record of the number in the fourth argument, it waits for a line.
path, run, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Store(path, writing=True) as store:
    store.add_run(a_run(run))
    for number in range(count):
        store.put(a_record(f"{number:04}", run=run), blocks_of(1e-3, count=3))
        print(number, flush=True)
        if sys.argv[4:] == [str(number)]:
            sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path, writing=True) as opened:
        opened.add_run(a_run())
        yield opened


def start_writer(path: Path, run: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), run, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def launch_of(blocks: list[Block]) -> list[int]:
    return [block.launch for block in blocks]


def test_the_columns_are_the_keys_of_the_record_and_of_the_run() -> None:
    assert [field.name for field in fields(Record)] == list(rows.RECORD_COLUMNS)
    assert [field.name for field in fields(Run)] == list(rows.RUN_COLUMNS)


def test_a_record_comes_back_as_it_was_put(store: Store) -> None:
    records = [
        a_timed("one", 1e-3, launches=2, size={"n": 3, "K": 10}),
        a_record("two", status="failed", reason="it fell: [x]", error=None, value=None),
        a_record("three", status="wrong", known="https://example.org/1", wrt=("x", "y")),
    ]
    for record in records:
        store.put(record)
    assert store.records("r1") == records


def test_numbers_that_are_not_finite_come_back(store: Store) -> None:
    record = a_record(status="wrong", error=an_error(float("inf")), value=[[float("-inf"), 1.0]])
    store.put(record)
    store.put(a_record("two", status="wrong", error=an_error(float("nan"))))
    one, two = store.records("r1")
    assert one == record
    assert two.error is not None and two.error.relative != two.error.relative


def test_blocks_come_back_in_their_order(store: Store) -> None:
    blocks = blocks_of(1e-3, launches=2, count=3, value=5e-4)
    store.put(a_record(), blocks)
    assert store.blocks("r1", "one") == blocks


def test_a_record_put_again_replaces_itself_and_keeps_its_place(store: Store) -> None:
    store.put(a_record("one", status="interrupted"))
    store.put(a_record("two"))
    store.put(a_record("one", status="ok"))
    assert [(record.id, record.status) for record in store.records("r1")] == [
        ("one", "ok"),
        ("two", "ok"),
    ]


def test_blocks_of_a_new_launch_are_added(store: Store) -> None:
    first, second = blocks_of(1e-3, count=2), blocks_of(2e-3, launches=2, count=2)[2:]
    store.put(a_record(), first)
    store.put(a_record(), second)
    assert store.blocks("r1", "one") == [*first, *second]
    assert launch_of(store.blocks("r1", "one")) == [0, 0, 1, 1]


def test_blocks_of_a_launch_put_again_are_replaced(store: Store) -> None:
    store.put(a_record(), blocks_of(1e-3, launches=2, count=3))
    again = blocks_of(5e-3, count=1)
    store.put(a_record(), again)
    assert launch_of(store.blocks("r1", "one")) == [0, 1, 1, 1]
    assert store.blocks("r1", "one")[0] == again[0]


def test_all_blocks_are_given_by_record(store: Store) -> None:
    for number, name in enumerate(("b", "a", "none")):
        store.put(a_record(name), blocks_of(1e-3, count=2, seed=number) if name != "none" else ())
    assert store.all_blocks("r1") == {name: store.blocks("r1", name) for name in ("b", "a")}


def test_the_same_record_of_two_runs_is_two_records(store: Store) -> None:
    store.add_run(a_run("r2"))
    store.put(a_record(), blocks_of(1e-3, count=1))
    store.put(a_record(run="r2"), blocks_of(2e-3, count=2))
    assert len(store.blocks("r1", "one")) == 1
    assert len(store.blocks("r2", "one")) == 2
    assert [record.run for record in store.records("r2")] == ["r2"]


def test_runs_are_listed_newest_first_with_their_counts(store: Store) -> None:
    newer = a_run("r2", start="2026-02-01T00:00:00+00:00", end=None)
    store.add_run(newer)
    for name, status in (("one", "ok"), ("two", "wrong"), ("three", "ok")):
        store.put(a_record(name, status=status))
    listed = store.runs()
    assert [summary.run for summary in listed] == [newer, a_run()]
    assert [dict(summary.counts) for summary in listed] == [{}, {"ok": 2, "wrong": 1}]


def test_a_run_is_found_and_finished(store: Store) -> None:
    store.add_run(a_run("r2", end=None, label="after", start="2026-02-01T00:00:00+00:00"))
    store.finish_run("r2", "2026-02-01T00:01:00+00:00")
    assert store.find("latest").end == "2026-02-01T00:01:00+00:00"
    assert store.find("latest~1") == a_run()
    assert store.find("after").id == "r2"


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.records("r11"),
        lambda store: store.blocks("r11", "one"),
        lambda store: store.all_blocks("r11"),
        lambda store: store.find("r11"),
        lambda store: store.finish_run("r11", "now"),
        lambda store: store.put(a_record(run="r11")),
    ],
)
def test_a_run_that_is_not_there_is_an_error_that_names_the_nearest(
    store: Store, ask: Callable[[Store], object]
) -> None:
    with pytest.raises(StoreError, match=r"no run called 'r11'; did you mean 'r1'\?"):
        ask(store)


def test_a_record_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="run 'r1' has no record 'nine'"):
        store.blocks("r1", "nine")


def test_a_run_is_stored_once(store: Store) -> None:
    with pytest.raises(StoreError, match=r"UNIQUE constraint failed: runs\.id"):
        store.add_run(a_run())


def test_looking_for_a_run_where_none_was_stored_says_so(path: Path) -> None:
    with (
        Store(path, writing=True) as store,
        pytest.raises(StoreError, match="no run has been stored"),
    ):
        store.find("latest")


def test_a_record_that_cannot_be_stored_leaves_the_earlier_one(store: Store) -> None:
    store.put(a_record(status="interrupted"), blocks_of(1e-3, count=2))
    nameless = Block(launch=0, series=None, calls=1, seconds=1.0, faults=0)  # type: ignore[arg-type]
    with pytest.raises(StoreError, match="NOT NULL"):
        store.put(a_record(status="ok"), [nameless])
    assert [record.status for record in store.records("r1")] == ["interrupted"]
    assert len(store.blocks("r1", "one")) == 2


def test_a_reader_sees_whole_records_while_a_run_writes(path: Path) -> None:
    with start_writer(path, "r1", "150", "0") as writer:
        assert writer.stdout is not None and writer.stdin is not None
        writer.stdout.readline()
        with Store(path, patience=0) as store:
            seen = [len(store.records("r1"))]
            writer.stdin.write("go on\n")
            writer.stdin.flush()
            while seen[-1] < 150:
                blocks = store.all_blocks("r1")
                assert {len(several) for several in blocks.values()} == {3}
                seen.append(len(store.records("r1")))
                assert len(blocks) <= seen[-1]
                assert writer.poll() in (None, 0)
    assert seen[0] == 1 and seen == sorted(seen)


def test_an_open_reader_does_not_hold_up_the_run(store: Store, path: Path) -> None:
    store.put(a_record())
    with Store(path) as reader:
        reader.connection.execute("BEGIN")
        assert reader.connection.execute("SELECT count(*) FROM records").fetchone() == (1,)
        store.connection.execute("PRAGMA busy_timeout = 0")
        store.put(a_record("two"))
        assert reader.connection.execute("SELECT count(*) FROM records").fetchone() == (1,)
        reader.connection.execute("COMMIT")
        assert len(reader.records("r1")) == 2


def test_two_runs_may_write_into_one_store(path: Path) -> None:
    writers = [start_writer(path, run, "40") for run in ("r1", "r2")]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Store(path) as store:
        assert [dict(summary.counts) for summary in store.runs()] == [{"ok": 40}] * 2


def test_a_killed_run_loses_nothing_that_was_put(path: Path) -> None:
    with start_writer(path, "r1", "5", "4") as writer:
        assert writer.stdout is not None
        for _ in range(5):
            writer.stdout.readline()
        writer.kill()
    with Store(path) as store:
        assert [record.id for record in store.records("r1")] == [f"{n:04}" for n in range(5)]
        assert len(store.all_blocks("r1")) == 5


def test_a_label_is_given_and_taken_away(store: Store) -> None:
    store.label("r1", "before")
    assert store.find("before").id == "r1"
    store.label("r1", None)
    assert store.find("r1").label is None


def test_runs_are_deleted_with_their_records_and_blocks_and_others_stay(store: Store) -> None:
    for run in ("r2", "r3"):
        store.add_run(a_run(run))
    for run in ("r1", "r2", "r3"):
        store.put(a_record(run=run), blocks_of(1e-3, count=2))
    store.delete(["r1", "r3"])
    assert [summary.run.id for summary in store.runs()] == ["r2"]
    assert len(store.blocks("r2", "one")) == 2
    counts = [store.connection.execute(f"SELECT count(*) FROM {t}") for t in ("records", "blocks")]
    assert [count.fetchone() for count in counts] == [(1,), (2,)]


def test_of_several_runs_to_delete_all_go_or_none(store: Store) -> None:
    with pytest.raises(StoreError, match="no run called 'r11'"):
        store.delete(["r1", "r11"])
    assert store.find("r1").id == "r1"


def test_a_run_without_an_end_is_busy_while_somebody_else_has_the_file(
    store: Store, path: Path
) -> None:
    store.add_run(a_run("r2", end=None))
    assert store.busy(["r1", "r2"]) == []
    with Store(path) as reader:
        reader.runs()
        assert store.busy(["r1", "r2"]) == ["r2"] and store.busy(["r1"]) == []
    assert store.busy(["r2"]) == []
    assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_of_two_who_reopen_a_run_the_second_is_refused_and_changes_nothing(
    store: Store, path: Path
) -> None:
    found = store.find("r1")
    with Store(path, writing=True) as other:
        other.reopen(found, replace(found, end=None, code="first", label="never"))
    with pytest.raises(StoreError, match="run r1 was taken up by another process"):
        store.reopen(found, replace(found, end=None, code="second"))
    assert store.find("r1") == replace(found, end=None, code="first")


def test_a_run_that_is_gone_can_not_be_reopened(store: Store) -> None:
    with pytest.raises(StoreError, match="no run called 'r9'"):
        store.reopen(a_run("r9"), a_run("r9", end=None))


def test_a_new_run_begins_with_copies_and_leaves_the_earlier_one_as_it_is(store: Store) -> None:
    for name in ("one", "two"):
        store.put(a_timed(name, 1e-3, launches=2), blocks_of(1e-3, launches=2, count=2))
    before = store.records("r1"), store.all_blocks("r1")
    store.add_run_from(a_run(), a_run("r2"), ["two"])
    assert (store.records("r1"), store.all_blocks("r1")) == before
    assert store.records("r2") == [replace(before[0][1], run="r2")]
    assert store.all_blocks("r2") == {"two": before[1]["two"]}


def test_a_new_run_does_not_begin_with_what_another_process_changes(store: Store) -> None:
    store.put(a_record())
    found = store.find("r1")
    store.reopen(found, replace(found, end=None))
    with pytest.raises(StoreError, match="was taken up by another process"):
        store.add_run_from(found, a_run("r2"), ["one"])
    with pytest.raises(StoreError, match="no record 'none'"):
        store.add_run_from(replace(found, end=None), a_run("r2"), ["one", "none"])
    assert [summary.run.id for summary in store.runs()] == ["r1"]


def test_the_space_of_deleted_runs_is_given_back_where_nobody_else_has_the_file(
    store: Store, path: Path
) -> None:
    for number in range(200):
        store.put(a_record(str(number), reason="x" * 1000))
    with Store(path) as reader:
        reader.runs()
        assert not store.shrink()
    assert store.shrink()
    full = path.stat().st_size
    store.delete(["r1"])
    assert store.shrink()
    assert path.stat().st_size < full / 2


def test_the_history_of_a_scenario_has_its_records_with_their_runs_oldest_first(
    store: Store,
) -> None:
    older = a_run("r0", start="2025-12-01T00:00:00+00:00")
    store.add_run(older)
    for run, scenario in (("r1", "a/b"), ("r0", "a/b"), ("r0", "a/c"), ("r1", "a/b")):
        number = len(store.records("r0")) + len(store.records("r1"))
        store.put(a_record(str(number), run=run, scenario=scenario))
    found = [(run, record.run, record.id) for run, record in store.history("a/b")]
    assert found == [(older, "r0", "1"), (a_run(), "r1", "0"), (a_run(), "r1", "3")]
    assert store.history("b") == []
    assert store.scenario_names() == ["a/b", "a/c"]


def test_known_failures_are_counted_apart(store: Store) -> None:
    for number, known in enumerate((None, "https://example.org/1", "https://example.org/2")):
        store.put(a_record(str(number), status="wrong", known=known))
    (summary,) = store.runs()
    assert (summary.counts, summary.known) == ({"wrong": 3}, {"wrong": 2})


@pytest.mark.parametrize("index", ["records_by_scenario", "records_by_status"])
def test_counts_and_scenarios_are_found_without_reading_the_rows(store: Store, index: str) -> None:
    asked: list[str] = []
    store.connection.set_trace_callback(asked.append)
    store.runs()
    store.scenario_names()
    store.connection.set_trace_callback(None)
    plans = [store.connection.execute(f"EXPLAIN QUERY PLAN {one}").fetchall() for one in asked]
    steps = [step for plan in plans for *_, step in plan]
    assert any(f"USING COVERING INDEX {index}" in step for step in steps), steps


def test_the_collector_is_after_reading_as_it_was_before(store: Store) -> None:
    store.put(a_record())
    store.records("r1")
    assert gc.isenabled()
    gc.disable()
    try:
        store.records("r1")
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("table", ["runs", "records"])
def test_what_a_newer_harness_stored_is_refused_with_the_upgrade(store: Store, table: str) -> None:
    store.put(a_record())
    store.connection.execute(f"UPDATE {table} SET schema = 2")
    sentence = r"(run 'r1'|record 'one') was written by a newer harness \(schema 2, known here up"
    with pytest.raises(StoreError, match=sentence):
        store.find("r1")
        store.records("r1")
