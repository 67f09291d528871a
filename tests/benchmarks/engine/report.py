"""The tables of the engine's benchmark: times, goals, memory, and the recording of replay."""

import os

from rich.console import Console
from rich.table import Table

from harness.contract import Settings
from harness.pinning import pin, shares
from results.statistics import ratio as written
from results.statistics import shown, within_launch
from tests.benchmarks.engine import goals, measure
from tests.benchmarks.engine.contestants import CONTESTANTS, Absent, enter

RATIOS = [
    *((name, "hand") for name in CONTESTANTS if name != "hand"),
    ("eager", "autograd"),
]
WIDTH = 160


def report(cases, rounds, source):
    """Measure the cases and print."""
    console = Console(width=None if os.isatty(1) else WIDTH)
    pin(shares(sorted(os.sched_getaffinity(0)), Settings().threads)[0])
    table = Table("case", "hand", *("/".join(pair) for pair in RATIOS), title="Time")
    judged, absent, replay_to_hand = [], {}, []
    for case in cases:
        console.print(f"{case.name} ...", style="dim")
        seconds, missing = timed(case, rounds)
        absent |= missing

        def ratio(one, other, seconds=seconds):
            return measure.ratio(seconds, one, other)

        found = goals.goals_of(case, ratio)
        judged += [(case, goal) for goal in found]
        missed = {goal.what for goal in found if not goal.kept}
        table.add_row(case.name, time_of(seconds["hand"]), *cells(ratio, missed))
        if (value := ratio("replay", "hand")) is not None:
            replay_to_hand.append(value)
    console.print(table)
    say_goals(console, judged, replay_to_hand)
    for name, reason in absent.items():
        console.print(f"{name} absent: {reason}")
    if replay_to_hand:
        console.print(memory_table(cases))
        if source:
            show_sources(console, [case for case, goal in judged if misses(goal)])


def misses(goal):
    return goal.what.startswith("replay") and not goal.kept


def timed(case, rounds):
    calls, absent = measure.contestants_of(case, case.inputs())
    return measure.interleaved(calls, rounds), absent


def time_of(per_call):
    return shown(*within_launch(per_call)).median


def cells(ratio, missed):
    for one, other in RATIOS:
        value, what = ratio(one, other), f"{one}/{other}"
        if value is None:
            yield "-"
        else:
            yield f"[red]{written(value)}!" if what in missed else written(value)


def say_goals(console, judged, replay_to_hand):
    kept = sum(goal.kept for _, goal in judged)
    console.print(f"{kept} of {len(judged)} goals kept; those missed are marked with !:")
    for case, goal in judged:
        if not goal.kept:
            console.print(f"  {case.name}: {goal}")
    if replay_to_hand:
        mean = goals.geometric_mean(replay_to_hand)
        word = "kept" if mean <= goals.REPLAY_MEAN else "missed"
        console.print(
            f"replay/hand, geometric mean: {mean:.3f}, wanted {goals.REPLAY_MEAN} or less: {word}"
        )


def memory_table(cases):
    """Peaks where arrays and not Python's objects are what is counted; the recording of all."""
    table = Table("case", "hand", "replay/hand", "recording", title="Peak memory, and recording")
    for case in cases:
        inputs = case.inputs()
        hand, replay = (measure.peak_memory(name, case, inputs) for name in ("hand", "replay"))
        seconds = measure.recording(case, inputs)
        excess = hand >= goals.SUBSTANTIAL and replay > goals.MEMORY * hand
        slow = case.name.startswith("gmm") and seconds > goals.RECORDING
        table.add_row(
            case.name,
            f"{hand / 1e6:.3g} MB",
            f"[red]{replay / hand:.2f}!" if excess else f"{replay / hand:.2f}",
            f"[red]{1e3 * seconds:.1f} ms!" if slow else f"{1e3 * seconds:.1f} ms",
        )
    return table


def show_sources(console, cases):
    for case in dict.fromkeys(cases):
        try:
            call = enter("replay", case, case.inputs())
        except Absent:
            return
        call()
        console.rule(case.name)
        console.print(call.func.source, markup=False, highlight=False, soft_wrap=True)
