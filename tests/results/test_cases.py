from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from results.cases import FULL, by_case, names_for, timed
from results.launches import compare_launches, launches_of
from results.schema import Block, Record
from results.statistics import median, seconds_of
from tests.results.samples import a_record, a_time, a_timed

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


def over(record: str, launches: list[float], **changes: Any) -> Record:
    """A record with so many milliseconds a launch."""
    times = [1e-3 * one for one in launches]
    by_launch = {"operator": times} if times else {}
    return a_record(record, seconds=a_time(median(times or [1e-3]), by_launch=by_launch), **changes)


def ratios(records: list[Record]) -> list[tuple[str, float, int | None]]:
    rows = timed(records)
    return [
        (row.record.id, round(row.to_fastest, 1), row.place.rank if row.place else None)
        for row in rows
    ]


@pytest.mark.parametrize(
    "status", ["wrong", "failed", "crashed", "timeout", "out-of-memory", "interrupted"]
)
def test_what_is_not_right_is_in_no_ratio_and_no_rank(status: str) -> None:
    records = [over("bad", [1e-6] * 3, status=status), over("good", FAST), over("slow", SLOW)]
    assert ratios(records) == [("good", 1.0, 1), ("slow", 2.0, 2)]


def test_what_was_only_checked_is_in_no_ratio() -> None:
    assert timed([a_record()]) == []


def test_the_least_median_comes_first_and_nothing_is_ranked_without_launches() -> None:
    assert ratios([over("slow", [2.0]), over("fast", [1.0])]) == [
        ("fast", 1.0, None),
        ("slow", 2.0, None),
    ]


def test_records_from_before_launches_were_kept_are_shown_without_rank() -> None:
    assert ratios([over("old", []), over("slow", SLOW)]) == [
        ("old", 1.0, None),
        ("slow", 2.0, None),
    ]


def test_ranks_come_from_the_launches_that_a_record_holds() -> None:
    records = [over("c", SLOW), over("b", [0.9, 1.1, 1.2]), over("a", FAST)]
    assert ratios(records) == [("a", 1.0, 1), ("b", 1.1, 1), ("c", 2.0, 3)]


def test_what_launches_tell_faster_stands_before_what_they_do_not() -> None:
    records = [over("wild", [0.8, 1.2, 1.6]), over("next", [1.09, 1.1, 1.11]), over("first", FAST)]
    found = [(name, rank) for name, _, rank in ratios([*records, over("once", [0.5])])]
    assert found == [("first", 1), ("wild", 1), ("next", 2), ("once", None)]


def test_the_ratio_that_is_shown_is_the_one_that_launches_are_compared_by() -> None:
    for seed in range(20):
        rng = random.Random(seed)
        times = [[rng.lognormvariate(0, 0.1) for _ in range(4)] for _ in "ab"]
        one, other = timed([summed(str(number), one) for number, one in enumerate(times)])
        pair = [launches_of(row.seconds) for row in (one, other)]
        assert other.to_fastest == pytest.approx(compare_launches(*pair).ratio, rel=1e-12)
        assert other.to_fastest >= 1 == one.to_fastest


def summed(record: str, launches: list[float]) -> Record:
    blocks = [
        Block(launch=number, series="operator", calls=1, seconds=one, faults=0)
        for number, one in enumerate(launches)
    ]
    return a_record(record, seconds=seconds_of(blocks, import_=None))


def test_the_ratio_to_the_own_value_is_there_where_the_value_was_timed() -> None:
    record = a_timed("one", 3e-3)
    assert record.seconds is not None
    without = replace(record, id="two", seconds=replace(record.seconds, value=None))
    first, second = timed([record, without])
    assert first.to_value == pytest.approx(3.0, rel=0.05)
    assert second.to_value is None
