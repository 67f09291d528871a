"""Label, delete and prune, as the command calls them, on a store of a few small runs."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.cli import harness
from harness.errors import UsageError
from results.database import transaction
from results.errors import StoreError
from results.store import Store
from tests.results.samples import a_record, a_run, blocks_of

MACHINE = {"cpu": "a CPU", "cores": 2, "memory": 2**30, "system": "a system", "devices": {}}
SETTINGS = {"threads": 1, "numerics": "equal", "launches": 1}
RUNS = {  # newest first
    "c3": {"start": "2026-03-01T00:00:00+00:00", "end": None},
    "b2": {"start": "2026-02-01T00:00:00+00:00", "label": "v1"},
    "a1": {"start": "2026-01-01T00:00:00+00:00"},
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "results.db"
    with Store(path, writing=True) as store:
        for run, changes in RUNS.items():
            store.add_run(a_run(run, machine=MACHINE, settings=SETTINGS, **changes))
            store.put(a_record(run=run), blocks_of(1e-3, count=2))
    return path


@pytest.fixture
def ask(path):
    def asked(*arguments):
        harness([*arguments, "--results", str(path)], standalone_mode=False)

    return asked


def left(path: Path) -> list[str]:
    with Store(path) as store:
        return [summary.run.id for summary in store.runs()]


def label_of(path: Path, run: str) -> "str | None":
    with Store(path) as store:
        return store.find(run).label


def test_a_run_gets_a_label_and_loses_it(ask, path, capsys):
    ask("label", "a1", "before [it]")
    assert label_of(path, "a1") == "before [it]"
    assert "run a1 has the label 'before [it]'" in capsys.readouterr().out
    ask("label", "before [it]", "")
    assert label_of(path, "a1") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("latest", "the label 'latest' would mean another run; give another name"),
        ("latest~2", "would mean another run"),
        ("a\nb", "can't be printed; leave them out"),
    ],
)
def test_a_label_that_no_run_can_have_is_refused(ask, path, text, sentence):
    with pytest.raises(UsageError, match=sentence):
        ask("label", "b2", text)
    assert label_of(path, "b2") == "v1"


def test_a_label_that_begins_another_runs_id_is_refused(ask, path):
    with pytest.raises(UsageError, match="the label 'a1' begins the id of run a1"):
        ask("label", "b2", "a1")


@pytest.mark.parametrize(
    "arguments", [("label", "a11", "x"), ("delete", "a1", "a11", "--yes")], ids=" ".join
)
def test_a_run_that_is_not_there_changes_nothing(ask, path, arguments):
    with pytest.raises(StoreError, match=r"no run called 'a11'; did you mean 'a1'\?"):
        ask(*arguments)
    assert left(path) == list(RUNS)


def test_no_command_of_upkeep_makes_a_store(tmp_path):
    path = tmp_path / "none.db"
    for words in (["label", "latest", "x"], ["delete", "latest"], ["prune", "--keep", "1"]):
        with pytest.raises(StoreError, match="no run has been stored"):
            harness([*words, "--results", str(path)], standalone_mode=False)
    assert not path.exists()


def test_runs_are_deleted_with_a_yes_and_the_space_is_told(ask, path, capsys):
    ask("delete", "v1", "latest~2", "b2", "--yes")
    out = capsys.readouterr().out
    assert left(path) == ["c3"]
    assert "deleted 2 runs with 2 records" in out
    assert f"{path} takes {path.stat().st_size / 1000:.1f} kB now" in out


def test_without_a_terminal_nothing_is_deleted_unasked(ask, path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(
        UsageError, match=r"nobody can be asked about 1 run with 1 record; .* --yes"
    ):
        ask("delete", "a1")
    assert left(path) == list(RUNS)
    assert "2026-01-01" in capsys.readouterr().out, "what would go is shown all the same"


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("answer", "stays"), [("y", False), ("n", True), ("", True)])
def test_on_a_terminal_a_yes_is_asked_for(ask, path, monkeypatch, answer, stays):
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    ask("delete", "a1")
    assert ("a1" in left(path)) is stays


class Resumes(Terminal):
    """A terminal whose user takes so long that another process has resumed the run meanwhile."""

    def __init__(self, path, run):
        super().__init__("y\n")
        self.path, self.run, self.other = path, run, None

    def readline(self, *words):
        self.other = Store(self.path, writing=True)
        found = self.other.find(self.run)
        self.other.reopen(found, replace(found, end=None))
        return super().readline(*words)


@pytest.mark.parametrize("words", [("delete", "a1"), ("prune", "--keep", "2")], ids=" ".join)
def test_a_run_that_was_resumed_while_the_question_stood_stays(ask, path, monkeypatch, words):
    terminal = Resumes(path, "a1")
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(UsageError, match=r"run a1 has not ended .* nothing was deleted; wait"):
        ask(*words)
    terminal.other.close()
    assert left(path) == list(RUNS)


def test_a_run_without_an_end_is_deleted_where_nobody_else_has_the_file(ask, path):
    ask("delete", "c3", "--yes")
    assert left(path) == ["b2", "a1"]


def test_a_run_that_may_still_be_being_written_is_deleted_only_by_force(ask, path, capsys):
    with Store(path, writing=True) as writer:
        writer.runs()
        with pytest.raises(UsageError, match=r"run c3 has not ended and may still be .* --force"):
            ask("delete", "c3", "--yes")
        assert left(path) == list(RUNS)
        ask("delete", "c3", "--yes", "--force")
        assert "may be open elsewhere, so its space is kept" in capsys.readouterr().out
        with pytest.raises(StoreError, match="no run called 'c3'"):
            writer.put(a_record("two", run="c3"))
    assert left(path) == ["b2", "a1"]


def test_pruning_spares_labels_and_what_may_be_being_written(ask, path, capsys):
    with Store(path, writing=True) as writer:
        writer.runs()
        ask("prune", "--keep", "0", "--yes")
    assert left(path) == ["c3", "b2"]
    assert "1 run without an end stay" in capsys.readouterr().err
    ask("prune", "--older-than", "1h", "--labelled", "--yes")
    assert left(path) == []


def test_pruning_can_take_the_unfinished_only(ask, path):
    ask("prune", "--unfinished", "--yes")
    assert left(path) == ["b2", "a1"]


def test_pruning_nothing_says_so_and_asks_nothing(ask, path, capsys):
    ask("prune", "--keep", "3")
    assert capsys.readouterr().out == "nothing to delete\n"
    assert left(path) == list(RUNS)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "nothing says what may go; give --keep, --older-than or --unfinished"),
        (("--labelled", "--yes"), "nothing says what may go"),
        (("--keep", "-1"), "--keep is -1; give 0 or more"),
        (("--older-than", "30"), "--older-than '30' won't do; give hours, days or weeks, as 30d"),
        (("--older-than", "-3d"), "give hours, days or weeks"),
        (("--older-than", "999999999d"), "give hours, days or weeks"),
    ],
)
def test_a_bad_condition_is_refused_with_a_good_one(ask, path, arguments, sentence):
    with pytest.raises(UsageError, match=sentence):
        ask("prune", *arguments)
    assert left(path) == list(RUNS)


def test_only_the_list_of_runs_can_be_asked_for_in_full(ask, capsys):
    ask("list", "runs", "--all")
    assert "a1" in capsys.readouterr().out
    with pytest.raises(UsageError, match="try: harness list runs --all"):
        ask("list", "backends", "--all")


def test_reading_goes_on_while_a_run_writes_and_shows_what_is_finished(ask, path, capsys):
    with Store(path, writing=True) as writer, transaction(writer.connection):
        writer.connection.execute("UPDATE records SET status = 'failed'")
        for words in (("list", "runs"), ("show", "c3"), ("export", "c3")):
            ask(*words)
            shown = capsys.readouterr().out
            assert "ok" in shown and "failed" not in shown
    ask("show", "c3")
    assert "1 failed" in capsys.readouterr().out


def test_a_run_of_a_newer_schema_is_refused_with_the_upgrade(ask, path):
    with Store(path, writing=True) as store:
        store.connection.execute("UPDATE runs SET schema = 2 WHERE id = 'a1'")
    for words in (("show", "a1"), ("export", "a1"), ("list", "runs")):
        with pytest.raises(StoreError, match=r"run 'a1' was written by a newer harness .* --upgr"):
            ask(*words)
    ask("show", "b2")
