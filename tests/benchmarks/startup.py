"""What the harness costs around the measuring: until a command answers, for a whole run, in the
parent's memory, and for a record. Nothing here is a difference of two timings."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import harness
from harness import plugins
from harness.contract import Settings
from harness.events import Finished, Started
from harness.options import environment
from harness.process import Process
from results.schema import Block
from results.statistics import median
from results.store import Store

# The peak is read from VmHWM, which begins anew with the program: ru_maxrss is inherited from
# whoever started it, through exec too.
WHOLE = """
import sys
from pathlib import Path
from harness.cli import main
sys.argv = ["harness", "run", "--backend", "all", "--quiet"]
try:
    main()
finally:
    status = Path("/proc/self/status").read_text()
    Path("peak").write_text(status.partition("VmHWM:")[2].split()[0])
"""
BLOCKS = 60  # of a trial: 30 of its own and 30 of the plain function


def command(*words, times):
    """Return the median seconds of the installed command, its byte code present."""
    program = Path(sys.executable).with_name("harness")
    with tempfile.TemporaryDirectory() as folder:
        return median([timed([program, *words], folder) for _ in range(times + 1)][1:])


def timed(words, folder):
    bare = {name: text for name, text in os.environ.items() if name != "HARNESS_RESULTS"}
    start = time.perf_counter()
    subprocess.run(words, cwd=folder, env=bare, check=True, capture_output=True)
    return time.perf_counter() - start


def whole_run():
    """Return the seconds of `harness run --backend all`, and its parent's peak memory in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        seconds = timed([sys.executable, "-c", WHOLE], folder)
        return seconds, 1024 * int((Path(folder) / "peak").read_text())


def record_costs(times):
    """Return seconds for what a timed trial costs beside its blocks, by part.

    The first part is an upper bound: a trial that is only checked is drawn, prepared, answered and
    judged as well.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.db"
        return {
            "a checked trial, all in all": checked_trial(path, times),
            f"storing a record with {BLOCKS} blocks": stored_record(path, times),
            f"{BLOCKS} messages to a worker and back": BLOCKS * message(times),
        }


def checked_trial(path, sizes):
    """Return wall time over trials, from the run's header to its last record, NumPy alone."""
    marks = []

    def note(event):
        if isinstance(event, Started | Finished):
            marks.append(time.perf_counter())

    several = "n=" + ",".join(str(n) for n in range(1, sizes + 1))
    harness.run(backend="numpy", size=(several,), check=True, results=path, notify=note)
    return (marks[-1] - marks[0]) / (len(marks) - 1)


def stored_record(path, times):
    """Return the median time of putting a record that was measured with many blocks."""
    (record,) = harness.run("square", backend="numpy", budget=0.01, results=path)
    blocks = [
        Block(launch=0, series=series, calls=1000, seconds=0.01, faults=0)
        for series in ("operator", "value")
        for _ in range(BLOCKS // 2)
    ]
    spent = []
    with Store(path, writing=True) as store:
        for _ in range(times):
            start = time.perf_counter()
            store.put(record, blocks)
            spent.append(time.perf_counter() - start)
    return median(spent)


def message(times):
    """Return the median time of a request that a NumPy worker has nothing to do for."""
    numpy = plugins.backends().items["numpy"]
    cores = sorted(os.sched_getaffinity(0))
    worker = Process("bench", environment(numpy, Settings(), "cpu"), cores)
    try:
        settings = Settings().to_json()
        start = {"adapter": numpy.adapter, "variant": numpy.default, "device": "cpu"}
        worker.ask("start", timeout=60, settings=settings, **start)
        spent = []
        for _ in range(times):
            begun = time.perf_counter()
            worker.ask("release", timeout=60)
            spent.append(time.perf_counter() - begun)
        return median(spent)
    finally:
        worker.kill()
