"""A run that is resumed does what is left and only that, loses no record, and says what does not
stand and why."""

import os
import shutil
import signal
from dataclasses import replace

import pytest

import harness
from harness import plan, runner
from harness.carry import carry_out
from harness.commands.run import run as command_run
from harness.contract import Description
from harness.crew import Crew
from harness.earlier import Earlier, asked, find
from harness.errors import Interrupted, UsageError
from harness.events import Finished, Started, Working
from harness.options import Options, Selection
from harness.outcome import Outcome, identity
from harness.resume import resumed
from results.database import transaction
from results.errors import StoreError
from results.rows import RUN_COLUMNS, as_row, quoted
from results.store import Store
from tests.harness.processes import command, lines, start, until

WORDS = {"backend": "numpy,fake:exact,fake:sign", "launches": 2, "budget": 0.01}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The store of a run that is whole: two cases on two right backends and a wrong one."""
    path = tmp_path_factory.mktemp("whole") / "r.db"
    harness.run("square", "gradient-penalty", **WORDS, results=path)
    return path


@pytest.fixture
def path(whole, tmp_path):
    """A copy of it to change."""
    return shutil.copy(whole, tmp_path / "r.db")


def stored(path):
    with Store(path) as store:
        run = store.find("latest")
        return run, {r.id: r for r in store.records(run.id)}, store.all_blocks(run.id)


def drop(path, ids=(), **changes):
    """Take records out of the store, and change the header."""
    run, _, _ = stored(path)
    row = as_row(replace(run, **changes).to_json(), RUN_COLUMNS)
    change = f"UPDATE runs SET ({quoted(RUN_COLUMNS)}) = ({', '.join('?' * len(row))})"
    with Store(path, writing=True) as store, transaction(store.connection):
        store.connection.execute(change, row)
        numbers = [(store.number(run.id, id),) for id in ids]
        store.connection.executemany("DELETE FROM blocks WHERE record = ?", numbers)
        store.connection.executemany("DELETE FROM records WHERE number = ?", numbers)


def drop_launch(path, id, launch):
    """Take one launch of a record out of the store, as if the run had been stopped before it."""
    with Store(path, writing=True) as store:
        run = store.find("latest").id
        number = store.number(run, id)
        store.connection.execute(
            "DELETE FROM blocks WHERE record = ? AND launch = ?", (number, launch)
        )


def finish(path, notify=lambda event: None):
    """Finish the run of a store in this process; return the records and what was told."""
    earlier, told = find(path, "latest"), []

    def listen(event):
        told.append(event)
        notify(event)

    selection, options = asked(earlier.run)
    planned = plan.make(selection, seed=options.seed)
    with Store(path, writing=True) as store:
        records = runner.execute(
            planned, options, store=store, command="", notify=listen, earlier=earlier
        )
    return records, told


def timed(told):
    """The ids of the trials that were timed."""
    return {identity(e.trial) for e in told if isinstance(e, Working) and e.phase == "timing"}


def ids(records, backend):
    return [id for id, record in records.items() if f"{record.backend}:{record.variant}" == backend]


def starts(monkeypatch):
    """Count how often workers are started."""
    counted, begin = [], Crew.start
    monkeypatch.setattr(Crew, "start", lambda crew: counted.append(1) or begin(crew))
    return counted


def test_missing_trials_are_done_and_finished_ones_are_not_timed_again(path):
    run, before, blocks = stored(path)
    lost = ids(before, "fake:exact")
    drop(path, lost, end=None)
    records, told = finish(path)
    run_now, after, blocks_now = stored(path)
    assert timed(told) == set(lost)
    assert {r.id: r.status for r in records} == {id: r.status for id, r in before.items()}
    assert run_now.id == run.id and run_now.end is not None and run_now.code == run.code
    for id in before.keys() - set(lost):
        assert after[id] == before[id] and blocks_now.get(id) == blocks.get(id)
    assert all(after[id].seconds.launches == 2 for id in lost)
    tell_of_every_record(told, before, lost)


def tell_of_every_record(told, before, lost):
    """Hold what a run told to this: all records, those that stand as earlier ones."""
    (started,) = [event for event in told if isinstance(event, Started)]
    finished = {e.record.id: e.earlier for e in told if isinstance(e, Finished)}
    assert started.total == 6 and started.notes == ("resumed: 2 of 6 trials left to do",)
    assert finished == {id: id not in lost for id in before}


def test_a_trial_that_lacks_a_launch_is_measured_in_that_launch_only(path, monkeypatch):
    _, before, blocks = stored(path)
    lost = ids(before, "fake:exact")[0]
    drop_launch(path, lost, 1)
    counted = starts(monkeypatch)
    _, told = finish(path)
    _, after, blocks_now = stored(path)
    first = [block for block in blocks[lost] if block.launch == 0]
    assert [block for block in blocks_now[lost] if block.launch == 0] == first
    assert after[lost].seconds.launches == 2
    assert after[lost].seconds.new_shape == before[lost].seconds.new_shape
    assert after[lost].seconds.import_ == before[lost].seconds.import_
    assert timed(told) == {lost} and len(counted) == 1, "launch 0 had nothing left to do"
    assert next(e for e in told if isinstance(e, Started)).notes == (
        "resumed: 1 of 6 trials left to do (1 with launches that stand)",
    )


def test_where_nothing_is_left_that_is_said_and_nothing_is_changed(path, capsys):
    before = stored(path)
    earlier = find(path, "latest")
    selection, options = asked(earlier.run)
    planned = plan.make(selection, seed=0)
    status = carry_out(planned, options, str(path), None, False, earlier)
    out = capsys.readouterr().out
    assert status == 1, "a record is wrong, as the run said when it ended"
    assert "nothing is left to do: 6 trials stand" in out and "6 trials: 4 ok, 2 wrong" in out
    assert "[1/6]" not in out, "what stands is no progress"
    assert stored(path) == before


def test_a_run_that_was_killed_when_all_was_done_gets_its_end(path):
    drop(path, end=None)
    _, told = finish(path)
    run, _, _ = stored(path)
    assert run.end is not None and not timed(told)


def of(path, run):
    """What is stored of one run."""
    with Store(path) as store:
        return store.find(run), {r.id: r for r in store.records(run)}, store.all_blocks(run)


def test_other_code_makes_a_new_run_in_which_all_is_done_again(path, monkeypatch):
    old = stored(path)
    drop(path, label="nightly")
    monkeypatch.setattr(runner, "code_of", lambda planned: "sha256:other")
    _, told = finish(path)
    new, after, blocks = stored(path)
    earlier, records, earlier_blocks = of(path, old[0].id)
    assert new.id != earlier.id and new.code == "sha256:other" and new.label == "nightly"
    assert (new.selection, new.settings) == (earlier.selection, earlier.settings)
    assert (records, earlier_blocks) == old[1:] and earlier == replace(old[0], label="nightly")
    right = {id for id, record in records.items() if record.status == "ok"}
    assert timed(told) == right and all(blocks[id] != old[2][id] for id in right)
    assert {id: r.status for id, r in after.items()} == {id: r.status for id, r in old[1].items()}
    notes = next(e for e in told if isinstance(e, Started)).notes
    assert notes == (
        f"resumed from run {earlier.id}, which stays as it is: 6 of 6 trials left to do",
        "6 trials done anew, as the code is another",
    )


def older(path, backend):
    """Let the records of a backend be of another version."""
    with Store(path, writing=True) as store, transaction(store.connection):
        store.connection.execute("UPDATE records SET version = '0.1' WHERE backend = ?", (backend,))


def test_another_version_makes_a_new_run_that_takes_over_what_stands(path):
    older(path, "numpy")
    old = stored(path)
    records, told = finish(path)
    new, after, blocks = stored(path)
    redone = set(ids(old[1], "numpy:replay"))
    assert new.id != old[0].id and of(path, old[0].id) == old, "nothing of the old run is lost"
    assert timed(told) == redone and after.keys() == old[1].keys()
    for id in after.keys() - redone:
        assert after[id] == replace(old[1][id], run=new.id) and blocks.get(id) == old[2].get(id)
    assert {record.run for record in records} == {new.id}
    assert all(after[id].version != "0.1" and after[id].seconds.launches == 2 for id in redone)


def test_a_new_run_that_is_stopped_at_once_has_lost_nothing(path):
    older(path, "numpy")
    old = stored(path)

    def stop(event):
        if isinstance(event, Working):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match=r"is in run .*; not whole: harness run --resume"):
        finish(path, stop)
    new, after, _ = stored(path)
    assert of(path, old[0].id) == old and new.id != old[0].id
    assert sum(record.status == "interrupted" for record in after.values()) == 2
    finish(path)
    last, whole, _ = stored(path)
    assert last.id == new.id, "all that was measured in it stands, so it goes on"
    assert not any(record.status == "interrupted" for record in whole.values())


def test_records_of_trials_that_left_the_plan_stay_in_the_earlier_run(path):
    run, before, _ = stored(path)
    drop(
        path,
        ids(before, "fake:exact"),
        end=None,
        selection={**run.selection, "scenarios": ["square"]},
    )
    old = stored(path)
    _, told = finish(path)
    new, after, _ = stored(path)
    assert of(path, old[0].id) == old and new.id != run.id
    assert len(after) == 3 and {r.scenario for r in after.values()} == {"documented/square"}
    assert next(e for e in told if isinstance(e, Started)).notes == (
        f"resumed from run {run.id}, which stays as it is: 1 of 3 trials left to do",
        f"2 records of run {run.id} left there: no longer in the plan",
    )


def test_where_nothing_is_left_a_trial_that_left_the_plan_makes_no_new_run(path):
    run, _, _ = stored(path)
    drop(path, selection={**run.selection, "scenarios": ["square"]})
    old = stored(path)
    _, told = finish(path)
    assert stored(path) == old
    assert next(e for e in told if isinstance(e, Started)).notes == (
        "nothing is left to do: 3 trials stand",
        f"3 records of run {run.id} left there: no longer in the plan",
    )


def test_a_run_without_an_end_gets_it_though_a_trial_left_the_plan(path):
    run, _, _ = stored(path)
    drop(path, end=None, selection={**run.selection, "scenarios": ["square"]})
    finish(path)
    assert (stored(path)[0].id, stored(path)[0].end is None) == (run.id, False)


def test_the_machine_before_is_that_of_the_sitting_that_measures(path):
    run, before, _ = stored(path)
    drop(path, ids(before, "fake:exact"), noise={**run.noise, "before": {"ticks": {"all": 1}}})
    finish(path)
    after = stored(path)[0]
    assert 1 < after.noise["before"]["ticks"]["all"] <= after.noise["after"]["ticks"]["all"]
    assert after.noise["earlier"][0]["before"] == {"ticks": {"all": 1}}


def test_of_two_processes_that_resume_a_run_the_second_is_refused_and_changes_nothing(path):
    _, before, _ = stored(path)
    drop(path, ids(before, "fake:exact"))
    earlier = find(path, "latest")
    drop(path, end="2026-12-01T00:00:00+00:00", label="finished by the first")
    after = stored(path)
    selection, options = asked(earlier.run)
    planned = plan.make(selection, seed=0)
    with (
        Store(path, writing=True) as store,
        pytest.raises(StoreError, match=r"was taken up by another process, or ended, since"),
    ):
        runner.execute(
            planned, options, store=store, command="", notify=lambda event: None, earlier=earlier
        )
    assert stored(path) == after


def test_a_label_given_while_a_run_is_resumed_stays(path):
    _, before, _ = stored(path)
    drop(path, ids(before, "fake:exact"), label="old")
    earlier = find(path, "latest")
    with Store(path, writing=True) as store:
        store.label(earlier.run.id, "new")
        store.reopen(earlier.run, replace(earlier.run, end=None))
    assert stored(path)[0].label == "new" and stored(path)[0].end is None


def test_a_resumed_run_that_is_interrupted_can_be_resumed_again(path):
    _, before, _ = stored(path)
    drop(path, before, end=None)
    seen = []

    def stop(event):
        seen.append(isinstance(event, Working) and event.phase == "checking")
        if seen[-1] and sum(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        finish(path, stop)
    run, half, blocks = stored(path)
    left = {id for id, record in half.items() if record.status == "interrupted"}
    whole_case = half.keys() - left
    assert len(left) == 3 and run.end is not None
    finish(path)
    _, after, blocks_now = stored(path)
    assert {id: r.status for id, r in after.items()} == {id: r.status for id, r in before.items()}
    for id in whole_case & blocks.keys():
        launch = [block for block in blocks[id] if block.launch == 0]
        assert [block for block in blocks_now[id] if block.launch == 0] == launch


def test_a_command_that_was_stopped_is_resumed_by_the_command(tmp_path):
    process = start(
        "run", "documented", "--backend", "numpy", "--precision", "0.0001%", "--budget", "0.1s",
        "--json", "out.json", "--results", "r.db", folder=tmp_path,
    )  # fmt: skip
    until(lambda: len(lines(tmp_path / "out.json")) >= 3)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    run, before, blocks = stored(tmp_path / "r.db")
    right = [id for id, record in before.items() if record.status == "ok"]
    assert process.returncode == 130 and 2 <= len(right) < 10
    done = command("run", "--resume", run.id, "--json", "-", "--results", "r.db", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 11, "the header, and old and new records"
    assert f"resumed: {10 - len(right)} of 10 trials" in done.stderr
    run_now, after, blocks_now = stored(tmp_path / "r.db")
    assert run_now.id == run.id and len(after) == 10
    assert all(record.status == "ok" for record in after.values())
    assert all(blocks_now[id] == blocks[id] for id in right)


# What stands is decided without a worker: a crew that says what it is told to.


def judged(path, *, crew=None, header=None, run=None, record=None, only="numpy:replay", **options):
    """Take up the stored run after changing what is stored of it or what is now. `crew` changes
    the description of the runner `only`, `record` its records."""
    before, records, blocks = stored(path)
    selection, chosen = asked(before)
    planned = plan.make(selection, seed=0)
    mine = set(ids(records, only))
    changed = {id: replace(r, **(record or {})) if id in mine else r for id, r in records.items()}
    standing = Crew(planned, chosen, {})
    for one in planned.runners:
        version = next(r.version for r in records.values() if r.backend == one.backend)
        told = Description(
            version=version, devices={"cpu": "cpu"}, numerics=before.numerics[one.name]
        )
        more = (crew or {}) if one.name == only else {}
        standing.descriptions[one] = replace(told, **more)
    now = replace(
        before,
        id="now",
        end=None,
        settings={**before.settings, **options},
        numerics={one.name: standing.descriptions[one].numerics for one in planned.runners},
    )
    earlier = Earlier(run=replace(before, **(run or {})), records=changed, blocks=blocks)
    return resumed(planned, chosen, standing, replace(now, **(header or {})), earlier)


def test_a_trial_that_is_stopped_keeps_its_whole_launches_only(path):
    _, _, blocks = stored(path)
    (trial, *_) = plan.make(Selection(scenarios=("square",), backends=("numpy",)), seed=0).trials
    two = blocks[identity(trial)]
    for done, status, launches in (({0}, "ok", {0}), (set(), "interrupted", set())):
        outcome = Outcome(trial, status="ok", blocks=list(two), done=done)
        outcome.stop()
        assert outcome.status == status
        assert {block.launch for block in outcome.blocks} == launches


def left_of(beginning):
    return sorted(
        outcome.trial.runner.name for outcome in beginning.outcomes.values() if not outcome.final
    )


EVERYBODY = sorted(["numpy:replay", "fake:exact", "fake:sign"] * 2)


def test_where_nothing_differs_everything_stands(path):
    beginning = judged(path)
    assert left_of(beginning) == [] and beginning.run == stored(path)[0]


@pytest.mark.parametrize(
    ("changes", "left", "words"),
    [
        ({"crew": {"version": "9.9"}}, ["numpy:replay"] * 2, "numpy is 9.9, not"),
        ({"crew": {"numerics": {"threads": 2}}}, ["numpy:replay"] * 2, "other numeric settings"),
        ({"record": {"version": None}}, ["numpy:replay"] * 2, "not None"),
        ({"run": {"code": "sha256:0"}}, EVERYBODY, "the code is another"),
        ({"header": {"versions": {"python": "3.99"}}}, EVERYBODY, "python is 3.99, not"),
    ],
)
def test_what_differs_is_done_again_and_named(path, changes, left, words):
    beginning = judged(path, **changes)
    assert left_of(beginning) == left and beginning.run.id == "now"
    note = beginning.notes[1]
    assert note.startswith(f"{len(left)} trials done anew, as ") and words in note


def test_a_trial_that_ran_past_its_deadline_has_another_try_with_a_longer_one(path):
    late = {"status": "timeout", "seconds": None}
    assert left_of(judged(path, record=late)) == []
    assert left_of(judged(path, record=late, timeout=90.0)) == ["numpy:replay"] * 2
    assert left_of(judged(path, timeout=90.0)) == [], "those that answered in time stand"


@pytest.mark.parametrize("status", ["wrong", "failed", "crashed", "unsupported", "out-of-memory"])
def test_a_trial_that_was_answered_otherwise_stands(path, status):
    assert left_of(judged(path, record={"status": status, "seconds": None})) == []


def test_an_interrupted_trial_is_done_and_no_reason_is_given(path):
    beginning = judged(path, record={"status": "interrupted", "seconds": None})
    assert left_of(beginning) == ["numpy:replay"] * 2 and len(beginning.notes) == 1
    assert beginning.run.id == stored(path)[0].id and beginning.run.end is None
    assert not any(outcome.blocks for outcome in beginning.outcomes.values() if not outcome.final)


def test_an_interrupted_trial_makes_no_new_run_where_the_code_is_another(path):
    with Store(path, writing=True) as store, transaction(store.connection):
        store.connection.execute("UPDATE records SET status = 'interrupted', seconds = NULL")
    beginning = judged(path, header={"code": "sha256:other"})
    assert left_of(beginning) == EVERYBODY and beginning.run.id == stored(path)[0].id
    assert beginning.run.code == "sha256:other", "nothing was measured by the old one"


def test_another_card_makes_its_trials_be_done_again(path):
    before, records, blocks = stored(path)
    planned = plan.make(Selection(scenarios=("square",), backends=("numpy",)), seed=0)
    (trial,), (one,) = planned.trials, planned.runners
    made = records[identity(trial)]
    on_card = one._replace(device="cuda")
    planned = replace(planned, runners=(on_card,))
    (trial,) = planned.trials
    record = replace(made, id=identity(trial), device="cuda")
    run = replace(before, machine={**before.machine, "devices": {"cuda:0": "H200"}})
    earlier = Earlier(run=run, records={record.id: record}, blocks={record.id: blocks[made.id]})
    crew = Crew(planned, Options(), {})
    for card, notes in (("H200", 1), ("H100", 2)):
        crew.descriptions[on_card] = Description(
            version=record.version,
            devices={"cpu": "cpu", "cuda:0": card},
            numerics=before.numerics["numpy:replay"],
        )
        beginning = resumed(planned, Options(launches=2), crew, before, earlier)
        assert len(beginning.notes) == notes and bool(left_of(beginning)) == (notes == 2)
    assert beginning.notes[1] == "1 trial done anew, as cuda is H100, not H200"


def test_a_backend_with_trials_left_that_can_not_run_any_more_is_refused(path, monkeypatch):
    before, _, _ = stored(path)
    gone = ("unavailable", "it needs the package numpy")
    monkeypatch.setattr("harness.variants.installed", lambda declared: declared.name != "numpy")
    monkeypatch.setattr("harness.variants.missing", lambda declared: gone[1])
    selection, options = Selection(scenarios=("square",)), Options(launches=2)
    planned = plan.make(selection, seed=0)
    crew = Crew(planned, options, {})
    _, records, blocks = stored(path)
    earlier = Earlier(run=before, records=records, blocks=blocks)
    header = replace(before, code="sha256:other")
    with pytest.raises(UsageError, match=r"ran in run .* and can't now: it needs the package"):
        resumed(planned, options, crew, header, earlier)
    standing = resumed(planned, options, crew, before, earlier)
    (mine,) = [o for o in standing.outcomes.values() if o.trial.backend == "numpy"]
    assert mine.final, "what stands needs nobody"


def test_a_run_that_another_process_may_be_carrying_out_is_refused(path):
    drop(path, end=None)
    with Store(path, writing=True), pytest.raises(UsageError, match="may still be going on"):
        finish(path)


@pytest.mark.parametrize(
    ("name", "other"), [("cpu", "another CPU"), ("cores", 999), ("memory", 2**60)]
)
def test_a_run_of_another_machine_is_refused(path, name, other):
    run, _, _ = stored(path)
    drop(path, machine={**run.machine, name: other})
    with pytest.raises(UsageError, match=rf"another machine \({name} {other}, here .*start a new"):
        find(path, "latest")


def test_memory_that_another_kernel_keeps_for_itself_is_no_other_machine(path):
    run, _, _ = stored(path)
    drop(path, machine={**run.machine, "memory": int(run.machine["memory"] * 1.005)})
    assert find(path, "latest").run.id == run.id


def test_a_run_that_did_not_keep_what_it_was_asked_for_is_refused(path):
    drop(path, selection={})
    with pytest.raises(UsageError, match="start it again: harness"):
        find(path, "latest")


def test_a_run_that_was_asked_for_in_other_words_is_refused(path):
    run, _, _ = stored(path)
    for words in ({"selection": {"planets": ["mars"]}}, {"settings": {"speed": 1}}):
        with pytest.raises(UsageError, match="another version of harness"):
            asked(replace(run, **words))


@pytest.mark.parametrize("words", [{"scenarios": ["lost.py"]}, {"data": "lost.py"}])
def test_a_file_that_is_gone_is_named(path, words):
    run, _, _ = stored(path)
    with pytest.raises(UsageError, match=r"needs lost\.py, which is not here; put it back"):
        asked(replace(run, selection={**run.selection, **words}))


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["square"], "a SCENARIO"),
        (["--backend", "numpy"], "--backend"),
        (["--launches", "3"], "--launches"),
        (["--check"], "--check"),
        (["--dry-run"], "--dry-run"),
        (["--label", "x"], "--label"),
    ],
)
def test_resume_takes_no_other_choice(arguments, word):
    with pytest.raises(UsageError, match=f"so {word} can't stand beside it"):
        command_run.main(["--resume", "latest", *arguments], standalone_mode=False)


def test_resume_takes_no_configuration_file(tmp_path):
    (tmp_path / "a.toml").write_text('backend = "numpy"\n')
    arguments = ["--resume", "latest", "--config", str(tmp_path / "a.toml")]
    with pytest.raises(UsageError, match="so --config can't stand beside it"):
        command_run.main(arguments, standalone_mode=False)


def test_a_longer_deadline_is_taken_along(path, monkeypatch):
    run, _, _ = stored(path)
    taken = []
    monkeypatch.setattr("harness.carry.carry_out", lambda *words: taken.append(words) or 0)
    arguments = ["--resume", run.id[:6], "--timeout", "90s", "--quiet", "--results", str(path)]
    with pytest.raises(SystemExit):
        command_run.main(arguments, standalone_mode=False)
    ((planned, options, results, _, quiet, earlier),) = taken
    assert options == replace(Options(**run.settings), timeout=90.0)
    assert planned.selection.to_json() == {
        key: tuple(item) if isinstance(item, list) else item for key, item in run.selection.items()
    }
    assert (results, quiet, earlier.run.id) == (str(path), True, run.id)


def test_the_machine_is_compared_by_what_this_process_may_use(monkeypatch, path):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(1000)))
    with pytest.raises(UsageError, match=r"cores \d+, here 1000"):
        find(path, "latest")
