"""Records by their ids, which a trial has in every run.

One convention: of one id, the record of the newest run comes first.
"""

from __future__ import annotations

from results.database import nothing_stored, sentences
from results.errors import StoreError
from results.rows import RECORD_COLUMNS, as_record
from results.schema import Record
from results.store import Store

COLUMNS = ", ".join(f'records."{name}"' for name in RECORD_COLUMNS)
QUESTION = (
    f"SELECT {COLUMNS} FROM records JOIN runs ON runs.id = records.run "
    "WHERE substr(records.id, 1, length(?1)) = ?1 AND (?2 IS NULL OR records.run = ?2) "
    "ORDER BY runs.start DESC, runs.rowid DESC"
)


def beginning(store: Store, text: str, run: str | None = None) -> list[Record]:
    """Return the records of one id, named by it or its beginning, of all runs or of the one with
    this id. Raises StoreError where there is none, or where several ids begin so."""
    with sentences(store.path, store.patience):
        found = [as_record(row) for row in store.connection.execute(QUESTION, (text, run))]
    exactly = [record for record in found if record.id == text]
    ids = sorted({record.id for record in exactly or found})
    if len(ids) > 1:
        raise StoreError(
            f"{len(ids)} records begin with {text!r} ({', '.join(ids[:5])}); give more of the id"
        )
    if not ids:
        raise _missing(store, text, run)
    return exactly or found


def _missing(store: Store, text: str, run: str | None) -> StoreError:
    if not store.headers():
        return nothing_stored(store.path)
    where = f"run {run}" if run else f"any run in {store.path}"
    return StoreError(
        f"no record {text!r} in {where}; 'harness show {run or 'RUN'}' lists those of a survey "
        "that were wrong, each with its id"
    )
