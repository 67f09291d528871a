from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from results import tables
from results.schema import STATUSES, Record
from results.statistics import launch_medians, seconds_of
from results.store import Summary
from tests.results.samples import a_record, a_run, a_timed, an_error, blocks_of

RUNNERS = {
    ("torch", "eager"): 7.9e-5,
    ("jax", "jit"): 9.1e-6,
    ("tensorflow", "function"): 2.2e-5,
    ("numpy", "eager"): 2.3e-3,
}
SCENARIOS = ("square", "sum-of-squares-xy", "gradient-penalty-accumulated")


def drawn(screen: RenderableType | None, width: int = 80) -> str:
    """Render as into a pipe: no colour, no terminal."""
    assert screen is not None
    console = Console(file=io.StringIO(), width=width)
    console.print(screen)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def sample(launches: int = 1) -> tuple[list[Record], dict[str, list[float]]]:
    """Four backends on three scenarios, all right."""
    records, medians = [], {}
    for scenario in SCENARIOS:
        for seed, ((backend, variant), per_call) in enumerate(RUNNERS.items()):
            name = f"{scenario}-{backend}"
            blocks = blocks_of(per_call, launches=launches, value=per_call / 2, seed=seed)
            seconds = seconds_of(blocks, import_=None, prepare=None, first=None)
            named = {"scenario": f"documented/{scenario}", "backend": backend, "variant": variant}
            records.append(a_record(name, seconds=seconds, **named))
            medians[name] = launch_medians(blocks)
    return records, medians


def broken(record: Record, **changes: object) -> Record:
    return replace(record, **{"status": "wrong", "seconds": None, **changes})  # type: ignore[arg-type]


def every_screen() -> list[RenderableType | None]:
    records, medians = sample(3)
    records[0] = broken(records[0], error=an_error(2.1e-3))
    records[5] = broken(records[5], status="out-of-memory", error=None, reason="no " * 60)
    summary = Summary(run=a_run("3f2a91bc00d1", label="before"), counts={"ok": 10, "wrong": 2})
    return [
        tables.agreement(records),
        tables.timing(records, medians),
        tables.troubles(records),
        tables.closing(records, run="3f2a91bc00d1", where=".harness/results.db"),
        tables.listing([summary]),
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_every_screen_fits_the_width_and_cuts_nothing(width: int) -> None:
    text = "".join(drawn(screen, width) for screen in every_screen())
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text and "..." not in text
    for name in (*SCENARIOS, "tensorflow:function", "out-of-memory", "not told apart"):
        assert name in text


def test_no_screen_has_colour_when_piped_or_where_colour_is_unwanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "\x1b[" not in "".join(drawn(screen) for screen in every_screen())
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    for screen in every_screen():
        console.print(screen)
    assert isinstance(console.file, io.StringIO)
    for colour in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[1;32m"):
        assert colour not in console.file.getvalue()


def test_every_status_has_a_style() -> None:
    assert set(tables.STYLES) == set(STATUSES)


def test_agreement_has_a_row_a_case_and_a_column_a_backend_in_one_table_of_80() -> None:
    records, _ = sample()
    records[1] = broken(records[1], error=an_error(2.1e-3))
    lines = drawn(tables.agreement(records)).splitlines()
    assert (
        lines[0] == "agreement: relative error (documented/*, n=1, documented point, float32, cpu)"
    )
    assert lines[1].split() == ["torch:", "jax:", "tensorflow:", "numpy:"]
    assert lines[2].split() == ["eager", "jit", "function", "eager"]
    assert " ".join(lines[4].split()) == "square gradient ok 0 wrong 2.1e-03 ok 0 ok 0"
    assert sum("square gradient" in line for line in lines) == 1


def test_agreement_goes_on_below_where_the_columns_do_not_fit() -> None:
    records = [
        a_record(f"{number}", backend="tensorflow", variant=f"function{number}")
        for number in range(9)
    ]
    text = drawn(tables.agreement(records), 60)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.count("gradient-penalty") > 1
    for number in range(9):
        assert text.count(f"function{number}") == 1


def test_a_backend_without_a_trial_of_a_case_has_an_empty_cell() -> None:
    records = [a_record("a"), a_record("b", backend="jax", operator="vjp")]
    lines = drawn(tables.agreement(records)).splitlines()
    assert lines[4].split() == ["gradient-penalty", "gradient", "ok", "0"]


def test_timing_shows_median_interval_and_both_ratios_the_least_first() -> None:
    lines = drawn(tables.timing(sample()[0])).splitlines()
    start = lines.index("square gradient")
    rows = [line.split() for line in lines[start + 1 : start + 5]]
    assert [row[0] for row in rows] == [
        "jax:jit",
        "tensorflow:function",
        "torch:eager",
        "numpy:eager",
    ]
    assert rows[0][2] == "us" and rows[0][3].startswith("[") and rows[0][4].endswith("]")
    assert rows[0][5] == "1.00"
    assert float(rows[0][6]) == pytest.approx(2.0, rel=0.02)
    assert float(rows[3][5]) == pytest.approx(2.3e-3 / 9.1e-6, rel=0.1)


def test_one_launch_ranks_nothing_and_says_how_to() -> None:
    records, medians = sample()
    text = drawn(tables.timing(records, medians))
    assert "intervals within one launch; for ranks: --launches 3" in text
    assert "to fastest" in text
    assert "  fastest" not in text.partition("square gradient")[2]


def test_launches_mark_the_fastest_that_they_tell_apart() -> None:
    records, medians = sample(3)
    lines = drawn(tables.timing(records, medians)).splitlines()
    marked = [line.split()[0] for line in lines if line.rstrip().endswith("  fastest")]
    assert marked == ["jax:jit"] * len(SCENARIOS)
    assert any("over launches" in line for line in lines)
    assert not any("within one launch" in line for line in lines)


def test_launches_that_do_not_tell_apart_say_so() -> None:
    records = [a_timed("a", 1e-3, launches=3), a_timed("b", 1.001e-3, launches=3, backend="jax")]
    medians = {"a": [1.0, 1.02, 0.98], "b": [1.01, 1.03, 0.99]}
    rows = drawn(tables.timing(records, medians)).splitlines()
    assert sum(row.rstrip().endswith("  not told apart") for row in rows) == 2
    assert not any(row.rstrip().endswith("  fastest") for row in rows)


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ok"])
def test_what_is_not_ok_is_never_timed_or_ranked_but_named_with_its_reason(status: str) -> None:
    records, medians = sample(3)
    assert records[1].backend == "jax" and records[1].seconds is not None
    # Its times are kept here on purpose: the fastest of all, were it let in.
    records[1] = replace(records[1], status=status, reason="because [it] is so")
    timing = drawn(tables.timing(records, medians))
    case = timing.partition("square gradient")[2].partition("sum-of-squares")[0]
    assert "jax:jit" not in case
    first = case.split("\n")[1].split()
    assert (first[0], first[5], first[-1]) == ("tensorflow:function", "1.00", "fastest")
    assert f"{status} jax:jit: square gradient\n    because [it] is so" in drawn(
        tables.troubles(records)
    )


def test_fewer_than_six_blocks_are_marked_as_a_range() -> None:
    seconds = seconds_of(blocks_of(1e-3, count=5), import_=None, prepare=None, first=None)
    text = drawn(tables.timing([a_record(seconds=seconds)]))
    assert "]*" in text and "* fewer than 6 blocks: smallest and largest" in text
    assert "*" not in drawn(tables.timing(sample()[0])).partition("square gradient")[2]


def test_a_ratio_that_was_not_measured_is_a_dash() -> None:
    seconds = seconds_of(blocks_of(1e-3), import_=None, prepare=None, first=None)
    lines = drawn(tables.timing([a_record(seconds=seconds)])).splitlines()
    assert next(line for line in lines if "torch:eager" in line).split()[-1] == "-"


def test_nothing_timed_and_nothing_wrong_leave_no_table() -> None:
    assert tables.timing([a_record()]) is None
    assert tables.troubles([a_record()]) is None


def test_troubles_put_the_broken_before_the_skipped_and_share_a_reason() -> None:
    missing = {"backend": "jax", "status": "unavailable", "reason": "jax is not installed"}
    records = [
        a_record("a", **missing),
        a_record("b", scenario="documented/square", **missing),
        a_record("c", status="interrupted"),
        a_record("d", status="wrong", error=an_error(2e-3), known="https://example.org/1"),
    ]
    lines = [line.rstrip() for line in drawn(tables.troubles(records)).splitlines()]
    assert lines[1:] == [
        "wrong torch:eager: gradient-penalty gradient",
        "    relative error 2.0e-03 against documented, tolerance 7.6e-06 (known:",
        "    https://example.org/1)",
        "interrupted torch:eager: gradient-penalty gradient",
        "    the run was stopped before this trial was finished",
        "unavailable jax:eager: all 2 cases",
        "    jax is not installed",
        "",
    ]


@pytest.mark.parametrize(
    ("records", "text"),
    [
        ([], "0 trials: none; stored as run r1 in results.db"),
        ([a_record()], "1 trial: 1 ok; stored as run r1 in results.db"),
        (
            [a_record("a", status="failed"), a_record("b"), a_record("c")],
            "3 trials: 2 ok, 1 failed; stored as run r1 in results.db",
        ),
    ],
)
def test_the_closing_line_counts_and_says_where(records: list[Record], text: str) -> None:
    assert tables.closing(records, run="r1", where="results.db").plain == text


def test_runs_are_listed_with_label_counts_and_command() -> None:
    summaries = [
        Summary(run=a_run("r2", label="after [it]", end=None), counts={"ok": 3, "wrong": 1}),
        Summary(run=a_run("r1"), counts={}),
    ]
    text = " ".join(drawn(tables.listing(summaries)).split())
    assert "r2 2026-01-02 03:04 after [it] 3 ok, 1 wrong; not finished" in text
    assert "r1 2026-01-02 03:04 none" in text
    assert text.count("harness run documented") == 2


@pytest.mark.parametrize("screen", [tables.agreement, tables.listing])
def test_nothing_to_show_is_no_error(screen: Callable[[list[object]], RenderableType]) -> None:
    drawn(screen([]))
