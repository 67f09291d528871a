"""What the store costs: opened, listed and one run read, among 100 000 records; one record put."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from results import store as module
from results.database import transaction
from results.store import Store
from tests.results.samples import a_run, a_timed, blocks_of

RUNS, RECORDS = 100, 1000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 100 000 records, written in one transaction as only a test may."""
    path = tmp_path_factory.mktemp("store") / "results.db"
    columns = module.RECORD_COLUMNS
    row = module.as_row(a_timed("one", 1e-3).to_json(), columns)
    with Store(path, writing=True) as store:
        for number in range(RUNS):
            store.add_run(a_run(f"r{number}"))
        with transaction(store.connection):
            store.connection.executemany(
                module.insert("records", columns),
                ((f"r{run}", f"{i}", *row[2:]) for run in range(RUNS) for i in range(RECORDS)),
            )
    return path


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "results.db", writing=True) as store:
        store.add_run(a_run())
        yield store


def test_opening_listing_and_reading_one_run_of_100_000_records(
    benchmark: BenchmarkFixture, path: Path
) -> None:
    def visit() -> int:
        with Store(path) as store:
            store.runs()
            return len(store.records(f"r{RUNS // 2}"))

    assert benchmark(visit) == RECORDS
    assert benchmark.stats["median"] < 2.0


def test_putting_one_record_with_its_blocks(benchmark: BenchmarkFixture, writing: Store) -> None:
    record, blocks = a_timed("one", 1e-3), blocks_of(1e-3, count=30, value=5e-4)
    benchmark(writing.put, record, blocks)
    assert benchmark.stats["median"] < 0.02
