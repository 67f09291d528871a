"""Times of contestants side by side, peak memory, and what recording takes.

The one convention: contestants are timed block by block, in an order drawn anew every round, so
that a ratio is the median of ratios within rounds and the machine's moods cancel.
"""

import gc
import random
import time
import tracemalloc

from harness.selftest.contest import timed
from results.statistics import median
from tests.benchmarks.engine.contestants import CONTESTANTS, Absent, enter
from tests.benchmarks.engine.judge import demand, references_of

LENGTH, WARM = 4e-3, 1e-3  # s a block, and before it, as caches hold the last contestant's data


def contestants_of(case, inputs, names=CONTESTANTS):
    """Return {name: call} of those that take part, found right, and {name: reason} of the rest."""
    references = references_of(case, inputs)
    calls, absent = {}, {}
    for name in names:
        try:
            calls[name] = enter(name, case, inputs)
        except Absent as error:
            absent[name] = str(error)
            continue
        demand(name, case, calls[name], inputs, references)
    return calls, absent


def calls_a_block(call):
    """Return how many calls take about LENGTH."""
    number = 1
    while (spent := timed(call, number)) < LENGTH / 2:
        number = max(number + 1, min(10 * number, int(number * LENGTH / spent)))
    return number


def interleaved(calls, rounds):
    """Return {name: seconds a call, one a round}."""
    rng, numbers = random.Random(0), {name: calls_a_block(call) for name, call in calls.items()}
    seconds = {name: [] for name in calls}
    for _ in range(rounds):
        for name in rng.sample(list(calls), len(calls)):
            warmed(calls[name], WARM)
            seconds[name].append(timed(calls[name], numbers[name]) / numbers[name])
    return seconds


def warmed(call, seconds):
    """Call for a while."""
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        call()


def ratio(seconds, one, other):
    """Return the median over rounds of one contestant's time to another's, None where one lacks."""
    if one not in seconds or other not in seconds:
        return None
    return median([a / b for a, b in zip(seconds[one], seconds[other], strict=True)])


def peak_memory(name, case, inputs):
    """Return the most bytes allocated during a call, with all that it keeps between calls.

    Whatever is imported or cached at a first call was so before; inputs don't count.
    """
    enter(name, case, inputs)()
    gc.collect()
    tracemalloc.start()
    try:
        call = enter(name, case, inputs)
        call()
        gc.collect()
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def recording(case, inputs, times=5):
    """Return the median seconds that replay's first call takes."""
    spent = []
    for _ in range(times):
        call = enter("replay", case, inputs)
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return median(spent)
