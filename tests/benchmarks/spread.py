"""Measure what makes launches of the same code agree: `python -m tests.benchmarks.spread [N]`.

Every way of starting a worker is tried N times (12) in turn, backend by backend, so that all see
the same minutes; what is printed is the standard deviation over launches of the logarithm of their
medians, and the median's ratio to the way that a run uses. One convention: nothing is asserted.
"""

import ctypes
import os
import random
import sys
from dataclasses import dataclass, field, replace

import numpy as np

from harness import plan
from harness.arrays import to_blob
from harness.contract import Settings
from harness.options import EQUAL_ALLOCATOR, Selection, environment
from harness.pinning import pin, shares
from harness.process import Process
from results.statistics import median, scatter

FIXED_LAYOUT = 0x0040000  # personality(2): ADDR_NO_RANDOMIZE, which a child inherits
BLOCKS = 7
SIZES = (1, 1000, 100_000, 1_000_000)
PATIENCE = 120


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way of starting a worker: variables besides those of a run and `without`
    some of them, and what the kernel does."""

    variables: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    pinned: bool = True
    fixed_layout: bool = False


WAYS = {
    "as a run": Way(),
    "not pinned": Way(pinned=False),
    "allocator as shipped": Way(without=tuple(EQUAL_ALLOCATOR)),
    "fixed address layout": Way(fixed_layout=True),
    "huge pages": Way(variables={"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}),
    "arenas as shipped": Way(without=("MALLOC_ARENA_MAX",)),
    "fixed hash seed": Way(variables={"PYTHONHASHSEED": "0"}),
}


def main():
    launches = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    words = plan.make(Selection(scenarios=("gradient-penalty",), dtypes=("float64",)), seed=0)
    kernel = ctypes.CDLL(None)
    for backend in ("numpy", "torch", "jax", "tensorflow"):
        found = {(way, n): [] for way in WAYS for n in SIZES}
        for _ in range(launches):
            for way in random.sample(sorted(WAYS), len(WAYS)):
                kernel.personality(FIXED_LAYOUT if WAYS[way].fixed_layout else 0)
                for n, seconds in launched(words, words.declarations[backend], WAYS[way]):
                    found[way, n].append(seconds)
        kernel.personality(0)
        show(backend, found)


def launched(words, declaration, way):
    """Start a worker in one way and yield the median seconds a call at every size."""
    variables = environment(declaration, Settings(), "cpu") | way.variables
    variables = {name: text for name, text in variables.items() if name not in way.without}
    cores = sorted(os.sched_getaffinity(0))
    theirs, ours = shares(cores, 1)
    worker = Process("bench", variables, cores)
    start = {"adapter": declaration.adapter, "variant": declaration.default, "device": "cpu"}
    try:
        worker.ask("start", timeout=PATIENCE, settings=Settings().to_json(), **start)
        worker.ask("settle", timeout=PATIENCE, cores=theirs if way.pinned else cores)
        pin(ours if way.pinned else cores)
        (case,) = words.cases
        for n in SIZES:
            yield n, timed(worker, words, replace(case, size={"n": n}))
    finally:
        worker.kill()
        pin(cores)


def timed(worker, words, case):
    rng = np.random.default_rng(0)
    inputs = [to_blob(rng.standard_normal(case.size["n"])) for _ in ("x", "y")]
    asked = {"locator": words.locators[case.scenario], "case": case.to_json()}
    worker.ask("check", inputs, timeout=PATIENCE, plain=False, **asked)
    one = {"series": "operator", "timeout": PATIENCE}
    calls = worker.ask("calibrate", **one)[0]["calls"]
    blocks = [worker.ask("block", calls=calls, **one)[0]["seconds"] for _ in range(BLOCKS)]
    worker.ask("release", timeout=PATIENCE)
    return median(blocks) / calls


def show(backend, found):
    print(f"\n## {backend}: spread between launches (median, relative to a run's)\n")
    print("| way |", " | ".join(f"n={n}" for n in SIZES), "|\n| --- |", "---: |" * len(SIZES))
    for way in WAYS:
        cells = []
        for n in SIZES:
            spread = scatter(found[way, n])
            ratio = median(found[way, n]) / median(found["as a run", n])
            cells.append(f"{100 * spread:.1f} % ({ratio:.2f})")
        print(f"| {way} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
