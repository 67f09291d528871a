from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from results.compilation import break_even, compiled, two_digits
from results.compilation_table import compilation
from results.schema import Record, Seconds
from tests.results.samples import a_record, a_run, a_time, drawn, drawn_lines

RUN = a_run(twins={"jax:jit": "jax:eager", "numpy:replay": "numpy:eager"})


def jit(**changes: Any) -> Record:
    plain = a_record("jit", backend="jax", variant="jit", seconds=slow_start(2.0))
    return replace(plain, **changes)


def eager(**changes: Any) -> Record:
    plain = a_record("eager", backend="jax", seconds=a_time(5e-3, prepare=0.0, first=0.005))
    return replace(plain, **changes)


def slow_start(first: float) -> Seconds:
    return a_time(1e-3, prepare=0.51, first=first, new_shape=0.25)


def row(*records: Record) -> list[str]:
    lines = drawn_lines(compilation(RUN, records))
    return next(line for line in lines if line.startswith("  jax:jit")).split("  ")[1:]


def cells(*records: Record) -> list[str]:
    return [cell.strip() for cell in row(*records) if cell]


def test_each_compiled_variant_has_its_phases_and_its_break_even() -> None:
    # 2.5 s behind after the first call, 4 ms a call faster: ahead after 625 further ones.
    assert cells(jit(), eager()) == ["jax:jit", "510 ms", "2.0 s", "250 ms", "630"]


@pytest.mark.parametrize(("behind", "calls"), [(0.0, 1), (-1.0, 1), (2.0, 2), (4.0, 2), (4.1, 3)])
def test_break_even_is_the_first_call_after_which_the_sum_is_no_longer(
    behind: float, calls: int
) -> None:
    own = a_time(0.25, prepare=2.0, first=8.0 + behind)
    twin = a_time(4.25, prepare=2.0, first=8.0)
    assert break_even(own, twin) == calls
    if behind > 0:
        further = calls - 1
        assert behind + further * own.median <= further * twin.median
        assert behind + (further - 1) * own.median > (further - 1) * twin.median


@pytest.mark.parametrize("twin", [0.9e-3, 1e-4])
def test_it_never_pays_where_the_twin_is_faster(twin: float) -> None:
    assert break_even(slow_start(2.0), a_time(twin)) == math.inf
    assert cells(jit(), eager(seconds=a_time(twin)))[-1] == "never"


@pytest.mark.parametrize("twin", [0.985e-3, 1e-3, 1.015e-3])
def test_a_gain_or_a_loss_within_the_intervals_is_told_of_neither(twin: float) -> None:
    assert break_even(slow_start(2.0), a_time(twin)) is None


def test_a_gain_within_the_intervals_is_made_no_number_of() -> None:
    assert cells(jit(), eager(seconds=a_time(1.015e-3)))[-1] == "not told apart"
    assert break_even(slow_start(2.0), a_time(1.03e-3)) is not None


def test_without_the_twin_there_is_no_break_even_but_what_to_add() -> None:
    text = drawn(compilation(RUN, [jit()]))
    (row,) = [line for line in text.splitlines() if "jax:jit" in line]
    assert row.split()[-2:] == ["250", "ms"]
    assert "when each has overtaken its twin: add jax:eager" in text
    assert "break-even: calls" not in text


@pytest.mark.parametrize("changes", [{"status": "wrong"}, {"seconds": None}])
def test_a_twin_that_is_not_right_or_not_timed_is_not_held_against(changes: Any) -> None:
    records = [jit(), eager(**changes)]
    assert cells(*records)[-1] == "-"
    text = drawn(compilation(RUN, records))
    assert "-: no right and timed answer of jax:eager there" in text
    assert "add jax:eager" not in text


def test_the_twin_is_that_of_the_same_case_and_device() -> None:
    others = [
        eager(size={"n": 2}),
        eager(dtype="float64"),
        eager(operator="vjp"),
        eager(device="cuda:0"),
    ]
    ((one,),) = compiled(RUN, [jit(), *others])
    assert (one.twin, one.present) == (None, False)
    ((one,),) = compiled(RUN, [jit(), *others, eager()])
    assert one.twin == eager().seconds


def test_what_was_not_measured_is_a_dash() -> None:
    assert cells(jit(seconds=a_time(1e-3, prepare=None)), eager())[1:4] == ["-", "2.0 ms", "-"]


@pytest.mark.parametrize(
    "records",
    [[eager()], [jit(status="wrong")], [jit(seconds=None)], [a_record(variant="compile")]],
)
def test_a_run_without_right_and_timed_compiled_variants_has_no_table(
    records: list[Record],
) -> None:
    assert compilation(RUN, records) is None


def test_a_run_that_knows_no_twins_has_no_table() -> None:
    assert compilation(a_run(), [jit(), eager()]) is None


def test_no_difference_of_two_times_is_shown() -> None:
    text = drawn(compilation(RUN, [jit(), eager()]))
    for difference in ("4.0 ms", "2.5 s"):  # of the medians, and of what came before
        assert difference not in text


@pytest.mark.parametrize(("calls", "shown"), [(9, 9), (99, 99), (101, 110), (10432, 11000)])
def test_break_even_is_rounded_up_to_two_digits(calls: int, shown: int) -> None:
    assert two_digits(calls) == shown


def test_a_variant_in_an_environment_has_its_twin_there() -> None:
    there = {"environment": "==0.9.0"}
    records = [jit(**there), eager(**there)]
    run = a_run(twins={"jax:jit==0.9.0": "jax:eager==0.9.0"})
    ((one,),) = compiled(run, records)
    assert one.present
    ((alone,),) = compiled(run, [jit(**there), eager()])
    assert not alone.present
