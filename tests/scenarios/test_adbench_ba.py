"""Bundle adjustment: oracles, the sparse Jacobian, ADBench's published values, and its files."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from backends.engine import jvp, vjp
from backends.numpy_xp import namespace
from harness.errors import UsageError
from scenarios.adbench import ba
from scenarios.adbench.ba_closed import pattern
from scenarios.adbench.ba_files import read
from tests.scenarios.oracles import check_oracles, close, closed, engine, inputs_of

DATA = Path(__file__).resolve().parents[2] / "../shared/data/adbench"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"ADBench's files are not in {DATA}")
(SCENARIO,) = ba.scenarios
XP = namespace("float64")
FILE = """2 3 5
1.79 0.59 -0.63 90.8 29.3 28.7 211.6 -0.28 -14.7 0.058 0.069
4.17 5.58 1.4
0.41
-525.6 161.8
"""


def written(folder, text):
    file = folder / "input.txt"
    file.write_text(text)
    return file


def drawn(**size):
    return SCENARIO.point(np.random.default_rng(0), **size)


@pytest.mark.parametrize("size", [SCENARIO.levels["S"], {"n": 3, "m": 2, "p": 7}], ids=str)
def test_closed_forms_engine_and_differences_agree(size):
    check_oracles(SCENARIO, **size)


@pytest.mark.parametrize("size", [SCENARIO.levels["S"], {"n": 3, "m": 5, "p": 4}], ids=str)
def test_the_sparse_jacobian_is_the_dense_one(size):
    arguments, _ = inputs_of(SCENARIO, **size)
    values = SCENARIO.jacobian(namespace("longdouble"), *arguments)
    close((values,), closed(SCENARIO, "jacobian", arguments), 1e-15, "jacobian: closed form")
    indices, indptr = pattern(size["n"], size["m"], arguments[4])
    shape = (3 * size["p"], SCENARIO.variables(**size))
    sparse = csr_array((values.astype("float64"), indices, indptr), shape=shape)
    assert sparse.has_sorted_indices
    basis = np.eye(shape[0], dtype="longdouble")
    rows = [engine(SCENARIO, "vjp", arguments, (row,)) for row in basis]
    dense = np.array([np.concatenate([part.ravel() for part in row]) for row in rows])
    close((sparse.toarray(),), (dense,), 1e-15, "jacobian: dense")


def test_the_jacobian_has_31_values_an_observation():
    values = SCENARIO.jacobian(XP, *drawn(n=2, m=3, p=8))
    _, indptr = pattern(2, 3, ba.cycle(2, 3, 8))
    assert values.shape == (31 * 8,)
    assert list(np.diff(indptr)) == [15] * 16 + [1] * 8


@pytest.mark.parametrize("operator", ["jvp", "jacobian", "forward over reverse"])
def test_a_camera_that_is_not_turned_has_the_slopes_of_one_that_hardly_is(operator):
    def slopes(turn):
        cameras, *rest = drawn(n=2, m=4, p=6)
        cameras[:, :3] = turn
        along = np.linspace(-1, 1, cameras.size).reshape(cameras.shape)
        if operator == "jacobian":
            return ba.jacobian(XP, cameras, *rest)
        if operator == "jvp":
            return jvp(lambda cameras: ba.value(XP, cameras, *rest), (cameras,), (along,))[1]
        pulled = lambda cameras: vjp(lambda c: ba.value(XP, c, *rest), cameras)[1](np.ones(18))[0]  # noqa: E731
        moved = np.zeros_like(cameras)
        moved[:, 3:] = along[:, 3:]  # second order in r is not what the first-order branch is for
        return jvp(pulled, (cameras,), (moved,))[1]

    assert np.isfinite(slopes(0.0)).all()
    np.testing.assert_allclose(slopes(0.0), slopes(1e-9), rtol=1e-6, atol=1e-6)


@needs_data
def test_the_published_residuals_hold():
    size, arguments = read(DATA / "ba" / "test.txt", None)
    residuals = ba.value(XP, *arguments)
    errors, weights = residuals[:20].reshape(10, 2), residuals[20:]
    assert size == {"n": 2, "m": 10, "p": 10}
    published = np.tile([-0.269048849235189402, 0.259944792677901881], (10, 1))
    np.testing.assert_allclose(errors, published, rtol=7e-13)
    np.testing.assert_allclose(weights, np.full(10, 0.826092651515999976), rtol=1e-15)


@needs_data
def test_the_largest_file_has_a_jacobian():
    size, arguments = read(DATA / "ba" / "ba1_n49_m7776_p31843.txt", None)
    wide = [x.astype("longdouble") if x.dtype.kind == "f" else x for x in arguments]
    values = ba.jacobian(XP, *arguments)
    assert size == SCENARIO.levels["L"]
    close((values,), closed(SCENARIO, "jacobian", wide), 1.4e-14, "jacobian: BA1")


def test_a_file_replicates_its_one_camera_point_weight_and_feature(tmp_path):
    size, arguments = read(written(tmp_path, FILE), None)
    cameras, points, weights, features, observations = arguments
    assert size == {"n": 2, "m": 3, "p": 5}
    assert [x.shape for x in arguments] == [(2, 11), (3, 3), (5,), (5, 2), (5, 2)]
    assert (cameras == cameras[0]).all() and cameras[1, 10] == 0.069
    assert (points == [4.17, 5.58, 1.4]).all() and (weights == 0.41).all()
    assert (features == [-525.6, 161.8]).all()
    assert observations.tolist() == [[0, 0], [1, 1], [0, 2], [1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("0.41\n-525.6 161.8\n", "", "ends too early: the weight"),
        ("161.8\n", "161.8\n7\n", "more follows"),
        ("4.17", "four", "'four' is no number"),
        ("0.069", "nan", "'nan' is not finite"),
        (" 0.069", "", "the camera.* should have 11 fields here, not 10"),
        ("2 3 5", "2 26", "'n m p'.* should have 3 fields here, not 2"),
        ("2 3 5", "2 0 5", "m should be positive"),
        ("2 3 5", "2 3 4000000000000000000000", "more than fits into memory"),
        ("2 3 5", "2 3 4000000000000000", "more than fits into memory"),
    ],
)
def test_a_defect_of_a_file_is_one_sentence(tmp_path, old, new, complaint):
    with pytest.raises(UsageError, match=f"{complaint}.*; give a file of ADBench's BA"):
        read(written(tmp_path, FILE.replace(old, new)), None)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="can't be read: No such file"):
        read(tmp_path / "none.txt", None)
