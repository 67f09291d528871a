"""Processes end in every way they can: nothing stored is lost, no process is left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

import harness
from harness.errors import Interrupted, UsageError
from harness.events import Ended, Finished, Working
from results.store import Store
from results.summary import is_whole
from tests.harness.processes import gone, lines, start, until, workers

LONG = ("run", "documented", "--backend", "numpy,fake:exact", "--precision", "0.0001%")


def begun(tmp_path, *more, budget="0.4s"):
    """Start a run that takes a while, and wait until two records are there."""
    process = start(
        *LONG, "--budget", budget, "--json", "out.json", "--results", "r.db", *more, folder=tmp_path
    )
    until(lambda: len(lines(tmp_path / "out.json")) >= 3)
    return process, workers(process.pid)


def bench_of(orders):
    """The pid of one worker that is not the oracle."""
    return next(pid for pid, order in orders.items() if order["role"] == "bench")


def test_a_killed_worker_costs_one_record_and_the_rest_goes_on(tmp_path):
    process, orders = begun(tmp_path)
    os.kill(bench_of(orders), signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    records = [line for line in lines(tmp_path / "out.json") if "header" not in line]
    assert process.returncode == 1, err
    assert len(records) == 20
    assert [r["status"] for r in records].count("crashed") == 1
    assert [r["status"] for r in records].count("ok") == 19
    crashed = next(r for r in records if r["status"] == "crashed")
    assert "SIGKILL" in crashed["reason"] and crashed["seconds"] is None
    assert all(gone(pid) for pid in orders)


def test_a_killed_oracle_is_replaced(tmp_path):
    process, orders = begun(tmp_path)
    os.kill(next(p for p, o in orders.items() if o["role"] == "oracle"), signal.SIGKILL)
    process.communicate(timeout=120)
    statuses = [line["status"] for line in lines(tmp_path / "out.json") if "header" not in line]
    assert len(statuses) == 20 and statuses.count("failed") <= 2
    assert statuses.count("ok") >= 18


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_keeps_what_was_finished(tmp_path, number):
    process, orders = begun(tmp_path)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    with Store(tmp_path / "r.db") as store:
        run = store.find("latest")
        statuses = [record.status for record in store.records(run.id)]
    assert len(statuses) == 20 and run.end is not None
    assert run.noise["before"]["ticks"]["all"] < run.noise["after"]["ticks"]["all"]
    assert statuses.count("ok") >= 2 and statuses.count("interrupted") >= 10
    assert all(gone(pid) for pid in orders)


@pytest.mark.parametrize("pause", [0.001, 0.02])
def test_a_second_signal_disturbs_nothing(tmp_path, pause):
    process, orders = begun(tmp_path)
    process.send_signal(signal.SIGINT)
    time.sleep(pause)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    with Store(tmp_path / "r.db") as store:
        assert len(store.records(store.find("latest").id)) == 20
    assert all(gone(pid) for pid in orders)


def test_a_worker_that_is_stopped_runs_into_its_deadline(tmp_path):
    """With a million elements the message does not fit the socket, so sending blocks."""
    process, orders = begun(tmp_path, "--size", "n=1000000", "--timeout", "2s", budget="0.1s")
    os.kill(bench_of(orders), signal.SIGSTOP)
    process.communicate(timeout=120)
    records = [line for line in lines(tmp_path / "out.json") if "header" not in line]
    assert process.returncode == 1 and len(records) == 20
    assert [r["status"] for r in records].count("timeout") == 1


@pytest.mark.parametrize("role", ["bench", "oracle"])
def test_a_worker_killed_while_it_starts_costs_no_more_than_a_record(tmp_path, role):
    process = start(
        "run", "square", "square-vjp-ones", "--backend", "numpy,fake:exact", "--check",
        "--json", "out.json", folder=tmp_path,
    )  # fmt: skip
    until(lambda: len(workers(process.pid)) == 3)
    victim = next(p for p, order in workers(process.pid).items() if order["role"] == role)
    os.kill(victim, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    statuses = [line["status"] for line in lines(tmp_path / "out.json") if "header" not in line]
    assert len(statuses) == 4 and statuses.count("ok") >= 3, err
    assert set(statuses) <= {"ok", "crashed"}


def test_workers_die_with_a_parent_that_is_killed(tmp_path):
    process, orders = begun(tmp_path)
    process.kill()
    process.communicate(timeout=60)
    assert len(orders) == 3
    until(lambda: all(gone(pid) for pid in orders), patience=10)
    with Store(tmp_path / "r.db") as store:
        statuses = [record.status for record in store.records(store.find("latest").id)]
    assert statuses.count("ok") >= 2


def test_a_run_stopped_in_its_second_launch_keeps_the_first(tmp_path):
    process = start(
        "run", "square", "--backend", "numpy", "--launches", "50", "--budget", "0.1s",
        "--results", "r.db", folder=tmp_path,
    )  # fmt: skip
    until(lambda: (tmp_path / "r.db").exists() and launches_of(tmp_path / "r.db") >= 2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    with Store(tmp_path / "r.db") as store:
        (record,) = store.records(store.find("latest").id)
    assert record.status == "ok" and 2 <= record.seconds.launches < 50
    assert record.seconds.interval == "over launches"


class Listener:
    """Listens to a run and raises once, when the first record is told."""

    def __init__(self):
        self.told, self.raised = [], False

    def __call__(self, event):
        self.told.append(event)
        if isinstance(event, Finished) and not self.raised:
            self.raised = True
            raise UsageError("--json can't be written")


@pytest.mark.parametrize("words", [{"check": True}, {"budget": 0.01}], ids=["checked", "timed"])
def test_a_listener_that_raises_costs_no_record_and_counts_no_trial_twice(tmp_path, words):
    listener = Listener()
    with pytest.raises(UsageError, match="can't be written"):
        harness.run(
            "square", "gradient-penalty", backend="numpy,fake:exact", results=tmp_path / "r.db",
            notify=listener, **words,
        )  # fmt: skip
    with Store(tmp_path / "r.db") as store:
        run = store.find("latest")
        records = store.records(run.id)
    statuses = [record.status for record in records]
    assert statuses == ["ok", "ok", "interrupted", "interrupted"], "one case was done"
    told = [event.record for event in listener.told if isinstance(event, Finished)]
    assert told == records and run.end is not None
    assert isinstance(listener.told[-1], Ended), "whoever can still listen hears the end"


@pytest.mark.parametrize("words", [{"check": True}, {"budget": 0.01}], ids=["checked", "timed"])
def test_a_launch_that_is_stored_outlives_a_stop_in_the_next(tmp_path, words):
    checks = []

    def stop(event):
        if isinstance(event, Working) and event.phase == "checking":
            checks.append(event.trial)
            if len(checks) == 3:  # the first of the second launch
                raise KeyboardInterrupt

    path = tmp_path / "r.db"
    with pytest.raises(Interrupted, match=r"what was finished is in run "):
        harness.run(
            "square", backend="numpy,fake:exact", launches=2, results=path, notify=stop, **words
        )
    with Store(path) as store:
        (summary,) = store.runs()
        blocks = store.all_blocks(summary.run.id)
    assert dict(summary.counts) == {"ok": 2}
    assert {block.launch for several in blocks.values() for block in several} <= {0}
    assert is_whole(summary) is ("check" in words), "a check needs no launch more than one"


def launches_of(path):
    from results.errors import StoreError

    try:
        with Store(path) as store:
            (record,) = store.records(store.find("latest").id)
            return record.seconds.launches if record.seconds else 0
    except (StoreError, ValueError):
        return 0


def test_under_nohup_a_lost_terminal_stops_nothing():
    program = """
import signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
from harness.cli import main
sys.argv = ["harness", "--version"]
try:
    main()
finally:
    print(signal.getsignal(signal.SIGHUP).name)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split()[-1] == "SIG_IGN", done.stderr
