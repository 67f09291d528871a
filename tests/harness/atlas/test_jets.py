"""Jets: what a number carries along is its derivatives, of every order up to the third."""

import numpy as np
import pytest
from mpmath import mp

from harness.atlas.jets import Jet, compose, compose_several, exact, power, value_of


def carried(value, directions=3, slopes=(1, 1, 1)):
    parts = [mp.zero] * 2**directions
    parts[0] = mp.mpf(value)
    for k, slope in enumerate(slopes[:directions]):
        parts[1 << k] = mp.mpf(slope)
    return Jet(parts)


def derivatives(jet):
    """Of orders 0 to 3, where all directions were 1."""
    return [jet.parts[mask] for mask in (0, 1, 3, 7)]


def polynomial(x):
    return 3 * x * x * x - x * x + 2 * x - 5


def test_a_polynomial_carries_its_derivatives():
    assert derivatives(polynomial(carried(2))) == [19, 34, 34, 18]


def test_a_quotient_carries_its_derivatives():
    x = carried(2)
    assert derivatives(1 / x) == [0.5, -0.25, 0.25, -0.375]
    assert derivatives(x / x) == [1, 0, 0, 0]
    assert derivatives(x / 4) == [0.5, 0.25, 0, 0]


def test_differences_take_numbers_on_either_side():
    assert derivatives(carried(2) - 5) == [-3, 1, 0, 0]
    assert derivatives(5 - carried(2)) == [3, -1, 0, 0]
    assert derivatives(+(-carried(2))) == [-2, -1, 0, 0]


def test_directions_stay_apart():
    x, y = carried(3, 2, (1, 0)), carried(5, 2, (0, 1))
    assert (x * x * y).parts == (45, 30, 9, 6)


def test_symmetric_masks_have_the_same_mixed_derivative_in_any_order():
    x, y = carried("0.3", 3, (2, -1, 1)), carried("0.7", 3, (1, 3, -2))
    f = lambda x, y: x * x * y + 1 / (x + y * y)  # noqa: E731
    turned = f(carried("0.3", 3, (1, 2, -1)), carried("0.7", 3, (-2, 1, 3)))
    straight = f(x, y)
    assert mp.almosteq(straight.parts[7], turned.parts[7])
    assert mp.almosteq(straight.parts[0b011], turned.parts[0b110])
    assert not mp.almosteq(straight.parts[0b011], straight.parts[0b110])


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, -2, 0.5, 2.5])
def test_powers_carry_those_of_the_monomial(exponent):
    x = mp.mpf("1.25")
    expected = [mp.ff(exponent, k) * x ** (mp.mpf(exponent) - k) for k in range(4)]
    for got, known in zip(derivatives(carried(x) ** exponent), expected, strict=True):
        assert mp.almosteq(got, known, abs_eps=1e-13)


def test_terms_that_vanish_do_not_meet_the_pole_of_a_power():
    assert derivatives(power(carried(0), 2)) == [0, 0, 2, 0]
    assert derivatives(power(carried(0), 0)) == [1, 0, 0, 0]


def test_a_derivative_at_a_pole_raises():
    with pytest.raises(ZeroDivisionError):
        power(carried(0), 0.5)


def test_composition_is_taylors_formula():
    outer = [mp.mpf(k + 2) for k in range(4)]
    x = carried(1, 3, (2, 3, 5))
    assert compose(x, outer).parts == (2, 6, 9, 24, 15, 40, 60, 150)


def test_composition_with_curved_arguments_obeys_faa_di_bruno():
    x = carried(2)
    inner = x * x  # derivatives 4, 4, 2, 0
    got = compose(inner, [mp.mpf(1)] * 4)
    assert derivatives(got) == [1, 4, 4 * 4 + 2, 4**3 + 3 * 4 * 2]


def test_partial_derivatives_of_several_arguments_are_taken():
    x, y = carried("0.7"), carried("1.3", 3, (2, -1, 3))
    got = compose_several(lambda x, y: x**3 * y**2 + x * y, [x, y])
    known = x * x * x * y * y + x * y
    for a, b in zip(got.parts, known.parts, strict=True):
        assert mp.almosteq(a, b, rel_eps=1e-12)


def test_arguments_that_do_not_move_are_not_differentiated():
    n, x = Jet([mp.mpf(2), 0, 0, 0]), carried(3, 2)

    def f(n, x):
        if n != 2:
            raise ValueError("an order that is no integer")
        return x**n

    assert compose_several(f, [n, x]).parts == (9, 6, 6, 2)


def test_comparisons_are_of_values():
    small, large = carried(1, 1, (5,)), carried(2, 1, (-5,))
    assert small < large and large > small and small <= 1 and large >= 2
    assert small == 1 and small != large
    assert float(large) == 2.0 and large and not carried(0, 1)


def test_jets_have_no_hash_as_they_are_equal_by_value():
    with pytest.raises(TypeError, match="unhashable"):
        hash(carried(1))


def test_numbers_become_exact_ones():
    assert exact(np.float64(0.1)) == mp.mpf(0.1) and exact(np.int64(3)) == 3
    assert value_of(carried("1.5")) == 1.5 and value_of(2) == 2


def test_arrays_take_over_on_either_side():
    x, array = carried(2, 1), np.array([carried(1, 1), carried(3, 1)], object)
    for out in (x + array, array + x, x * array, x - array, x / array, array / x):
        assert isinstance(out, np.ndarray) and out.shape == (2,)
    assert (x - array)[0].parts == (1, 0)
    assert (x / array)[1].value == mp.mpf(2) / 3


def test_a_jet_tells_its_order_and_shows_its_parts():
    assert [carried(1, n).order for n in range(4)] == [0, 1, 2, 3]
    assert repr(carried("1.5", 1)) == "Jet(1.5, 1.0)"
