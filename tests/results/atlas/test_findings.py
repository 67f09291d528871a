"""What a survey found: the worst first, what fails alike together, nothing left uncounted."""

from __future__ import annotations

import math
from dataclasses import replace

from results.atlas import findings
from results.atlas.findings_list import lists
from results.atlas.layers import laid_out
from results.schema import Record
from tests.results.atlas.survey import ABOUT, ISSUE, answers, off
from tests.results.samples import drawn


def changed(*changes: tuple[int, dict[str, object]]) -> list[Record]:
    records = answers()
    for place, what in changes:
        records[place] = replace(records[place], **what)
    return records


def told(records: list[Record], most: int | None = None) -> str:
    parts = lists(laid_out(records, ABOUT), "harness repro", most)
    return "\n".join(drawn(part) if part else "" for part in parts)


DET = 7 * 16  # where the second primitive's records begin


def test_what_is_not_finite_comes_before_what_is_far_off_and_news_before_what_is_known() -> None:
    records = changed(
        (0, {**off(1, 2, 1.0), "known": ISSUE}),
        (DET, off(4.2, 2.4, 0.43)),
        (DET + 32, off(1, math.nan, math.inf)),
        (DET + 64, {**off(1, 3, 2.0), "error": None, "reason": "the shape is (2,)"}),
    )
    found = findings.wrong(laid_out(records, ABOUT))
    assert [one.worst.id for one in found] == [
        *(records[place].id for place in (DET + 32, DET + 64, DET, 0)),
    ]


def test_a_wrong_answer_is_told_with_all_that_shows_it_again() -> None:
    records = changed((DET + 14, off(4.2, 2.4, 0.43)))
    said = told(records)
    assert "X det on jax:eager: FoF at generic\n" in said
    assert "FoF at generic: expected 4.2, got 2.4; relative error 4.3e-01, tolerance" in said
    assert f"harness repro {records[DET + 14].id}" in said


def test_one_primitives_failures_on_one_backend_are_one_entry() -> None:
    records = changed(*((DET + place, off(1, 2, place + 1.0)) for place in range(24)))
    said = told(records)
    assert said.count("harness repro") == 1
    assert "wrong, worst first (24 answers)" in said and ", 24 answers" in said
    assert f"harness repro {records[DET + 23].id}" in said  # the worst of them


def test_a_list_that_is_cut_says_how_much_it_leaves_out() -> None:
    records = changed((0, off(1, 2, 1.0)), (40, off(1, 2, 1.0)), (DET, off(1, 2, 1.0)))
    assert told(records, most=1).count("harness repro") == 1
    assert "and 2 more such entries: harness show r1, or --html" in told(records, most=1)
    assert "more such entries" not in told(records, most=3)


def test_what_raises_alike_is_one_entry_though_names_of_nodes_differ() -> None:
    raised = {"status": "failed", "error": None, "value": None}
    records = changed(
        (0, {**raised, "reason": "Error: {{node f_53}} is not invertible. [Op:f_53]"}),
        (2, {**raised, "reason": "Error: {{node g_1775}} is not invertible. [Op:g_1]"}),
        (4, {**raised, "reason": "Error: something else"}),
    )
    found = findings.raising(laid_out(records, ABOUT))
    assert [len(one.records) for one in found] == [2, 1]
    assert "! jax:eager: abs (val, grd)" in told(records)


def test_a_known_failure_names_its_issue_and_is_no_news() -> None:
    said = told(changed((DET, {**off(1, 2, 1.0), "known": ISSUE})))
    assert "k det on jax:eager" in said and f"known: {ISSUE}" in said


def test_an_issue_none_of_whose_failures_is_left_is_to_be_taken_out() -> None:
    passing = changed((DET, {"known": ISSUE}))
    assert f"take the entry out, or end its versions: {ISSUE}" in told(passing)
    assert "p det on jax:eager" in told(passing)
    failing = changed((DET, {"known": ISSUE}), (DET + 1, {**off(1, 2, 1.0), "known": ISSUE}))
    assert "take the entry out" not in told(failing)


def test_nothing_is_said_where_nothing_was_found() -> None:
    assert told(answers()) == ""
