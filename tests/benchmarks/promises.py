"""Measure what is promised about the harness's own cost, and print it as Markdown: `make promises`.

    python -m tests.benchmarks.promises [--quick] [calls] [processes] [start-up]

Nothing is asserted: a table is printed, with the verdicts as words, for a person to read. Leave the
machine alone meanwhile (4 minutes; --quick takes half of that and says less).
"""

import argparse
import os
import sys
from dataclasses import dataclass

from harness.machine import facts
from harness.selftest.overhead import row as row_of
from harness.selftest.overhead import title
from results.statistics import ratio, shown
from tests.benchmarks import overhead, startup


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How often everything is repeated."""

    rounds: int
    launches: int
    blocks: int
    commands: int
    records: int


FULL = Effort(rounds=41, launches=4, blocks=11, commands=15, records=40)
QUICK = Effort(rounds=11, launches=1, blocks=5, commands=5, records=10)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.promises")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, wider intervals")
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="all where none is named")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part called {min(unknown)!r}; give some of: {', '.join(PARTS)}")
    print(described(), flush=True)
    for name in given.parts or PARTS:
        PARTS[name](QUICK if given.quick else FULL)


def described():
    here = facts.describe(sorted(os.sched_getaffinity(0)))
    memory = f"{here['memory'] / 2**30:.0f} GiB" if here["memory"] else "memory unknown"
    names = ", ".join(runner.backend for runner in overhead.runners_of(("all",)))
    return f"Machine: {here['cpu']}, {memory}, {here['system']}. Backends: {names}."


def calls(effort):
    found = overhead.in_one_process(effort.rounds, say)
    rows = [(call.runner.name, *cells(call)) for call in found]
    header = ("backend", "computation", "by hand", "harness / by hand", "95 %", "verdict")
    print_table("A call against the same call by hand, in one process", header, rows)
    print(f"Promised: within 3 % above 100 us, within 5 % or 0.3 us below; {effort.rounds} rounds.")


def cells(call):
    if call.ended:
        return title(call.case), "", "", "", f"{call.verdict}: {call.ended}"
    return row_of(call)


def processes(effort):
    harness, itself = overhead.in_two_processes(effort.launches, effort.blocks, say)
    names = list(dict.fromkeys(pair.backend for pair in itself))
    rows = [compared(name, *(chosen(pairs, name) for pairs in (harness, itself))) for name in names]
    rows.append(compared("all", harness, itself))
    header = ("backend", "harness agrees", "by hand agrees", "harness / by hand", "by hand twice")
    print_table("A call against the same call by hand, in another process", header, rows)
    allowed = overhead.chance(harness, itself)
    as_often = overhead.rate(harness) >= overhead.rate(itself) - allowed
    unbiased = abs(overhead.geometric_mean(harness) - 1) <= overhead.BIAS
    print(
        f"Promised: the harness agrees with by hand as often as by hand with itself (chance alone "
        f"makes {100 * allowed:.0f} % of difference here): {kept(as_often)}. No bias, geometric "
        f"mean within 3 % of 1: {kept(unbiased)}. Launches: {effort.launches}; without torch at "
        "1e6 elements, which is not promised."
    )


def compared(name, harness, itself):
    """A row: how often each agrees within the bounds, and the geometric mean of each's ratios."""
    rates = (f"{sum(p.agrees for p in pairs)} of {len(pairs)}" for pairs in (harness, itself))
    return (name, *rates, *(ratio(overhead.geometric_mean(p)) for p in (harness, itself)))


def chosen(pairs, backend):
    return [pair for pair in pairs if pair.backend == backend]


def start_up(effort):
    say("the commands")
    rows = [
        row("harness --help", startup.command("--help", times=effort.commands), 0.15),
        row("harness list", startup.command("list", times=effort.commands), 0.25),
    ]
    say("harness run --backend all")
    seconds, peak = startup.whole_run()
    rows.append(row("harness run --backend all", seconds, 30))
    rows.append(
        ("peak memory of its parent", f"{peak / 1e6:.0f} MB", "150 MB", kept(peak <= 150e6))
    )
    say("the cost of a record")
    parts = startup.record_costs(effort.records)
    rows.append(row("a record beside its blocks, the sum of:", sum(parts.values()), 0.02))
    rows += [(f"- {part}", time(spent), "", "") for part, spent in parts.items()]
    print_table("Around the measuring", ("what", "measured", "promised", "verdict"), rows)


def row(what, seconds, limit):
    return (what, time(seconds), time(limit), kept(seconds <= limit))


def time(seconds):
    return shown(seconds, 0.99 * seconds, 1.01 * seconds).median


def kept(holds):
    return "kept" if holds else "not kept"


def print_table(title, header, rows):
    """Print Markdown that is readable as it stands."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    print(f"\n## {title}\n")
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def say(what):
    print(f"{what} ...", file=sys.stderr, flush=True)


PARTS = {"calls": calls, "processes": processes, "start-up": start_up}

if __name__ == "__main__":
    main()
