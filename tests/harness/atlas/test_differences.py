"""The check by differences finds every planted fault, and nothing where there is none."""

import pytest
from mpmath import mp

from harness.atlas.jets import compose
from harness.primitive import EVERY
from tests.harness.atlas.differences import check_derivatives, check_no_further
from tests.harness.atlas.planted import of, only

ROOT_2 = 2**0.5


def power_of_size(exponent):
    """|x| to a power: the derivatives at 0 end with its whole part."""
    positive = lambda m, x: m.exp(exponent * m.log(x))  # noqa: E731
    return lambda m, x: m.either(
        lambda x: x == 0,
        lambda x: x * x * x * x,
        lambda x: positive(m, m.abs(x)),
    )(x)


RIGHT = {
    "sine": of(lambda m, x: m.sin(x), 0.7),
    "sine three times": of(lambda m, x: m.sin(x), 0.7, form="twice"),
    "product of views": of(
        lambda m, x, y: x * m.exp(y), (1.0, 2.0, 3.0, 4.0), (0.5, 9.0, -0.5, 9.0), form="view"
    ),
    "one array twice": of(lambda m, x, y: x * m.exp(y), (1.0, -2.0), form="same"),
    "no numbers": of(lambda m, x: m.sin(x), ()),
    "constant": of(lambda m, x: x * 0 + 3, 0.5),
    "indices": of(lambda m, x, i: x[i], (1.0, 2.0), (1, 1, 0), integers=("i",)),
    "near a kink": of(lambda m, x: m.abs(x), -1e-300),
    "near a pole": of(lambda m, x: 1 / x, 1e-200),
    "near the end of a domain": of(lambda m, x: m.log(1 - x), 1 - 2.0**-53),
    "far tail": of(lambda m, x: m.log(1 + m.exp(x)), -700.0),
    "flat": of(lambda m, x: m.maximum(x, 0), -0.5),
    "joint": of(power_of_size(1.5), 0.0, exists=1),
    "second joint": of(power_of_size(2.5), 0.0, exists=2),
    "numerical derivatives": of(lambda m, x: m.lift(m.mp.gamma)(x), 1.5),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_definition_passes(name):
    check_derivatives(*only(RIGHT[name]))


def bent(m, x):
    """The sine, with a second derivative that is not its own."""
    s, c = mp.sin(x.value), mp.cos(x.value)
    return compose(x, [s, c, s, -c][: x.order + 1])


WRONG = {
    "a first derivative": of(lambda m, x: m.lift(mp.sin, lambda x, k: mp.sin(x))(x), 0.7),
    "a second derivative": of(lambda m, x: bent(m, x.item()), 0.7),
    "a third derivative": of(
        lambda m, x: m.lift(mp.sin, lambda x, k: mp.sin(x + min(k, 2) * mp.pi / 2))(x), 0.7
    ),
    "a partial derivative": of(
        lambda m, x, y: m.ruled(lambda x, y: x * y, lambda x, y: y, lambda x, y: -x)(x, y), 0.5, 2.0
    ),
    "a small error": of(
        lambda m, x: m.lift(mp.sin, lambda x, k: mp.sin(x + k * mp.mpf("1.5707963267949")))(x), 0.7
    ),
    "a kink": of(lambda m, x: m.abs(x), 0.0),
    "a tie": of(lambda m, x, y: m.maximum(x, y), 1.5, 1.5),
    "a joint": of(lambda m, x: x * m.abs(x), 0.0),
    "a second joint": of(lambda m, x: x * x * m.abs(x), 0.0),
    "a jump": of(lambda m, x: m.either(lambda x: x >= 1, lambda x: x, lambda x: x * 2)(x), 1.0),
    "the end of a domain": of(lambda m, x: m.exp(2.5 * m.log(x)), 0.0),
    "derivatives of a constant at a removable singularity": of(
        lambda m, x: m.either(lambda x: x == 0, lambda x: x * 0 + 1, lambda x: m.sin(x) / x)(x), 0.0
    ),
    "a derivative that is not linear": of(
        lambda m, x, y: m.either(
            lambda x, y: x == 0 and y == 0,
            lambda x, y: x,
            lambda x, y: x * x * y / (x * x + y * y),
        )(x, y),
        0.0,
        0.0,
    ),
    "a joint with too many derivatives": of(power_of_size(1.5), 0.0, exists=2),
    "a number rounded": of(
        lambda m, x: m.either(lambda x: x == 2, lambda x: ROOT_2 + (x - 2) / (2 * ROOT_2), m.sqrt)(
            x
        ),
        2.0,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_planted_fault_is_found(name):
    with pytest.raises(AssertionError, match="planted at 'chosen'"):
        check_derivatives(*only(WRONG[name]))


NONE_FURTHER = {
    "kink": of(lambda m, x: m.abs(x), 0.0, exists=0),
    "kink elsewhere": of(lambda m, x: m.abs(x - 3), 3.0, exists=0),
    "tie": of(lambda m, x, y: m.maximum(x, y), 1.5, 1.5, exists=0),
    "tie of tiny numbers": of(lambda m, x, y: m.maximum(x, y), 1e-310, 1e-310, exists=0),
    "tie among elements": of(lambda m, x: m.np.max(x), (2.0, 1.0, 2.0), exists=0),
    "pole": of(lambda m, x: 1 / x, 0.0, exists=0),
    "vertical tangent": of(lambda m, x: m.sqrt(x), 0.0, exists=0),
    "no limit": of(power_of_size(0.5), 0.0, exists=0),
    "norm": of(lambda m, x: m.sqrt(m.np.sum(x * x)), (0.0, 0.0), exists=0),
    "not linear": WRONG["a derivative that is not linear"],
    "joint": of(lambda m, x: x * m.abs(x), 0.0, exists=1),
    "logarithm": of(
        lambda m, x: m.either(lambda x: x == 0, lambda x: x * x, lambda x: x * x * m.log(m.abs(x)))(
            x
        ),
        0.0,
        exists=1,
    ),
    "second joint": of(power_of_size(2.5), 0.0, exists=2),
}
EXISTS = {"not linear": 0}


def said_to_have(primitive, exists):
    (point,) = primitive.points
    return of(primitive.define, *point.arguments, exists=exists, form=point.form)


@pytest.mark.parametrize("name", NONE_FURTHER)
def test_where_no_further_derivative_exists_that_is_proved(name):
    exists = EXISTS.get(name, NONE_FURTHER[name].points[0].exists)
    check_no_further(*only(said_to_have(NONE_FURTHER[name], exists)))


@pytest.mark.parametrize("exists", [0, 1, 2])
@pytest.mark.parametrize("name", [n for n in RIGHT if RIGHT[n].points[0].exists == EVERY])
def test_where_further_derivatives_exist_that_is_found(name, exists):
    primitive = RIGHT[name]
    (point,) = primitive.points
    fewer = of(
        primitive.define,
        *point.arguments,
        exists=exists,
        form=point.form,
        integers=primitive.integers,
    )
    with pytest.raises(AssertionError, match="differences find one more"):
        check_no_further(*only(fewer))


@pytest.mark.parametrize("name", ["joint", "second joint"])
def test_a_joint_is_not_taken_for_a_kink(name):
    with pytest.raises(AssertionError, match="said to have 0 derivatives"):
        check_no_further(*only(said_to_have(RIGHT[name], 0)))


def test_a_mistake_in_a_definition_proves_nothing():
    with pytest.raises(TypeError):
        check_no_further(*only(of(lambda m, x: x + None, 0.0, exists=0)))
