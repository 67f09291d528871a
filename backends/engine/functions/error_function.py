"""The error function, its complement and its inverse, in longdouble.

The one convention: below ONE the power series of erf, from there on the continued fraction of erfc,
so that neither is left over from a difference of nearly equal numbers. SciPy gives a first guess.
"""

import numpy as np

WIDE = np.longdouble
TWO_OVER_ROOT_PI = WIDE("1.12837916709551257389615890312154517168810125865800")
ONE = 1
TERMS = 40  # of the series: 2^n / (1 3 ... (2n + 1)) is beyond 113 bits
# Of the fraction, which is wrong by about exp(-2 x sqrt(2 n)): 260 for 64 bits, 790 for 113
DEPTH = int(np.log(np.finfo(WIDE).eps) ** 2 / 8) + 20
VANISHED = 120  # where erfc is below the least positive number


def erf(x):
    tail = np.copysign(1 - _fraction(np.abs(x)), x)
    return np.where(np.abs(x) < ONE, _series(np.clip(x, -ONE, ONE)), tail)[()]


def erfc(x):
    tail = _fraction(np.abs(x))
    tail = np.where(x < 0, 2 - tail, tail)
    return np.where(np.abs(x) < ONE, 1 - _series(np.clip(x, -ONE, ONE)), tail)[()]


def erfinv(x, guess, guess_from_complement):
    """One step of Halley's method, which triples the digits of a guess in float64."""
    with np.errstate(invalid="ignore"):
        complement = 1 - np.abs(x)
        inner = guess(x.astype(np.float64)).astype(WIDE)
        outer = guess_from_complement(complement.astype(np.float64)).astype(WIDE)
        near = np.abs(x) < 0.5
        y = np.where(near, inner, np.copysign(outer, x))
        excess = np.where(near, erf(y) - x, np.sign(x) * (complement - erfc(np.abs(y))))
        newton = excess / (TWO_OVER_ROOT_PI * np.exp(-y * y))
        return np.where(np.isfinite(y), y - newton / (1 + y * newton), y)[()]


def _series(x):
    """2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (1 3 ... (2n+1)), DLMF 7.6.2: no cancellation."""
    term = total = x
    for n in range(1, TERMS):
        term = term * (2 * x * x / (2 * n + 1))
        total = total + term
    return TWO_OVER_ROOT_PI * np.exp(-x * x) * total


def _fraction(x):
    """erfc(x) for x >= ONE, DLMF 7.9.3 from its end.

    x is split so that the square of the leading part is exact: exp would magnify its rounding.
    """
    x = np.clip(x, ONE, VANISHED)
    below = x
    for n in range(DEPTH, 0, -1):
        below = x + WIDE(n) / 2 / below
    leading = x.astype(np.float32).astype(WIDE)
    square = np.exp(-leading * leading) * np.exp((leading - x) * (leading + x))
    return TWO_OVER_ROOT_PI / 2 * square / below
