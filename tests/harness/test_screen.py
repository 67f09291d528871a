"""What is printed when a run is over or shown later: the parts that its records give rise to."""

from __future__ import annotations

import io

from rich.console import Console

from harness.screen import print_tables
from results.schema import Record, Run
from tests.results.samples import a_record, a_run, a_time, broken

TITLES = (
    "agreement: relative error",
    "timing: time per call",
    "compilation: time before",
    "scaling over n",
    "not ok, so neither timed nor ranked",
    "passes, though the ledger lists it",
)


def printed(run: Run, records: list[Record]) -> list[str]:
    file = io.StringIO()
    print_tables(Console(file=file, width=80), run, records, {})
    assert max(map(len, file.getvalue().splitlines())) <= 80
    found = {file.getvalue().find(title): title for title in TITLES if title in file.getvalue()}
    return [found[place] for place in sorted(found)]


def timed(n: int) -> Record:
    return a_record(f"{n}", size={"n": n}, variant="compile", seconds=a_time(1e-9 * n))


def test_a_run_that_was_only_checked_shows_agreement_alone() -> None:
    assert printed(a_run(), [a_record()]) == [TITLES[0]]


def test_every_part_comes_in_its_order() -> None:
    records = [
        *map(timed, (10, 100, 1000)),
        a_record("listed", backend="jax", known="issue"),
        broken(a_record("broken", backend="numpy")),
    ]
    assert printed(a_run(twins={"torch:compile": "torch:eager"}), records) == list(TITLES)
    assert printed(a_run(), records) == [title for title in TITLES if "compilation" not in title]
