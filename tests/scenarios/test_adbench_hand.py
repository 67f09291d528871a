"""Hand tracking: oracles, Jacobians, experts, and ADBench's published values."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from backends.numpy_xp import namespace
from harness import plugins
from harness.case import Case
from harness.contract import Settings
from scenarios.adbench import hand, hand_files
from scenarios.adbench.hand_model import PARENTS, generate
from tests.scenarios.oracles import case_of, check_oracles, close, closed, engine, inputs_of

DATA = Path(__file__).resolve().parents[2] / "../shared/data/adbench/hand"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"ADBench's files are not in {DATA}")
SIMPLE, COMPLICATED = hand.scenarios
XP = namespace("float64")
WIDE = namespace("longdouble")
SIZES = [SIMPLE.levels["S"], {"vertices": 7, "correspondences": 20}]


def drawn(scenario, **size):
    return scenario.point(np.random.default_rng(0), **size)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_closed_forms_engine_and_differences_agree(scenario, size):
    check_oracles(scenario, **size)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_the_jacobian_is_its_closed_form(scenario, size):
    arguments, _ = inputs_of(scenario, **size)
    found = scenario.jacobian(WIDE, *arguments)
    close((found,), closed(scenario, "jacobian", arguments), 1e-15, "jacobian")


def test_the_simple_jacobian_is_the_whole_matrix():
    arguments, _ = inputs_of(SIMPLE, **SIMPLE.levels["S"])
    columns = [engine(SIMPLE, "jvp", arguments, (e,))[0] for e in np.eye(26, dtype="longdouble")]
    close((SIMPLE.jacobian(WIDE, *arguments),), (np.stack(columns, 1),), 1e-15, "jacobian")


def test_the_complicated_jacobian_unfolds_to_the_whole_matrix():
    size = COMPLICATED.levels["S"]
    arguments, _ = inputs_of(COMPLICATED, **size)
    compressed = COMPLICATED.jacobian(WIDE, *arguments)
    rows = [
        np.concatenate([part.ravel() for part in engine(COMPLICATED, "vjp", arguments, (row,))])
        for row in np.eye(len(compressed), dtype="longdouble")
    ]
    whole = np.zeros_like(rows)
    whole[:, :26] = compressed[:, 2:]
    for row, by_us in enumerate(compressed[:, :2]):
        point = row // 3
        whole[row, 26 + 2 * point : 28 + 2 * point] = by_us
    close((whole,), (np.array(rows),), 1e-15, "jacobian")


@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
def test_a_hand_that_is_not_turned_has_the_jacobian_of_one_that_hardly_is(scenario):
    def jacobian(turn):
        theta, *rest = drawn(scenario, **scenario.levels["S"])
        theta[:3] = turn
        return scenario.jacobian(XP, theta, *rest)

    assert np.isfinite(jacobian(0.0)).all()
    np.testing.assert_allclose(jacobian(0.0), jacobian(1e-9), rtol=0, atol=1e-7)


def test_a_generated_model_is_at_rest_in_its_base():
    relative, inverse, positions, weights, triangles = generate(np.random.default_rng(0), 30)
    absolute = []
    for own, parent in zip(relative, PARENTS, strict=True):
        absolute.append(absolute[parent] @ own if parent >= 0 else own)
    np.testing.assert_allclose(
        np.stack(absolute) @ inverse, np.tile(np.eye(4), (22, 1, 1)), atol=1e-14
    )
    np.testing.assert_allclose(weights.sum(1), 1, rtol=1e-14)
    assert set(np.count_nonzero(weights, 1)) == {1, 2, 3, 4}
    assert positions.shape == triangles.shape == (30, 3)


@needs_data
def test_the_published_errors_hold():
    size, arguments = hand_files.simple(DATA / "test.txt", None)
    errors = hand.simple(XP, *arguments)
    assert size == {"vertices": 544, "correspondences": 2}
    np.testing.assert_allclose(
        errors[:2], [0.165193147941611551, -0.174542769272742593], rtol=1e-14
    )


@needs_data
def test_the_jacobian_of_800_correspondences_is_its_closed_form():
    _, arguments = hand_files.simple(DATA / "hand5_t26_c800.txt", DATA / "model")
    wide = [x.astype("longdouble") if x.dtype.kind == "f" else x for x in arguments]
    found = SIMPLE.jacobian(XP, *arguments)
    assert found.shape == (2400, 26)
    close((found,), closed(SIMPLE, "jacobian", wide), 1.4e-14, "jacobian")


EXPERTS = {
    "torch": ("backends.torch:Torch", "eager", "backends.experts.torch_hand"),
    "jax": ("backends.jax:Jax", "jit", "backends.experts.jax_hand"),
}


@pytest.mark.parametrize("turn", [None, 0.0])
@pytest.mark.parametrize("scenario", hand.scenarios, ids=lambda one: one.short)
@pytest.mark.parametrize("framework", EXPERTS)
def test_an_expert_computes_the_same_jacobian(framework, scenario, turn):
    pytest.importorskip(framework, reason=f"{framework} is not installed")
    adapter, variant, module = EXPERTS[framework]
    expert = plugins.load(f"{module}:{scenario.short.removeprefix('hand-')}")
    arguments = drawn(scenario, **scenario.levels["S"])
    if turn is not None:
        arguments[0][:3] = turn
    backend = plugins.load(adapter)(variant, "cpu", Settings())
    example = [backend.put(x) for x in arguments]
    case = Case.from_json({**case_of(scenario, "value").to_json(), "dtype": "float64"})
    jacobian = partial(expert, backend.namespace(case))
    call = backend.prepare(case, jacobian, scenario.positions(scenario.wrt), example)
    found, _ = backend.get(call(*example)[0])
    close((found,), (scenario.jacobian(XP, *arguments),), 1.4e-14, "jacobian")
