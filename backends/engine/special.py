"""Special functions, from SciPy for float32 and float64.

The one convention: SciPy is imported on the first call, so that importing the engine stays cheap.
In longdouble, erf is summed here; gammaln and its derivatives are refused, for SciPy would compute
them in float64.
"""

from functools import cache

import numpy as np

from backends.engine.core import elementwise
from backends.engine.elementwise import exp
from backends.engine.tracer import dtype_of
from harness.errors import Unsupported

TWO_OVER_ROOT_PI = np.longdouble("1.12837916709551257389615890312154517")
WIDE = np.dtype(np.longdouble)
TERMS = 200  # the series of erf needs about 2 x^2 terms and is summed up to |x| = 6.6
ONE = 6.6  # where erf rounds to 1, up to a precision of 64 bits


@cache
def scipy_special():
    from scipy import special

    return special


def _erf(x):
    if dtype_of(x) != WIDE:
        return scipy_special().erf(x)
    return np.where(np.abs(x) < ONE, _erf_series(np.clip(x, -ONE, ONE)), np.sign(x))


def _erf_series(x):
    """2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (1 3 ... (2n+1)), DLMF 7.6.2: no cancellation."""
    term = total = x
    for n in range(1, TERMS):
        term = term * (2 * x * x / (2 * n + 1))
        total = total + term
    return TWO_OVER_ROOT_PI * np.exp(-x * x) * total


def _gammaln(x):
    return scipy_special().gammaln(_narrow("gammaln", x))


def _polygamma(x, *, order):
    x = _narrow("digamma" if order == 0 else "the derivative of digamma", x)
    if order == 0:
        return scipy_special().digamma(x)
    # SciPy's comes from the Hurwitz zeta function, in float64 whatever x is
    return np.asarray(scipy_special().polygamma(order, x)).astype(x.dtype)


def _narrow(name, x):
    if dtype_of(x) == WIDE and np.finfo(WIDE).eps < np.finfo(np.float64).eps:
        raise Unsupported(f"{name} is not computed in longdouble; use float64")
    return x


erf = elementwise("erf", _erf, lambda out, x: TWO_OVER_ROOT_PI.astype(dtype_of(x)) * exp(-x * x))
gammaln = elementwise("gammaln", _gammaln, lambda out, x: digamma(x))
polygamma = elementwise(
    "polygamma", _polygamma, lambda out, x, *, order: polygamma(x, order=order + 1)
)


def digamma(x):
    """The derivative of gammaln (DLMF 5.2.2)."""
    return polygamma(x, order=0)


# expit(-x) and not 1 - out, which is all rounding error where out is near 1
expit = elementwise("expit", lambda x: scipy_special().expit(x), lambda out, x: out * expit(-x))
softplus = elementwise("softplus", lambda x: np.logaddexp(x, 0), lambda out, x: expit(x))
