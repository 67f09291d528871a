from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping

import pytest

from results.cases import names_for
from results.scaling import FLAT, Fit, Sweep, crossovers, fit, sweeps
from results.schema import Record
from tests.results.samples import a_record, a_time

SIZES = (10, 100, 1000, 10_000, 100_000)


def times(
    model: Callable[[float], float], *, noise: float = 0.0, seed: int = 0
) -> dict[int, float]:
    random_ = random.Random(seed)
    return {n: model(n) * random_.lognormvariate(0, noise) for n in SIZES}


def predicted(model: Fit, n: float) -> float:
    return model.fixed + model.factor * math.pow(n, model.exponent or 0.0)


@pytest.mark.parametrize(
    ("fixed", "factor", "exponent"),
    [(5e-6, 1e-9, 1.0), (1e-4, 3e-13, 2.0), (0.0, 2e-8, 1.5), (2e-6, 1e-7, 0.5), (0, 1e-15, 3)],
)
def test_a_planted_law_is_found(fixed: float, factor: float, exponent: float) -> None:
    found = fit(times(lambda n: fixed + factor * n**exponent))
    assert found.exponent == pytest.approx(exponent, abs=0.005)
    assert found.fixed == pytest.approx(fixed, rel=0.01, abs=1e-3 * factor)
    assert found.factor == pytest.approx(factor, rel=0.01)


@pytest.mark.parametrize("seed", range(5))
def test_a_law_is_found_through_noise(seed: int) -> None:
    found = fit(times(lambda n: 5e-6 + 1e-9 * n, noise=0.01, seed=seed))
    assert found.exponent == pytest.approx(1.0, abs=0.1)
    assert found.low <= 1.0 <= found.high


def test_small_times_weigh_as_much_as_large_ones() -> None:
    """Where no law fits, the misfit is relative: an absolute one would follow the last time."""
    found = fit({1: 1.0, 10: 1.0, 100: 1.0, 1000: 1000.0, 10_000: 1100.0})
    assert all(abs(predicted(found, n) - 1.0) < 1.0 for n in (1, 10, 100))


def test_the_fit_is_the_least_of_its_neighbours() -> None:
    data = times(lambda n: 5e-6 + 1e-9 * n**1.3, noise=0.05, seed=1)

    def misfit(model: Fit) -> float:
        return sum((predicted(model, n) / t - 1) ** 2 for n, t in data.items())

    found = fit(data)
    assert found.exponent is not None
    least = misfit(found)
    for change in (0.99, 1.01):
        near = [
            Fit(fixed=found.fixed * change, factor=found.factor, exponent=found.exponent),
            Fit(fixed=found.fixed, factor=found.factor * change, exponent=found.exponent),
            Fit(fixed=found.fixed, factor=found.factor, exponent=found.exponent * change),
        ]
        assert min(map(misfit, near)) > least


def test_nothing_fitted_is_negative() -> None:
    steep = fit({10: 1.0, 100: 20.0, 1000: 200.0})  # a free fit would want a negative fixed cost
    assert steep.fixed == 0.0 and steep.factor > 0
    falling = fit({1: 4.0, 2: 2.0, 3: 1.0})  # and here a negative factor
    assert falling.exponent is None and falling.factor == 0.0


@pytest.mark.parametrize(("growth", "flat"), [(1.0, True), (1 + FLAT, True), (1.3, False)])
def test_times_that_one_fixed_cost_explains_are_flat(growth: float, flat: bool) -> None:
    found = fit({10: 1e-6, 100: 1e-6, 1000: growth * 1e-6})
    assert (found.exponent is None) == flat
    if flat:
        assert found.fixed == pytest.approx(1e-6, rel=FLAT)


def test_what_the_times_leave_open_is_a_wide_range() -> None:
    open_ = fit({1000: 100e-6, 2000: 104e-6, 4000: 112e-6})
    sure = fit({10: 1e-6, 1000: 100e-6, 100_000: 10e-3})
    assert open_.high - open_.low > 0.5
    assert sure.high - sure.low < 0.2


def test_two_sizes_leave_the_exponent_open() -> None:
    with pytest.raises(ValueError, match="a fit needs 3 sizes or more; got 2"):
        fit({1: 1.0, 2: 2.0})


def swept(laws: Mapping[str, Callable[[float], float]], *, half: float = 0.01) -> Sweep:
    records = [
        a_record(f"{name}{n}", backend=name, size={"n": n}, seconds=a_time(law(n), half=half))
        for name, law in laws.items()
        for n in SIZES
    ]
    (found,) = sweeps(records, names_for(records))
    return found


def told(sweep: Sweep) -> list[tuple[str, str, float]]:
    return [(flip.faster, flip.slower, flip.size) for flip in crossovers(sweep)]


def test_a_crossing_of_two_power_laws_is_exact() -> None:
    flips = told(swept({"a": lambda n: 1e-9 * n, "b": lambda n: 1e-8 * n**0.75}))
    assert flips == [("b:eager", "a:eager", pytest.approx(1e4))]


def test_a_crossing_lies_between_the_sizes_where_the_order_flips() -> None:
    flips = told(swept({"slow start": lambda n: 1e-5 + 1e-10 * n, "steep": lambda n: 1e-8 * n}))
    assert [flip[:2] for flip in flips] == [("slow start:eager", "steep:eager")]
    assert 1000 < flips[0][2] < 10_000


def test_a_flip_back_is_told_too() -> None:
    bump = {10: 2.0, 100: 0.5, 1000: 0.5, 10_000: 0.5, 100_000: 2.0}
    flips = told(swept({"a": lambda n: 1.0, "b": lambda n: bump[int(n)]}))
    assert [flip[:2] for flip in flips] == [("b:eager", "a:eager"), ("a:eager", "b:eager")]
    assert [flip[2] for flip in flips] == [pytest.approx(10**1.5), pytest.approx(10**4.5)]


def test_a_flip_within_the_intervals_is_not_told() -> None:
    wobble = {10: 2.0, 100: 0.99, 1000: 1.01, 10_000: 0.99, 100_000: 1.01}
    laws = {"a": lambda n: 1.0, "b": lambda n: wobble[int(n)]}
    assert told(swept(laws)) == []
    assert len(told(swept(laws, half=1e-4))) == 4


def test_a_crossing_among_sizes_not_told_apart_is_where_the_medians_cross() -> None:
    gap = {10: 2.0, 100: 1.005, 1000: 0.995, 10_000: 1.0, 100_000: 0.5}
    flips = told(swept({"a": lambda n: 1.0, "b": lambda n: gap[int(n)]}))
    assert len(flips) == 1
    assert 100 < flips[0][2] < 1000


def one(n: int, **changes: object) -> Record:
    plain = {"size": {"n": n, "K": 2}, "seconds": a_time(1e-9 * n)}
    return a_record(f"{n}", **{**plain, **changes})


def found(records: list[Record]) -> list[tuple[str, list[int]]]:
    return [(sweep.name, list(sweep.sizes)) for sweep in sweeps(records, names_for(records))]


def test_a_sweep_is_three_values_or_more_of_one_size() -> None:
    assert found([one(1), one(10), one(100)]) == [("n", [1, 10, 100])]
    assert found([one(1), one(10)]) == []
    assert found([one(1), one(10), one(10)]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario": "documented/square"},
        {"operator": "vjp"},
        {"composition": "reverse-over-reverse"},
        {"dtype": "float64"},
        {"size": {"n": 100, "K": 3}},
        {"wrt": ("x",)},
        {"status": "wrong"},
        {"seconds": None},
    ],
)
def test_what_differs_in_more_than_the_size_or_is_not_right_is_not_in_a_sweep(
    changes: dict[str, object],
) -> None:
    assert found([one(1), one(10), one(100, **changes)]) == []


def test_the_documented_point_is_in_the_sweep_of_drawn_ones() -> None:
    assert found([one(1), one(10, point="drawn"), one(100, point="drawn")]) == [("n", [1, 10, 100])]


def test_a_grid_of_two_sizes_is_swept_for_each_value_of_the_other() -> None:
    grid = [one(n, size={"n": n, "K": k}) for n in (1, 10, 100) for k in (2, 3)]
    assert found(grid) == [("n", [1, 10, 100])] * 2


def test_a_size_of_zero_has_no_place_on_a_logarithm() -> None:
    assert found([one(0), one(1), one(10)]) == []


def test_the_exponent_of_a_bad_fit_is_left_open() -> None:
    """The same sizes, once on a line and once far off any: only the first names an exponent."""
    sizes = (10, 100, 1000, 10_000, 100_000)
    good = fit({n: 1e-6 + 1e-8 * n for n in sizes})
    bad = fit(dict(zip(sizes, (1e-5, 4e-5, 2e-5, 3e-4, 1e-4), strict=True)))
    assert good.high - good.low < 0.1
    assert bad.exponent is None or bad.high - bad.low > 0.3
