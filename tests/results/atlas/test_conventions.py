"""Conventions side by side: only where backends differ, and once for ways that agree."""

from __future__ import annotations

from dataclasses import replace

from results.atlas.conventions import rows
from results.atlas.conventions_table import conventions
from results.atlas.layers import laid_out
from results.schema import Record
from tests.results.atlas.survey import ABOUT, answers, convention
from tests.results.samples import drawn


def at_a_kink(values: dict[str, float | None], ways: tuple[str, ...]) -> list[Record]:
    found = []
    for one in answers(("abs",)):
        if one.point == "identity" and one.operator in ways:
            value = values[one.backend]
            one = replace(one, **convention(value))
            if value is None:
                one = replace(one, value=None, reason="no first derivative exists: it raises Error")
        found.append(one)
    return found


def test_a_row_for_a_point_where_backends_differ() -> None:
    values = {"jax": 1.0, "numpy": 0.5, "tensorflow": 0.0, "torch": None}
    atlas = laid_out(at_a_kink(values, ("gradient", "vjp")), ABOUT)
    (row,) = rows(atlas)
    assert (row.primitive, row.spot) == ("abs", "identity")
    assert [way for way, _ in row.ways] == ["gradient", "vjp"]
    assert row.answers["jax:jit"] == "1" and row.answers["torch:eager"] == "raises"


def test_no_row_where_all_agree_nor_of_second_order() -> None:
    same = dict.fromkeys(("jax", "numpy", "tensorflow", "torch"), 0.0)
    assert rows(laid_out(at_a_kink(same, ("gradient",)), ABOUT)) == []
    differ = {**same, "jax": 1.0}
    assert rows(laid_out(at_a_kink(differ, ("hvp", "second")), ABOUT)) == []


def test_the_table_has_a_column_for_those_that_answer_alike() -> None:
    values = {"jax": 0.5, "numpy": 0.0, "tensorflow": 0.0, "torch": 0.0}
    atlas = laid_out(at_a_kink(values, ("jvp",)), ABOUT)
    said = "".join(drawn(part) for part in conventions(atlas, None))
    assert "eager,jit" in said and "abs jvp identity" in said and "1/2" in said
    assert max(map(len, said.splitlines())) <= 80


def test_what_is_left_out_is_counted() -> None:
    values = {"jax": 0.5, "numpy": 0.0, "tensorflow": 0.0, "torch": 0.0}
    atlas = laid_out(at_a_kink(values, ("jvp",)), ABOUT)
    assert "and 1 more rows" in "".join(drawn(part) for part in conventions(atlas, 0))
