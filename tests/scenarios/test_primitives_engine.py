"""The oracle against our engine in extended precision, at the usual points of every entry that it
runs: another differentiation of another spelling. What becomes of the engine at hard points, where
a spelling in portable names may lose digits, is the atlas's to tell."""

import numpy as np
import pytest

from backends.engine import xp as engine
from scenarios.primitive import TABLE
from tests.harness.atlas.planted import of, only
from tests.scenarios.extended import check_engine

USUAL = ("generic", "broadcast", "batch", "empty")
RUN = [primitive for primitive in TABLE if primitive.spelled("numpy")]


def usual(point):
    return point.exists > 0 and (point.form != "plain" or point.name in USUAL)


@pytest.mark.parametrize("primitive", RUN, ids=lambda p: p.name)
def test_the_engine_agrees_with_the_oracle(primitive):
    for point in filter(usual, primitive.points):
        check_engine(primitive, point)


BELL = of(lambda m, x: m.exp(-(x * x)), (0.7, -1.25), calls={"xp": "xp.exp(-xp.square(x))"})


def test_an_agreement_passes():
    check_engine(*only(BELL))


@pytest.mark.parametrize(
    "spelling",
    ["xp.exp(xp.square(x))", "xp.exp(-xp.square(x)) * (1 + 1e-14)", "xp.exp(-xp.square(x[:1]))"],
)
def test_another_function_is_told(spelling):
    with pytest.raises(AssertionError, match="the derivative of order 0, forwards"):
        check_engine(*only(of(BELL.define, (0.7, -1.25), calls={"xp": spelling})))


@pytest.mark.parametrize(("rule", "way"), [("push", "forwards"), ("pull", "in reverse")])
def test_a_wrong_rule_of_the_engine_is_told(monkeypatch, rule, way):
    right = getattr(engine.square, rule)
    off = lambda *given: right(*given) * np.longdouble("1.00000000001")  # noqa: E731
    monkeypatch.setattr(engine.square, rule, off)
    with pytest.raises(AssertionError, match=f"the derivative of order 1, {way}"):
        check_engine(*only(BELL))


def test_a_wrong_definition_is_told():
    wrong = of(lambda m, x: m.exp(-x * m.abs(x)), (0.7, -1.25), calls=BELL.calls)
    with pytest.raises(AssertionError, match="the derivative of order"):
        check_engine(*only(wrong))
