"""The whole screen of a survey, and the counts by runner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from results.atlas.counts_table import percent
from results.atlas.screen import FIRST, parts
from results.export import FORMATS
from results.schema import Record
from results.tables import troubles
from tests.results.atlas.survey import ABOUT, a_survey, answers, convention, off
from tests.results.samples import drawn


def screen(records: list[Record], **how: bool) -> str:
    return "".join(drawn(part) for part in parts(records, ABOUT, **how) if part)  # type: ignore[arg-type]


def test_every_part_comes_in_its_order_and_fits() -> None:
    records = answers()
    records[0] = replace(records[0], **off(1, 2, 1.0))
    records[2] = replace(records[2], status="failed", reason="Error: no", error=None)
    records[4] = replace(records[4], **{**off(1, 1.0000001, 1e-7), "status": "imprecise"})
    records[6] = replace(records[6], **convention(1.0))
    records[22] = replace(records[22], **convention(0.0))
    said = screen(records)
    titles = ("map:", " X wrong:", "cells", "wrong, worst", "raises where", "imprecise (", "conv")
    places = [said.index(title) for title in titles]
    assert places == sorted(places)
    assert max(map(len, said.splitlines())) <= 80


def test_a_runners_cells_are_counted_and_the_share_of_primitives_that_run() -> None:
    refused = {"status": "unsupported", "reason": "no determinant", "error": None, "value": None}
    records = [
        replace(one, **refused)
        if (one.backend, one.scenario) == ("numpy", "primitive/det")
        else one
        for one in answers()
    ]
    (line,) = [each for each in screen(records).splitlines() if each.startswith("numpy:eager  ")]
    assert line.split() == ["numpy:eager", "8", "8", "50", "%"]


@pytest.mark.parametrize(("share", "text"), [(1, "100 %"), (0.999, "99 %"), (0.001, "1 %")])
def test_only_all_is_a_hundred_percent(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_large_survey_shows_the_beginning_of_its_lists_unless_the_whole_is_wanted() -> None:
    names = [f"f{number}" for number in range(FIRST + 5)]
    records = [replace(one, **off(1, 2, 1.0)) for one in answers(names, ways=(("value", None),))]
    assert screen(records).count("harness repro") == FIRST
    assert screen(records, whole=True).count("harness repro") == 4 * len(names)


def test_nothing_is_printed_of_no_records() -> None:
    assert parts([], ABOUT) == []


def judged() -> list[Record]:
    one, two, *rest = answers(("abs",))
    lost = replace(one, **{**off(1, 1.0000001, 1e-7), "status": "imprecise"})
    return [lost, replace(two, **convention(0.5)), *rest]


@pytest.mark.parametrize("format", ["json", "csv", "markdown"])
def test_the_formats_of_others_hold_the_statuses_of_a_survey(format: str) -> None:
    text = FORMATS[format](a_survey(), judged(), {})
    assert "imprecise" in text and "convention" in text


def test_lists_of_troubles_know_the_statuses_of_a_survey() -> None:
    said = drawn(troubles(judged()))
    assert said.index("imprecise jax:eager") < said.index("convention jax:eager")
