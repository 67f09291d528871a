"""A backend's own implementation of a scenario runs as one more variant, where there is one."""

from dataclasses import replace

import pytest

import harness
from harness import plan, plugins
from harness.bind import as_written_by
from harness.contract import Expert
from harness.errors import UsageError
from harness.options import Selection
from harness.scenario import Scenario

CUBES = Scenario(
    name="test/cubes",
    value=lambda xp, x: xp.sum(x**3),
    point=lambda rng, n: (rng.standard_normal(n),),
    size={"n": 4},
    wrt=("x",),
)


def squares(xp, x):
    return xp.sum(x * x)


def doubled(xp, x):
    return 2 * x


HERE = "tests.harness.test_experts"


def with_expert(monkeypatch, **fields):
    """Let the fake have an implementation of its own for one scenario."""
    found = plugins.backends()
    experts = {"documented/square": Expert(operators=("value", "gradient"), **fields)}
    variants = {**found.items["fake"].variants, "expert": "an implementation of its own"}
    declared = replace(found.items["fake"], experts=experts, variants=variants)
    items = {**found.items, "fake": declared}
    monkeypatch.setattr(plugins, "backends", lambda: replace(found, items=items))


def test_an_expert_replaces_the_functions_that_it_wrote():
    value = as_written_by(Expert(operators=("gradient",), value=f"{HERE}:squares"), CUBES)
    assert value.value is squares and value.jacobian is None and value.name == CUBES.name
    matrix = as_written_by(Expert(operators=("jacobian",), jacobian=f"{HERE}:doubled"), CUBES)
    assert matrix.jacobian is doubled and matrix.value is CUBES.value


def make(*scenarios, **words):
    return plan.make(Selection(scenarios=scenarios, **words), seed=0)


def test_an_expert_has_trials_only_where_it_wrote_something(monkeypatch):
    with_expert(monkeypatch)
    planned = make(
        "square", "sum-of-squares-x", backends=("fake:all",), operators=("gradient", "hvp")
    )
    trials = [t for t in planned.trials if t.variant == "expert"]
    assert [(t.case.scenario, t.case.operator) for t in trials] == [
        ("documented/square", "gradient")
    ]
    assert planned.expert(trials[0]).operators == ("value", "gradient")


def test_an_expert_with_nothing_to_do_starts_no_worker(monkeypatch):
    with_expert(monkeypatch)
    planned = make("sum-of-squares-x", backends=("fake:all",))
    assert "expert" not in {r.variant for r in planned.runners}


def test_an_expert_asked_for_what_it_has_not_written_is_an_error(monkeypatch):
    with_expert(monkeypatch)
    with pytest.raises(UsageError, match=r"only documented/square \(value, gradient\)"):
        make("sum-of-squares-x", backends=("fake:expert",))


def test_a_wrong_expert_is_caught_like_any_other(monkeypatch, tmp_path):
    """Half the square: its gradient is x, where 2 x is right."""
    module = tmp_path / "own_square.py"
    module.write_text("def value(xp, x):\n    return xp.sum(x * x) / 2\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    found = plugins.backends()
    experts = {"documented/square": Expert(operators=("gradient",), value="own_square:value")}
    numpy = found.items["numpy"]
    variants = {**numpy.variants, "expert": "an implementation of its own"}
    items = {**found.items, "numpy": replace(numpy, experts=experts, variants=variants)}
    monkeypatch.setattr(plugins, "backends", lambda: replace(found, items=items))
    (record,) = harness.run(
        "square", backend="numpy:expert", check=True, results=tmp_path / "results.db"
    )
    assert record.status == "wrong" and record.value == [[1.0]]


def test_every_expert_that_ships_stands_for_a_scenario_and_its_operators():
    scenarios = plugins.scenarios().items
    for declaration in plugins.backends().items.values():
        assert bool(declaration.experts) == ("expert" in declaration.variants), declaration.name
        for name, expert in declaration.experts.items():
            assert set(expert.operators) <= set(scenarios[name].operators)
            assert expert.value or expert.jacobian
