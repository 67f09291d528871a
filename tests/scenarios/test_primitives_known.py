"""The oracle against what is known: derivatives of the handbooks, and identities of matrices."""

import pytest
from mpmath import mp

from harness.atlas import mathematics
from harness.atlas.jets import Jet, exact, value_of
from scenarios.primitive import TABLE
from tests.harness.atlas.planted import of
from tests.scenarios.derivatives import KNOWN
from tests.scenarios.identities import IDENTITIES, along

BY_NAME = {primitive.name: primitive for primitive in TABLE}
AGREED = mp.mpf("1e-25")
DIGITS = (40, 800)  # the latter where terms cancel, or 1e-300 is added to 1


def numbers_of(point):
    """A point's arguments, where they are numbers and at least one derivative exists."""
    plain = (
        point.form == "plain"
        and point.exists
        and all(isinstance(x, int | float) for x in point.arguments)
    )
    return point.arguments if plain else None


def check_partials(primitive, point, partials):
    """Hold the jets at a point against partial derivatives. Raises AssertionError."""
    told = []
    for digits in DIGITS:
        with mp.workdps(digits):
            told = [t for k in range(len(partials)) if (t := _told(primitive, point, partials, k))]
        if not told:
            return
    raise AssertionError(f"{primitive.name} at {point.name!r}: {'; '.join(told)}")


def _told(primitive, point, partials, position):
    xs = [exact(float(x)) for x in point.arguments]
    jets = [Jet((x, mp.one if k == position else mp.zero)) for k, x in enumerate(xs)]
    out = primitive.define(mathematics, *jets)
    out = out.item() if hasattr(out, "item") else out
    got = out.parts[1] if isinstance(out, Jet) else mp.zero
    try:
        known = partials[position](*xs)
    except ZeroDivisionError:  # of an inverse far in a tail, whose argument was rounded to 1
        return f"partial {position} takes more digits than {mp.dps}"
    if abs(got - known) <= AGREED * abs(known):
        return ""
    return f"partial {position} is {mp.nstr(got, 20)} instead of {mp.nstr(mp.mpmathify(known), 20)}"


@pytest.mark.parametrize("name", KNOWN)
def test_derivatives_are_those_of_the_handbooks(name):
    primitive = BY_NAME[name]
    points = [point for point in primitive.points if numbers_of(point) is not None]
    assert points, f"{name} has no point of single numbers; hold it against something else"
    for point in points:
        check_partials(primitive, point, KNOWN[name])


@pytest.mark.parametrize("name", IDENTITIES)
def test_matrices_obey_their_identities(name):
    primitive = BY_NAME[name]
    point = primitive.points[0]
    with mp.workdps(40):
        got, (xs, vs) = along(primitive, point)
        known = list(IDENTITIES[name](*xs, *vs))
        gaps = [abs(value_of(a) - b) for a, b in zip(got, known, strict=True)]
        assert max(gaps) <= AGREED * max(map(abs, known))


def test_a_wrong_derivative_is_told():
    primitive = of(lambda m, x: m.sin(x), 0.7)
    check_partials(primitive, primitive.points[0], (mp.cos,))
    with pytest.raises(AssertionError, match=r"partial 0 is 0\.76"):
        check_partials(primitive, primitive.points[0], (mp.sin,))


def test_partials_of_the_wrong_arguments_are_told():
    primitive = of(lambda m, x, y: x / y, 0.7, 2.0)
    wrong = (lambda x, y: -x / y**2, lambda x, y: 1 / y)
    with pytest.raises(AssertionError, match=r"partial 0 is .*; partial 1 is "):
        check_partials(primitive, primitive.points[0], wrong)
