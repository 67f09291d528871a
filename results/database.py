"""The store's file: opening it, knowing it for ours, bringing it up to date.

One convention: whatever SQLite or the file system raises leaves here as a `StoreError`, a sentence
with a remedy.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from results.errors import StoreError

APPLICATION = 0x68726E73  # "hrns", which tells our files from other programs'

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE runs (
            id TEXT PRIMARY KEY, command TEXT NOT NULL, label TEXT, seed INTEGER NOT NULL,
            start TEXT NOT NULL, "end" TEXT, machine TEXT NOT NULL, versions TEXT NOT NULL,
            numerics TEXT NOT NULL, settings TEXT NOT NULL, "commit" TEXT, schema INTEGER NOT NULL
        )""",
        """CREATE TABLE records (
            number INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES runs (id), id TEXT NOT NULL,
            scenario TEXT NOT NULL, size TEXT NOT NULL, point TEXT NOT NULL, dtype TEXT NOT NULL,
            operator TEXT NOT NULL, composition TEXT, wrt TEXT NOT NULL, backend TEXT NOT NULL,
            variant TEXT NOT NULL, version TEXT, device TEXT NOT NULL, status TEXT NOT NULL,
            reason TEXT, known TEXT, origin TEXT, error TEXT, value TEXT, inputs TEXT,
            seconds TEXT, bytes TEXT NOT NULL, schema INTEGER NOT NULL,
            UNIQUE (run, id)
        )""",
        "CREATE INDEX records_by_status ON records (run, status)",  # counts without the rows
        """CREATE TABLE blocks (
            record INTEGER NOT NULL REFERENCES records (number), launch INTEGER NOT NULL,
            position INTEGER NOT NULL, series TEXT NOT NULL, calls INTEGER NOT NULL,
            seconds REAL NOT NULL, faults INTEGER NOT NULL,
            PRIMARY KEY (record, launch, position)
        ) WITHOUT ROWID""",
    ),
    ("ALTER TABLE runs ADD COLUMN twins TEXT NOT NULL DEFAULT '{}'",),
    (
        "ALTER TABLE runs ADD COLUMN selection TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE runs ADD COLUMN code TEXT",
        "ALTER TABLE runs ADD COLUMN noise TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE records ADD COLUMN environment TEXT",
        "ALTER TABLE records ADD COLUMN lacks TEXT NOT NULL DEFAULT '{}'",
    ),
    ("ALTER TABLE records ADD COLUMN work TEXT",),
    (
        "CREATE INDEX records_by_scenario ON records (scenario, run)",
        "DROP INDEX records_by_status",
        # Counts, of known failures too, without the rows.
        "CREATE INDEX records_by_status ON records (run, status, known)",
    ),
)


def open_database(path: Path, *, writing: bool, patience: float) -> sqlite3.Connection:
    """Open the store's file, waiting up to `patience` seconds for other processes' locks.

    For writing, the file and its folder are made where they are missing. Raises StoreError.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder; name a file in it, such as {path / 'results.db'}")
    if writing:
        make_folder(path.parent)
    elif not path.exists():
        raise nothing_stored(path)
    with sentences(path, patience):
        return prepared(path, writing=writing, patience=patience)


def nothing_stored(path: Path) -> StoreError:
    return StoreError(
        f"no run has been stored in {path} yet; make one with 'harness run', "
        "or name another file with --results"
    )


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {folder} can't be made ({error.strerror}); name a file elsewhere with "
            "--results"
        ) from error


def prepared(path: Path, *, writing: bool, patience: float) -> sqlite3.Connection:
    """Return a connection to a file that is ours and up to date."""
    connection = connect(path, "mode=rwc" if writing else reading(path), patience)
    try:
        version = version_of(connection, path)
        if not (version or writing):
            raise nothing_stored(path)
        if version < len(MIGRATIONS):
            if not (writing or changeable(path)):
                connection = in_memory(connection)
            migrate(connection, MIGRATIONS)
        connection.execute("PRAGMA foreign_keys = ON")
        if writing:
            keep_journal(connection)
        else:
            connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def connect(path: Path, options: str, patience: float) -> sqlite3.Connection:
    """Open without Python's implicit transactions: ours are explicit, one a record."""
    address = f"file:{quote(str(path.resolve()))}?{options}"
    return sqlite3.connect(address, uri=True, timeout=patience, isolation_level=None)


def reading(path: Path) -> str:
    """Return the options to read a file that may lie in a folder where nothing can be made.

    There the log's index can't be created, but without a log there is nothing for it to index.
    Elsewhere "rw" and not "ro", as only the former takes log and index away when it closes.
    """
    if os.access(path.parent, os.W_OK) or Path(f"{path}-wal").exists():
        return "mode=rw"
    return "immutable=1"


def changeable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy of a file that can't be brought up to date where it lies; close the file."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    return copy


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return how many migrations the file has seen; 0 for an empty file. Raises StoreError."""
    connection.execute("BEGIN")  # one look at the file, though another process may be making it
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.execute("COMMIT")
    if objects and application != APPLICATION:
        raise StoreError(
            f"{path} is another program's SQLite file; name a file of its own with --results"
        )
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{path} was written by a newer harness (schema {version}, known here up to "
            f"{len(MIGRATIONS)}); try: pip install --upgrade autodiff-harness"
        )
    return int(version)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    """Apply the migrations that the file has not seen, all or none of them."""
    with transaction(connection):
        # Asked again under the lock: another process may have been first.
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {max(version, len(migrations))}")


def keep_journal(connection: sqlite3.Connection) -> str:
    """Turn on the write-ahead log where the file system allows it; return the journal in force.

    Only the log lets others read while a run writes. Without shared memory SQLite answers with
    the journal it keeps, and while another process is at work it may refuse for now: a rollback
    journal is right in both cases, only slower to share.
    """
    try:
        (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    return str(journal)


def alone(connection: sqlite3.Connection) -> bool:
    """Say whether no other connection holds the file; False also where nobody can tell.

    Only the last connection can leave the write-ahead log. Without one, as where there is no
    shared memory, a connection that is not at work just now leaves no trace.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    keep_journal(connection)
    return bool(journal == "wal")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction: all of it is stored, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()  # also what a COMMIT leaves open that found the file locked
        raise


REMEDIES = {
    "locked": "is held by another process, and was for {patience:g} s; wait for its run to end, or "
    "name another file with --results",
    "readonly": "can't be written; change its permissions, or name another file with --results",
    "unable to open": "can't be opened; look at its permissions and its folder's, or name another "
    "file with --results",
    "not a database": "is no SQLite file; name another file with --results",
    "malformed": "is damaged; move it away, or name another file with --results",
    "disk I/O": "can't be read or written, perhaps as the disk is full; free some space, or name "
    "another file with --results",
    "full": "can't grow, the disk is full; free some space, or name another file with --results",
}


@contextmanager
def sentences(path: Path, patience: float) -> Iterator[None]:
    """Turn what SQLite raises inside the block into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        text = next((REMEDIES[key] for key in REMEDIES if key in str(error)), None)
        sentence = text.format(patience=patience) if text else f"can't be used: {error}"
        raise StoreError(f"{path} {sentence}") from error
