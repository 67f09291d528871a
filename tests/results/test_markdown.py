from __future__ import annotations

from dataclasses import replace

from results.markdown import as_markdown
from results.schema import Record
from tests.results.samples import a_record, a_run, a_time, an_error, sample

RUN = a_run(twins={"jax:jit": "jax:eager"})


def rows(records: list[Record]) -> list[str]:
    return [line for line in as_markdown(RUN, records, {}).splitlines() if line.startswith("|")]


def compiled(n: int = 1) -> Record:
    slow = a_time(1e-3, prepare=0.5, first=2.0, new_shape=0.25)
    return a_record(f"jit{n}", backend="jax", variant="jit", size={"n": n}, seconds=slow)


def eager(n: int = 1) -> Record:
    return a_record(f"eager{n}", backend="jax", size={"n": n}, seconds=a_time(5e-3 * n))


def test_a_run_without_twins_and_sweeps_is_one_table_and_a_note() -> None:
    text = as_markdown(RUN, sample()[0], {})
    assert text.count("\n| ---") == 1
    assert text.count("\n\n") == 1


def test_a_compiled_variant_without_its_twin_leaves_the_table_of_times_alone() -> None:
    assert len(rows([compiled()])) == 3


def test_a_compiled_variant_stands_beside_its_break_even() -> None:
    assert rows([compiled(), eager()])[3:] == [
        "| case | compiled | prepare | first call | new shape | break-even |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        "| gradient-penalty gradient | jax:jit | 500 ms | 2.0 s | 250 ms | 630 |",
    ]


def test_a_sweep_has_a_table_and_its_crossovers() -> None:
    records = [one(n) for n in (1, 10, 100) for one in (eager, compiled)]
    records[0] = replace(records[0], seconds=a_time(1e-4))
    text = as_markdown(a_run(), records, {})
    assert "\n**scaling over n: gradient-penalty gradient**\n" in text
    assert "|  | n=1 | n=100 | fixed | exponent |" in text
    assert "| jax:jit | 1.00 ms | 1.00 ms | 1.0 ms | flat |" in text
    assert "\njax:jit overtakes jax:eager near n=" in text


def test_what_was_only_checked_or_is_wrong_has_its_error() -> None:
    wrong = a_record("b", backend="jax", status="wrong", error=an_error(2e-3), known="issue")
    (row,) = rows([a_record("a", error=an_error(1.2e-16)), wrong])[2:]
    assert row == "| gradient-penalty gradient | ok 1.2e-16 | wrong 2.0e-03 (known) |"
