"""The oracle of every primitive: what its definition's jets carry, held against differences."""

import pytest

from scenarios.primitive import TABLE
from tests.harness.atlas.differences import check_derivatives, check_no_further

ENTRIES = pytest.mark.parametrize("primitive", TABLE, ids=lambda p: p.name)


@ENTRIES
def test_derivatives_are_those_of_differences_from_both_sides(primitive):
    told = _told(check_derivatives, primitive, primitive.points)
    assert not told, "\n".join(told)


@ENTRIES
def test_no_derivative_exists_beyond_those_that_a_point_is_said_to_have(primitive):
    told = _told(check_no_further, primitive, [p for p in primitive.points if p.exists < 3])
    assert not told, "\n".join(told)


def _told(check, primitive, points):
    """What is wrong at each of the points."""
    told = []
    for point in points:
        try:
            check(primitive, point)
        except AssertionError as error:
            told.append(str(error))
    return told
