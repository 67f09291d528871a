"""The store: every run, record and block that was measured, in one SQLite file.

One convention: what `put` has returned from is stored, whatever happens afterwards; others may
read while a run writes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from results.database import alone, nothing_stored, open_database, sentences, transaction
from results.encoding import encode
from results.errors import StoreError
from results.lookup import changed, choose, missing
from results.rows import (
    BLOCK_COLUMNS,
    COPY_BLOCKS,
    COPY_RECORD,
    COUNTS,
    DELETIONS,
    FEWEST,
    RECORD_COLUMNS,
    RENEWED,
    REOPEN,
    RUN_COLUMNS,
    UPSERT,
    as_block,
    as_record,
    as_row,
    as_run,
    block_rows,
    insert,
    many_objects,
    select,
)
from results.schema import Block, Record, Run
from results.summary import Summary

NEWEST_FIRST = "ORDER BY start DESC, rowid DESC"
OLDEST_FIRST = "ORDER BY start, rowid"


class Store:
    """The store in the file `path`, read only unless opened for `writing`; a context manager.

    Waits up to `patience` seconds for another process's lock. Every method may raise StoreError.
    """

    def __init__(self, path: Path | str, *, writing: bool = False, patience: float = 30.0) -> None:
        self.path = Path(path)
        self.patience = patience
        self.connection = open_database(self.path, writing=writing, patience=patience)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def add_run(self, run: Run) -> None:
        """Store a new run."""
        row = as_row(run.to_json(), RUN_COLUMNS)
        with sentences(self.path, self.patience), transaction(self.connection):
            self.connection.execute(insert("runs", RUN_COLUMNS), row)

    def add_run_from(self, earlier: Run, run: Run, records: Sequence[str]) -> None:
        """Store a new run with copies of an earlier one's records, by their ids, and their blocks.
        Nothing is stored where the earlier run is no longer as it was read."""
        row = as_row(run.to_json(), RUN_COLUMNS)
        with sentences(self.path, self.patience), transaction(self.connection):
            found = 'SELECT 1 FROM runs WHERE id = ? AND "end" IS ?'
            if not self.connection.execute(found, (earlier.id, earlier.end)).fetchone():
                self.require(earlier.id)
                raise changed(earlier.id)
            self.connection.execute(insert("runs", RUN_COLUMNS), row)
            for record in records:
                number = self.number(earlier.id, record)
                copy = self.connection.execute(COPY_RECORD, (run.id, number)).lastrowid
                self.connection.execute(COPY_BLOCKS, (copy, number))

    def reopen(self, earlier: Run, run: Run) -> None:
        """Store what is now true of a run that goes on, and that it has no end. Nothing is stored
        where it is no longer as it was read: of two who reopen a run, one is refused."""
        row = as_row(run.to_json(), RENEWED)
        with sentences(self.path, self.patience), transaction(self.connection):
            if not self.connection.execute(REOPEN, (*row, earlier.id, earlier.end)).rowcount:
                self.require(earlier.id)
                raise changed(earlier.id)

    def finish_run(self, run: str, end: str, noise: Mapping[str, Any] | None = None) -> None:
        """Note when a run ended (ISO 8601, UTC), and what the machine did besides."""
        with sentences(self.path, self.patience), transaction(self.connection):
            self.require(run)
            self.connection.execute('UPDATE runs SET "end" = ? WHERE id = ?', (end, run))
            if noise is not None:
                text = json.dumps(encode(noise), allow_nan=False)
                self.connection.execute("UPDATE runs SET noise = ? WHERE id = ?", (text, run))

    def label(self, run: str, text: str | None) -> None:
        """Give a run another label, or none."""
        with sentences(self.path, self.patience), transaction(self.connection):
            self.require(run)
            self.connection.execute("UPDATE runs SET label = ? WHERE id = ?", (text, run))

    def delete(self, runs: Sequence[str]) -> None:
        """Delete runs with their records and blocks, all of them or none."""
        with sentences(self.path, self.patience), transaction(self.connection):
            for run in runs:
                self.require(run)
                for statement in DELETIONS:
                    self.connection.execute(statement, (run,))

    def busy(self, runs: Sequence[str]) -> list[str]:
        """Return those of the runs that another process may be writing: they have no end, and the
        file is open elsewhere, or nobody can tell."""
        question = 'SELECT 1 FROM runs WHERE id = ? AND "end" IS NULL'
        with sentences(self.path, self.patience):
            going = [run for run in runs if self.connection.execute(question, (run,)).fetchone()]
            return [] if not going or alone(self.connection) else going

    def shrink(self) -> bool:
        """Give back the space of what was deleted, unless another process has the file open."""
        with sentences(self.path, self.patience):
            if not alone(self.connection):
                return False
            self.connection.execute("VACUUM")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return True

    def put(self, record: Record, blocks: Sequence[Block] = ()) -> None:
        """Store a record, in place of an earlier one of the same run and id, with new blocks.

        Blocks of a launch replace what was stored of that launch; other launches stay.
        """
        self.put_all([(record, blocks)])

    def put_all(self, several: Sequence[tuple[Record, Sequence[Block]]]) -> None:
        """Store records as `put` does, all of them or none."""
        with sentences(self.path, self.patience), transaction(self.connection):
            for run in {record.run for record, _ in several}:
                self.require(run)
            for record, blocks in several:
                self.connection.execute(UPSERT, as_row(record.to_json(), RECORD_COLUMNS))
                if blocks:
                    self._put_blocks(self.number(record.run, record.id), blocks)

    def _put_blocks(self, number: int, blocks: Sequence[Block]) -> None:
        launches = sorted({block.launch for block in blocks})
        self.connection.executemany(
            "DELETE FROM blocks WHERE record = ? AND launch = ?",
            [(number, launch) for launch in launches],
        )
        self.connection.executemany(
            insert("blocks", ("record", "position", *BLOCK_COLUMNS)), block_rows(number, blocks)
        )

    def records(self, run: str) -> list[Record]:
        """Return the records of the run with this id, in the order they were first stored."""
        question = f"{select('records', RECORD_COLUMNS)} WHERE run = ? ORDER BY number"
        with sentences(self.path, self.patience), many_objects():
            self.require(run)
            return [as_record(row) for row in self.connection.execute(question, (run,))]

    def history(self, scenario: str) -> list[tuple[Run, Record]]:
        """Return the records of one scenario, named in full, and their runs: the oldest first."""
        records = f"{select('records', RECORD_COLUMNS)} WHERE scenario = ? ORDER BY number"
        runs = (
            f"{select('runs', RUN_COLUMNS)} WHERE id IN "
            f"(SELECT run FROM records WHERE scenario = ?) {OLDEST_FIRST}"
        )
        found: dict[str, list[Record]] = {}
        with sentences(self.path, self.patience):
            for row in self.connection.execute(records, (scenario,)):
                record = as_record(row)
                found.setdefault(record.run, []).append(record)
            rows = [as_run(row) for row in self.connection.execute(runs, (scenario,))]
        return [(run, record) for run in rows for record in found.get(run.id, ())]

    def scenario_names(self) -> list[str]:
        """Return the names of the scenarios of which there are records, sorted."""
        question = "SELECT DISTINCT scenario FROM records ORDER BY scenario"
        with sentences(self.path, self.patience):
            return [name for (name,) in self.connection.execute(question)]

    def blocks(self, run: str, record: str) -> list[Block]:
        """Return the blocks of one record by launch, then as they were put."""
        question = f"{select('blocks', BLOCK_COLUMNS)} WHERE record = ? ORDER BY launch, position"
        with sentences(self.path, self.patience):
            self.require(run)
            rows = self.connection.execute(question, (self.number(run, record),))
            return [as_block(row) for row in rows]

    def all_blocks(self, run: str) -> dict[str, list[Block]]:
        """Return the blocks of every record of a run that has any, by the record's id."""
        names = ", ".join(f"blocks.{name}" for name in BLOCK_COLUMNS)
        question = (
            f"SELECT {names}, records.id FROM records JOIN blocks ON record = number "
            "WHERE run = ? ORDER BY number, launch, position"
        )
        found: dict[str, list[Block]] = {}
        with sentences(self.path, self.patience):
            self.require(run)
            for *row, record in self.connection.execute(question, (run,)):
                found.setdefault(record, []).append(as_block(row))
        return found

    def runs(self) -> list[Summary]:
        """Return every run, newest first, with its records counted by status."""
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        known: defaultdict[str, dict[str, int]] = defaultdict(dict)
        with sentences(self.path, self.patience):
            for run, status, count, listed in self.connection.execute(COUNTS):
                counts[run][status], known[run][status] = count, listed
            launches = dict(self.connection.execute(FEWEST).fetchall())
        return [
            Summary(
                run=run, counts=counts[run.id], known=known[run.id], launches=launches.get(run.id)
            )
            for run in self.headers()
        ]

    def headers(self) -> list[Run]:
        """Return every run, newest first, without a look at its records."""
        with sentences(self.path, self.patience):
            rows = self.connection.execute(f"{select('runs', RUN_COLUMNS)} {NEWEST_FIRST}")
            return [as_run(row) for row in rows]

    def find(self, text: str) -> Run:
        """Return the run meant by the beginning of an id, `latest`, `latest~N`, or a label."""
        question = f"{select('runs', RUN_COLUMNS)} WHERE id = ?"
        with sentences(self.path, self.patience):
            pairs = self.names()
            if not pairs:
                raise nothing_stored(self.path)
            row = self.connection.execute(question, (choose(text, pairs),)).fetchone()
        return as_run(row)

    def names(self) -> list[tuple[str, str | None]]:
        return self.connection.execute(f"SELECT id, label FROM runs {NEWEST_FIRST}").fetchall()

    def require(self, run: str) -> None:
        if not self.connection.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone():
            raise missing(run, self.names())

    def number(self, run: str, record: str) -> int:
        question = "SELECT number FROM records WHERE run = ? AND id = ?"
        row = self.connection.execute(question, (run, record)).fetchone()
        if row is None:
            raise StoreError(
                f"run {run!r} has no record {record!r}; 'harness show {run}' names those it has"
            )
        return int(row[0])
