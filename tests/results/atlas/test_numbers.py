"""Answers written shortly."""

from __future__ import annotations

import math

import pytest

from results.atlas.numbers import precise, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([0.5], "1/2"),
        ([-1.0], "-1"),
        ([-0.0], "-0"),
        ([math.nan], "nan"),
        ([-math.inf], "-inf"),
        ([1 / 3], "0.333"),
        ([1e300], "1e+300"),
        ([[0.0, 1.0], 0.25], "[0, 1]; 0.25"),
        ([[[0.0] * 3] * 2], "[6 x 0]"),
        ([[1.0, 2, 3, 4, 5, 6, 7]], "[1, 2, 3, 4, 5, ... 2 more]"),
        ([[]], "[]"),
        (None, ""),
    ],
)
def test_an_answer_is_short(value: object, text: str) -> None:
    assert written(value) == text  # type: ignore[arg-type]


def test_two_numbers_are_written_to_the_digits_that_tell_them_apart() -> None:
    assert precise(4.2, 2.4) == ("4.2", "2.4")
    assert precise(1.0, 1.0 + 2**-52) == ("1.0", "1.0000000000000002")
    assert precise("?", None) == ("?", "None")
