"""What a store of 100 000 records costs: each command in a process of its own, and one record put.

Nothing is asserted of the times, which `pytest tests/benchmarks/test_store.py --benchmark-only`
prints; the goal is under 2 s a command and under 20 ms a record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from results.database import transaction
from results.rows import RECORD_COLUMNS, as_row, insert
from results.statistics import seconds_of
from results.store import Store
from tests.harness.processes import command
from tests.results.samples import a_record, a_run, a_timed, blocks_of

SHAPES = ((200, 500), (2, 50_000))  # runs, and records of each
SCENARIOS = 50
DRAWN = 40  # different times, over which the records are dealt
COMMANDS = (
    ("list",),
    ("list", "runs"),
    ("compare", "latest~1", "latest"),
    ("history", "family/s7"),
)


@pytest.fixture(scope="module", params=SHAPES, ids="{0[0]}x{0[1]}".format)
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 100 000 records, written in one transaction as only a test may."""
    runs, records = request.param
    path = tmp_path_factory.mktemp("store") / "results.db"
    with Store(path, writing=True) as store:
        for run in range(runs):
            store.add_run(
                a_run(f"r{run}", start=f"2026-01-02T03:{run // 60:02}:{run % 60:02}+00:00")
            )
        with transaction(store.connection):
            store.connection.executemany(
                insert("records", RECORD_COLUMNS), list(rows(runs, records))
            )
    return path


def rows(runs: int, records: int) -> Iterator[list[object]]:
    """Make rows that differ in run, id, scenario, size and times."""
    times = (blocks_of(1e-3, launches=5, value=3e-4, seed=seed) for seed in range(DRAWN))
    timed = (a_record(seconds=seconds_of(blocks, import_=1.1)) for blocks in times)
    made = [as_row(record.to_json(), RECORD_COLUMNS) for record in timed]
    place = {name: RECORD_COLUMNS.index(name) for name in ("run", "id", "scenario", "size")}
    for run in range(runs):
        for number in range(records):
            row = list(made[(7 * run + number) % DRAWN])
            row[place["run"]], row[place["id"]] = f"r{run}", str(number)
            row[place["scenario"]] = f"family/s{number % SCENARIOS}"
            row[place["size"]] = f'{{"n": {number // SCENARIOS}}}'
            yield row


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "results.db", writing=True) as store:
        store.add_run(a_run())
        yield store


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_among_100_000_records(
    benchmark: BenchmarkFixture, path: Path, words: tuple[str, ...]
) -> None:
    def ask() -> str:
        done = command(*words, "--results", str(path), folder=path.parent)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert benchmark.pedantic(ask, rounds=3, warmup_rounds=1)


def test_reading_every_record(benchmark: BenchmarkFixture, path: Path) -> None:
    with Store(path) as store:
        runs = [summary.run.id for summary in store.runs()]
        count = benchmark.pedantic(lambda: sum(len(store.records(run)) for run in runs), rounds=2)
    assert count == 100_000


def test_putting_one_record_with_its_blocks(benchmark: BenchmarkFixture, writing: Store) -> None:
    record, blocks = a_timed("one", 1e-3), blocks_of(1e-3, count=30, value=5e-4)
    benchmark(writing.put, record, blocks)
