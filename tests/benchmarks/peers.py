"""The parent's side of the promises about calls: processes alive together, checked, then timed
block by block in random order, pinned as the workers of a run are."""

import os
import random
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import oracle, plan, variants
from harness.case import Case
from harness.channel import Channel
from harness.contract import Declaration, Settings
from harness.options import Selection, environment
from harness.pinning import pin, shares
from tests.benchmarks.byhand import CALLS
from tests.benchmarks.contest import BY_HAND

__all__ = [
    "BY_HAND",
    "HARNESS",
    "an_oracle",
    "backends",
    "cases",
    "enter",
    "interleave",
    "peers",
]

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # s for any answer
HARNESS = "operator"  # the series of a worker that holds the calls of the harness
PLAN = plan.make(
    Selection(scenarios=("square-vjp-ones", "gradient-penalty"), dtypes=("float32",)), seed=0
)


def cases():
    """The computations that are promised something: tiny ones, and ones bound by memory."""
    sizes = {"square-vjp-ones": "n=5,1000000", "gradient-penalty": "n=1,1000000"}
    return [
        case
        for scenario, size in sizes.items()
        for case in plan.make(Selection(scenarios=(scenario,), sizes=(size,)), seed=0).cases
    ]


def backends():
    """Our backends that are installed."""
    return [
        PLAN.declarations[name] for name in CALLS if variants.installed(PLAN.declarations[name])
    ]


class Peer:
    """A process of its own with one backend in its default variant."""

    def __init__(self, backend: Declaration):
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by kill)
        number = str(theirs.fileno())
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.contest", str(os.getpid()), number],
            cwd=ROOT,
            env={**os.environ, **environment(backend, Settings(), "cpu")},
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        start = {"adapter": backend.adapter, "variant": backend.default, "device": "cpu"}
        self.channel.send({"do": "start", **start, "settings": Settings().to_json()})

    def ask(self, do, arrays=(), **parameters):
        self.channel.send({"do": do, **parameters}, arrays)
        return self.receive()

    def receive(self):
        try:
            reply, arrays = self.channel.receive(PATIENCE)
        except ConnectionError as error:
            self.output.seek(0)
            raise RuntimeError(f"a process died:\n{self.output.read().decode()}") from error
        if "ended" in reply:
            raise RuntimeError(f"{reply['ended']}: {reply['reason']}")
        return reply, arrays

    def kill(self):
        self.popen.kill()
        self.popen.wait()
        self.channel.close()
        self.output.close()


@contextmanager
def peers(backend, count):
    """Start processes, let them import on all cores, and pin them to one; this one to another."""
    allowed = sorted(os.sched_getaffinity(0))
    theirs, ours = shares(allowed, Settings().threads)
    started = [Peer(backend) for _ in range(count)]
    try:
        for peer in started:
            peer.receive()
        for peer in started:
            peer.ask("settle", cores=theirs)
        pin(ours)
        yield started
    finally:
        for peer in started:
            peer.kill()
        pin(allowed)


@dataclass(frozen=True)
class Contestant:
    """A call of one series in one process; `calls` of them make a block."""

    peer: Peer
    series: str
    calls: int

    def block(self):
        """Return seconds a call."""
        reply, _ = self.peer.ask("block", series=self.series, calls=self.calls)
        return reply["seconds"] / self.calls


def enter(judge, backend, case: Case, entries):
    """Prepare the case in every (peer, series), demand right answers, and return the contestants.

    Where both series live in one process the harness's comes first, as it makes the inputs.
    """
    locator, asked = PLAN.locators[case.scenario], case.to_json()
    _, inputs = oracle.draw(judge, [], locator, asked)
    for number, (peer, series) in enumerate(entries):
        if series == HARNESS:
            reply, answers = peer.ask("check", inputs, locator=locator, case=asked)
        else:
            scenario = case.scenario.partition("/")[2]
            reply, answers = peer.ask("write", inputs, backend=backend.name, scenario=scenario)
        oracle.hear(judge, answers, f"{number} {series}", "cpu", reply["parts"])
    for who, verdict in judge.judge().items():
        if not verdict.right:
            raise RuntimeError(f"{backend.name}, {case.scenario}, {who}: {verdict.reason}")
    return [
        Contestant(peer, series, peer.ask("calibrate", series=series)[0]["calls"])
        for peer, series in entries
    ]


def interleave(contestants, rounds, rng: random.Random):
    """Return the seconds a call of every block, one list a contestant, round by round alike."""
    blocks = [[] for _ in contestants]
    for _ in range(rounds):
        for position in rng.sample(range(len(contestants)), len(contestants)):
            blocks[position].append(contestants[position].block())
    return blocks


def an_oracle():
    """Make the oracle, here in the parent: the reference needs only NumPy."""
    (reference,) = (one for one in PLAN.declarations.values() if one.reference)
    made, _ = oracle.start(reference.adapter, reference.reference, "cpu", Settings().to_json())
    return made
