"""Special functions, from SciPy for float32 and float64.

The one convention: SciPy is imported on the first call, so that importing the engine stays cheap.
What it lacks in longdouble is computed in gamma.py and error_function.py.
"""

from functools import cache

import numpy as np

from backends.engine.core import elementwise
from backends.engine.functions import error_function, gamma
from backends.engine.functions.elementwise import (
    equal,
    exp,
    log,
    logical_and,
    rounded,
    typed,
    where,
)
from backends.engine.functions.error_function import TWO_OVER_ROOT_PI
from backends.engine.functions.manipulation import floating
from backends.engine.tracer import dtype_of

WIDE = np.dtype(np.longdouble)
FEW = 150  # elements up to which np.logaddexp, one call, beats five that take a quarter per element


@cache
def scipy_special():
    from scipy import special

    return special


def _erf(x):
    return error_function.erf(x) if _wide(x) else scipy_special().erf(x)


def _erfc(x):
    return error_function.erfc(x) if _wide(x) else scipy_special().erfc(x)


def _erfinv(x):
    special = scipy_special()
    if _wide(x):
        return error_function.erfinv(x, special.erfinv, special.erfcinv)
    return special.erfinv(x)


def _gammaln(x):
    return gamma.gammaln(x) if _wide(x) else scipy_special().gammaln(x)


def _polygamma(x, *, order):
    if _wide(x):
        return gamma.polygamma(x, order)
    if order == 0:
        return scipy_special().digamma(x)
    # SciPy's comes from the Hurwitz zeta function: in float64 whatever x is, and nan below 0
    y, negative = scipy_special().polygamma(order, x), np.less(x, 0)
    if negative.any():
        y = np.where(negative, gamma.polygamma(np.asarray(x, WIDE), order), y)
    return np.asarray(y, dtype_of(floating(x)))


def _wide(x):
    return dtype_of(x) == WIDE and np.float64 != WIDE


def _softplus(x):
    if np.size(x) <= FEW:
        return np.logaddexp(x, 0)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _bell(x):
    return rounded(TWO_OVER_ROOT_PI, x) * exp(-x * x)


erf = elementwise("erf", _erf, lambda out, x: _bell(x))
erfc = elementwise("erfc", _erfc, lambda out, x: -_bell(x))
erfinv = elementwise(
    "erfinv", _erfinv, lambda out, x: exp(out * out) / rounded(TWO_OVER_ROOT_PI, x)
)
gammaln = elementwise("gammaln", _gammaln, lambda out, x: digamma(x))
polygamma = elementwise(
    "polygamma", _polygamma, lambda out, x, *, order: polygamma(x, order=order + 1)
)


def digamma(x):
    """The derivative of gammaln (DLMF 5.2.2)."""
    return polygamma(x, order=0)


# expit(-x) and not 1 - out, which is all rounding error where out is near 1
expit = elementwise("expit", lambda x: scipy_special().expit(x), lambda out, x: out * expit(-x))
logit = elementwise("logit", lambda x: scipy_special().logit(x), lambda out, x: 1 / (x * (1 - x)))
softplus = elementwise("softplus", _softplus, lambda out, x: expit(x))
logaddexp = elementwise(
    "logaddexp",
    np.logaddexp,
    lambda out, x, y: expit(x - y),
    lambda out, x, y: expit(y - x),
)


def _xlogy(x, y):
    y = np.asarray(y, np.result_type(x, y))
    return x * np.log(np.where(np.equal(x, 0) & np.equal(y, 0), 1, y))


def _log_beside(out, x, y):
    return log(where(logical_and(equal(x, 0), equal(y, 0)), 1, typed(y, out)))


# x log(y), and 0 where both are 0, as is the derivative by x
xlogy = elementwise("xlogy", _xlogy, _log_beside, lambda out, x, y: x / y)
