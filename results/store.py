"""The store: every run, record and block that was measured, in one SQLite file.

One convention: what `put` has returned from is stored, whatever happens afterwards; others may
read while a run writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from results.database import nothing_stored, open_database, sentences, transaction
from results.errors import StoreError
from results.lookup import choose, missing
from results.schema import Block, Record, Run, encode

RUN_COLUMNS = (
    *("id", "command", "label", "seed", "start", "end", "machine", "versions", "numerics"),
    *("settings", "twins", "commit", "selection", "code", "noise", "schema"),
)
RECORD_COLUMNS = (
    *("run", "id", "scenario", "size", "point", "dtype", "operator", "composition", "wrt"),
    *("backend", "variant", "version", "device", "status", "reason", "known", "origin", "error"),
    *("value", "inputs", "seconds", "bytes", "environment", "lacks", "schema"),
)
BLOCK_COLUMNS = ("launch", "series", "calls", "seconds", "faults")
JSON = {
    *("machine", "versions", "numerics", "settings", "twins", "selection", "noise"),
    *("size", "wrt", "error", "value", "seconds", "bytes", "lacks"),
}
NEWEST_FIRST = "ORDER BY start DESC, rowid DESC"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A stored run and how many of its records have each status."""

    run: Run
    counts: Mapping[str, int]


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()

    def add_run(self, run: Run) -> None:
        """Store a new run."""
        row = as_row(run.to_json(), RUN_COLUMNS)
        with sentences(self.path, self.patience), transaction(self.connection):
            self.connection.execute(insert("runs", RUN_COLUMNS), row)

    def finish_run(self, run: str, end: str, noise: Mapping[str, Any] | None = None) -> None:
        """Note when a run ended (ISO 8601, UTC), and what the machine did besides."""
        with sentences(self.path, self.patience), transaction(self.connection):
            self.require(run)
            self.connection.execute('UPDATE runs SET "end" = ? WHERE id = ?', (end, run))
            if noise is not None:
                text = json.dumps(encode(noise), allow_nan=False)
                self.connection.execute("UPDATE runs SET noise = ? WHERE id = ?", (text, run))

    def put(self, record: Record, blocks: Sequence[Block] = ()) -> None:
        """Store a record, in place of an earlier one of the same run and id, with new blocks.

        Blocks of a launch replace what was stored of that launch; other launches stay.
        """
        row = as_row(record.to_json(), RECORD_COLUMNS)
        with sentences(self.path, self.patience), transaction(self.connection):
            self.require(record.run)
            self.connection.execute(UPSERT, row)
            number = self.number(record.run, record.id)
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
        with sentences(self.path, self.patience):
            self.require(run)
            rows = self.connection.execute(question, (run,))
            return [Record.from_json(as_json(row, RECORD_COLUMNS)) for row in rows]

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
        counts: dict[str, dict[str, int]] = {}
        with sentences(self.path, self.patience):
            for run, status, count in self.connection.execute(
                "SELECT run, status, count(*) FROM records GROUP BY run, status"
            ):
                counts.setdefault(run, {})[status] = count
            rows = self.connection.execute(f"{select('runs', RUN_COLUMNS)} {NEWEST_FIRST}")
            found = [Run.from_json(as_json(row, RUN_COLUMNS)) for row in rows]
        return [Summary(run=run, counts=counts.get(run.id, {})) for run in found]

    def find(self, text: str) -> Run:
        """Return the run meant by the beginning of an id, `latest`, `latest~N`, or a label."""
        question = f"{select('runs', RUN_COLUMNS)} WHERE id = ?"
        with sentences(self.path, self.patience):
            pairs = self.names()
            if not pairs:
                raise nothing_stored(self.path)
            row = self.connection.execute(question, (choose(text, pairs),)).fetchone()
        return Run.from_json(as_json(row, RUN_COLUMNS))

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


def quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def select(table: str, columns: Iterable[str]) -> str:
    return f"SELECT {quoted(columns)} FROM {table}"


def insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({quoted(columns)}) VALUES ({', '.join('?' * len(columns))})"


UPSERT = f"{insert('records', RECORD_COLUMNS)} ON CONFLICT (run, id) DO UPDATE SET " + ", ".join(
    f'"{name}" = excluded."{name}"' for name in RECORD_COLUMNS
)


def as_row(data: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """Return the columns of a JSON object, the nested ones as JSON text."""
    return [
        json.dumps(data[name], allow_nan=False)
        if name in JSON and data[name] is not None
        else data[name]
        for name in columns
    ]


def as_json(row: Sequence[Any], columns: Sequence[str]) -> dict[str, Any]:
    """Undo `as_row`."""
    return {
        name: json.loads(item) if name in JSON and item is not None else item
        for name, item in zip(columns, row, strict=True)
    }


def block_rows(number: int, blocks: Sequence[Block]) -> list[tuple[Any, ...]]:
    return [
        (number, position, block.launch, block.series, block.calls, block.seconds, block.faults)
        for position, block in enumerate(blocks)
    ]


def as_block(row: Sequence[Any]) -> Block:
    return Block(**dict(zip(BLOCK_COLUMNS, row, strict=True)))
