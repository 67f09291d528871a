"""The file of a survey's page: refused before the survey begins, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from harness.atlas.page import reproducer, writable, write
from harness.errors import UsageError
from tests.harness.processes import command
from tests.results.atlas.survey import a_survey, answers
from tests.results.samples import a_record, a_run


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing/atlas.html", "there is no folder"),
        (".", "is a folder"),
        ("", "is a folder"),
        ("store.db", "is the store of results"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path: Path, name: str, why: str) -> None:
    file = str(tmp_path / name) if name else ""
    with pytest.raises(UsageError, match=why):
        writable(file, tmp_path / "store.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="can't be written"):
        writable(str(tmp_path / "atlas.html"), tmp_path / "store.db")


def test_the_refusal_comes_before_the_survey_begins(tmp_path: Path) -> None:
    done = command("atlas", "--primitive", "abs", "--html", "none/x.html", folder=tmp_path)
    assert done.returncode == 2 and "there is no folder" in done.stderr
    assert not (tmp_path / ".harness").exists()


def test_a_page_is_written_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = writable(str(tmp_path / "atlas.html"), tmp_path / "store.db")
    write(path, a_survey(), answers(), "harness repro")
    assert path.read_text().startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [path]
    assert path.stat().st_mode & 0o600 == 0o600


def test_a_survey_writes_its_page_and_a_stored_one_has_it_again(tmp_path: Path) -> None:
    words = ("atlas", "--primitive", "abs", "--backend", "numpy:eager", "--html", "one.html")
    done = command(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert command("show", "--html", "two.html", folder=tmp_path).returncode == 0
    one, two = ((tmp_path / name).read_text() for name in ("one.html", "two.html"))
    assert "numpy:eager" in one and one == two


def test_a_failure_to_write_keeps_the_old_page_and_says_how_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "atlas.html"
    path.write_text("old")

    def full(*names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="the run is stored: harness show r1 --html FILE"):
        write(path, a_survey(), answers(), "harness repro")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_run_that_is_no_survey_has_no_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no survey of primitives"):
        write(tmp_path / "atlas.html", a_run(), [a_record()], "harness repro")


def test_the_reproducer_names_a_store_that_is_not_the_usual_one() -> None:
    usual = Path(".harness/results.db")
    assert reproducer(usual, usual) == "harness repro"
    assert reproducer(Path("my runs.db"), usual) == "harness repro --results 'my runs.db'"
