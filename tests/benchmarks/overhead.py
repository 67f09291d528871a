"""What the harness adds to a call: against the same call by hand in one process, and in another.

Bounds: 3 % above 100 us, 5 % or 0.3 us below; what by hand takes decides which. Across processes no
code agrees with itself that well, so there by hand against by hand is the measure.
"""

import math
import random
from dataclasses import dataclass

from results.statistics import Interval, median, within_launch
from tests.benchmarks.peers import (
    BY_HAND,
    HARNESS,
    an_oracle,
    backends,
    cases,
    enter,
    interleave,
    peers,
)

LONG = 100e-6  # s
SHARE_LONG, SHARE_SHORT, SHORT = 0.03, 0.05, 0.3e-6
BIAS = 0.03


def within(ratio, byhand):
    """Whether a call that takes `ratio` times what it takes by hand is as quick as promised."""
    off = abs(ratio - 1)
    return off <= SHARE_LONG if byhand > LONG else off <= SHARE_SHORT or off * byhand <= SHORT


@dataclass(frozen=True, kw_only=True)
class Call:
    """One computation of one backend in one process; `ratio` is harness to by hand, by rounds."""

    backend: str
    case: str
    byhand: Interval
    ratio: Interval
    promised: bool

    @property
    def verdict(self):
        """The interval decides, both ends of it; where it reaches over a bound nothing does."""
        if not self.promised:
            return "reported"
        _, low, high = self.ratio
        inside = [within(end, self.byhand.median) for end in (low, high)]
        if any(inside) or low < 1 < high:
            return "kept" if all(inside) else "undecided"
        return "not kept"


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


def title(case):
    return f"{case.scenario.partition('/')[2]} n={case.size['n']}"


def promised(backend, case):
    """torch's large arrays come from the system anew, at the whim of what was freed before."""
    return not (backend.name == "torch" and case.size["n"] >= 1_000_000)


def in_one_process(rounds, say):
    """Time both calls block by block in the same process, on the same inputs."""
    judge, rng, calls = an_oracle(), random.Random(0), []
    for backend in backends():
        with peers(backend, 1) as (peer,):
            for case in cases():
                say(f"{backend.name}, {title(case)}, in one process")
                contestants = enter(judge, backend, case, [(peer, HARNESS), (peer, BY_HAND)])
                harness, byhand = interleave(contestants, rounds, rng)
                peer.ask("release")
                ratios = [h / b for h, b in zip(harness, byhand, strict=True)]
                calls.append(
                    Call(
                        backend=f"{backend.name}:{backend.default}",
                        case=title(case),
                        byhand=within_launch(byhand),
                        ratio=within_launch(ratios),
                        promised=promised(backend, case),
                    )
                )
    return calls


def in_two_processes(launches, rounds, say):
    """Return the pairs harness : by hand, and by hand : by hand, of as many launches."""
    judge, rng = an_oracle(), random.Random(1)
    against_harness, against_itself = [], []
    for launch in range(launches):
        for backend in backends():
            say(f"{backend.name}, in three processes, launch {launch + 1} of {launches}")
            for harness, one, other in launched(judge, backend, rounds, rng):
                name = f"{backend.name}:{backend.default}"
                for byhand in (one, other):
                    against_harness.append(Pair(backend=name, first=harness, second=byhand))
                against_itself.append(Pair(backend=name, first=one, second=other))
    return against_harness, against_itself


def launched(judge, backend, rounds, rng):
    """Yield, a case at a time, the medians of the harness's process and of two by hand."""
    with peers(backend, 3) as started:
        rng.shuffle(started)  # so that no role is always the first to have got its memory
        entries = list(zip(started, (HARNESS, BY_HAND, BY_HAND), strict=True))
        for case in (case for case in cases() if promised(backend, case)):
            contestants = enter(judge, backend, case, entries)
            yield [median(blocks) for blocks in interleave(contestants, rounds, rng)]
            for peer in started:
                peer.ask("release")


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
