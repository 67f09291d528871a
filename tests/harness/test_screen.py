"""What is printed when a run is over or shown later: the parts that its records give rise to."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from harness.events import Ended, Finished, Started
from harness.screen import STEPS, Screen, disturbances, header, print_tables
from results.schema import Record, Run
from tests.results.atlas.survey import a_survey, answers, off
from tests.results.samples import a_record, a_run, a_time, broken

TITLES = (
    "agreement: relative error",
    "timing: time per call",
    "compilation: time before",
    "scaling over n",
    "what else a call costs",
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
    taken = {"host_peak": 10**8, "device_peak": None}
    seconds = a_time(1e-9 * n)
    return a_record(f"{n}", size={"n": n}, variant="compile", seconds=seconds, bytes=taken)


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


LOADED = {
    "before": {"load": 5.0, "throttles": 7},
    "after": {"load": 5.0, "throttles": 9},
}


def test_what_disturbed_is_said_below_the_tables() -> None:
    file = io.StringIO()
    print_tables(Console(file=file, width=80), a_run(noise=LOADED), [a_record()], {})
    said = file.getvalue().rstrip()
    assert said.endswith("warning: cores were slowed down for their heat 2 times")


def test_what_disturbed_an_earlier_sitting_of_a_resumed_run_is_said_too() -> None:
    found = disturbances(a_run(noise={"earlier": [LOADED]}))
    assert found is not None and "heat 2 times" in str(found.renderables[0])


def test_what_disturbs_beforehand_is_said_above_them() -> None:
    file = io.StringIO()
    settings = {"threads": 1, "numerics": "shipped", "launches": 1}
    machine = {"cpu": "a CPU", "cores": 2, "memory": 2**30, "system": "Linux", "devices": {}}
    Console(file=file, width=80).print(
        header(a_run(noise=LOADED, machine=machine, settings=settings))
    )
    said = [line.rstrip() for line in file.getvalue().splitlines()]
    assert "warning   the load was 5.0 on 2 cores before the run: others worked" in said
    assert "machine   a CPU, 2 cores, 1 GiB, Linux" in said


SETTINGS = {"threads": 1, "numerics": "shipped", "launches": 1}
MACHINE = {"cpu": "a CPU", "cores": 2, "memory": 2**30, "system": "Linux", "devices": {}}


def listened(records: list[Record], *, terminal: bool = False, quiet: bool = False) -> str:
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=terminal)
    screen = Screen(console, quiet=quiet)
    run = a_survey(settings=SETTINGS, machine=MACHINE)
    screen.notify(Started(run, len(records)))
    for record in records:
        screen.notify(Finished(record, ()))
    screen.notify(Ended(run))
    screen.report("results.db", "harness repro --results results.db")
    return file.getvalue()


def test_a_survey_says_now_and_then_how_far_it_is() -> None:
    records = answers()
    records[0] = replace(records[0], **off(1, 2, 1.0))
    lines = [line for line in listened(records).splitlines() if line.startswith("[")]
    assert STEPS <= len(lines) <= STEPS + 1
    assert lines[0] == "[11/224] 1 wrong or raising so far"


def test_a_survey_of_few_answers_says_so_of_each() -> None:
    assert listened(answers(("abs",))[:3]).count("so far") == 3


def test_on_a_terminal_a_bar_names_what_is_under_way_instead() -> None:
    said = listened(answers(), terminal=True)
    assert "so far" not in said and "det on torch:eager" in said


def test_a_quiet_survey_says_its_last_line_only() -> None:
    assert len(listened(answers(), quiet=True).splitlines()) == 1


def test_the_map_comes_with_commands_that_name_the_store() -> None:
    records = answers()
    records[0] = replace(records[0], **off(1, 2, 1.0))
    assert f"harness repro --results results.db {records[0].id}" in listened(records)
