"""The screen of what else a call costs, and when a time is called dispatch-bound."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from results import costs as results_costs
from results.costs import dispatch_bound, sweeps
from results.costs_table import costs
from results.schema import Record
from tests.results.samples import a_record, a_time, drawn_lines


def one(
    n: int = 10,
    median: float = 1e-4,
    name: str = "one",
    *,
    by_events: float | None = None,
    dispatch: float | None = None,
    throughput: float | None = None,
    **changes: Any,
) -> Record:
    seconds = a_time(median, device=by_events, dispatch=dispatch, throughput=throughput)
    return a_record(name, **{"size": {"n": n}, "seconds": seconds, **changes})


def peak(host: int | None, device: int | None = None) -> dict[str, Any]:
    return {"bytes": {"host_peak": host, "device_peak": device}}


def test_nothing_is_shown_of_small_calls_on_the_cpu() -> None:
    assert costs([one(**peak(3_000_000)), one(**peak(None))]) is None


def test_a_large_peak_is_shown_with_the_others_of_its_case() -> None:
    records = [
        one(name="a", **peak(144_000_000)),
        one(name="b", backend="numpy", **peak(2_000_000)),
        one(name="c", n=2, **peak(1_000_000)),
    ]
    lines = drawn_lines(costs(records))
    assert lines[0].startswith("what else a call costs (documented/*")
    assert "  torch:eager   137 MiB" in lines and "  numpy:eager  1.91 MiB" in lines
    assert not any("n=2" in line for line in lines)


def test_wrong_answers_cost_nothing() -> None:
    assert costs([one(throughput=1e-5, status="wrong")]) is None


def test_throughput_is_shown_where_it_was_asked_for() -> None:
    lines = drawn_lines(costs([one(throughput=9.3e-6)]))
    assert "  torch:eager    9.3 us" in lines


def test_it_fits_80_columns_with_everything_in_it() -> None:
    card = {"backend": "tensorflow", "variant": "function", "device": "cuda:1"}
    records = [
        one(by_events=3e-5, throughput=4e-5, **card, **peak(144_000_000, 12_300_000_000)),
        one(throughput=4e-5, dispatch=9e-5, **peak(99)),
    ]
    lines = drawn_lines(costs(records))
    assert max(map(len, lines)) <= 80
    rows = [line for line in lines if line.startswith("  t")]
    assert [" ".join(row.split()[1:]) for row in rows] == [
        "cuda:1 137 MiB 11.5 GiB 30 us 40 us yes",
        "cpu <0.1 MiB - - 40 us yes",
    ]


def test_a_peak_that_is_not_quite_what_it_is_called_has_a_star_and_its_explanation() -> None:
    why = "bytes of its own allocator, where others have the process's resident memory"
    said = {"lacks": {"bytes.host_peak": why, "bytes.device_peak": "none"}}
    own = {"backend": "tensorflow", **peak(144_000_000), **said}
    records = [
        one(name="a", **own),
        one(name="b", operator="vjp", **own),
        one(name="c", **peak(99)),
    ]
    lines = drawn_lines(costs(records))
    assert [line.split()[1:] for line in lines if "eager" in line] == [
        ["*137", "MiB"],
        ["<0.1", "MiB"],
        ["*137", "MiB"],
    ]
    below = " ".join(lines[lines.index(next(line for line in lines if line.startswith("* "))) :])
    assert below.split() == f"* tensorflow: {why}".split()
    assert max(map(len, lines)) <= 80
    assert not any(line.startswith("*") for line in drawn_lines(costs([one(**peak(144_000_000))])))


def test_records_are_sorted_into_sweeps_once_and_not_for_each_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def counted(record: Record) -> object:
        asked.append(record)
        return sweep_of(record)

    sweep_of = results_costs.sweep_of
    monkeypatch.setattr(results_costs, "sweep_of", counted)
    records = [one(name=str(i), scenario=f"mine/{i}", **peak(144_000_000)) for i in range(50)]
    assert costs(records)
    assert len(asked) <= 2 * len(records)


def verdict(record: Record, *others: Record) -> bool | None:
    return dispatch_bound(record, sweeps([record, *others]))


def test_a_device_that_is_idle_half_of_the_time_waits_for_calls() -> None:
    assert verdict(one(by_events=4e-5)) is True
    assert verdict(one(by_events=6e-5, dispatch=9e-5)) is False


def test_less_than_two_least_calls_is_mostly_being_called() -> None:
    assert verdict(one(dispatch=6e-5)) is True
    assert verdict(one(dispatch=4e-5)) is None


def test_a_time_that_does_not_grow_with_the_size_is_not_the_computations() -> None:
    def fixed(share: float) -> list[Record]:
        law = ((n, 1e-4 * (share + (1 - share) * n / 10)) for n in (10, 15, 40, 1000))
        return [one(n=n, median=median) for n, median in law]

    for share, bound in ((0.6, True), (0.4, False), (1.0, True), (0.0, False)):
        small, *_, largest = sweep = fixed(share)
        assert verdict(small, *sweep) is bound
        assert verdict(largest, *sweep) is None
    assert verdict(small, *sweep[:2]) is None  # 1.5 times as large tells too little


@pytest.mark.parametrize(
    "changes",
    [{"variant": "func"}, {"operator": "vjp"}, {"dtype": "float64"}, {"device": "cuda"},
     {"status": "wrong"}, {"size": {"n": 19}}, {"environment": "==2.0"}],
)  # fmt: skip
def test_only_the_same_at_a_larger_size_tells(changes: dict[str, Any]) -> None:
    small = one(n=10)
    assert verdict(small, replace(one(n=1000), **changes)) is None
