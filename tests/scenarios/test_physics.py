"""Physics: oracles held against each other, and what these scenarios alone promise."""

import math
from functools import partial

import numpy as np
import pytest

from backends.engine import value_and_grad
from backends.numpy_xp import namespace
from scenarios.physics import n_body, ode, pinn, scenarios
from tests.scenarios.oracles import check_oracles, inputs_of

BY_NAME = {scenario.short: scenario for scenario in scenarios}
XP = namespace("float64")


@pytest.mark.parametrize("name", BY_NAME)
def test_oracles_agree_at_the_small_size(name):
    # A path amplifies roundings in extended precision as well: see particle's conditioning.
    tolerance = 1e-15 * BY_NAME[name].conditioning.get("value", 1)
    check_oracles(BY_NAME[name], tolerance=tolerance, **BY_NAME[name].levels["S"])


@pytest.mark.parametrize("level", ["S", "M", "L"])
def test_no_entry_of_the_gradient_of_ode_is_zero(level):
    rates, steps = BY_NAME["ode"].point(np.random.default_rng(0), **ode.LEVELS[level])
    value, gradient = value_and_grad(partial(ode.value, XP))(rates, steps)
    assert np.all(gradient > 0)
    np.testing.assert_allclose(gradient, ode.gradient(np, rates, steps)[0], rtol=1e-13)
    assert value > 0


def test_many_steps_of_ode_approach_its_exact_solution():
    n = 4
    (rates, steps), _ = inputs_of(BY_NAME["ode"], n=n, s=1000)
    exact = np.prod(rates) * 2**n / math.factorial(n)
    assert abs(ode.closed_value(np, rates, steps)[0] / exact - 1) < 1e-11


def test_forces_between_bodies_add_up_to_zero():
    (x,) = n_body.point(np.random.default_rng(0), 64)
    (gradient,) = n_body.gradient(np, x)
    assert np.max(np.abs(gradient)) > 1
    np.testing.assert_allclose(np.sum(gradient, axis=1), 0, atol=1e-11)


def test_two_bodies_have_their_least_energy_at_the_sixth_root_of_two():
    x = np.array([[0, 2 ** (1 / 6)], [0, 0], [0, 0]])
    assert n_body.value(XP, x) == pytest.approx(-1, rel=1e-15)
    assert n_body.closed_value(np, x)[0] == pytest.approx(-1, rel=1e-15)


def test_the_residual_of_burgers_equation_vanishes_for_a_constant():
    x, t, *weights = pinn.point(np.random.default_rng(0), 3, 7)
    constant = [0 * w for w in weights[:-1]] + [weights[-1]]
    assert pinn.value(XP, x, t, *constant) == 0
    assert pinn.value(XP, x, t, *weights) > 0
