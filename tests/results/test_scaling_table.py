from __future__ import annotations

from dataclasses import replace

from results.scaling_table import scaling
from results.schema import Record
from tests.results.samples import a_record, a_time, drawn_lines

SIZES = (10, 1000, 10_000, 100_000, 1_000_000)
LAWS = {
    "jax": lambda n: 5e-6 + 5e-10 * n,
    "numpy": lambda n: 1e-6 + 4e-9 * n,
    "torch": lambda n: 3e-4,
}


def records() -> list[Record]:
    return [
        a_record(f"{name}{n}", backend=name, size={"n": n, "K": 3}, seconds=a_time(law(n)))
        for name, law in LAWS.items()
        for n in SIZES
    ]


def test_a_sweep_shows_both_ends_the_fixed_cost_and_the_exponent_of_each_runner() -> None:
    lines = drawn_lines(scaling(records()))
    assert lines[0] == "scaling over n: gradient-penalty gradient K=3"
    assert lines[1].split() == ["", "n=10", "n=1000000", "fixed", "exponent"][1:]
    assert [" ".join(line.split()) for line in lines[2:5]] == [
        "jax:eager 5.01 us 505 us 5.0 us 1.00",
        "numpy:eager 1.04 us 4.00 ms 1.0 us 1.00",
        "torch:eager 300 us 300 us 300 us flat",
    ]
    assert "fit: time = fixed + factor n^exponent, least squares of relative errors" in lines


def test_neither_the_size_nor_the_point_is_in_the_title() -> None:
    drawn_ones = [replace(r, point="drawn") if r.size["n"] > 10 else r for r in records()]
    assert drawn_lines(scaling(drawn_ones))[0] == "scaling over n: gradient-penalty gradient K=3"


def test_who_overtakes_whom_is_told_in_the_order_of_the_sizes() -> None:
    lines = drawn_lines(scaling(records()))
    assert lines[5:7] == [
        "jax:eager overtakes numpy:eager near n=1.2e3",
        "torch:eager overtakes numpy:eager near n=7.5e4, jax:eager near n=5.8e5",
    ]


def test_a_runner_without_the_ends_or_with_few_sizes_has_dashes() -> None:
    few = [record for record in records() if record.id not in ("jax10", "jax1000", "jax1000000")]
    lines = drawn_lines(scaling(few))
    assert next(line for line in lines if "jax" in line).split() == ["jax:eager", *"----"]


def test_an_exponent_that_the_times_leave_open_is_a_range() -> None:
    times = {1000: 100e-6, 2000: 104e-6, 4000: 112e-6}
    swept = [a_record(f"{n}", size={"n": n}, seconds=a_time(t)) for n, t in times.items()]
    row = next(line for line in drawn_lines(scaling(swept)) if "torch" in line)
    assert " to " in row


def test_a_run_without_a_sweep_has_no_table() -> None:
    assert scaling([record for record in records() if record.size["n"] > 10_000]) is None
