"""What stands in which cell, in an order that does not depend on how records arrived."""

from __future__ import annotations

import random
from dataclasses import replace

from results.atlas.layers import laid_out
from tests.results.atlas.survey import ABOUT, answers


def test_the_order_of_arrival_means_nothing() -> None:
    records = answers()
    mixed = random.Random(0).sample(records, len(records))
    one, other = laid_out(records, ABOUT), laid_out(mixed, ABOUT)
    assert (one.chapters, one.runners, one.ways) == (other.chapters, other.runners, other.ways)


def test_primitives_stand_in_their_chapters_and_the_unknown_at_the_end() -> None:
    atlas = laid_out(answers(("gone", "det", "abs")), ABOUT)
    assert dict(atlas.chapters) == {"elementwise": ("abs",), "linalg": ("det",), "other": ("gone",)}


def test_several_dtypes_share_a_cell_and_name_their_points() -> None:
    records = answers(("abs",), points=("generic",))
    both = [*records, *(replace(one, dtype="float32", id=f"{one.id}-") for one in records)]
    atlas = laid_out(both, ABOUT)
    cell = next(iter(atlas.cells.values()))
    assert [atlas.spot(one) for one in cell] == ["generic float64", "generic float32"]
