from __future__ import annotations

from dataclasses import replace

import pytest

from results.cases import FULL, by_case, names_for, timed
from results.schema import Record
from tests.results.samples import a_record, a_timed

FAST, SLOW = [1.00, 1.01, 0.99], [2.00, 2.01, 1.99]


def test_records_are_grouped_by_what_was_asked() -> None:
    records = [
        a_record("a", backend="torch"),
        a_record("b", backend="jax", device="cuda"),
        a_record("c", size={"n": 2}),
        a_record("d", dtype="float64"),
        a_record("e", operator="hvp", composition="forward-over-reverse"),
        a_record("f", operator="hvp", composition="reverse-over-reverse"),
        a_record("g", point="drawn"),
        a_record("h", wrt=("x", "y")),
        a_record("i", backend="numpy"),
    ]
    groups = [[record.id for record in group] for group in by_case(records)]
    assert groups == [["a", "b", "i"], ["c"], ["d"], ["e"], ["f"], ["g"], ["h"]]


def test_the_order_of_a_size_does_not_matter() -> None:
    records = [a_record(size={"n": 1, "K": 2}), a_record("two", size={"K": 2, "n": 1})]
    assert len(by_case(records)) == 1


def test_what_all_records_share_is_said_once() -> None:
    records = [a_record("a"), a_record("b", scenario="documented/square", operator="vjp")]
    names = names_for(records)
    assert names.shared == "documented/*, n=1, documented point, float32, cpu"
    assert [names.case(record) for record in records] == ["gradient-penalty gradient", "square vjp"]
    assert names.runner(records[0]) == "torch:eager"


def test_what_records_do_not_share_is_in_their_names() -> None:
    records = [
        a_record("a"),
        a_record(
            "b",
            scenario="classic/rosenbrock",
            size={"n": 1000},
            point="drawn",
            dtype="float64",
            device="cuda:0",
            operator="hvp",
            composition="forward-over-reverse",
        ),
    ]
    names = names_for(records)
    assert names.shared == ""
    assert names.case(records[1]) == (
        "classic/rosenbrock hvp forward-over-reverse n=1000 drawn point float64"
    )
    assert names.runner(records[1]) == "torch:eager cuda:0"
    assert names == FULL


def test_a_scenario_without_a_family_and_a_size_keeps_its_name() -> None:
    names = names_for([a_record(scenario="mine", size={})])
    assert names.case(a_record(scenario="mine", size={})) == "mine gradient"


def ratios(records: list[Record], launches: dict[str, list[float]] | None = None) -> list[object]:
    rows = timed(records, launches or {})
    return [(row.record.id, round(row.to_fastest, 1), row.rank) for row in rows]


@pytest.mark.parametrize(
    "status", ["wrong", "failed", "crashed", "timeout", "out-of-memory", "interrupted"]
)
def test_what_is_not_right_is_in_no_ratio_and_no_rank(status: str) -> None:
    fast = replace(a_timed("bad", 1e-9, launches=3), status=status)
    records = [fast, a_timed("good", 1e-3, launches=3), a_timed("slow", 2e-3, launches=3)]
    medians = {"bad": [1e-9] * 3, "good": FAST, "slow": SLOW}
    assert ratios(records, medians) == [("good", 1.0, "fastest"), ("slow", 2.0, "")]


def test_what_was_only_checked_is_in_no_ratio() -> None:
    assert timed([a_record()], {}) == []


def test_the_least_median_comes_first_and_nothing_is_ranked_without_launches() -> None:
    records = [a_timed("slow", 2e-3), a_timed("fast", 1e-3)]
    assert ratios(records) == [("fast", 1.0, ""), ("slow", 2.0, "")]
    assert ratios(records, {"fast": [1.0], "slow": [2.0]}) == ratios(records)


def test_the_fastest_is_marked_only_where_it_is_told_from_all_others() -> None:
    records = [a_timed("a", 1e-3), a_timed("b", 1.1e-3), a_timed("c", 2e-3)]
    apart = {"a": FAST, "b": [1.10, 1.11, 1.09], "c": SLOW}
    assert [row.rank for row in timed(records, apart)] == ["fastest", "", ""]
    close = {"a": FAST, "b": [0.9, 1.1, 1.2], "c": SLOW}
    assert [row.rank for row in timed(records, close)] == ["not told apart", "not told apart", ""]
    lacking = {"a": FAST, "c": SLOW}
    assert [row.rank for row in timed(records, lacking)] == ["", "", ""]


def test_who_runs_alone_is_not_called_the_fastest() -> None:
    assert ratios([a_timed("one", 1e-3)], {"one": FAST}) == [("one", 1.0, "")]


def test_the_ratio_to_the_own_value_is_there_where_the_value_was_timed() -> None:
    record = a_timed("one", 3e-3)
    assert record.seconds is not None
    without = replace(record, id="two", seconds=replace(record.seconds, value=None))
    first, second = timed([record, without], {})
    assert first.to_value == pytest.approx(3.0, rel=0.05)
    assert second.to_value is None
