from __future__ import annotations

import json
from dataclasses import replace

import pytest

from results.comparison.formats import as_json, as_markdown
from results.comparison.lines import ELSEWHERE, LAUNCHES, closing
from results.comparison.rows import FEW, Report, report
from results.comparison.sides import Side
from results.comparison.table import comparison
from results.comparison.verdicts import compare
from results.schema import Record
from tests.results.comparison.compared import a_side, launched
from tests.results.samples import a_record, a_run, an_error, drawn, drawn_lines

WRONG = a_record("w", operator="vjp", status="wrong", error=an_error(2e-3), backend="jax")


def of(a: Side, b: Side, *, whole: bool = False) -> Report:
    return report(a, b, compare(a, b), series="operator", whole=whole)


def mixed(whole: bool = False) -> Report:
    a = [launched("s"), launched("f", size={"n": 2}), launched("e", size={"n": 3}),
         launched("w", operator="vjp", backend="jax"), launched("o", operator="jvp")]  # fmt: skip
    b = [launched("s", 1.1e-3), launched("f", 0.5e-3, size={"n": 2}), launched("e", size={"n": 3}),
         WRONG]  # fmt: skip
    return of(a_side("A", *a), a_side("B", *b), whole=whole)


def test_the_screen_has_the_worst_first_and_counts_what_is_the_same() -> None:
    lines = drawn_lines(comparison(mixed()))
    titles = [line.partition(" (")[0] for line in lines if ": 1 (" in line]
    assert titles == ["newly wrong: 1", "no longer run: 1", "slower: 1", "faster: 1"]
    assert "5 trials: 1 newly wrong, 1 no longer run, 1 slower, 1 faster, 1 same" in lines


def test_a_row_has_both_medians_the_ratio_and_its_interval() -> None:
    text = drawn(comparison(of(a_side("A", launched("s")), a_side("B", launched("s", 1.1e-3)))))
    row = next(line for line in text.splitlines() if "1.100 ms" in line)
    assert " ".join(row.split()[-9:]) == "1.000 ms 1.100 ms 1.100 [1.099, 1.101] 2.0 %"


def test_an_end_that_leaves_out_one_is_not_written_as_one() -> None:
    b = launched("s", 1.15e-3, spread=(0.9, 1.1, 1.0, 1.05, 0.95))
    text = drawn(comparison(of(a_side("A", launched("s")), a_side("B", b))))
    assert "slower: 1" in text and "[1.04, 1.27]" in text


def test_a_run_that_is_not_finished_is_said_to_be() -> None:
    b = a_side("B", launched("s"), run=a_run("B", end=None))
    assert "2026-01-02 03:04  not finished" in drawn(comparison(of(a_side("A", launched("s")), b)))


def test_an_interval_of_ratios_does_not_begin_at_0() -> None:
    a, b = launched("s", spread=(1.0, 30.0)), launched("s", 5e-3, spread=(1.0, 30.0))
    text = drawn(comparison(of(a_side("A", a), a_side("B", b))))
    assert "not told apart: 1" in text and "[1.6e-4, 1.6e5]" in text


def test_a_device_clock_too_coarse_for_a_call_is_shown_and_not_compared() -> None:
    a, b = (a_side(word, launched("s", spread=(0.0, 0.0, 1.0))) for word in "AB")
    text = as_markdown(of(a, b, whole=True))
    assert "**not timed: 1**" in text and "| 0.0 ns | 0.0 ns |" in text


def test_why_b_is_wrong_stands_below_it() -> None:
    lines = drawn_lines(comparison(mixed()))
    place = next(n for n, line in enumerate(lines) if line.endswith("in A, wrong in B"))
    assert "gradient-penalty vjp n=1 jax:eager: 1.000 ms in A" in lines[place]
    assert lines[place + 1] == "    relative error 2.0e-03 against documented, tolerance 7.6e-06"


def test_everything_is_shown_when_asked() -> None:
    assert "same: 1 (" not in drawn(comparison(mixed()))
    assert "same: 1 (" in drawn(comparison(mixed(whole=True)))


def test_a_long_group_is_cut_and_says_so() -> None:
    several = [launched(str(n), size={"n": n}) for n in range(FEW + 312)]
    slower = [launched(str(n), 2e-3, size={"n": n}) for n in range(FEW + 312)]
    a, b = a_side("A", *several), a_side("B", *slower)
    text = drawn(comparison(of(a, b)))
    assert "  and 312 more (--all)" in text and text.count("2.000 ms") == FEW
    assert drawn(comparison(of(a, b, whole=True))).count("2.000 ms") == FEW + 312


@pytest.mark.parametrize("width", [80, 200])
def test_long_names_fit_the_screen(width: int) -> None:
    long = {"scenario": f"mine/{'a-very-long-name-' * 3}", "size": {"n": 10**6, "K": 10**6},
            "environment": "@/opt/somewhere/deep/in/the/tree/of/folders/bin/python"}  # fmt: skip
    ones = [launched("a", **long), launched("b", operator="vjp", backend="jax")]
    others = [launched("a", 2e-3, **long), launched("b", 2e-3, operator="vjp", backend="jax")]
    text = drawn(comparison(of(a_side("A", *ones), a_side("B", *others))), width)
    assert max(map(len, text.splitlines())) <= width and "2.000 ms" in text


def test_differences_stand_above_and_another_machine_is_said_outright() -> None:
    runs = [a_run(cpu, machine={"cpu": cpu, "cores": 2}) for cpu in ("one", "two")]
    sides = (a_side(run.id, launched("s"), run=run) for run in runs)
    lines = drawn_lines(comparison(of(*sides)))
    place = lines.index("differs: machine cpu: one in A, two in B")
    assert lines[place - 1] == ELSEWHERE and place < lines.index("1 trial: 1 same")


def test_brackets_of_a_label_or_a_reason_are_no_markup() -> None:
    failed = a_record("s", status="failed", reason="shape [red] [/]")
    run = a_run("B", label="[bold]after[/bold]")
    text = drawn(comparison(of(a_side("A", launched("s")), a_side("B", failed, run=run))))
    assert "[bold]after[/bold]" in text and "shape [red] [/]" in text


def test_single_launches_ask_for_more() -> None:
    once = [launched("s", spread=[1.0]), launched("s", 2e-3, spread=[1.0])]
    text = drawn(comparison(of(a_side("A", once[0]), a_side("B", once[1]))))
    assert LAUNCHES in text and "not told apart: 1" in text
    assert LAUNCHES not in drawn(comparison(mixed()))


def test_runs_that_only_checked_say_that_nothing_was_timed() -> None:
    lines = closing(of(a_side("A", a_record("s")), a_side("B", a_record("s"))), None)
    assert lines == [
        "1 trial: 1 not timed",
        "nothing has times of the series 'operator' on both sides",
    ]


def test_means_are_given_for_each_runner() -> None:
    a = [launched("x"), launched("y", backend="jax")]
    b = [launched("x", 4e-3), launched("y", 1e-3, backend="jax")]
    lines = closing(of(a_side("A", *a), a_side("B", *b)), None)
    assert lines[1] == "B/A, geometric mean of 2: 2.00 (torch:eager 4.00, jax:eager 1.00)"


WILD = (0.7, 1.0, 1.4)


def test_the_gate_says_what_it_found() -> None:
    found = mixed()
    fails = "--fail-above 5% fails: 1 slower by more, 1 newly wrong, 1 no longer run"
    assert closing(found, 0.05)[-1] == fails
    fine = of(a_side("A", launched("s")), a_side("B", launched("s")))
    passes = "--fail-above 5% passes: 0 slower by more, 0 newly wrong, 0 no longer run"
    assert closing(fine, 0.05)[-1] == passes
    wild = of(a_side("A", launched("s", spread=WILD)), a_side("B", launched("s", spread=WILD)))
    assert closing(wild, 0.05)[-1] == f"{passes}; in 1 trial so much could not have been told"
    assert closing(wild, 9.0)[-1].endswith("no longer run")


def test_what_vanished_says_why_once_for_all_that_share_it() -> None:
    missing = "backend 'torch' needs the package torch"
    a = [launched(str(n), size={"n": n}) for n in range(4)]
    b = [a_record(str(n), size={"n": n}, status="unavailable", reason=missing) for n in (0, 1)]
    lines = drawn_lines(comparison(of(a_side("A", *a), a_side("B", *b, a[3]))))
    place = next(n for n, line in enumerate(lines) if line.startswith("no longer run: 3 ("))
    assert [line.split(": ")[-1] for line in lines[place + 1 : place + 6]] == [
        "1.000 ms in A, unavailable in B",
        "1.000 ms in A, unavailable in B",
        f"    {missing}",
        "1.000 ms in A, - in B",
        "    B has no record of it",
    ]


def test_what_a_run_that_goes_on_lacks_is_said_to_be_open() -> None:
    b = a_side("B", launched("s"), run=a_run("B", end=None))
    a = a_side("A", launched("s"), launched("t", size={"n": 2}))
    assert "    B has no record of it, and has not ended" in drawn_lines(comparison(of(a, b)))


def test_what_b_was_not_asked_for_is_counted_by_runner_and_passes_the_gate() -> None:
    run = a_run("B", selection={"backends": ["torch"], "devices": ["cpu"]})
    a = [launched("s"), launched("t", backend="jax"), launched("u", backend="jax", operator="vjp")]
    found = of(a_side("A", *a), a_side("B", launched("s"), run=run))
    assert "no record" not in drawn(comparison(found))
    assert closing(found, 0.05) == [
        "3 trials: 1 same, 2 only in A",
        "B was not asked for 2 trials: jax:eager on cpu 2",
        "--fail-above 5% passes: 0 slower by more, 0 newly wrong, 0 no longer run",
    ]


def test_chosen_runners_stand_at_the_top_and_not_in_the_rows() -> None:
    a = a_side("latest@torch", launched("x"), runner="torch:eager", run=a_run("r1"))
    b = a_side("latest@jax:jit", launched("y", 2e-3, backend="jax", variant="jit"),
               runner="jax:jit", run=a_run("r1"))  # fmt: skip
    text = drawn(comparison(of(a, b)))
    assert text.splitlines()[0].split() == ["A", "latest@torch:", *["r1", "2026-01-02", "03:04"],
                                            "torch:eager"]  # fmt: skip
    assert text.count("jax:jit") == 1 and "gradient-penalty gradient" in text


def test_a_trial_that_changed_its_environment_names_both() -> None:
    a = [launched("x", environment="==0.9.0"), launched("y", backend="jax")]
    b = [launched("z", 2e-3, environment="==0.10.2"), launched("y", backend="jax")]
    text = drawn(comparison(of(a_side("A", *a), a_side("B", *b))), 120)
    assert "torch:eager==0.9.0 to torch:eager==0.10.2" in text


def test_what_another_backend_can_not_do_is_not_called_unasked() -> None:
    a = [launched("s"), launched("t", operator="vjp")]
    b = a_side("B", launched("u", backend="jax"), runner="jax:eager")
    lines = closing(of(a_side("A", *a, runner="torch:eager"), b), None)
    assert lines == ["2 trials: 1 same, 1 only in A"]


def test_markdown_has_a_table_a_verdict_and_keeps_cells_apart() -> None:
    failed = a_record("s", status="failed", reason="a | b\nand more")
    text = as_markdown(of(a_side("A", launched("s")), a_side("B", failed)), 0.05)
    assert "**newly wrong: 1**" in text and r"| failed |  |  |  | a \| b and more |" in text
    end = "--fail-above 5% fails: 0 slower by more, 1 newly wrong, 0 no longer run\n"
    assert text.endswith(end)


def test_json_holds_every_trial_whatever_is_shown() -> None:
    whole = json.loads(as_json(mixed(), 0.05))
    assert [one["verdict"] for one in whole["trials"]].count("same") == 1
    slower = next(one for one in whole["trials"] if one["verdict"] == "slower")
    assert slower["scenario"] == "documented/gradient-penalty" and slower["size"] == {"n": 1}
    assert slower["comparison"]["ratio"] == pytest.approx(1.1)
    assert slower["a"]["runner"] == "torch:eager" and len(slower["b"]["launches"]) == 5
    assert whole["fails"] is True and whole["a"]["header"]["id"] == "A"


def test_json_of_a_trial_on_one_side_has_no_other_end() -> None:
    whole = json.loads(as_json(mixed()))
    only = next(one for one in whole["trials"] if one["verdict"] == "no longer run")
    assert only["operator"] == "jvp" and only["b"] is None and only["comparison"] is None
    assert whole["fails"] is None


def test_what_is_only_counted_is_not_looked_up() -> None:
    looked_up: list[str] = []

    def details(ids: list[str]) -> dict[str, Record]:
        looked_up.extend(ids)
        return {id: launched(id) for id in ids}

    sides = [a_side(word, *(launched(str(n)) for n in range(100))) for word in "AB"]
    of(*(replace(side, details=details) for side in sides))
    assert looked_up == []
