from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from results import database
from results.errors import StoreError
from results.rows import quoted
from results.store import Store
from tests.results.samples import a_record, a_run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.db"


@pytest.fixture
def stored(path: Path) -> Path:
    with Store(path, writing=True) as store:
        store.add_run(a_run())
        store.put(a_record())
    return path


@pytest.fixture
def nobody() -> Iterator[None]:
    """Act as a user whom permissions bind, which the superuser's tests are not."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def read_only(stored: Path) -> Iterator[Path]:
    """A store in a folder that anybody may read and nobody may write."""
    with TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        copy = Path(folder) / "results.db"
        copy.write_bytes(stored.read_bytes())
        copy.chmod(0o444)
        Path(folder).chmod(0o555)
        yield copy
        Path(folder).chmod(0o755)


def test_opening_for_writing_makes_the_folder_and_the_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "a file?with #odd%20 name.db"
    Store(path, writing=True).close()
    assert path.is_file()


def test_reading_an_absent_file_is_an_error_and_makes_nothing(path: Path) -> None:
    with pytest.raises(StoreError, match=r"no run has been stored in .*results\.db yet; make one"):
        Store(path)
    assert not path.exists()


def test_reading_an_empty_file_is_an_error_and_leaves_it_empty(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match="no run has been stored"):
        Store(path)
    assert path.stat().st_size == 0


def test_a_folder_is_refused_with_the_name_of_a_file_in_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is a folder; name a file in it, such as .*results\.db"):
        Store(tmp_path, writing=True)


@pytest.mark.parametrize("writing", [False, True])
def test_another_programs_sqlite_file_is_left_alone(path: Path, writing: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program's SQLite file"):
        Store(path, writing=writing)
    assert path.read_bytes() == before


@pytest.mark.parametrize("writing", [False, True])
def test_a_file_that_is_no_database_is_left_alone(path: Path, writing: bool) -> None:
    path.write_text("scenario,seconds\n" * 100)
    with pytest.raises(StoreError, match="is no SQLite file; name another file"):
        Store(path, writing=writing)
    assert path.read_text().startswith("scenario")


def test_a_damaged_file_is_said_to_be_damaged(stored: Path) -> None:
    whole = stored.read_bytes()
    stored.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="is damaged; move it away"), Store(stored) as store:
        store.records("r1")


def test_a_newer_schema_is_refused_with_the_upgrade(stored: Path) -> None:
    with closing(sqlite3.connect(stored)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match=r"newer harness .* pip install --upgrade"):
        Store(stored)


def test_a_locked_file_is_given_up_after_the_patience(stored: Path) -> None:
    with Store(stored, writing=True) as holder, Store(stored, writing=True, patience=0.05) as late:
        given_up = pytest.raises(StoreError, match=r"held by another process, and was for 0\.05 s")
        with database.transaction(holder.connection), given_up:
            late.put(a_record("two"))
        late.put(a_record("two"))
        assert [record.id for record in late.records("r1")] == ["one", "two"]


def test_a_full_disk_is_an_error_and_keeps_what_is_stored(stored: Path) -> None:
    with Store(stored, writing=True) as store:
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        store.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="the disk is full; free some space"):
            store.put(a_record("two", reason="x" * 100_000))
    with Store(stored) as store:
        assert [record.id for record in store.records("r1")] == ["one"]


def test_a_folder_that_cannot_be_made_is_an_error() -> None:
    with pytest.raises(StoreError, match=r"the folder /proc/harness can't be made .* elsewhere"):
        Store("/proc/harness/results.db", writing=True)


def test_writing_into_a_read_only_folder_is_an_error(read_only: Path, nobody: None) -> None:
    with pytest.raises(StoreError, match=r"can't be (written|opened); .*permissions"):
        Store(read_only, writing=True)
    with pytest.raises(StoreError, match="can't be opened; look at its permissions"):
        Store(read_only.with_name("new.db"), writing=True)


def test_reading_from_a_read_only_folder_works(read_only: Path, nobody: None) -> None:
    with Store(read_only) as store:
        assert [record.id for record in store.records("r1")] == ["one"]


def test_a_store_opened_for_reading_refuses_to_write(stored: Path) -> None:
    with Store(stored) as store, pytest.raises(StoreError, match="can't be written"):
        store.put(a_record("two"))


def test_reading_leaves_no_file_behind(stored: Path) -> None:
    with Store(stored) as store:
        store.runs()
    assert [file.name for file in stored.parent.iterdir()] == ["results.db"]


def test_a_run_writes_with_the_write_ahead_log(stored: Path) -> None:
    with Store(stored, writing=True) as store:
        assert store.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_without_shared_memory_the_rollback_journal_stays_in_force(path: Path) -> None:
    # This way to lock has no shared memory, like a network file system.
    address = f"file:{path}?vfs=unix-dotfile"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    with closing(connection):
        database.migrate(connection, database.MIGRATIONS)
        assert database.keep_journal(connection) == "delete"
        assert not database.alone(connection), "nobody can tell"


def test_a_log_refused_for_now_leaves_the_rollback_journal_in_force(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        database.migrate(reader, database.MIGRATIONS)
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM runs").fetchone()
            assert database.keep_journal(connection) == "delete"
            reader.execute("COMMIT")
            assert database.keep_journal(connection) == "wal"


def test_an_older_file_gets_the_migrations_that_it_lacks(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = (*database.MIGRATIONS, ("ALTER TABLE runs ADD COLUMN mood TEXT",))
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    with Store(stored) as store:
        assert store.connection.execute("SELECT mood FROM runs").fetchall() == [(None,)]
        assert store.connection.execute("PRAGMA user_version").fetchone() == (len(newer),)
        assert [record.id for record in store.records("r1")] == ["one"]


def as_it_was(stored: Path) -> None:
    """Take a file back to the first schema, as a run without twins wrote it."""
    old = stored.with_name("old.db")
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        database.migrate(connection, database.MIGRATIONS[:1])
        database.keep_journal(connection)
        connection.execute("ATTACH ? AS newer", (str(stored),))
        for table in ("runs", "records", "blocks"):
            columns = quoted(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
            copied = f"({columns}) SELECT {columns} FROM newer.{table}"
            connection.execute(f"INSERT INTO {table} {copied}")
    old.replace(stored)


def test_a_store_from_before_twins_still_loads(stored: Path) -> None:
    as_it_was(stored)
    with Store(stored) as store:
        assert [summary.run.twins for summary in store.runs()] == [{}]
        assert [record.id for record in store.records("r1")] == ["one"]


@pytest.fixture
def older_read_only(read_only: Path) -> Path:
    read_only.parent.chmod(0o755)
    read_only.chmod(0o644)
    as_it_was(read_only)
    read_only.chmod(0o444)
    read_only.parent.chmod(0o555)
    return read_only


def test_an_older_store_that_cannot_be_changed_is_read_as_it_lies(
    older_read_only: Path, nobody: None
) -> None:
    before = older_read_only.read_bytes()
    assert b"twins" not in before
    with Store(older_read_only) as store:
        assert store.find("latest").twins == {}
        assert [record.id for record in store.records("r1")] == ["one"]
    assert older_read_only.read_bytes() == before


def test_a_migration_that_fails_changes_nothing(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ("CREATE TABLE half (a)", "ALTER TABLE nowhere ADD COLUMN b")
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", (*database.MIGRATIONS, broken))
        with pytest.raises(StoreError, match="can't be used: no such table: nowhere"):
            Store(stored, writing=True)
    with Store(stored) as store:
        tables = store.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert "half" not in {name for (name,) in tables}


def test_several_processes_may_make_the_same_file_at_once(path: Path) -> None:
    program = (
        "import sys\nfrom results.store import Store\nfrom tests.results.samples import a_run\n"
        "with Store(sys.argv[1], writing=True) as store:\n    store.add_run(a_run(sys.argv[2]))\n"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(path), f"r{number}"])
        for number in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    with Store(path) as store:
        assert len(store.runs()) == 4
