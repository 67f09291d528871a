"""Wrong rules planted in the engine, one of each kind, are told by a verdict that is not ok.

One convention: a mutant says in which operators it shows: a wrong transpose in those that pull
back, a wrong tangent in those that push, and nowhere else.
"""

import pytest

from backends.engine import core
from backends.engine import xp as engine
from backends.engine.functions import determinants, elementwise, indexing, manipulation, products
from backends.engine.replaying import rewriting
from harness.atlas.ways import WAYS
from tests.harness.atlas.surveyed import TABLE, judgements, not_ok

EAGER_AND_REPLAYED = ("eager", "replay")
FIRST = tuple(way for way in WAYS if way.order < 2)
PULLED = {"gradient", "vjp", "hvp"}
PUSHED = {"jvp", "second"}


@pytest.mark.parametrize("variant", EAGER_AND_REPLAYED)
@pytest.mark.parametrize("primitive", TABLE, ids=lambda p: p.name)
def test_without_a_mutant_all_is_ok(primitive, variant):
    told = judgements(primitive.name, variant)
    assert {way: t["reason"] for way, t in told.items() if t["status"] != "ok"} == {}


def plant(monkeypatch, target, wrong, *rules):
    """Give a primitive some rules of another."""
    for rule in rules:
        monkeypatch.setattr(target, rule, getattr(wrong, rule))


@pytest.fixture
def declare(monkeypatch):
    """Let primitives be declared that the engine doesn't keep."""
    monkeypatch.setattr(core, "PRIMITIVES", {})
    monkeypatch.setattr(core, "OF_UFUNC", {})


@pytest.mark.usefixtures("declare")
class TestElementwise:
    def test_a_wrong_partial_is_told_in_both_modes(self, monkeypatch):
        wrong = core.elementwise("wrong", engine.sin.function, lambda out, x: -engine.cos(x))
        plant(monkeypatch, engine.sin, wrong, "pull", "push")
        assert not_ok("sine") >= PULLED | PUSHED
        assert "value" not in not_ok("sine")

    def test_a_partial_that_is_constant_is_told_in_second_order_alone(self, monkeypatch):
        partial = lambda out, x: engine.stop_gradient(engine.cos(x))  # noqa: E731
        wrong = core.elementwise("wrong", engine.sin.function, partial)
        plant(monkeypatch, engine.sin, wrong, "pull", "push")
        assert not_ok("sine", ways=FIRST) == set()
        assert not_ok("sine") == {"hvp", "second", "third"}

    def test_a_partial_a_little_off_is_told(self, monkeypatch):
        partial = lambda out, x: engine.cos(x) * (1 + 1e-12)  # noqa: E731
        wrong = core.elementwise("wrong", engine.sin.function, partial)
        plant(monkeypatch, engine.sin, wrong, "pull", "push")
        told = judgements("sine", ways=FIRST)
        assert {t["status"] for way, t in told.items() if way.order} == {"imprecise"}

    def test_exchanged_partials_are_told(self, monkeypatch):
        first, second = (lambda out, x, y: x), (lambda out, x, y: y)
        wrong = core.elementwise("wrong", engine.multiply.function, first, second)
        plant(monkeypatch, engine.multiply, wrong, "pull", "push")
        assert not_ok("product", ways=FIRST) >= {"gradient", "vjp", "jvp"}

    def test_broadcasting_that_is_not_undone_is_told(self, monkeypatch):
        monkeypatch.setattr(core, "unbroadcast", lambda g, like: g)
        assert not_ok("product", ways=FIRST) == {"gradient", "vjp"}

    def test_broadcasting_undone_without_adding_is_told(self, monkeypatch):
        monkeypatch.setattr(
            core, "unbroadcast", lambda g, like: g[: like.shape[0], : like.shape[-1]]
        )
        assert not_ok("product", ways=FIRST) == {"gradient", "vjp"}


@pytest.mark.usefixtures("declare")
class TestLinear:
    def test_a_wrong_transpose_is_told_in_reverse_alone(self, monkeypatch):
        again = lambda g, x, *, shift, axis: manipulation.roll(g, shift, axis=axis)  # noqa: E731
        wrong = core.linear("wrong", manipulation._roll.function, again)
        plant(monkeypatch, manipulation._roll, wrong, "pull")
        assert not_ok("rolled") & (PULLED | PUSHED) == PULLED

    def test_a_wrong_transpose_of_one_argument_is_told(self, monkeypatch):
        right = products.matmul.pull

        def pull(position, g, out, inputs, metadata):
            c = right(position, g, out, inputs, metadata)
            return -c if position == 1 else c

        monkeypatch.setattr(products.matmul, "pull", pull)
        assert not_ok("matrix product") & (PULLED | PUSHED) == PULLED

    def test_a_tangent_that_is_forgotten_is_told_forwards(self, monkeypatch):
        right = products.matmul.push
        first_alone = lambda tangents, *rest: right([tangents[0], None], *rest)  # noqa: E731
        monkeypatch.setattr(products.matmul, "push", first_alone)
        assert not_ok("matrix product", ways=FIRST) == {"jvp"}

    def test_a_scatter_that_forgets_repeated_indices_is_told(self, monkeypatch):
        def pull(position, g, out, inputs, metadata):
            return right(position, g * [1, 1, 0], out, inputs, metadata)

        right = indexing._take.pull
        monkeypatch.setattr(indexing._take, "pull", pull)
        assert not_ok("repeated", ways=FIRST) == {"gradient", "vjp"}


class TestBothRules:
    def test_a_wrong_vjp_is_told_in_reverse_alone(self, monkeypatch):
        right = elementwise.divide.pull

        def pull(position, g, out, inputs, metadata):
            c = right(position, g, out, inputs, metadata)
            return -c if position == 1 else c

        monkeypatch.setattr(elementwise.divide, "pull", pull)
        assert not_ok("quotient") & (PULLED | PUSHED) == PULLED

    def test_a_wrong_jvp_is_told_forwards(self, monkeypatch):
        right = elementwise.divide.push
        half = lambda *given: right(*given) / 2  # noqa: E731
        monkeypatch.setattr(elementwise.divide, "push", half)
        assert not_ok("quotient", ways=FIRST) == {"jvp"}

    def test_a_wrong_rule_of_a_matrix_is_told_in_second_order(self, monkeypatch):
        """The rule of `det` is right, that of the cofactors in it is transposed."""
        right = determinants.cofactors.push
        turned = lambda *given: engine.matrix_transpose(right(*given))  # noqa: E731
        monkeypatch.setattr(determinants.cofactors, "push", turned)
        assert not_ok("determinant", ways=FIRST) == set()
        assert not_ok("determinant") >= {"second", "hvp"}


class TestReplay:
    def test_a_wrong_simplification_is_told_in_the_replay_alone(self, monkeypatch):
        keep = lambda recorder, operands, metadata, layout: operands[0]  # noqa: E731
        monkeypatch.setitem(rewriting.RULES, "negative", keep)
        assert not_ok("bell") == set()
        assert not_ok("bell", "replay") >= {"value"} | PULLED | PUSHED

    def test_a_call_merged_with_another_is_told(self, monkeypatch):
        one = lambda recorder, operands, metadata, layout: operands[0]  # noqa: E731
        monkeypatch.setitem(rewriting.RULES, "add", one)
        assert not_ok("bell") == set()
        assert not_ok("bell", "replay") & PULLED
