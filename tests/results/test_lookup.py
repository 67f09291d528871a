from __future__ import annotations

import pytest

from results.errors import StoreError
from results.lookup import choose

RUNS = [("b2c3", "after"), ("a1b2", "before"), ("a1c3", "after"), ("c0", None), ("c00", None)]


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("b2c3", "b2c3"),
        ("b", "b2c3"),
        ("a1b", "a1b2"),
        ("latest", "b2c3"),
        ("latest~0", "b2c3"),
        ("latest~1", "a1b2"),
        ("latest~4", "c00"),
        ("before", "a1b2"),
    ],
)
def test_a_run_is_found_by_what_a_person_types(text: str, run: str) -> None:
    assert choose(text, RUNS) == run


def test_of_several_runs_with_a_label_it_is_the_newest() -> None:
    assert choose("after", RUNS) == "b2c3"


def test_an_id_in_full_wins_over_the_beginning_of_another() -> None:
    assert choose("c0", RUNS) == "c0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a1", r"2 runs begin with 'a1' \(a1b2, a1c3\); give more of the id"),
        ("befor", "no run called 'befor'; did you mean 'before'?"),
        ("lattest", "no run called 'lattest'; did you mean 'latest'?"),
        ("zzzz", "no run called 'zzzz'; 'harness list runs' names"),
        ("", "no run called ''"),
        ("latest~5", "there is no run latest~5; the oldest of 5 is latest~4"),
    ],
)
def test_a_run_that_is_not_there_is_an_error_with_a_remedy(text: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        choose(text, RUNS)


def test_an_id_wins_over_a_label_that_is_the_same() -> None:
    assert choose("abc1", [("abd2", "abc1"), ("abc1", None)]) == "abc1"
