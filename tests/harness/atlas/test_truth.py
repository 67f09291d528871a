"""The right answers: what every way answers, at which precision, and what refuses to be one."""

import numpy as np
import pytest
from mpmath import mp

from harness.atlas.evaluation import arguments_of, inputs_of
from harness.atlas.truth import as_longdouble, truths
from harness.atlas.ways import WAYS
from harness.errors import HarnessError
from tests.harness.atlas.planted import of, only

LONG = np.finfo(np.longdouble).eps


def answers(primitive, ways=WAYS):
    primitive, point = only(primitive)
    inputs = inputs_of(primitive, point, "float64")
    return inputs, truths(primitive, point, inputs, ways)


def close(got, known, tolerance=8 * LONG):
    assert np.shape(got) == np.shape(known)
    assert np.max(np.abs(got - known)) <= tolerance * np.max(np.abs(known))


def test_every_way_answers_a_quadratic_form_as_by_hand():
    a = np.array([[2.0, 1.0], [-1.0, 3.0]])
    primitive = of(lambda m, x: m.np.stack([x @ (a @ x), x[0] * x[1]]), (0.5, -1.5))
    inputs, found = answers(primitive)
    (x,), w, (v,) = inputs.arguments, inputs.cotangent, inputs.tangents
    hessians = np.array([a + a.T, [[0.0, 1.0], [1.0, 0.0]]])
    jacobian = hessians @ x
    known = {
        "value": np.array([x @ a @ x, x[0] * x[1]]),
        "gradient": w @ jacobian,
        "vjp": w @ jacobian,
        "jvp": jacobian @ v,
        "hvp": np.einsum("k,kij,j->i", w, hessians, v),
        "second": np.einsum("i,kij,j->k", v, hessians, v),
        "third": np.zeros(2),
    }
    assert set(found) == set(WAYS)
    for way, truth in found.items():
        (got,) = truth.arrays
        close(got, known[way.operator])


def test_a_third_derivative_is_along_v_thrice_or_its_gradient_twice():
    inputs, found = answers(of(lambda m, x: x * x * x, (0.5, -1.5)))
    w, (v,) = inputs.cotangent, inputs.tangents
    forwards, backwards = (t.arrays[0] for way, t in found.items() if way.operator == "third")
    close(forwards, 6 * v**3)
    close(backwards, 6 * w * v**2)


def test_one_array_comes_back_for_every_differentiated_argument():
    primitive = of(
        lambda m, x, i, y: x[i] * y, (1.0, 2.0), (0, 0, 1), (3.0, 4.0, 5.0), integers=("i",)
    )
    inputs, found = answers(primitive)
    assert inputs.wrt == (0, 2) and inputs.arguments[1].dtype == np.int64
    of_x, of_y = found[WAYS[1]].arrays
    w, y = inputs.cotangent, np.array([3.0, 4.0, 5.0])
    close(of_x, np.array([w[0] * y[0] + w[1] * y[1], w[2] * y[2]]))
    close(of_y, w * [1.0, 1.0, 2.0])


def test_the_answer_of_a_view_has_zeros_where_it_does_not_look():
    _, found = answers(of(lambda m, x: m.exp(x), (0.5, 7.0, -0.5, 7.0), form="view"))
    (gradient,) = found[WAYS[1]].arrays
    assert [bool(x) for x in gradient] == [True, False, True, False]


def test_precision_is_raised_until_cancellation_costs_nothing():
    _, found = answers(of(lambda m, x: (1 - m.cos(x)) / (x * x), 1e-30))
    close(found[WAYS[0]].arrays[0], np.array(0.5))
    close(found[WAYS[3]].arrays[0], np.array(-1e-30, np.longdouble) / 12, tolerance=1e-15)


def test_far_tails_are_not_taken_for_zeros():
    _, found = answers(of(lambda m, x: m.log(1 + m.exp(x)), -700.0))
    with mp.workdps(30):
        tail = np.longdouble(mp.nstr(mp.exp(-700), 25))
    for way in WAYS:
        close(np.ravel(found[way].arrays[0]), np.array([tail]), tolerance=1e-18)


def test_a_constant_is_zero_in_the_end():
    _, found = answers(of(lambda m, x: x * 0 + 2, 0.5))
    assert not found[WAYS[1]].arrays[0].any() and found[WAYS[1]].condition == 0


@pytest.mark.parametrize("exists", [0, 1, 2])
def test_what_does_not_exist_has_no_answer(exists):
    _, found = answers(of(lambda m, x: x * x, 0.5, exists=exists))
    assert {way for way in WAYS if way.order <= exists} == set(found)


def test_nothing_asked_is_nothing_evaluated():
    primitive, point = only(of(lambda m, x: 1 / x, 0.0, exists=0))
    assert truths(primitive, point, None, [WAYS[1]]) == {}


def test_conditions_are_how_much_an_error_grows():
    _, found = answers(of(lambda m, x: x - 1, 1 + 2.0**-20))
    assert found[WAYS[0]].condition == pytest.approx(2**20, rel=1e-3)
    assert found[WAYS[1]].condition == 0
    _, found = answers(of(lambda m, x: m.exp(x), 3.0))
    assert found[WAYS[1]].condition == pytest.approx(3, rel=1e-3)


def test_a_definition_that_raises_is_one_sentence():
    with pytest.raises(
        HarnessError,
        match=r"the definition of primitive 'planted' can't be evaluated at its point 'chosen': "
        r"ZeroDivisionError",
    ) as caught:
        answers(
            of(lambda m, x: m.either(lambda x: x > 0, lambda x: 1 / x, lambda x: 1 / x)(x), 0.0)
        )
    assert "\n" not in str(caught.value)


def test_a_definition_that_can_not_say_its_shape_is_one_sentence():
    primitive, point = only(of(lambda m, x: x.no_such_thing, 0.5))
    with pytest.raises(HarnessError, match="primitive 'planted' can't be evaluated"):
        inputs_of(primitive, point, "float64")


def test_a_derivative_that_raises_where_the_value_does_not_is_one_sentence():
    with pytest.raises(HarnessError, match="can't be evaluated"):
        answers(of(lambda m, x: m.sqrt(x), 0.0))


def test_what_does_not_settle_is_refused():
    tries = iter(range(1000))

    def restless(m, x):
        return x * (1 + next(tries))

    with pytest.raises(HarnessError, match="do not settle with 2000 digits"):
        answers(of(restless, 0.5))


def test_arguments_are_of_the_dtype_or_integers():
    primitive, point = only(of(lambda m, x, i: x[i], (0.1, 1), (1,), integers=("i",)))
    x, i = arguments_of(primitive, point, "float32")
    assert (x.dtype, i.dtype) == (np.float32, np.int64)


def test_the_answer_is_that_of_the_rounded_inputs():
    primitive, point = only(of(lambda m, x: x, 0.1))
    inputs = inputs_of(primitive, point, "float32")
    value = truths(primitive, point, inputs, WAYS[:1])[WAYS[0]].arrays[0]
    assert value == np.longdouble(np.float32(0.1)) != np.longdouble(0.1)


def test_seeds_differ_between_cotangent_and_tangents():
    primitive, point = only(of(lambda m, x, y: x * y, (1.0, 2.0, 3.0), (1.0, 2.0, 3.0)))
    inputs = inputs_of(primitive, point, "float64")
    seeds = [inputs.cotangent, *inputs.tangents]
    assert len({x.tobytes() for x in seeds}) == 3


def test_longdouble_keeps_all_its_digits():
    with mp.workdps(40):
        third = as_longdouble(np.array([mp.one / 3], object))
    assert third[0] == np.longdouble(1) / 3 != np.float64(1) / 3
