from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from results.launches import compare_launches
from results.schema import STATUSES, Block, Record
from results.statistics import percent, seconds_of
from results.tables import troubles
from results.timing_table import timing
from tests.results.samples import (
    SCENARIOS,
    a_record,
    a_time,
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
    text = drawn(timing(*sample()))
    assert "intervals within one launch; for ranks: --launches 5" in text
    assert "]  fastest" not in text and "#" not in text and "told from" not in text


def test_launches_rank_and_mark_the_fastest_that_they_tell_apart() -> None:
    lines = drawn(timing(*sample(3))).splitlines()
    marked = [line.split()[0] for line in lines if "]  fastest " in line]
    assert marked == ["jax:jit"] * len(SCENARIOS)
    seconds = [line.split()[5] for line in lines if line.startswith("  tensorflow:function")]
    assert seconds == ["#2"] * len(SCENARIOS)
    assert "intervals and ranks over launches; median: the geometric mean of theirs" in lines
    assert any(
        line.startswith("#: rank, shared where launches do not tell apart") for line in lines
    )
    assert not any("within one launch" in line or "told from" in line for line in lines)


def over(record: str, launches: list[float], **changes: Any) -> Record:
    return a_record(
        record, seconds=a_time(launches[1], by_launch={"operator": launches}), **changes
    )


def test_those_that_are_not_told_apart_share_a_rank_and_the_case_says_what_would_have_told() -> (
    None
):
    close = [over("a", [0.98, 1.0, 1.02]), over("b", [0.99, 1.01, 1.03], backend="jax")]
    other = [
        over("c", [0.999, 1.0, 1.001], operator="vjp"),
        over("d", [2.0, 2.001, 2.002], operator="vjp", backend="jax"),
    ]
    told_from = compare_launches([0.98, 1.0, 1.02], [0.99, 1.01, 1.03]).told_from
    assert told_from is not None
    lines = drawn_lines(timing([*close, *other]))
    assert f"gradient-penalty gradient (told from {percent(told_from)} on)" in lines
    assert "gradient-penalty vjp" in lines
    assert [line.split()[5] for line in lines if "]  #" in line] == ["#1", "#1", "#2"]
    assert sum("]  fastest" in line for line in lines) == 1
    assert any(line.startswith("told from N % on: such a difference") for line in lines)


def test_trials_that_are_not_steady_are_marked_and_say_why() -> None:
    steady, spread = over("a", [0.99, 1.0, 1.01]), over("b", [1.9, 2.0, 2.1], backend="jax")
    again = replace(spread, id="c", operator="vjp")
    blocks = {
        "a": [
            Block(launch=0, series="operator", calls=1, seconds=1 + step / 200, faults=0)
            for step in range(12)
        ],
    }
    lines = drawn_lines(timing([steady, spread], blocks))
    assert [line.partition(":")[0].strip() for line in lines if "]!" in line] == ["torch", "jax"]
    assert "! drifting within a launch: torch:eager 5.5 % (gradient-penalty gradient)" in lines
    below = "! launches spread more than 3 %: jax:eager"
    assert f"{below} 5.0 % (gradient-penalty gradient)" in " ".join(lines)
    assert f"{below} up to 5.0 % (2 cases)" in drawn_lines(timing([steady, spread, again]))
    assert "!" not in drawn(timing([steady]))


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "ok"])
def test_what_is_not_ok_is_never_timed_or_ranked_but_named_with_its_reason(status: str) -> None:
    records, blocks = sample(3)
    assert records[1].backend == "jax" and records[1].seconds is not None
    # Its times are kept here on purpose: the fastest of all, were it let in.
    records[1] = replace(records[1], status=status, reason="because [it] is so")
    text = drawn(timing(records, blocks))
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


def test_times_that_are_mostly_those_of_being_called_are_named() -> None:
    least = a_time(1e-6, dispatch=0.9e-6)
    records = [a_record("a", seconds=least), a_record("b", seconds=a_time(1e-5, dispatch=0.9e-6))]
    text = " ".join(drawn(timing(records)).split())
    assert "dispatch-bound, most of the time is that of being called: torch:eager (1 of 2)" in text
    assert "dispatch-bound" not in drawn(timing(records[1:]))
