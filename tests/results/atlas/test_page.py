"""The page as text: one file, small, and nothing in it that a framework could have written."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from results.atlas.page import page
from results.schema import Record
from tests.results.atlas.survey import ABOUT, ISSUE, a_survey, answers, convention, off

NASTY = "</script><img src=x onerror=alert(1)> {{ 1 }} & \u2028"


def data_in(text: str) -> dict[str, Any]:
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    data: dict[str, Any] = json.loads(found)
    return data


def whole(records: list[Record]) -> str:
    return page(a_survey(), records, ABOUT)


def test_the_page_refers_to_nothing_outside_itself() -> None:
    text = whole(answers())
    assert not re.findall(r'(?:src|href)="(?!data:,|\$)[^"]*"|url\(|@import|fetch\(', text)
    assert "default-src 'none'" in text


def test_what_a_framework_said_is_data_and_no_markup() -> None:
    records = answers()
    records[0] = replace(records[0], status="failed", reason=NASTY, error=None, point=NASTY)
    text = page(a_survey(label=NASTY, command=NASTY), records, ABOUT)
    assert "<img" not in text
    assert NASTY in data_in(text)["texts"]


def test_a_cell_holds_an_entry_a_point() -> None:
    records = answers()
    records[0] = replace(records[0], **{**off(4.2, 2.4, 0.43), "known": ISSUE})
    records[1] = replace(records[1], **convention(0.5))
    data = data_in(whole(records))
    names = data["entry"]
    wrong, kink = data["primitives"][0]["answers"][0][0]
    told = dict(zip(names, wrong, strict=False))
    assert (told["expected"], told["got"], told["error"]) == ("4.2", "2.4", "4.3e-01")
    assert data["texts"][told["known"]] == ISSUE and told["id"] == records[0].id
    assert data["states"][told["state"]][0] == "known"
    assert dict(zip(names, kink, strict=False))["value"] == "1/2"
    assert data["primitives"][1]["answers"][6][7] == [1e-16, 1e-16]
    assert data["findings"][0][:4] == [told["state"], 0, 0, 0]


def test_what_was_not_asked_for_is_no_answer() -> None:
    data = data_in(whole(answers()[:17]))  # all of abs in jax:eager, one of jax:jit
    (rows,) = (one["answers"] for one in data["primitives"])
    assert rows[1] == [[1e-16, -1], 0, 0, 0, 0, 0, 0, 0]


def test_points_stand_in_the_tables_order_with_their_words() -> None:
    records = answers(("det",), points=("identity", "generic"))
    (det,) = data_in(whole(records))["primitives"]
    assert det["points"] == [[name, ABOUT["det"].points[name]] for name in ("generic", "identity")]


def test_a_right_answer_costs_few_bytes() -> None:
    few, many = whole(answers(("abs",))), whole(answers(["abs", *(f"f{i}" for i in range(20))]))
    assert (len(many) - len(few)) / (20 * 7 * 8 * 2) < 12
