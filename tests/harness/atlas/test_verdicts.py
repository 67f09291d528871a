"""What becomes of an answer: right, imprecise, wrong, or a convention."""

import numpy as np
import pytest

from harness.atlas.truth import Truth
from harness.atlas.verdicts import judged, quarter, tolerance
from harness.atlas.ways import WAYS
from harness.errors import HarnessError
from harness.primitive import Point

JVP = next(way for way in WAYS if way.operator == "jvp")
POINT = Point(name="somewhere", arguments=(1.0,), exists=1)


def verdict(got, right=2.0, condition=0.0, way=JVP, dtype="float64"):
    truth = (
        None if right is None else Truth(arrays=(np.longdouble(right)[None],), condition=condition)
    )
    return judged(way, POINT, truth, [np.asarray([got], dtype)], ["cpu"], "cpu", dtype)


@pytest.mark.parametrize(
    ("off", "status"),
    [(0, "ok"), (1e-14, "ok"), (1e-12, "imprecise"), (1e-5, "imprecise"), (1e-3, "wrong")],
)
def test_the_error_decides(off, status):
    assert verdict(2 * (1 + off)).status == status


def test_a_condition_number_widens_what_is_right():
    assert verdict(2 * (1 + 1e-12)).status == "imprecise"
    assert verdict(2 * (1 + 1e-12), condition=1e3).status == "ok"


def test_a_tolerance_that_catches_nothing_is_refused():
    with pytest.raises(HarnessError, match="no answer could be told wrong"):
        verdict(2.0, condition=1e14)


@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_wrong_and_says_where(got):
    judgement = verdict(got)
    assert judgement.status == "wrong" and judgement.error.relative == np.inf
    np.testing.assert_equal(judgement.error.worst["got"], got)
    assert judgement.error.worst["expected"] == 2.0


def test_a_wrong_shape_is_wrong_whatever_the_numbers():
    truth = Truth(arrays=(np.full(2, np.longdouble(2)),), condition=0.0)
    judgement = judged(JVP, POINT, truth, [np.full(3, 2.0)], ["cpu"], "cpu", "float64")
    assert judgement.status == "wrong" and "shape" in judgement.reason


def test_a_wrong_number_of_outputs_is_wrong():
    truth = Truth(arrays=(np.full(2, np.longdouble(2)),) * 2, condition=0.0)
    judgement = judged(JVP, POINT, truth, [np.full(2, 2.0)], ["cpu"], "cpu", "float64")
    assert judgement.status == "wrong" and "1 outputs instead of 2" in judgement.reason


def test_where_no_derivative_exists_anything_is_a_convention():
    for got in (0.0, 0.5, np.nan):
        judgement = verdict(got, right=None)
        assert judgement.status == "convention" and judgement.error is None
        assert "no first derivative exists" in judgement.reason


def test_what_the_dtype_cannot_hold_is_a_convention():
    assert verdict(np.inf, right="1e400").status == "convention"
    assert verdict(3.0, right=1e39, dtype="float32").status == "convention"


def test_numbers_below_the_range_may_be_flushed_to_zero():
    assert verdict(0.0, right=1e-310).status == "ok"
    assert verdict(0.0, right=1e-280).status == "wrong"


def test_tolerances_grow_with_the_order_and_shrink_with_the_precision():
    by_order = [tolerance(way, 0.0, "float64") for way in (WAYS[0], WAYS[1], WAYS[4], WAYS[8])]
    assert by_order == sorted(by_order) and by_order[0] == by_order[1] < by_order[2] < by_order[3]
    assert tolerance(JVP, 0.0, "float32") / tolerance(JVP, 0.0, "float64") == 2**29
    assert quarter("float64") == 2**-13


def test_what_the_rounding_of_the_value_hides_is_right():
    """The slope of a sigmoid at 40, 4e-18, is nothing beside its value of 1, rounded."""
    truth = Truth(arrays=(np.full(1, np.longdouble("4.2e-18")),), condition=40.0, grain=1 / 40)
    for got, status in ((0.0, "ok"), (1e-12, "wrong")):
        judgement = judged(JVP, POINT, truth, [np.full(1, got)], ["cpu"], "cpu", "float64")
        assert judgement.status == status


def test_a_tolerance_is_finite_where_the_right_answer_is_zero():
    judgement = verdict(1e-200, right=0.0, condition=np.inf)
    assert judgement.status == "ok" and np.isfinite(judgement.error.tolerance)
