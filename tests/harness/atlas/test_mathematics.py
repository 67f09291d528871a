"""The words of definitions: elementwise, right with their derivatives, at any precision."""

import numpy as np
import pytest
from mpmath import mp

from harness.atlas import mathematics as m
from harness.atlas.jets import Jet

FUNCTIONS = {
    "exp": mp.exp,
    "log": mp.log,
    "sin": mp.sin,
    "cos": mp.cos,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "atan": mp.atan,
    "sqrt": mp.sqrt,
    "tan": mp.tan,
    "tanh": mp.tanh,
}


def carried(value):
    return Jet((mp.mpf(value), mp.one, mp.one, mp.zero, mp.one, mp.zero, mp.zero, mp.zero))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_carry_mpmaths_own_derivatives(name):
    with mp.workdps(40):
        got = getattr(m, name)(carried("0.6"))
        for order, mask in enumerate((0, 1, 3, 7)):
            known = mp.diff(FUNCTIONS[name], mp.mpf("0.6"), order)
            assert mp.almosteq(got.parts[mask], known, rel_eps=mp.mpf("1e-30")), order


def test_functions_of_arrays_are_elementwise_in_any_shape():
    x = np.array([[carried(0), carried(1)]], object)
    assert m.exp(x).shape == (1, 2)
    assert m.exp(x)[0, 0].parts[7] == 1
    alone = np.empty((), object)
    alone[()] = carried(0)
    assert m.exp(alone).parts[0] == 1


def test_numbers_may_stand_for_jets():
    assert m.exp(0).value == 1
    mixed = m.maximum(np.array([carried(1), carried(3)], object), 2)
    assert [float(x) for x in mixed] == [2, 3]


def test_lifted_functions_of_several_arguments_broadcast():
    f = m.lift(lambda x, y: x * mp.exp(y))
    x = np.array([[carried(1)], [carried(2)]], object)
    y = np.array([carried(0), carried(1)], object)
    out = f(x, y)
    assert out.shape == (2, 2)
    assert mp.almosteq(out[1, 0].parts[1], 3)


def test_a_derivative_rule_is_used_where_it_is_given():
    by_rule = m.lift(mp.sin, lambda x, k: mp.mpf(10 + k))
    assert by_rule(carried(0)).parts == (10, 11, 11, 12, 11, 12, 12, 13)


def test_partials_that_call_the_function_itself_give_all_orders():
    power = m.ruled(
        lambda x, y: x**y,
        lambda x, y: y * power(x, y - 1),
        lambda x, y: power(x, y) * m.log(x),
    )
    with mp.workdps(40):
        x, y = carried("0.6"), carried("2.5")
        got, known = power(x, y), m.exp(y * m.log(x))
        for a, b in zip(got.parts, known.parts, strict=True):
            assert mp.almosteq(a, b, rel_eps=mp.mpf("1e-35"))


def test_a_wrong_partial_is_a_wrong_derivative_and_no_wrong_value():
    wrong = m.ruled(mp.sin, lambda x: -m.cos(x))
    assert wrong(carried(0)).parts[:2] == (0, -1)


def test_a_removable_singularity_is_filled_with_given_derivatives():
    sinc = m.filled(lambda x: m.sin(x) / x, 0, lambda k: (1, 0, -mp.one / 3, 0)[k])
    out = sinc(np.array([carried(0), carried(1)], object))
    assert out[0].parts == (1, 0, 0, -mp.one / 3, 0, -mp.one / 3, -mp.one / 3, 0)
    assert mp.almosteq(out[1].parts[1], mp.cos(1) - mp.sin(1))


def test_neither_branch_is_evaluated_where_it_does_not_hold():
    inverse = m.either(lambda x: x != 0, lambda x: 1 / x, lambda x: x)
    out = inverse(np.array([carried(0), carried(4)], object))
    assert [float(x) for x in out] == [0, 0.25]


def test_absolute_values_and_extrema_choose_an_operand_with_its_derivatives():
    x, y = carried(-2) * 3, carried(1)
    assert m.abs(x).parts[:2] == (6, -3)
    assert m.maximum(x, y).parts[:2] == (1, 1)
    assert m.minimum(x, y).parts[:2] == (-6, 3)


def test_pi_is_of_the_precision_of_the_moment():
    with mp.workdps(50):
        assert mp.sin(m.pi()) < mp.mpf("1e-49")
        precise = m.pi()
    assert precise != m.pi()


def test_values_are_numbers_without_derivatives():
    assert m.values(np.array([carried("1.5")], object)).tolist() == [mp.mpf("1.5")]
