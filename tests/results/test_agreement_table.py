from __future__ import annotations

import re

import pytest

from results.agreement_table import MANY, agreement
from results.cases import by_case
from results.schema import Record
from tests.results.samples import a_record, an_error, broken, drawn, drawn_lines, sample

NESTINGS = ("reverse-over-reverse", "forward-over-reverse")


def second_order(*scenarios: str) -> list[Record]:
    """A gradient, and an hvp in two compositions, of each scenario on two backends."""
    ways = [("gradient", None), *(("hvp", nesting) for nesting in NESTINGS)]
    return [
        a_record(
            f"{scenario} {operator} {nesting} {backend}",
            scenario=scenario,
            operator=operator,
            composition=nesting,
            backend=backend,
            error=an_error(3.4e-16 if nesting else 0),
        )
        for scenario in scenarios
        for operator, nesting in ways
        for backend in ("jax", "torch")
    ]


def test_agreement_has_a_row_a_case_and_a_column_a_backend_in_one_table_of_80() -> None:
    records, _ = sample()
    records[1] = broken(records[1], error=an_error(2.1e-3))
    lines = drawn(agreement(records)).splitlines()
    assert (
        lines[0] == "agreement: relative error (documented/*, n=1, documented point, float32, cpu)"
    )
    assert lines[1].split() == ["torch:", "jax:", "tensorflow:", "numpy:"]
    assert lines[2].split() == ["eager", "jit", "function", "eager"]
    assert " ".join(lines[4].split()) == "square gradient ok 0 wrong 2.1e-03 ok 0 ok 0"
    assert sum("square gradient" in line for line in lines) == 1


def test_agreement_goes_on_below_where_the_columns_do_not_fit() -> None:
    records = [
        a_record(f"{number}", backend="tensorflow", variant=f"function{number}")
        for number in range(9)
    ]
    text = drawn(agreement(records), 60)
    assert max(len(line) for line in text.splitlines()) <= 60
    assert text.count("gradient-penalty") > 1
    for number in range(9):
        assert text.count(f"function{number}") == 1


def test_a_backend_without_a_trial_of_a_case_has_an_empty_cell() -> None:
    records = [a_record("a"), a_record("b", backend="jax", scenario="documented/square")]
    lines = drawn(agreement(records)).splitlines()
    assert lines[4].split() == ["gradient-penalty", "gradient", "ok", "0"]


def test_cases_of_one_scenario_stand_below_its_name_with_initials_explained() -> None:
    records = second_order("classic/rosenbrock", "classic/saddle")
    lines = drawn_lines(agreement(records))
    below = ["  gradient ok 0 ok 0", *(f"  hvp {i} ok 3.4e-16 ok 3.4e-16" for i in ("RoR", "FoR"))]
    assert [re.sub(r"(?<=\S) +", " ", line) for line in lines[4:]] == [
        *("rosenbrock", *below, "saddle", *below),
        "RoR reverse-over-reverse, FoR forward-over-reverse",
        "",
    ]


def test_a_sweep_stands_below_what_was_computed() -> None:
    records = [a_record(f"{n}", size={"n": n}) for n in (10, 100, 1000)]
    lines = drawn_lines(agreement(records))
    assert [line.split("  ok")[0].rstrip() for line in lines[4:8]] == [
        "gradient-penalty gradient",
        "  n=10",
        "  n=100",
        "  n=1000",
    ]


def test_scenarios_with_one_case_each_have_no_headings_and_no_initials() -> None:
    hvp = {"operator": "hvp", "composition": "reverse-over-reverse"}
    records = [a_record("a", **hvp), a_record("b", scenario="documented/square", **hvp)]
    text = drawn(agreement(records))
    assert "square hvp reverse-over-reverse" in text and "RoR" not in text


def test_of_many_cases_each_scenario_has_one_row_by_family() -> None:
    records = second_order(*(f"{f}/s{n}" for f in ("classic", "physics") for n in range(17)))
    assert len(by_case(records)) > MANY
    ended = {
        "classic/s3 gradient None jax": {"error": an_error(0.5)},
        "physics/s0 gradient None jax": {"known": "issue"},
    }
    records = [broken(r, **ended[r.id]) if r.id in ended else r for r in records]
    lines = [line.split() for line in drawn_lines(agreement(records))]
    right = ["3", "ok", "3e-16"]
    classic, physics = lines.index(["classic"]), lines.index(["physics"])
    assert lines[classic + 1] == ["s0", *right, *right]
    assert lines[classic + 4 : classic + 6] == [
        ["s3", "2", "ok", "3e-16", *right],
        ["1", "wrong"],
    ]
    assert lines[physics + 2] == ["1", "wrong", "known"]
    assert lines[-3][:2] == ["102", "cases;"]
    assert " ".join(lines[-2]) == "each by itself: harness export r1 --format markdown"


def test_a_hundred_cases_are_still_shown_one_by_one() -> None:
    records = [a_record(f"{n}", scenario=f"documented/s{n}") for n in range(MANY)]
    text = drawn(agreement(records))
    assert "s99 gradient" in text
    assert "cases;" not in text


@pytest.mark.parametrize("width", [80, 120])
def test_many_cases_of_four_backends_fit_one_table_of_80(width: int) -> None:
    records = [
        a_record(
            f"{n}{way}{runner}",
            scenario=f"learning/gaussian-process-{n}",
            operator=way,
            backend=runner.split(":")[0],
            variant=runner.split(":")[1],
            status="unsupported" if way == "vjp" and runner[0] == "t" else "ok",
        )
        for n in range(60)
        for way in ("vjp", "jvp")
        for runner in ("numpy:replay", "jax:jit", "tensorflow:function", "torch:eager")
    ]
    lines = drawn_lines(agreement(records), width)
    assert max(map(len, lines)) <= width
    assert sum("gaussian-process-7 " in line for line in lines) == 1


def test_a_known_failure_says_so_in_its_cell() -> None:
    records, _ = sample()
    records[1] = broken(records[1], error=an_error(2.1e-3), known="https://example.org/1")
    assert "wrong 2.1e-03 known" in drawn(agreement(records))


def test_an_error_is_shown_of_answers_alone() -> None:
    """A trial that is right in one launch and too slow in the next keeps its error."""
    records, _ = sample()
    records[1] = broken(records[1], status="timeout", error=an_error(0))
    text = drawn(agreement(records))
    assert "timeout" in text and "timeout 0" not in text
