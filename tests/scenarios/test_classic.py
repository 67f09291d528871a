"""The classic functions: closed forms, engine and differences agree, and a few facts besides."""

import numpy as np
import pytest

from scenarios import elimination
from scenarios.classic import k_means, k_means_newton, scenarios
from tests.scenarios.oracles import check_oracles, closed, engine, inputs_of

WIDE = np.longdouble
BY_NAME = {scenario.short: scenario for scenario in scenarios}
SECOND = {  # sizes beside S, for what depends on the size
    "rosenbrock": {"n": 3},
    "logsumexp": {"n": 1000},
    "quadratic": {"n": 40},
    "least-squares": {"m": 32, "n": 100},
    "k-means": {"k": 10, "n": 300, "d": 8},
    "k-means-newton": {"k": 3, "n": 30, "d": 4},
    "determinant": {"order": 9},
    "determinant-expansion": {"order": 5},
    "logistic-regression": {"n": 200, "d": 5},
    "gaussian-process": {"n": 20},
}


def test_these_are_the_classics():
    assert set(BY_NAME) == set(SECOND)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_oracles_agree_at_the_smallest_level(name):
    check_oracles(BY_NAME[name], **BY_NAME[name].levels["S"])


@pytest.mark.parametrize("name", sorted(set(SECOND) - {"logsumexp"}))
def test_the_oracles_agree_at_another_size(name):
    check_oracles(BY_NAME[name], **SECOND[name])


def test_logsumexp_agrees_on_the_whole_interval():
    scenario = BY_NAME["logsumexp"]
    arguments, vs = inputs_of(scenario, n=1000)
    assert np.ptp(arguments[0]) > 190
    for operator, seeds, composition in (
        ("gradient", (), None),
        ("hvp", tuple(vs), "reverse-over-forward"),
    ):
        (found,) = engine(scenario, operator, arguments, seeds, composition)
        (known,) = closed(scenario, operator, arguments, seeds)
        assert np.max(np.abs(found - known)) < 1e-15 * np.max(np.abs(known))


@pytest.mark.parametrize("name", BY_NAME)
def test_a_level_names_the_sizes_and_counts_what_is_differentiated(name):
    scenario = BY_NAME[name]
    assert list(scenario.levels) == ["S", "M", "L"]
    assert scenario.size == scenario.levels["M"]
    small = scenario.levels["S"]
    point = scenario.point(np.random.default_rng(0), **small)
    places = scenario.positions(scenario.wrt)
    assert scenario.variables(**small) == sum(np.size(point[i]) for i in places) <= 30


@pytest.mark.parametrize("name", BY_NAME)
def test_every_operator_has_a_closed_form_or_follows_from_one(name):
    known = set(BY_NAME[name].closed_forms)
    assert set(BY_NAME[name].operators) - known <= {"jvp", "jacobian"}


def test_newtons_step_takes_every_centre_to_the_mean_of_its_points():
    rng = np.random.default_rng(1)
    points, centres = k_means.point(rng, k=5, n=80, d=3)
    (step,) = k_means_newton.step(np, points, centres)
    distances = [[np.sum((p - c) ** 2) for c in centres] for p in points]
    nearest = np.argmin(distances, axis=1)
    for j, centre in enumerate(centres):
        assert np.allclose(centre - step[j], points[nearest == j].mean(axis=0), rtol=1e-13)


def test_the_cost_of_a_clustering_does_not_cancel_where_every_point_has_its_centre():
    scenario = BY_NAME["k-means"]
    rng = np.random.default_rng(2)
    points = scenario.point(rng, k=200, n=200, d=8)
    (cost,) = engine(scenario, "value", points)
    (known,) = k_means.total(np, *(x.astype(WIDE) for x in points))
    assert abs(cost - known) < 4 * np.finfo(float).eps * known


def test_a_determinant_by_expansion_is_that_by_factors():
    (a,) = BY_NAME["determinant"].point(np.random.default_rng(3), order=5)
    (expanded,) = engine(BY_NAME["determinant-expansion"], "value", (a.astype(WIDE),))
    assert expanded == pytest.approx(np.linalg.det(a), rel=1e-14)


def test_elimination_exchanges_rows_and_keeps_the_sign():
    a = np.array([[0, 2, 1], [1, 0, 0], [0, 0, 3]], WIDE)
    inverse, pivots = elimination.inverse(np, a)
    assert np.prod(pivots) == -6
    assert np.allclose(inverse @ a, np.eye(3), atol=1e-15)


def test_elimination_inverts_in_extended_precision():
    a = np.random.default_rng(4).standard_normal((20, 20)).astype(WIDE)
    inverse, _ = elimination.inverse(np, a)
    precision = np.linalg.cond(a.astype(float)) * np.finfo(WIDE).eps
    assert np.max(np.abs(inverse @ a - np.eye(20))) < 20 * precision
