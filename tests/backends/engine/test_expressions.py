"""Random expressions: the engine, JAX and PyTorch against the engine in longdouble.

How far off an answer may be depends on how well-conditioned the expression is, of which rounding
in float32 is the measure: what float32 loses, in units of its own precision, float64 loses in units
of its own. The limit is ULPS such losses. A loss counts as one unit in the last place of 1, the
size of all inputs, at least, so that no lucky hit of float32 makes the limit too narrow.
"""

import numpy as np
import pytest
from hypothesis import given

from harness import operators as derived
from tests.backends.engine.drawing import expressions, scalars
from tests.backends.engine.expressions import FEW, MANY, XP, function, source
from tests.backends.engine.operators import FIRST, OF_SCALARS, SECOND, inputs, results

# Three times the largest loss in 17,000 expressions drawn at random: 8.2 of the engine's, 11 of
# PyTorch's. Half of all answers lose less than 0.1.
ULPS = 32
EPS = {dtype: float(np.finfo(dtype).eps) for dtype in ("float32", "float64")}
OVER = "forward-over-reverse"
# The harness's way, for any backend, and the engine's own
OTHERS = ((derived.gradient, OF_SCALARS["gradient"]), (derived.hvp, SECOND[OVER]))


def losses(answers, operator, expression):
    """Return the largest error of some answers in float64, in units of what float32 loses."""
    exact = results(operator, expression, "longdouble")
    rough = results(operator, expression, "float32")
    assert len(answers) == len(exact)
    return max(map(_loss, answers, exact, rough))


def _loss(answer, exact, rough):
    assert answer.shape == exact.shape
    lost = np.max(np.abs(rough - exact)) / EPS["float32"]
    unit = max(1, np.max(np.abs(exact)), lost) * EPS["float64"]
    return float(np.max(np.abs(answer - exact)) / unit)


@pytest.mark.parametrize("operator", FIRST)
def test_the_engine_answers_in_float64_as_in_longdouble(operator):
    @MANY
    @given(expressions())
    def check(expression):
        answers = results(FIRST[operator], expression)
        assert losses(answers, FIRST[operator], expression) <= ULPS

    check()


@MANY
@given(scalars())
def test_gradients_and_all_compositions_answer_in_float64_as_in_longdouble(expression):
    for name, operator in OF_SCALARS.items():
        oracle = OF_SCALARS["gradient"] if name == "gradient" else SECOND[OVER]
        assert losses(results(operator, expression), oracle, expression) <= ULPS, name


@pytest.fixture(scope="module")
def jax():
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    yield jax
    jax.config.update("jax_enable_x64", before)


@pytest.fixture(scope="module")
def jax_xp(jax):
    from backends.jax_xp import namespace

    return namespace("float64", x64=True)


@pytest.mark.parametrize("operator", FIRST)
def test_jax_answers_as_the_engine(operator, jax, jax_xp):
    of_jax = {"value": derived.value, "jvp": derived.jvp, "vjp": derived.vjp}[operator]

    @FEW
    @given(expressions())
    def check(expression):
        xs, vs, w = jax.device_put(inputs(expression))
        seeds = {"value": (), "jvp": vs, "vjp": (w,)}[operator]
        answers = of_jax(jax_xp, function(expression, jax_xp), xs, seeds, None)
        answers = [np.asarray(answer) for answer in answers]
        assert losses(answers, FIRST[operator], expression) <= ULPS

    check()


def test_jaxs_gradients_and_second_order_answer_as_the_engines(jax, jax_xp):
    @FEW
    @given(scalars())
    def check(expression):
        f, (xs, vs, _) = function(expression, jax_xp), jax.device_put(inputs(expression))
        for of_jax, oracle in OTHERS:
            answers = [np.asarray(answer) for answer in of_jax(jax_xp, f, xs, vs, OVER)]
            assert losses(answers, oracle, expression) <= ULPS

    check()


def test_torchs_gradients_and_second_order_answer_as_the_engines():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    from backends.torch_xp import namespace

    torch_xp = namespace("func", torch.float64, torch.device("cpu"))

    @MANY
    @given(scalars())
    def check(expression):
        f, (xs, vs, _) = function(expression, torch_xp), inputs(expression)
        xs, vs = (tuple(map(torch.tensor, arrays)) for arrays in (xs, vs))
        for of_torch, oracle in OTHERS:
            answers = [answer.numpy(force=True) for answer in of_torch(torch_xp, f, xs, vs, OVER)]
            assert losses(answers, oracle, expression) <= ULPS

    check()


@FEW
@given(scalars())
def test_an_answer_that_is_off_by_a_millionth_is_noticed(expression):
    for operator in OF_SCALARS.values():
        answers = [answer + 1e-6 for answer in results(operator, expression)]
        assert losses(answers, operator, expression) > ULPS


@MANY
@given(expressions())
def test_an_expression_prints_as_the_code_that_it_is(expression):
    names = {"xp": XP["float64"]}
    exec(source(expression), names)
    xs, _, _ = inputs(expression)
    expected = function(expression, XP["float64"])(*xs)
    np.testing.assert_array_equal(names["f"](*xs), expected, strict=True)
    assert np.max(np.abs(expected)) <= expression.root.bound * (1 + EPS["float32"])
