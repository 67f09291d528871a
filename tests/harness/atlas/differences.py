"""A definition's derivatives by differences, from both sides of a point, in extended precision.

One convention: a definition is evaluated on numbers that carry no derivatives (jets of order 0), at
the point moved by small multiples of two generic directions, u and v: an independent check of what
jets carry, and of how many derivatives there are. Forward differences take positive multiples only,
backward ones negative only, so that a kink between the sides is seen.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from mpmath import mp

from harness.atlas import mathematics
from harness.atlas.evaluation import arguments_of
from harness.atlas.jets import Jet, exact

SMALLER = 1024  # times smaller is the step that shows where differences tend to
AGREED = 1e-15  # of an answer's largest element; what is off by more has to tend to it
DIFFERENCES = {  # by the jet's part: multiples of (u, v), each with its weight
    1: {(1, 0): 1, (0, 0): -1},
    4: {(0, 1): 1, (0, 0): -1},
    3: {(2, 0): 1, (1, 0): -2, (0, 0): 1},
    5: {(1, 1): 1, (1, 0): -1, (0, 1): -1, (0, 0): 1},
    7: {(2, 1): 1, (1, 1): -2, (0, 1): 1, (2, 0): -1, (1, 0): 2, (0, 0): -1},
}
NAMES = {1: "along u", 4: "along v", 3: "along u, u", 5: "along u, v", 7: "along u, u, v"}
SIDES = {"after": 1, "before": -1}


class Try(NamedTuple):
    """The digits to compute with, a step 10^-exponent, and how it is scaled for each number."""

    digits: int
    exponent: int
    scale: Callable[[float], float]


TRIES = (
    Try(100, 20, lambda size: 1.0),
    Try(150, 40, lambda size: min(size, 1.0)),  # near a kink, a pole, or the end of a domain
    Try(150, 40, lambda size: size),  # of great numbers
    Try(900, 40, lambda size: min(size, 1.0)),  # log(1 + exp(-700)) is 0 with 300 digits
)
ONE_SIDED = Try(150, 20, lambda size: min(size, 1.0))


class Undefined(Exception):
    """A definition has no finite real value there."""


def check_derivatives(primitive, point):
    """Hold the jets of a definition against its differences on both sides, in all orders up to the
    third that exist. Raises AssertionError where they differ."""
    masks = [m for m in DIFFERENCES if order_of(m) <= point.exists]
    if not masks:
        return
    disagreement = None
    for attempt in TRIES:
        try:
            moved = Moved(primitive, point, attempt)
            disagreement = _disagreement(moved, masks, attempt is TRIES[-1])
        except Undefined as error:
            disagreement = f"has no value there: {error}"
        if disagreement is None:
            return
    raise AssertionError(f"{primitive.name} at {point.name!r} {disagreement}")


def check_no_further(primitive, point):
    """Prove that a point has no derivative of order `exists` + 1: along one of several directions
    the quotients of the two sides differ, or have no limit, or are not linear in the direction."""
    if point.documented or any(_has_none(primitive, point, salt) for salt in range(4)):
        return
    raise AssertionError(
        f"{primitive.name} at {point.name!r} is said to have {point.exists} derivatives; "
        "differences find one more"
    )


def is_flat(primitive, point):
    """Whether the derivative along a generic direction is zero."""
    moved = Moved(primitive, point, TRIES[0])
    with mp.workdps(moved.digits):
        return not largest(moved.jets(1)(1))


def order_of(mask):
    return bin(mask).count("1")


class Moved:
    """The definition at a point, as a function of displacements along u and v."""

    def __init__(self, primitive, point, attempt, salt=0):
        names = primitive.names(point)
        define = lambda *xs: primitive.define(mathematics, *xs)  # noqa: E731
        self.function = primitive.at(point, define)
        self.arguments = arguments_of(primitive, point, "float64")
        self.wrt = [names.index(name) for name in primitive.wrt(point)]
        self.scales = self._scales(attempt.scale)
        least = min((s for i in self.wrt for s in self.scales[i].flat if s), default=mp.one)
        self.digits = attempt.digits + 3 * max(0, -int(mp.log10(least)))
        self.step, self.known = mp.mpf(10) ** -attempt.exponent, {}
        self.u, self.v = (self._direction(2 * salt + k) for k in range(2))

    def _scales(self, scale):
        """How far each number is moved, in steps; zeros as far as the least other number."""
        sizes = [abs(float(x)) for i in self.wrt for x in np.ravel(self.arguments[i])]
        least = min((size for size in sizes if size and np.isfinite(size)), default=1.0)

        def scaled(x):  # what is not finite stays where it is
            size = abs(float(x))
            return exact(scale(size or min(least, 1.0))) if np.isfinite(size) else mp.zero

        return [np.asarray(np.frompyfunc(scaled, 1, 1)(x), object) for x in self.arguments]

    def _direction(self, salt):
        draw = random.Random(salt)
        generic = lambda s: s * draw.choice((-1, 1)) * exact(draw.uniform(0.5, 1.5))  # noqa: E731
        return {i: np.asarray(np.frompyfunc(generic, 1, 1)(self.scales[i])) for i in self.wrt}

    def at(self, along_u, along_v, step):
        """The values, flat, at the point moved by so many steps, kept. Raises Undefined."""

        def moved(i, index):
            by = along_u * self.u[i][index] + along_v * self.v[i][index]
            return Jet((exact(float(self.arguments[i][index])) + step * by,))

        key = (along_u * step, along_v * step)
        if key not in self.known:
            self.known[key] = real(self._evaluate(moved), 0)
        return self.known[key]

    def jets(self, order):
        """The definition at the point with as many of the directions u, u and v, as a function of
        the part that is asked for."""

        def carried(i, index):
            u, v = self.u[i][index], self.v[i][index]
            parts = (exact(float(self.arguments[i][index])), u, u, mp.zero, v, *[mp.zero] * 3)
            return Jet(parts[: 2**order])

        out = self._evaluate(carried)
        return lambda mask: real(out, mask)

    def _evaluate(self, element):
        given = list(self.arguments)
        for i in self.wrt:
            given[i] = np.empty(self.arguments[i].shape, object)
            for index in np.ndindex(given[i].shape):
                given[i][index] = element(i, index)
        try:
            return self.function(*given)
        except (ArithmeticError, ValueError) as error:
            raise Undefined(str(error)) from error
        except TypeError as error:  # a number that became complex can't be compared
            if "complex" in str(error) or "mpc" in str(error):
                raise Undefined(str(error)) from error
            raise

    def quotients(self, mask, smaller=0):
        """The differences of one part, after the point and before it, for a step made smaller."""
        step = self.step / SMALLER**smaller
        return [self._quotient(mask, side * step) for side in SIDES.values()]

    def _quotient(self, mask, step):
        weights = DIFFERENCES[mask].items()
        return sum(self.at(a, b, step) * w for (a, b), w in weights) / step ** order_of(mask)

    def noise(self, mask, smaller=0):
        """How far rounding may take a quotient."""
        size = max(map(largest, self.known.values()))
        return 1e6 * size * mp.eps / (self.step / SMALLER**smaller) ** order_of(mask)


def real(out, mask):
    """One part of every element, flat: mpmath's finite real numbers, else Undefined is raised."""
    numbers = []
    for x in np.ravel(np.asarray(out, object)):
        zero = mp.zero if mask else exact(x) if not isinstance(x, Jet) else None
        number = x.parts[mask] if isinstance(x, Jet) else zero
        if not mp.isfinite(number) or mp.im(number):
            raise Undefined(f"{mp.nstr(number, 5)} is no finite real number")
        numbers.append(mp.re(number))
    return as_array(numbers)


def as_array(numbers):
    out = np.empty(len(numbers), object)
    out[:] = numbers
    return out


def largest(array):
    return max(map(abs, array), default=mp.zero)


def vanishes(gaps, smaller, noise=0):
    """Whether gaps tend to zero with the step: x^1.5 has ones that shrink like its root, by 32; a
    kink has the same with any step."""
    return largest(smaller) <= max(largest(gaps) / 8, noise)


def _disagreement(moved, masks, last):
    """What differs from the jets first, or None; the last try excuses what rounding may do."""
    with mp.workdps(moved.digits):
        part = moved.jets(3)
        for mask in masks:
            known, found = part(mask), moved.quotients(mask)
            for k, (name, got) in enumerate(zip(SIDES, found, strict=True)):
                noise = moved.noise(mask) if last else 0
                if largest(got - known) <= max(AGREED * largest(known), noise):
                    continue
                if not vanishes(got - known, moved.quotients(mask, 1)[k] - known):
                    shown = [mp.nstr(list(x), 8) for x in (known, got)]
                    return f"has jets {shown[0]} {NAMES[mask]}, differences {name} it {shown[1]}"
    return None


FURTHER = {1: (1, 4), 2: (3,), 3: (7,)}  # by the order in question


def _has_none(primitive, point, salt):
    try:
        moved = Moved(primitive, point, ONE_SIDED, salt)
        with mp.workdps(moved.digits):
            none = any(_no_limit(moved, mask) for mask in FURTHER[point.exists + 1])
            return none or (point.exists == 0 and _not_linear(moved))
    except Undefined:
        return True


def _no_limit(moved, mask):
    """Whether quotients of the two sides stay apart, or change with the step however small."""
    (a, b), (c, d), (e, f) = (moved.quotients(mask, smaller) for smaller in range(3))
    noise = moved.noise(mask, 2)
    tend = (a - b, c - d), (a - c, c - e), (b - d, d - f)
    return not all(vanishes(*gaps, noise) for gaps in tend)


def _not_linear(moved):
    """Whether the derivative along u + v is not the sum of those along u and v."""
    gaps = [moved.quotients(5, k)[0] * (moved.step / SMALLER**k) for k in range(2)]
    return not vanishes(*gaps, moved.noise(1, 1))
