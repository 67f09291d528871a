"""Who is timed when, and when it stops, with made-up blocks."""

import random

import pytest

from harness.errors import TrialEnded
from harness.rounds import LEAST, Contestant, run_rounds
from results.schema import Block


class Stage:
    """Contestants that take turns on a clock of their own."""

    def __init__(self):
        self.now = 0.0
        self.order = []

    def contestant(self, key, seconds, cost=0.01, series=("operator", "value")):
        durations = iter(seconds)

        def time_block(series):
            self.order.append(key)
            self.now += cost
            spent = next(durations)
            if isinstance(spent, Exception):
                raise spent
            return Block(launch=0, series=series, calls=10, seconds=spent, faults=0)

        return Contestant(key=key, series=series, time_block=time_block)

    def run(self, *contestants, precision=0.02, budget=0.5):
        run_rounds(
            contestants,
            precision=precision,
            budget=budget,
            rng=random.Random(0),
            clock=lambda: self.now,
        )


def steady():
    while True:
        yield 0.01


def noisy():
    rng = random.Random(1)
    while True:
        yield rng.uniform(0.005, 0.02)


def test_it_stops_at_the_precision_asked_for():
    stage = Stage()
    quick = stage.contestant("quick", steady())
    stage.run(quick)
    assert 6 <= quick.rounds() < 10 and quick.spent < 0.5


def test_it_stops_when_the_budget_is_spent():
    stage = Stage()
    shaky = stage.contestant("shaky", noisy())
    stage.run(shaky, precision=1e-6)
    assert 0.5 <= shaky.spent < 0.6


def test_however_slow_a_call_is_there_are_three_rounds():
    stage = Stage()
    slow = stage.contestant("slow", steady(), cost=100.0)
    stage.run(slow)
    assert slow.rounds() == LEAST


def test_blocks_of_different_backends_are_interleaved_in_random_order():
    stage = Stage()
    stage.run(*[stage.contestant(key, noisy()) for key in "abc"], precision=1e-6)
    rounds = [tuple(stage.order[i : i + 6]) for i in range(0, 60, 6)]
    assert all(sorted(r) == list("aabbcc") for r in rounds)
    assert len(set(rounds)) > 5


def test_one_that_dies_leaves_and_the_others_go_on():
    stage = Stage()
    dying = stage.contestant("dying", [0.01, 0.01, TrialEnded("crashed", "gone")])
    living = stage.contestant("living", steady())
    stage.run(dying, living)
    assert dying.ended.status == "crashed" and living.rounds() >= 6
    assert stage.order.count("dying") == 3


def test_an_unforeseen_exception_is_not_swallowed():
    stage = Stage()
    with pytest.raises(ZeroDivisionError):
        stage.run(stage.contestant("bug", [ZeroDivisionError()]))


def test_a_series_that_can_not_be_timed_any_longer_is_left_out_of_the_rounds():
    stage = Stage()
    one = stage.contestant("one", steady())
    timed = one.time_block
    one.time_block = lambda series: timed(series) if series == "operator" else None
    stage.run(one)
    assert one.series == ("operator",) and {block.series for block in one.blocks} == {"operator"}
