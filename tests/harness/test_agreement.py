"""The check: every way of being wrong has a test in which it is found."""

import numpy as np
import pytest

from harness.agreement import compare, tolerance

RIGHT = np.array([1.0, -2.0, 3.0], np.float32)


def judged(*got, expected=(RIGHT,), devices=None, device="cpu", limit=None):
    return compare(
        got,
        expected,
        dtype="float32",
        devices=devices or ["cpu"] * len(got),
        device=device,
        against="closed form",
        tolerance=tolerance("float32", second_order=False) if limit is None else limit,
    )


def test_the_right_answer_has_error_zero():
    verdict = judged(RIGHT)
    assert verdict.right and verdict.error.relative == 0 and verdict.error.worst is None


@pytest.mark.parametrize(
    ("got", "word"),
    [
        (-RIGHT, "relative error"),
        (2 * RIGHT, "relative error"),
        (RIGHT + np.array([0, 0, 1e-3], np.float32), "relative error"),
        (np.where([0, 1, 0], np.nan, RIGHT).astype(np.float32), "nan"),
        (np.where([0, 1, 0], np.inf, RIGHT).astype(np.float32), "inf"),
        (RIGHT[None], "shape"),
        (RIGHT[:2], "shape"),
        (RIGHT.astype(np.float64), "dtype"),
        (RIGHT.astype(np.float16), "dtype"),
    ],
)
def test_a_wrong_answer_is_wrong_and_says_how(got, word):
    verdict = judged(got)
    assert not verdict.right and word in verdict.reason


def test_a_missing_output_is_wrong():
    assert "1 outputs instead of 2" in judged(RIGHT, expected=(RIGHT, RIGHT)).reason


def test_no_output_at_all_is_wrong():
    assert not judged(expected=()).right


def test_an_output_on_another_device_is_wrong():
    assert "cuda:1" in judged(RIGHT, devices=["cpu"], device="cuda:1").reason
    assert judged(RIGHT, devices=["cuda:0"], device="cuda").right


def test_a_number_where_infinity_is_documented_is_wrong():
    infinite = np.array([1.0, np.inf, 3.0], np.float32)
    assert judged(infinite, expected=(infinite,)).right
    assert not judged(RIGHT, expected=(infinite,)).right
    assert not judged(-infinite, expected=(infinite,)).right


def test_the_error_is_relative_to_the_largest_element_and_names_the_worst():
    error = judged(np.array([1.0, -2.0, 3.3], np.float32)).error
    assert error.relative == pytest.approx(0.1, rel=1e-6)
    assert error.worst["index"] == [2] and error.worst["expected"] == 3.0


def test_an_output_that_nearly_vanishes_counts_for_a_thousandth_of_the_largest():
    small = RIGHT * np.float32(1e-5)
    off = small * np.float32(1.0001)
    error = judged(RIGHT, off, expected=(RIGHT, small)).error
    assert error.relative == pytest.approx(3e-9 / 3e-3, rel=0.01)
    assert judged(RIGHT, off, expected=(RIGHT, small)).right
    assert not judged(off, expected=(small,)).right
    assert not judged(RIGHT, -small, expected=(RIGHT, small)).right
    assert not judged(RIGHT, 0 * small, expected=(RIGHT, small)).right


def test_where_zeros_are_right_the_error_is_absolute():
    zeros = np.zeros(2, np.float32)
    assert judged(zeros, expected=(zeros,)).right
    assert judged(zeros + np.float32(0.5), expected=(zeros,)).error.relative == 0.5


def test_one_unit_in_the_last_place_of_the_largest_element_counts_one():
    up = RIGHT.copy()
    up[2] = np.nextafter(up[2], np.float32(4))
    error = judged(up).error
    assert error.ulp == 1 and judged(up).right


def test_the_quantile_ignores_a_single_outlier_in_a_million():
    right = np.ones(100_000)
    got = right.copy()
    got[5] += 1e-9
    error = compare(
        [got],
        [right],
        dtype="float64",
        devices=["cpu"],
        device="cpu",
        against="closed form",
        tolerance=1e-6,
    ).error
    assert error.ulp > 1e6 and error.ulp_q999 == 0


def test_tolerances_are_those_documented():
    assert tolerance("float64", second_order=False) == pytest.approx(1.4e-14, rel=0.02)
    assert tolerance("float64", second_order=True) == pytest.approx(1.1e-13, rel=0.04)
    assert tolerance("float32", second_order=False) == pytest.approx(7.6e-6, rel=0.01)
    assert tolerance("float32", second_order=True) == pytest.approx(6.1e-5, rel=0.01)
