"""Writers killed while they write; `python -m tests.benchmarks.writers` does it at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from results.store import Store
from tests.benchmarks.writers import BLOCKS, amiss, torment
from tests.results.samples import a_record, a_run, blocks_of


def test_what_killed_writers_had_put_is_there_and_whole(tmp_path: Path) -> None:
    tally = torment(tmp_path / "results.db", writers=3, kills=5, every=5)
    assert tally.faults == []
    assert tally.records >= tally.confirmed > 0


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM blocks WHERE position = 1", "torn: record one of r1"),
        ("UPDATE records SET reason = '2'", "torn: record one of r1"),
        ("DELETE FROM blocks; DELETE FROM records", "lost: record one of r1"),
    ],
)
def test_a_record_that_is_lost_or_torn_is_found_out(
    tmp_path: Path, statement: str, fault: str
) -> None:
    path, confirmed = tmp_path / "results.db", {("r1", "one"): 1}
    with Store(path, writing=True) as store:
        store.add_run(a_run())
        store.put(a_record(reason="1"), blocks_of(1e-3, count=BLOCKS))
        assert amiss(path, confirmed) == ([], 1)
        store.connection.executescript(statement)
    assert amiss(path, confirmed)[0] == [fault]
