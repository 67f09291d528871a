"""What the harness adds to a call: as `harness self-test` measures it, and across processes.

Across processes no code agrees with itself within the bounds, so there by hand against by hand is
the measure.
"""

import math
import random
from dataclasses import dataclass, replace

from harness import plugins
from harness.errors import TrialEnded
from harness.selftest import overhead
from harness.selftest.overhead import cases, runners_of, within
from harness.selftest.peers import BY_HAND, HARNESS, enter, interleave, oracle, peers
from results.statistics import median

__all__ = [
    "BIAS",
    "Pair",
    "chance",
    "geometric_mean",
    "in_one_process",
    "in_two_processes",
    "rate",
    "runners_of",
    "within",
]

BIAS = 0.03
LARGER = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two processes of one launch: medians in seconds a call of the first and of the second."""

    backend: str
    first: float
    second: float

    @property
    def ratio(self):
        return self.first / self.second

    @property
    def agrees(self):
        return within(self.ratio, self.second)


def promised(runner, case):
    """torch's large arrays come from the system anew, at the whim of what was freed before."""
    return not (runner.backend == "torch" and case.size["n"] >= LARGER)


def in_one_process(rounds, say):
    """Time both calls of every variant block by block in the same process, on the same inputs."""
    calls = overhead.measure(("all:all",), LARGER, rounds, say)
    return [replace(call, promised=promised(call.runner, call.case)) for call in calls]


def in_two_processes(launches, rounds, say):
    """Return the pairs harness : by hand, and by hand : by hand, of as many launches."""
    declared, rng = plugins.backends().items, random.Random(1)
    against_harness, against_itself = [], []
    with oracle(declared) as judge:
        for launch in range(launches):
            for runner in runners_of(("all",)):
                say(f"{runner.name}, in three processes, launch {launch + 1} of {launches}")
                for harness, one, other in launched(judge, declared, runner, rounds, rng):
                    for byhand in (one, other):
                        against_harness.append(
                            Pair(backend=runner.name, first=harness, second=byhand)
                        )
                    against_itself.append(Pair(backend=runner.name, first=one, second=other))
    return against_harness, against_itself


def launched(judge, declared, runner, rounds, rng):
    """Yield, a case at a time, the medians of the harness's process and of two by hand."""
    table = declared[runner.backend].by_hand[runner.variant]
    locators = plugins.scenarios().locators
    with peers(declared, [runner] * 3) as started:
        for one in started:
            if isinstance(one, TrialEnded):
                raise one
        rng.shuffle(started)  # so that no role is always the first to have got its memory
        entries = list(zip(started, (HARNESS, BY_HAND, BY_HAND), strict=True))
        for case in (case for case in cases(LARGER) if promised(runner, case)):
            contestants = enter(judge, locators[case.scenario], case, table, entries)
            yield [median(blocks) for blocks in interleave(contestants, rounds, rng)]
            for peer in started:
                peer.ask("release", timeout=60.0)


def rate(pairs):
    return sum(pair.agrees for pair in pairs) / len(pairs)


def geometric_mean(pairs):
    return math.exp(math.fsum(math.log(pair.ratio) for pair in pairs) / len(pairs))


def chance(against_harness, against_itself):
    """Twice the standard error of the difference between two rates of so many cases, if equal.

    The harness has two pairs a case, but they share its process and so count as one.
    """
    pooled = (rate(against_harness) + rate(against_itself)) / 2
    return 2 * math.sqrt(2 * pooled * (1 - pooled) / len(against_itself))
