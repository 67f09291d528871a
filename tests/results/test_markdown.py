from __future__ import annotations

from dataclasses import replace
from typing import Any

from results.launches import compare_launches
from results.markdown import as_markdown
from results.schema import Record
from results.statistics import percent
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


def over(record: str, launches: list[float], **changes: Any) -> Record:
    return a_record(
        record, seconds=a_time(launches[1], by_launch={"operator": launches}), **changes
    )


def test_launches_give_ranks_and_what_could_have_been_told() -> None:
    fast, near = [0.98, 1.0, 1.02], [1.0, 1.02, 1.04]
    pair = [over("a", fast), over("b", near, backend="jax")]
    told_from = compare_launches(fast, near).told_from
    assert told_from is not None
    (row,) = rows([*pair, over("c", [2.98, 3.0, 3.02], backend="numpy")])[2:]
    case, *cells = row.strip("| ").split(" | ")
    assert case == f"gradient-penalty gradient (told from {percent(told_from)} on)"
    assert cells == ["1.00 s (#1 1.00)", "1.02 s (#1 1.02)", "3.00 s (#3 3.00)"]
    (alone,) = rows([over("a", fast), over("c", [2.98, 3.0, 3.02], backend="numpy")])[2:]
    assert alone == "| gradient-penalty gradient | 1.00 s (fastest) | 3.00 s (#2 3.00) |"


def test_the_note_says_what_ranks_rest_on() -> None:
    assert "Intervals within one launch; for ranks: --launches 5." in as_markdown(RUN, *sample())
    note = as_markdown(RUN, *sample(3))
    assert (
        "Intervals and ranks over launches; median: the geometric mean of theirs; #: rank" in note
    )
    assert "told from" not in note


def test_a_run_that_was_only_checked_has_no_note_on_launches() -> None:
    assert "aunches" not in as_markdown(RUN, [a_record("a", error=an_error(1.2e-16))], {})


def test_what_is_not_steady_is_marked_and_says_why() -> None:
    text = as_markdown(RUN, [over("a", [0.95, 1.0, 1.05])], {})
    assert "| 1.00 s (1.00)! |" in text
    assert text.endswith(
        "\n! launches spread more than 3 %: torch:eager 5.0 % (gradient-penalty gradient)\n"
    )
