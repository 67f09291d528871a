"""Rows of the store's tables: which columns there are, and the way from data to a row and back.

One convention: a column has the name of the data's key; what is nested lies in it as JSON text.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from results.encoding import decode
from results.schema import Block, Record, Run

RUN_COLUMNS = (
    *("id", "command", "label", "seed", "start", "end", "machine", "versions", "numerics"),
    *("settings", "twins", "commit", "selection", "code", "noise", "schema"),
)
RECORD_COLUMNS = (
    *("run", "id", "scenario", "size", "point", "dtype", "operator", "composition", "wrt"),
    *("backend", "variant", "version", "device", "status", "environment", "reason", "known"),
    *("origin", "error", "value", "inputs", "seconds", "bytes", "lacks", "work", "schema"),
)
BLOCK_COLUMNS = ("launch", "series", "calls", "seconds", "faults")
RENEWED = (  # of a run that goes on; its label may have been changed since it was read
    *("end", "machine", "versions", "numerics", "settings", "twins", "commit", "code", "noise"),
)


@lru_cache(maxsize=4096)
def shared(text: str) -> Any:
    """Parse what many records have alike once; they share the object, which nobody changes."""
    return json.loads(text)


def numbers(text: str) -> Any:
    """Parse what may hold numbers that are not finite; few texts do, and decoding takes as long."""
    data = json.loads(text)
    return decode(data) if '"nan"' in text or 'inf"' in text else data


JSON: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("machine", "versions", "numerics", "settings", "twins"), json.loads),
    **dict.fromkeys(("selection", "noise"), json.loads),
    **dict.fromkeys(("size", "wrt", "bytes", "lacks", "work"), shared),
    **dict.fromkeys(("error", "value", "seconds"), numbers),
}


def quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def select(table: str, columns: Iterable[str]) -> str:
    return f"SELECT {quoted(columns)} FROM {table}"


def insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({quoted(columns)}) VALUES ({', '.join('?' * len(columns))})"


UPSERT = f"{insert('records', RECORD_COLUMNS)} ON CONFLICT (run, id) DO UPDATE SET " + ", ".join(
    f'"{name}" = excluded."{name}"' for name in RECORD_COLUMNS
)

REOPEN = (
    f"UPDATE runs SET ({quoted(RENEWED)}) = ({', '.join('?' * len(RENEWED))}) "
    'WHERE id = ? AND "end" IS ?'
)
COPY_RECORD = (
    f"INSERT INTO records ({quoted(RECORD_COLUMNS)}) "
    f"SELECT ?, {quoted(RECORD_COLUMNS[1:])} FROM records WHERE number = ?"
)
COPY_BLOCKS = (
    f"INSERT INTO blocks (record, position, {quoted(BLOCK_COLUMNS)}) "
    f"SELECT ?, position, {quoted(BLOCK_COLUMNS)} FROM blocks WHERE record = ?"
)
COUNTS = "SELECT run, status, count(*), count(known) FROM records GROUP BY run, status"
FEWEST = "SELECT run, min(json_extract(seconds, '$.launches')) FROM records GROUP BY run"
DELETIONS = (  # what refers to others goes before them
    "DELETE FROM blocks WHERE record IN (SELECT number FROM records WHERE run = ?)",
    "DELETE FROM records WHERE run = ?",
    "DELETE FROM runs WHERE id = ?",
)


def as_row(data: Mapping[str, Any], columns: Sequence[str]) -> list[Any]:
    """Return the columns of a JSON object, the nested ones as JSON text."""
    return [
        json.dumps(data[name], allow_nan=False)
        if name in JSON and data[name] is not None
        else data[name]
        for name in columns
    ]


def block_rows(number: int, blocks: Sequence[Block]) -> list[tuple[Any, ...]]:
    return [
        (number, position, block.launch, block.series, block.calls, block.seconds, block.faults)
        for position, block in enumerate(blocks)
    ]


def as_json(row: Sequence[Any], columns: Sequence[str]) -> dict[str, Any]:
    """Undo `as_row`, and decode numbers."""
    return {
        name: JSON[name](item) if name in JSON and item is not None else item
        for name, item in zip(columns, row, strict=True)
    }


def as_run(row: Sequence[Any]) -> Run:
    return Run.from_json(as_json(row, RUN_COLUMNS))


def as_record(row: Sequence[Any]) -> Record:
    return Record.from_fields(as_json(row, RECORD_COLUMNS))


def as_block(row: Sequence[Any]) -> Block:
    return Block(**dict(zip(BLOCK_COLUMNS, row, strict=True)))


@contextmanager
def many_objects() -> Iterator[None]:
    """Keep the garbage collector away while many objects are made that all live on.

    It looks at each of them again and again: 100 000 records took 4.7 s with it, 3.5 s without.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
