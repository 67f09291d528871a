"""The parent's side of what an adapter costs: workers that hold calls of the harness and calls by
hand, checked by the oracle, then timed block by block in random order, pinned as in a run."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from harness import plugins
from harness.case import Case, Runner
from harness.contract import Declaration, Settings
from harness.errors import TrialEnded
from harness.pinning import pin, shares
from harness.process import STARTING, Process, started
from harness.selftest.contest import BY_HAND, HARNESS

PATIENCE = 120.0  # s for any answer: some compile
ROLE = "selftest.contest"


@contextmanager
def oracle(declared: Mapping[str, Declaration]) -> Iterator[Process]:
    """Start the process that draws inputs and judges answers."""
    one = plugins.reference(declared)
    cores = sorted(os.sched_getaffinity(0))
    process = started("oracle", one, str(one.reference), "cpu", settings=Settings(), cores=cores)
    try:
        process.receive(STARTING)
        yield process
    finally:
        process.kill()


@contextmanager
def peers(
    declared: Mapping[str, Declaration], runners: Sequence[Runner]
) -> Iterator[list[Process | TrialEnded]]:
    """Start a process for each runner, let them import on all cores, and pin them to one, this one
    to another. One that can't start is the reason instead."""
    allowed = sorted(os.sched_getaffinity(0))
    theirs, ours = shares(allowed, Settings().threads)
    processes: list[Process] = []
    try:
        for runner in runners:
            declaration, (_, variant, device, *_) = declared[runner.backend], runner
            processes.append(
                started(ROLE, declaration, variant, device, settings=Settings(), cores=allowed)
            )
        greeted = [greet(process) for process in processes]
        for one in greeted:
            if isinstance(one, Process):
                one.ask("settle", timeout=STARTING, cores=theirs)
        pin(ours)
        yield greeted
    finally:
        for process in processes:
            process.kill()
        pin(allowed)


def greet(process: Process) -> Process | TrialEnded:
    try:
        process.receive(STARTING)
    except TrialEnded as ended:
        return ended
    return process


@dataclass(frozen=True)
class Contestant:
    """A call of one series in one process; `calls` of them make a block."""

    peer: Process
    series: str
    calls: int

    def block(self) -> float:
        """Return seconds a call."""
        reply, _ = self.peer.ask("block", timeout=PATIENCE, series=self.series, calls=self.calls)
        return float(reply["seconds"]) / self.calls


def enter(
    judge: Process,
    locator: str,
    case: Case,
    table: str,
    entries: Sequence[tuple[Process, str]],
) -> list[Contestant]:
    """Prepare a case in every process as the series with it says, demand right answers, and return
    the contestants. `table` names the calls by hand. Raises TrialEnded where one is wrong or ends.

    Where both series live in one process the harness's comes first, as it makes the inputs.
    """
    asked: dict[str, Any] = {"locator": locator, "case": case.to_json()}
    _, inputs = judge.ask("draw", timeout=PATIENCE, **asked)
    for number, (peer, series) in enumerate(entries):
        if series == HARNESS:
            reply, answers = peer.ask("check", inputs, timeout=PATIENCE, plain=False, **asked)
        else:
            reply, answers = peer.ask(
                "write", inputs, timeout=PATIENCE, table=table, scenario=case.scenario
            )
        heard: dict[str, Any] = {"who": f"{number} {series}", "backend": series, "device": "cpu"}
        judge.ask("hear", answers, timeout=PATIENCE, parts=reply["parts"], **heard)
    reply, _ = judge.ask("judge", timeout=PATIENCE, most=0)
    for who, verdict in reply["verdicts"].items():
        if not verdict["right"]:
            raise TrialEnded("wrong", f"{who.partition(' ')[2]}: {verdict['reason']}")
    return [Contestant(peer, series, calls_of(peer, series)) for peer, series in entries]


def calls_of(peer: Process, series: str) -> int:
    return int(peer.ask("calibrate", timeout=PATIENCE, series=series)[0]["calls"])


def interleave(
    contestants: Sequence[Contestant], rounds: int, rng: random.Random
) -> list[list[float]]:
    """Return the seconds a call of every block, one list a contestant, round by round alike."""
    blocks: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds):
        for position in rng.sample(range(len(contestants)), len(contestants)):
            blocks[position].append(contestants[position].block())
    return blocks


__all__ = ["BY_HAND", "HARNESS", "Contestant", "enter", "interleave", "oracle", "peers"]
