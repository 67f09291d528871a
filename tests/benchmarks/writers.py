"""Writers killed at random moments: does the store lose or tear what they had put?

`python -m tests.benchmarks.writers [WRITERS [KILLS]]` keeps so many writers at one file, kills them
one by one, reads on meanwhile, and prints what it counted; exit status 1 where anything is amiss.

One convention: a writer confirms a put over its pipe after the put returned, so that whatever was
confirmed must be there.
"""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from results.store import Store
from tests.results.samples import a_record, a_run, blocks_of

BLOCKS = 3  # of a launch
LONGEST = 0.1  # s between two kills; shorter than a writer takes to start, so some die opening
Confirmed = Mapping[tuple[str, str], int]  # launches by run and record


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What came of it: the faults found, and how much there was to find them in."""

    faults: list[str]
    confirmed: int
    records: int
    reads: int


def write(path: str, run: str) -> None:
    """Put records for ever, each twice, the second time with one more launch."""
    with Store(path, writing=True) as store:
        store.add_run(a_run(run, end=None))
        for number in itertools.count():
            for launches in (1, 2):
                blocks = blocks_of(1e-3, launches=launches, count=BLOCKS)[-BLOCKS:]
                store.put(a_record(str(number), run=run, reason=str(launches)), blocks)
                print(number, launches, flush=True)


class Writer:
    """A writer in a process of its own, and what it has confirmed so far."""

    def __init__(self, path: Path, run: str) -> None:
        self.run = run
        self.confirmed: dict[tuple[str, str], int] = {}
        command = [sys.executable, "-m", "tests.benchmarks.writers", "write", str(path), run]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self.listen, args=(self.process.stdout,))
        self.reader.start()

    def listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                if line.endswith("\n"):  # else killed in the midst of confirming
                    record, launches = line.split()
                    self.confirmed[self.run, record] = int(launches)

    def kill(self) -> list[str]:
        """End the writer at once; return what is wrong where it had ended by itself."""
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        self.reader.join()
        return [] if ended is None else [f"writer {self.run} ended by itself with status {ended}"]


def torment(path: Path, *, writers: int, kills: int, every: int, seed: int = 0) -> Tally:
    """Kill a random one of so many writers so many times; read the store after `every` kills."""
    chance = random.Random(seed)
    faults: list[str] = []
    names = (f"r{number}" for number in itertools.count())
    with ExitStack() as stack:
        everyone = [started(path, next(names), stack) for _ in range(writers)]
        living = list(everyone)
        wait_for(living)
        for kill in range(1, kills + 1):
            time.sleep(chance.uniform(0, LONGEST))
            victim = chance.randrange(writers)
            faults += living[victim].kill()
            living[victim] = started(path, next(names), stack)
            everyone.append(living[victim])
            if kill % every == 0:
                faults += amiss(path, confirmed_by(everyone))[0]
        for writer in living:
            faults += writer.kill()
    confirmed = confirmed_by(everyone)
    last, records = amiss(path, confirmed)
    return Tally(
        faults=faults + last, confirmed=len(confirmed), records=records, reads=kills // every + 1
    )


def confirmed_by(writers: Iterable[Writer]) -> dict[tuple[str, str], int]:
    """Return what was confirmed until now, by the living too."""
    return {
        key: launches for writer in writers for key, launches in writer.confirmed.copy().items()
    }


def started(path: Path, run: str, stack: ExitStack) -> Writer:
    writer = Writer(path, run)
    stack.callback(writer.kill)
    return writer


def wait_for(writers: list[Writer]) -> None:
    """Wait until every writer has confirmed something, or ended."""
    while any(not w.confirmed and w.process.poll() is None for w in writers):
        time.sleep(0.01)


def amiss(path: Path, confirmed: Confirmed) -> tuple[list[str], int]:
    """Return what is wrong with the store, and how many records it has.

    Lost is a record that was confirmed and is not there as it was confirmed or newer; torn is one
    whose blocks are not those of the launches that it speaks of.
    """
    found: dict[tuple[str, str], int] = {}
    faults = []
    with Store(path) as store:
        store.connection.execute("BEGIN")  # one look at a file that is being written
        (state,) = store.connection.execute("PRAGMA integrity_check").fetchone()
        faults += [f"damaged: {state}"] if state != "ok" else []
        for run in [summary.run.id for summary in store.runs()]:
            blocks = store.all_blocks(run)
            for record in store.records(run):
                found[run, record.id] = launches = int(record.reason or 0)
                if len(blocks.get(record.id, ())) != launches * BLOCKS:
                    faults.append(f"torn: record {record.id} of {run}")
        store.connection.execute("COMMIT")
    faults += [
        f"lost: record {record} of {run}"
        for (run, record), launches in confirmed.items()
        if found.get((run, record), 0) < launches
    ]
    return faults, len(found)


def main(writers: int = 10, kills: int = 100) -> int:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.db"
        tally = torment(path, writers=writers, kills=kills, every=10)
    print(
        f"{writers} writers, {kills} killed at random: {tally.confirmed} records confirmed, "
        f"{tally.records} there, {len(tally.faults)} lost or torn, in {tally.reads} readings, "
        f"{time.monotonic() - begun:.0f} s"
    )
    print("\n".join(tally.faults[:20]))
    return int(bool(tally.faults))


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(*sys.argv[2:])
    else:
        sys.exit(main(*map(int, sys.argv[1:])))
