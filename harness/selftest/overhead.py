"""What the harness adds to a call: against the same call written by hand, in one process.

Promised: 3 % above 100 us, 5 % or 0.3 us below; what by hand takes decides which. Whether a call
keeps that is shown. The check fails from a quarter on, where an adapter does what it should not,
such as copying arrays or tracing anew. To keep a promise takes the 95 % interval; to call it
broken, one so wide that among all the calls of a self-test it errs once in a thousand times.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness import plan, plugins, variants
from harness.case import Case, Runner
from harness.errors import TrialEnded
from harness.options import Selection
from harness.process import Process
from harness.selftest.finding import (
    CHANCE,
    FAILED,
    PASSED,
    UNDECIDED,
    Check,
    Finding,
    Setting,
    most_by_chance,
    percent,
)
from harness.selftest.peers import BY_HAND, HARNESS, enter, interleave, oracle, peers
from results.statistics import Interval, median, ratio, shown, within_launch

LONG = 100e-6  # s
SHARE_LONG, SHARE_SHORT, SHORT = 0.03, 0.05, 0.3e-6
FAR = 0.25
KEPT, NOT_KEPT = "kept", "not kept"
UNCLEAR, REPORTED = "undecided", "reported"
SMALLEST = {"documented/square-vjp-ones": 5, "documented/gradient-penalty": 1}
# Elements: within the caches, or where arrays lie would decide. Two equal kernels of torch:compile
# differed by 17 % at 100 000.
LARGER = 10_000
ROUNDS = 21
CALLS = 40  # of a self-test, about


def within(off: float, byhand: float) -> bool:
    """Whether a call that takes `off` times what it takes by hand is as quick as promised."""
    more = abs(off - 1)
    if byhand > LONG:
        return more <= SHARE_LONG
    return more <= SHARE_SHORT or more * byhand <= SHORT


@dataclass(frozen=True, kw_only=True)
class Call:
    """One computation of one runner; `ratio` is harness to by hand, by rounds, `surely` the same
    with the wider interval. `ended` says why there is none."""

    runner: Runner
    case: Case
    promised: bool = True
    byhand: Interval | None = None
    ratio: Interval | None = None
    surely: Interval | None = None
    ended: TrialEnded | None = None

    @property
    def verdict(self) -> str:
        """Both ends of an interval decide; where it reaches over a bound nothing is decided."""
        if self.byhand is None or self.ratio is None or self.surely is None:
            return self.ended.status if self.ended else UNCLEAR
        if not self.promised:
            return REPORTED
        byhand = self.byhand.median
        if all(within(end, byhand) for end in self.ratio[1:]):
            return KEPT
        _, low, high = self.surely
        across = low < 1 < high or within(low, byhand) or within(high, byhand)
        return UNCLEAR if across else NOT_KEPT

    @property
    def far(self) -> bool:
        """Whether it is surely off by so much that something is wrong with one of the two."""
        if self.verdict != NOT_KEPT or self.surely is None:
            return False
        return self.surely.low > 1 + FAR or self.surely.high < 1 / (1 + FAR)


def cases(larger: int) -> list[Case]:
    """The computations, as small as they are documented and with a `larger` number of elements."""
    selections = [
        Selection(scenarios=(name,), sizes=(f"n={n},{larger}",)) for name, n in SMALLEST.items()
    ]
    return [case for one in selections for case in plan.make(one, seed=0).cases]


def runners_of(words: tuple[str, ...]) -> list[Runner]:
    """The variants chosen that are here and have calls by hand."""
    declared = plugins.backends().items
    chosen = variants.runners(Selection(backends=words), declared)
    return [
        runner
        for runner in chosen
        if runner.variant in declared[runner.backend].by_hand
        and variants.installed(declared[runner.backend])
    ]


def measure(
    words: tuple[str, ...], larger: int, rounds: int, say: Callable[[str], None]
) -> list[Call]:
    """Time both calls block by block in the same process, on the same inputs."""
    declared, locators = plugins.backends().items, plugins.scenarios().locators
    rng, calls = random.Random(0), []
    runners, several = runners_of(words), cases(larger)
    say(f"{len(runners)} processes start")
    with oracle(declared) as judge, peers(declared, runners) as started:
        for runner, peer in zip(runners, started, strict=True):
            table = declared[runner.backend].by_hand[runner.variant]
            for case in several:
                say(f"{runner.name}, {title(case)}")
                locator = locators[case.scenario]
                calls.append(called(judge, runner, peer, case, locator, table, rounds, rng))
    return calls


def called(
    judge: Process,
    runner: Runner,
    peer: Process | TrialEnded,
    case: Case,
    locator: str,
    table: str,
    rounds: int,
    rng: random.Random,
) -> Call:
    if isinstance(peer, TrialEnded):
        return Call(runner=runner, case=case, ended=peer)
    try:
        entries = [(peer, HARNESS), (peer, BY_HAND)]
        contestants = enter(judge, locator, case, table, entries)
        harness, byhand = interleave(contestants, rounds, rng)
        peer.ask("release", timeout=60.0)
    except TrialEnded as ended:
        return Call(runner=runner, case=case, ended=ended)
    ratios = [h / b for h, b in zip(harness, byhand, strict=True)]
    return Call(
        runner=runner,
        case=case,
        byhand=within_launch(byhand),
        ratio=within_launch(ratios),
        surely=surely(ratios),
    )


def surely(ratios: Sequence[float]) -> Interval:
    """Return the median and an interval from order statistics that fails to hold it with a chance
    of `CHANCE` among `CALLS`; with few rounds the smallest and the largest are the best there is.
    """
    ordered, chance = sorted(ratios), CHANCE / CALLS / 2  # a side
    rank = max(len(ordered) - most_by_chance(len(ordered), 0.5, chance), 1)
    return Interval(median(ordered), ordered[rank - 1], ordered[-rank])


def title(case: Case) -> str:
    return f"{case.scenario.partition('/')[2]} n={case.size['n']}"


def judge(calls: Sequence[Call]) -> Finding:
    if not calls:
        return Finding(
            verdict=UNDECIDED,
            says="no variant chosen is here and has calls by hand; --backend all:all names them",
        )
    verdicts = [call.verdict for call in calls]
    broken = [c for c in calls if c.ended and c.ended.status not in ("unavailable", "unsupported")]
    failed = bool(broken) or any(call.far for call in calls)
    decided = {KEPT, NOT_KEPT} & set(verdicts)
    counts = {name: verdicts.count(name) for name in dict.fromkeys(verdicts)}
    says = "a call of the harness against one by hand: "
    says += ", ".join(f"{count} {name}" for name, count in counts.items())
    return Finding(
        verdict=FAILED if failed else PASSED if decided else UNDECIDED,
        says=says,
        header=("", "by hand", "harness / by hand", "95 %", "verdict"),
        rows=by_runner([call for call in calls if not call.ended]),
        notes=[
            *(f"{c.runner.name} {title(c.case)}: {c.verdict}, {c.ended}" for c in calls if c.ended),
            "promised: within 3 % above 100 us, within 5 % or 0.3 us below; "
            f"the check fails from {percent(FAR)} on",
        ],
    )


def by_runner(calls: Sequence[Call]) -> dict[str, list[tuple[str, ...]]]:
    rows: dict[str, list[tuple[str, ...]]] = {}
    for call in calls:
        rows.setdefault(call.runner.name, []).append(row(call))
    return rows


def row(call: Call) -> tuple[str, ...]:
    assert call.byhand is not None and call.ratio is not None
    return (
        title(call.case),
        shown(*call.byhand).median,
        ratio(call.ratio.median),
        f"[{ratio(call.ratio.low)}, {ratio(call.ratio.high)}]",
        call.verdict,
    )


def of_setting(setting: Setting) -> list[Call]:
    return measure(setting.backends, LARGER, ROUNDS, setting.say)


CHECK = Check(
    name="overhead",
    promise="a call costs what one written by hand does",
    measure=of_setting,
    judge=judge,
)
