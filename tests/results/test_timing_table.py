from __future__ import annotations

from dataclasses import replace

import pytest

from results.schema import STATUSES, Record
from results.statistics import seconds_of
from results.tables import troubles
from results.timing_table import timing
from tests.results.samples import (
    SCENARIOS,
    a_record,
    a_timed,
    an_error,
    blocks_of,
    drawn,
    drawn_lines,
    sample,
)


def test_timing_shows_median_interval_and_both_ratios_the_least_first() -> None:
    lines = drawn(timing(sample()[0])).splitlines()
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
    text = drawn(timing(records, medians))
    assert "intervals within one launch; for ranks: --launches 3" in text
    assert "to fastest" in text
    assert "]  fastest" not in text


def test_launches_mark_the_fastest_that_they_tell_apart() -> None:
    records, medians = sample(3)
    lines = drawn(timing(records, medians)).splitlines()
    marked = [line.split()[0] for line in lines if "]  fastest " in line]
    assert marked == ["jax:jit"] * len(SCENARIOS)
    assert any("over launches" in line for line in lines)
    assert not any("within one launch" in line for line in lines)


def test_launches_that_do_not_tell_apart_say_so() -> None:
    records = [a_timed("a", 1e-3, launches=3), a_timed("b", 1.001e-3, launches=3, backend="jax")]
    medians = {"a": [1.0, 1.02, 0.98], "b": [1.01, 1.03, 0.99]}
    rows = drawn(timing(records, medians)).splitlines()
    assert sum("]    ~1.0" in row for row in rows) == 2
    assert not any("]  fastest" in row for row in rows)
    assert any("~ not told apart from the least median" in row for row in rows)


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ok"])
def test_what_is_not_ok_is_never_timed_or_ranked_but_named_with_its_reason(status: str) -> None:
    records, medians = sample(3)
    assert records[1].backend == "jax" and records[1].seconds is not None
    # Its times are kept here on purpose: the fastest of all, were it let in.
    records[1] = replace(records[1], status=status, reason="because [it] is so")
    text = drawn(timing(records, medians))
    case = text.partition("square gradient")[2].partition("sum-of-squares")[0]
    assert "jax:jit" not in case
    first = case.split("\n")[1].split()
    assert (first[0], first[5]) == ("tensorflow:function", "fastest")
    assert f"{status} jax:jit: square gradient\n    because [it] is so" in drawn(troubles(records))


def test_fewer_than_six_blocks_are_marked_as_a_range() -> None:
    seconds = seconds_of(blocks_of(1e-3, count=5), import_=None)
    text = drawn(timing([a_record(seconds=seconds)]))
    assert "]*" in text and "* fewer than 6 blocks: smallest and largest" in text
    assert "*" not in drawn(timing(sample()[0])).partition("square gradient")[2]


def test_a_ratio_that_was_not_measured_is_a_dash() -> None:
    seconds = seconds_of(blocks_of(1e-3), import_=None)
    lines = drawn(timing([a_record(seconds=seconds)])).splitlines()
    assert next(line for line in lines if "torch:eager" in line).split()[6] == "-"


def test_nothing_timed_leaves_no_table() -> None:
    assert timing([a_record()]) is None


def errors_of(record: Record) -> list[str]:
    lines = drawn_lines(timing([record]))
    return next(line for line in lines if "torch:eager" in line).split()[-2:]


@pytest.mark.parametrize(
    ("relative", "ulp", "shown"),
    [
        (0.0, 0.0, ["0", "0"]),
        (1.23e-16, 0.5, ["1.2e-16", "0.50"]),
        (3e-15, 12.4, ["3.0e-15", "12"]),
        (3e-12, 31234.0, ["3.0e-12", "3.1e4"]),
        (1e-20, 1e-4, ["1.0e-20", "<0.01"]),
    ],
)
def test_errors_stand_beside_the_times(relative: float, ulp: float, shown: list[str]) -> None:
    record = replace(a_timed("one", 1e-3), error=an_error(relative, ulp=ulp))
    assert errors_of(record) == shown


def test_an_error_that_was_not_taken_is_a_dash() -> None:
    assert errors_of(replace(a_timed("one", 1e-3), error=None)) == ["-", "-"]


def test_what_errors_are_held_against_is_said_once_where_it_is_one() -> None:
    records = [a_timed("a", 1e-3), a_timed("b", 2e-3, scenario="documented/square")]
    text = drawn(timing(records))
    assert "errors against: documented; ULP" in text and text.count("against") == 1


def test_what_errors_are_held_against_stands_beside_the_case_where_it_differs() -> None:
    form = {"scenario": "documented/square", "error": an_error(0.0, against="closed form")}
    lines = drawn_lines(timing([a_timed("a", 1e-3), a_timed("b", 2e-3, **form)]))
    assert "gradient-penalty gradient (against: documented)" in lines
    assert "square gradient (against: closed form)" in lines
