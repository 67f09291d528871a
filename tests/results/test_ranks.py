from __future__ import annotations

import math
import random

import pytest

from results.launches import compare_launches
from results.ranks import all_pairs, places, ranking
from results.statistics import OVER
from tests.results.samples import a_time

FAST, NEAR, SLOW = [0.99, 1.0, 1.01], [0.995, 1.005, 1.015], [1.99, 2.0, 2.01]


def ranks(*several: list[float]) -> list[int | None]:
    return [place.rank if place else None for place in places(several)]


def test_a_rank_counts_those_that_are_told_faster() -> None:
    assert ranks(SLOW, FAST, [3.0, 3.01, 2.99]) == [2, 1, 3]


def test_those_that_are_not_told_apart_share_a_rank_and_the_next_one_is_left_out() -> None:
    assert ranks(FAST, SLOW, NEAR) == [1, 3, 1]


def test_only_what_is_told_faster_than_every_other_one_is_the_fastest() -> None:
    def fastest(*several: list[float]) -> list[bool | None]:
        return [place.fastest if place else None for place in places(several)]

    assert fastest(SLOW, FAST) == [False, True]
    assert fastest(FAST, NEAR, SLOW) == [False, False, False]
    assert fastest(FAST, SLOW, [5.0]) == [False, False, None]
    # The second is told from both others, the first from the second alone.
    chain = ([1.0, 1.005, 0.995], [1.1, 1.101, 1.099], [0.9, 1.2, 1.6])
    assert fastest(*chain) == [False, False, False]


def test_what_is_told_faster_has_the_smaller_rank_though_telling_does_not_carry_over() -> None:
    first, second, third = [1.0, 1.001], 3 * [1.049, 1.05, 1.051], 3 * [1.1, 1.2, 1.3]
    pairs = all_pairs([0, 1, 2], [first, second, third])
    told = [pairs[pair].verdict for pair in ((0, 1), (1, 2), (0, 2))]
    assert told == ["slower", "slower", "not told apart"]
    assert ranks(third, first, second) == [3, 1, 2]


def test_a_shared_rank_states_the_largest_effect_that_could_have_been_told() -> None:
    third = [0.97, 1.0, 1.03]
    first, *_, last = places([FAST, NEAR, third, SLOW])
    assert first is not None and last is not None
    left = 0.05 / 3  # three pairs are not told apart and share the chance
    apart = [compare_launches(FAST, other, chance=left).told_from for other in (NEAR, third)]
    assert first.told_from == max(one for one in apart if one)
    assert last.told_from is None


def drawn_at_random(rng: random.Random, backends: int, launches: int) -> list[list[float]]:
    """Identical backends, of which every other one scatters three times as much."""
    scatters = [(0.01, 0.03)[position % 2] for position in range(backends)]
    return [[rng.lognormvariate(0, one) for _ in range(launches)] for one in scatters]


@pytest.mark.parametrize("backends", [4, 8])
@pytest.mark.parametrize("launches", [3, 5])
def test_of_identical_backends_at_most_5_percent_of_cases_show_a_rank_above_1(
    backends: int, launches: int
) -> None:
    rng, tries = random.Random(backends), 500
    above = 0
    for _ in range(tries):
        found = ranks(*drawn_at_random(rng, backends, launches))
        above += any(rank != 1 for rank in found)
    assert above / tries <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / tries)


def test_one_of_eight_that_is_a_tenth_slower_has_a_rank_of_its_own() -> None:
    rng, found = random.Random(1), 0
    for _ in range(100):
        several = [[rng.lognormvariate(0, 0.01) for _ in range(5)] for _ in range(8)]
        found += ranks(*several[:7], [1.1 * one for one in several[7]])[7] == 8
    assert found >= 95


def test_pairs_that_are_told_apart_leave_their_chance_to_the_others() -> None:
    near = [[0.99, 1.0, 1.01], [1.02, 1.03, 1.04]]
    far = [[level * one for one in FAST] for level in (10.0, 100.0, 1000.0)]
    assert ranks(*near) == [1, 2]
    assert ranks(*near, *far) == [1, 2, 3, 4, 5]
    alike = [FAST] * 3  # pairs of which nothing can be told keep theirs
    assert ranks(*near, *alike)[:2] == [1, 1]


def test_two_launches_and_shared_ranks_are_explained() -> None:
    placed = places([FAST, NEAR])
    assert ranking([a_time(1.0, interval=OVER, launches=3)], placed)[1:] == [
        "#: rank, shared where launches do not tell apart; chance does in 5 % of cases",
        "told from N % on: such a difference within a rank shows in 80 % of runs",
    ]
    few = "two launches tell little: --launches 5"
    assert few not in ranking([a_time(1.0, interval=OVER, launches=3)], placed)
    assert few in ranking([a_time(1.0, interval=OVER, launches=2)], placed)


def test_too_few_launches_and_a_single_one_are_not_ranked() -> None:
    assert ranks(FAST) == [None]
    assert ranks([1.0], [2.0]) == [None, None]
    assert ranks(FAST, [2.0]) == [None, None]
    assert ranks(FAST, [2.0], SLOW, []) == [1, None, 2, None]
    assert places([]) == []
