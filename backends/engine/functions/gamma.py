"""The logarithm of the gamma function and its derivatives, in longdouble.

The one convention: arguments are brought to where a series converges fast, all elements together.
Below 0 by reflection, else by recurrence: to [1.5, 2.5] for Taylor's series of gammaln, which keeps
its digits near its zeros at 1 and 2, and to FAR and beyond for the asymptotic series. At its
poles each function is infinite.
"""

from fractions import Fraction
from functools import cache
from math import comb, factorial

import numpy as np

FAR = 32  # from here on 20 terms of the asymptotic series suffice for 113 bits
TERMS = 20
TAYLOR = 70  # |z| <= 1/2 and coefficients below 2^-k: 4^-70 is beyond 113 bits

WIDE = np.longdouble
PI = WIDE("3.14159265358979323846264338327950288419716939937511")
EULER = WIDE("0.57721566490153286060651209008240243104215933593992")
HALF_LOG_2_PI = WIDE("0.91893853320467274178032973640561763986139747363778")


@cache
def bernoulli():
    """B_2, B_4, ... B_2n, by the recurrence of DLMF 24.5.3, in exact fractions."""
    numbers = [Fraction(1)]
    for n in range(1, 2 * TERMS + 1):
        numbers.append(-sum(comb(n + 1, k) * b for k, b in enumerate(numbers)) / (n + 1))
    return [WIDE(b.numerator) / WIDE(b.denominator) for b in numbers[2::2]]


def gammaln(x):
    """The log of |Gamma(x)|; below 0 it is pi / (|sin(pi x)| Gamma(1 - x)) (DLMF 5.5.3)."""
    with np.errstate(all="ignore"):
        positive = _gammaln(np.where(x < 0, 1 - x, x))
        sine = np.abs(np.sin(PI * (x - np.rint(x))))
        reflected = np.log(PI / sine) - positive
    y = np.where(x < 0, reflected, positive)
    return np.where(np.isinf(x), np.inf, y)[()]


def _gammaln(x):
    z = np.minimum(x, FAR)
    factor = np.ones_like(z)
    for _ in range(FAR):
        high = z > 2.5
        factor = np.where(high, factor * (z - 1), factor)
        z = np.where(high, z - 1, z)
    # Gamma(2 + z) is Gamma(z) z (z + 1): z itself keeps the digits that z + 1 would lose, and
    # log1p those that cancel near 1
    low = z < 0.5
    middle = ~low & (z < 1.5)
    from_two = np.where(low, z, np.where(middle, z - 1, z - 2))
    rest = np.log(np.where(low, 1 / (z * (z + 1)), factor))
    rest = np.where(middle, -np.log1p(from_two), rest)
    return np.where(x < FAR, _taylor(from_two) + rest, _stirling(x))


def _taylor(z):
    """gammaln(2 + z) for |z| <= 1/2, DLMF 5.7.3."""
    total = np.zeros_like(z)
    for k in range(TAYLOR, 1, -1):
        total = (total + (-1) ** k * _zeta_less_one(k) / k) * z
    return (total + 1 - EULER) * z


@cache
def _zeta_less_one(k):
    return hurwitz(k, WIDE(2))


def _stirling(x):
    """DLMF 5.11.1."""
    x = np.maximum(x, FAR)
    total = np.zeros_like(x)
    for k in range(TERMS, 0, -1):
        total = (total + bernoulli()[k - 1] / (2 * k * (2 * k - 1))) / (x * x)
    return (x - 0.5) * np.log(x) - x + HALF_LOG_2_PI + total * x


def polygamma(x, order):
    """The derivative of gammaln of order + 1."""
    with np.errstate(all="ignore"):
        positive = _polygamma(np.where(x < 0, 1 - x, x), order)
        sign = (-1) ** order
        reflected = sign * (positive - _derivative_of_cotangent(x, order))
    return np.where(x < 0, reflected, positive)[()]


def _polygamma(x, order):
    if order == 0:
        return _digamma(x)
    return (-1) ** (order + 1) * factorial(order) * hurwitz(order + 1, x)


def _digamma(x):
    """DLMF 5.11.2, after the recurrence 5.5.2."""
    z, below = x, np.zeros_like(x)
    for _ in range(FAR):
        low = z < FAR
        below = np.where(low, below + 1 / z, below)
        z = np.where(low, z + 1, z)
    total = np.zeros_like(z)
    for k in range(TERMS, 0, -1):
        total = (total + bernoulli()[k - 1] / (2 * k)) / (z * z)
    return np.log(z) - 1 / (2 * z) - total - below


def hurwitz(s, x):
    """zeta(s, x), the sum over n >= 0 of (x + n)^-s, for an integer s > 1 (DLMF 25.11.5)."""
    z, total = x, np.zeros_like(x)
    for _ in range(FAR):
        low = z < FAR
        total = np.where(low, total + z**-s, total)
        z = np.where(low, z + 1, z)
    series = np.zeros_like(z)
    for k in range(TERMS, 0, -1):
        # B_2k (s)_(2k-1) / (2k)!, where (s)_n = s (s + 1) ... (s + n - 1)
        factor = WIDE(comb(s + 2 * k - 2, 2 * k - 1)) / (2 * k)
        series = (series + bernoulli()[k - 1] * factor) / (z * z)
    return total + z ** (1 - s) * (1 / WIDE(s - 1) + 1 / (2 * z) + series)


def _derivative_of_cotangent(x, order):
    """(-1)^order times that of pi cot(pi x), of this order (DLMF 5.5.4, 5.15.6).

    A polynomial in c = cot(pi x), as the derivative of c is -pi (1 + c^2).
    """
    coefficients = [0, 1]
    for _ in range(order):
        slope = [k * a for k, a in enumerate(coefficients)][1:]
        coefficients = [a + b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True)]
    angle = PI * (x - np.rint(x))
    cotangent = np.cos(angle) / np.sin(angle)
    total = coefficients[-1]
    for a in reversed(coefficients[:-1]):
        total = total * cotangent + a
    return total * PI ** (order + 1)
