"""ADBench's mixture of Gaussians: published values, oracles, and digits kept."""

import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from backends.numpy import Numpy
from harness.contract import Settings
from scenarios.adbench import files, gmm, gmm_closed
from tests.scenarios.oracles import case_of, check_oracles, engine

DATA = Path(__file__).resolve().parents[2] / "../shared/data/adbench/gmm"
CORRECTED = gmm.scenarios[0]
PUBLISHED = {  # of ADBench's test.txt: D=2, K=3, N=1
    "gmm": -20.067360546658307926,
    "gmm-adbench-prior": 8.07380408004975791,
}
TEST_TXT = (
    np.array([-0.649014, 1.181166, -0.758453]),
    np.array([[0.092339, 0.186260], [0.345561, 0.396767], [0.538817, 0.419195]]),
    np.array(
        [
            [0.586443, -0.851887, 0.800321],
            [-1.509405, 0.875874, -0.242790],
            [0.166813, -1.965419, -1.270071],
        ]
    ),
    np.array([[1.175171, 2.029160]]),
    np.array(1.0),
    np.array(0.0),
)
SIZES = [{"d": 1, "K": 2, "N": 3}, {"d": 4, "K": 3, "N": 9}]

both = pytest.mark.parametrize("scenario", gmm.scenarios, ids=lambda scenario: scenario.short)


def wide(arguments):
    return [x.astype(np.longdouble) for x in arguments]


@both
def test_the_published_value_holds(scenario):
    known = PUBLISHED[scenario.short]
    (by_engine,) = engine(scenario, "value", wide(TEST_TXT))
    (by_hand,) = scenario.closed_forms["value"](np, *wide(TEST_TXT))
    assert float(by_engine) == pytest.approx(known, rel=1e-13)
    assert float(by_hand) == pytest.approx(known, rel=1e-13)


@both
def test_the_published_value_holds_on_the_published_file(scenario):
    file = DATA / "test.txt"
    if not file.exists():
        pytest.skip(f"ADBench's files are not at {DATA}")
    size, arguments = files.gmm(file, None)
    assert size == {"d": 2, "K": 3, "N": 1}
    assert all(np.array_equal(a, b) for a, b in zip(arguments, TEST_TXT, strict=True))
    (value,) = engine(scenario, "value", wide(arguments))
    assert float(value) == pytest.approx(PUBLISHED[scenario.short], rel=1e-13)


@both
@pytest.mark.parametrize("name", ["gmm_d2_K5.txt", "gmm_d10_K25.txt"])
def test_the_gradient_on_published_files_is_right_to_rounding(scenario, name):
    file = DATA / name
    if not file.exists():
        pytest.skip(f"ADBench's files are not at {DATA}")
    _, arguments = files.gmm(file, None)
    assert errors(scenario, arguments) < 4e-15


@both
@pytest.mark.parametrize("size", [gmm.LEVELS["S"], *SIZES], ids=str)
def test_the_oracles_agree(scenario, size):
    check_oracles(scenario, **size)


def test_digits_are_kept_with_tight_clusters_far_apart():
    """The square written out as x'Ax - 2 b'x + c is off by 1.1e-12 here."""
    alpha, mu, icf, x, gamma, m = CORRECTED.point(np.random.default_rng(0), d=4, K=3, N=90)
    mu, icf = 10 * mu, icf + 2.3 * (np.arange(10) < 4)
    x = mu[np.arange(90) % 3] + 0.1 * x
    assert errors(CORRECTED, (alpha, mu, icf, x, gamma, m)) < 2e-13


def errors(scenario, arguments):
    """The largest error of the float64 gradient, relative to the largest element of each part."""
    backend, case = Numpy("eager", "cpu", Settings()), case_of(scenario, "gradient")
    xp = backend.namespace(replace(case, dtype="float64"))
    call = backend.prepare(case, partial(scenario.value, xp), (0, 1, 2), arguments)
    got = call(*arguments)
    assert all(x.dtype == np.float64 for x in got)
    known = scenario.closed_forms["gradient"](np, *wide(arguments))[: len(got)]
    return max(float(np.max(abs(a - b)) / np.max(abs(b))) for a, b in zip(got, known, strict=True))


def test_the_factors_are_filled_column_by_column():
    xp = Numpy("eager", "cpu", Settings()).namespace(case_of(CORRECTED, "value"))
    icf = np.array([[0.0, 0.0, math.log(2), 3.0, 4.0, 5.0]])
    assert np.allclose(gmm.factors(xp, icf, 3), [[[1, 0, 0], [3, 1, 0], [4, 5, 2]]])


def test_the_mean_of_both_is_the_likelihood_alone():
    """s W has opposite signs, so that neither gamma nor m is left of it."""

    def mean(gamma, m):
        arguments = (*TEST_TXT[:4], np.array(gamma), np.array(m))
        return sum(float(engine(s, "value", arguments)[0]) for s in gmm.scenarios) / 2

    assert mean(1.0, 0.0) == pytest.approx(mean(0.7, 3.0), rel=1e-13)


@pytest.mark.parametrize("twice", range(1, 12))
def test_the_closed_log_gamma_is_that_of_half_integers(twice):
    assert float(gmm_closed.log_gamma(np, twice)) == pytest.approx(
        math.lgamma(twice / 2), abs=1e-14
    )


@both
def test_variables_counts_what_is_differentiated(scenario):
    for size in (*scenario.levels.values(), *SIZES):
        point = scenario.point(np.random.default_rng(0), **size)
        assert scenario.variables(**size) == sum(np.size(x) for x in point[:3])
