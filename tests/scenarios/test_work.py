"""The stated work of a scenario, counted by brute force: every operation of the closed form, and
every number of what goes in and comes out."""

import numpy as np
import pytest

from harness import plugins
from tests.scenarios.counting import Counted, counted, counting

SCENARIOS = plugins.scenarios().items
SIZES = {"n": 5, "d": 3, "order": 4, "batch": 3, "features": 2, "hidden": 4, "classes": 5}
STATED = [(s.name, operator) for s in SCENARIOS.values() for operator in s.work]
BY_ALGORITHM = ("machine/matmul", "classic/determinant")  # not the closed form's own operations


def stated(name, operator):
    """A scenario with its small size, its counts of numbers and operations there, and its point."""
    scenario = SCENARIOS[name]
    size = {key: SIZES[key] for key in scenario.size}
    point = [np.asarray(x, float) for x in scenario.point(np.random.default_rng(0), **size)]
    seeds = [np.ones(point[0].shape)] if operator in ("vjp", "hvp") else []
    return scenario, scenario.work[operator](**size), [*point, *seeds]


def answers(scenario, operator, inputs):
    """The closed form's answers, of derivatives those asked for."""
    found = scenario.closed_forms[operator](np, *inputs)
    asked = scenario.positions(scenario.wrt) if operator in ("gradient", "vjp") else (0,)
    return [found[i] for i in asked]


@pytest.mark.parametrize(("name", "operator"), [s for s in STATED if s[0] not in BY_ALGORITHM])
def test_the_operations_are_those_of_the_closed_form(name, operator):
    scenario, (_, operations), inputs = stated(name, operator)
    with counting() as count:
        answers(scenario, operator, [counted(x) for x in inputs])
    # every sum of squares is derived by both arguments, whatever is asked for
    derived = len(scenario.arguments) if operator == "gradient" else 0
    idle = derived - len(scenario.wrt) if "sum-of-squares" in name and derived else 0
    assert count() == operations + idle * SIZES["n"]


def test_a_product_of_matrices_counts_the_first_sum_too():
    _, (_, operations), (a, b) = stated("machine/matmul", "value")
    with counting() as count:
        counted(a) @ counted(b)
    assert count() == operations - a.size


def test_a_determinant_is_an_elimination_and_a_product():
    _, (_, operations), (a,) = stated("classic/determinant", "value")
    order, rows = len(a), counted(a)
    with counting() as count:
        for k in range(order - 1):
            rows[k + 1 :, k] /= rows[k, k]
            rows[k + 1 :, k + 1 :] -= np.outer(rows[k + 1 :, k], rows[k, k + 1 :])
        np.prod(np.diag(rows))
    assert count() == operations


def test_operations_are_counted_one_by_one():
    x = counted(np.ones(3))
    with counting() as count:
        np.sum(np.exp(2 * x) - x / Counted(2.0))
    assert count() == 3 + 3 + 3 + 3 + 2


@pytest.mark.parametrize(("name", "operator"), STATED)
def test_the_numbers_moved_are_those_inputs_that_matter_and_the_outputs(name, operator):
    scenario, (numbers, _), inputs = stated(name, operator)
    found = answers(scenario, operator, inputs)
    read = [x.size for i, x in enumerate(inputs) if matters(scenario, operator, inputs, i)]
    assert numbers == sum(read) + sum(map(np.size, found))


def matters(scenario, operator, inputs, place):
    """Whether the answer changes with an input; one that does not need not be read."""
    moved = [1.5 * x + 0.25 if i == place else x for i, x in enumerate(inputs)]
    pairs = zip(
        answers(scenario, operator, inputs), answers(scenario, operator, moved), strict=True
    )
    return not all(np.array_equal(one, other) for one, other in pairs)
