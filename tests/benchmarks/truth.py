"""Measure how far comparisons can be trusted, and print it as Markdown: `make truth`.

    python -m tests.benchmarks.truth [--pairs 200] [--tries 100] [--launches 5] [--quick] [part ...]

Three parts. "identical": fakes without a fault, compared pair by pair, and how many are called
different. "planted": a fake that takes 5 % longer, and how often it is found where launches agree
within 2 %, by size. "twice": the documented set run twice, one run after the other, and in how many
trials the intervals over launches overlap. Nothing is asserted. Leave the machine alone meanwhile
(about 12 minutes; --quick takes 2 and says little).
"""

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import harness
from harness.selftest.finding import Setting, percent
from harness.selftest.identical import TOLD
from harness.selftest.launched import OPTIONS, SLOWER, SOUND, TWIN, paired, told_at_least
from harness.selftest.planted import QUIET
from harness.selftest.planted import TOLD_SLOWER as FOUND
from harness.selftest.running import STEPS, records_of
from results.statistics import median
from tests.benchmarks.promises import print_table

SIZES = (1000, 100_000, 1_000_000)  # elements; a call takes 0.1 ms or more at each
BATCH = 24  # pairs that share their processes; further ones come from others
EVERYTHING = {"identical", "planted", "twice"}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.truth")
    parser.add_argument("--pairs", type=int, default=200, help="identical ones at least  [200]")
    parser.add_argument(
        "--tries", type=int, default=100, help="at least, to find a slow-down  [100]"
    )
    parser.add_argument("--launches", type=int, default=5, help="of every worker  [5]")
    parser.add_argument("--quick", action="store_true", help="a tenth of all that")
    parser.add_argument("parts", nargs="*", metavar="part", help="all where none is named")
    given = parser.parse_args()
    unknown = set(given.parts) - EVERYTHING
    if unknown:
        parser.error(f"no part called {min(unknown)!r}; give some of: {', '.join(EVERYTHING)}")
    share = 10 if given.quick else 1
    parts = set(given.parts) or EVERYTHING
    options = replace(OPTIONS, launches=given.launches)
    if parts & {"identical", "planted"}:
        pairs = given.pairs // share if "identical" in parts else 0
        tries = given.tries // share if "planted" in parts else 0
        compared(pairs, tries, options)
    if "twice" in parts:
        twice(given.launches)


def compared(pairs, tries, options):
    """Print both tables on fakes: batches of cases whose pairs share processes only within them."""
    identical, planted = [], []
    while len(identical) < pairs or len(planted) < tries:
        wanted = max(pairs - len(identical), tries - len(planted))
        say(f"identical {len(identical)} of {pairs}, planted {len(planted)} of {tries}")
        batch = min(BATCH, -(-wanted // len(SIZES)) * len(SIZES))
        found = launched(batch, options, slower=len(planted) < tries, seed=len(identical))
        identical += paired(found, TWIN)
        planted += paired(found, SLOWER) if len(planted) < tries else []
    header = ("elements", "compared", "called different", "rate", "spread", "could be told")
    print_table("Identical code, compared", header, rows_of(identical, TOLD))
    quiet = [pair for pair in planted if pair.spread <= QUIET]
    within = f"Launches agree within {percent(QUIET)}"
    header = ("elements", "compared", "found slower", "rate", "spread", "could be told")
    print_table(f"5 % more, planted. {within}", header, rows_of(quiet, (FOUND,)))
    loud = [pair for pair in planted if pair.spread > QUIET]
    print_table("5 % more, planted. Launches spread more", header, rows_of(loud, (FOUND,)))


def launched(batch, options, *, slower, seed):
    """Return the records of `batch` cases, of as many of each size, drawn anew for each seed."""
    names = (SOUND, TWIN, SLOWER) if slower else (SOUND, TWIN)
    work = ",".join(str(100 + step) for step in range(batch // len(SIZES)))
    sizes = (f"n={','.join(map(str, SIZES))}", f"work={work}")
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        setting = Setting(folder=Path(folder), backends=(), say=lambda what: None)
        return records_of(setting, STEPS, names, replace(options, seed=seed), sizes=sizes)


def rows_of(pairs, verdicts):
    return [
        row(str(n) if n else "all", [p for p in pairs if n in (None, p.n)], verdicts)
        for n in (*SIZES, None)
    ]


def row(name, pairs, verdicts):
    if not pairs:
        return (name, "0", "", "", "", "")
    told = sum(pair.comparison.verdict in verdicts for pair in pairs)
    spread = percent(median([pair.spread for pair in pairs]), 1)
    rate = percent(told / len(pairs), 1)
    return (name, str(len(pairs)), str(told), rate, spread, told_at_least(pairs))


def twice(launches):
    """Run the documented set twice; print in how many trials the intervals overlap."""
    with tempfile.TemporaryDirectory(prefix="harness-") as folder:
        runs = []
        for number in ("first", "second"):
            say(f"the documented set, {number} run, {launches} launches")
            runs.append(harness.run(results=Path(folder) / "results.db", launches=launches))
    first, second = ({r.id: r for r in run if r.seconds} for run in runs)
    trials = [(first[id], second[id]) for id in first if id in second]
    names = list(dict.fromkeys(one.backend for one, _ in trials))
    rows = [
        overlaps(name, [pair for pair in trials if name in ("all", pair[0].backend)])
        for name in (*names, "all")
    ]
    header = ("backend", "trials", "intervals overlap", "share", "second / first")
    print_table(f"The documented set twice, intervals over {launches} launches", header, rows)


def overlaps(name, trials):
    inside = sum(meet(one.seconds, other.seconds) for one, other in trials)
    share = percent(inside / len(trials), 1) if trials else ""
    ratios = [other.seconds.median / one.seconds.median for one, other in trials]
    middle = f"{median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})" if trials else ""
    return (name, str(len(trials)), str(inside), share, middle)


def meet(one, other):
    return one.low <= other.high and other.low <= one.high


def say(what):
    print(f"{what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
