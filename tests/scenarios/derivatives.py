"""Derivatives as the handbooks print them, of functions of one or several numbers.

One convention: a tuple holds one partial derivative for each argument that is differentiated, each
a function of all the arguments; they are written apart from the definitions that they are held
against. DLMF is the Digital Library of Mathematical Functions.
"""

from mpmath import mp


def bell(x):
    """The derivative of erf (DLMF 7.2.1)."""
    return 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)


def normal(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def logistic(x):
    return 1 / (1 + mp.exp(-x))


def share(x, y, base=mp.e):
    """base^x / (base^x + base^y)."""
    return 1 / (1 + mp.mpf(base) ** (y - x))


ELEMENTARY = {
    "abs": mp.sign,
    "acos": lambda x: -1 / mp.sqrt(1 - x * x),
    "acosh": lambda x: 1 / mp.sqrt(x * x - 1),
    "add": (lambda x, y: 1, lambda x, y: 1),
    "asin": lambda x: 1 / mp.sqrt(1 - x * x),
    "asinh": lambda x: 1 / mp.sqrt(1 + x * x),
    "atan": lambda x: 1 / (1 + x * x),
    "atan2": (lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)),
    "atanh": lambda x: 1 / (1 - x * x),
    "cbrt": lambda x: 1 / (3 * mp.cbrt(x * x)),
    "cos": lambda x: -mp.sin(x),
    "cosh": mp.sinh,
    "deg2rad": lambda x: mp.pi / 180,
    "divide": (lambda x, y: 1 / y, lambda x, y: -x / y**2),
    "exp": mp.exp,
    "exp2": lambda x: mp.log(2) * 2**x,
    "expm1": mp.exp,
    "hypot": (lambda x, y: x / mp.hypot(x, y), lambda x, y: y / mp.hypot(x, y)),
    "identity": lambda x: 1,
    "log": lambda x: 1 / x,
    "log10": lambda x: 1 / (x * mp.log(10)),
    "log1p": lambda x: 1 / (1 + x),
    "log2": lambda x: 1 / (x * mp.log(2)),
    "logaddexp": (share, lambda x, y: share(y, x)),
    "logaddexp2": (lambda x, y: share(x, y, 2), lambda x, y: share(y, x, 2)),
    "multiply": (lambda x, y: y, lambda x, y: x),
    "negative": lambda x: -1,
    "positive": lambda x: 1,
    "pow-0": lambda x: 0,
    "pow-1": lambda x: 1,
    "pow-2": lambda x: 2 * x,
    "pow-3": lambda x: 3 * x**2,
    "pow-half": lambda x: 0.5 / mp.sqrt(x),
    "pow-inverse": lambda x: -1 / x**2,
    "pow-of-two": lambda x: mp.log(2) * 2**x,
    "pow-three-halves": lambda x: 1.5 * mp.sqrt(x),
    "rad2deg": lambda x: 180 / mp.pi,
    "reciprocal": lambda x: -1 / x**2,
    "rsqrt": lambda x: -0.5 / mp.sqrt(x) ** 3,
    "sin": mp.cos,
    "sinh": mp.cosh,
    "sqrt": lambda x: 0.5 / mp.sqrt(x),
    "square": lambda x: 2 * x,
    "squared-difference": (lambda x, y: 2 * (x - y), lambda x, y: 2 * (y - x)),
    "subtract": (lambda x, y: 1, lambda x, y: -1),
    "tan": lambda x: 1 / mp.cos(x) ** 2,
    "tanh": lambda x: 1 / mp.cosh(x) ** 2,
}

SPECIAL = {
    "airy_ai": lambda x: mp.airyai(x, derivative=1),
    "bessel_i0": lambda x: mp.re(mp.besseli(1, x)),
    "bessel_i1": lambda x: mp.re(mp.besseli(0, x) + mp.besseli(2, x)) / 2,
    "bessel_j0": lambda x: -mp.besselj(1, x),
    "bessel_j1": lambda x: (mp.besselj(0, x) - mp.besselj(2, x)) / 2,
    "bessel_y0": lambda x: -mp.bessely(1, x),
    "bessel_y1": lambda x: (mp.bessely(0, x) - mp.bessely(2, x)) / 2,
    "beta": (
        lambda a, b: mp.beta(a, b) * (mp.psi(0, a) - mp.psi(0, a + b)),
        lambda a, b: mp.beta(a, b) * (mp.psi(0, b) - mp.psi(0, a + b)),
    ),
    "betaln": (
        lambda a, b: mp.psi(0, a) - mp.psi(0, a + b),
        lambda a, b: mp.psi(0, b) - mp.psi(0, a + b),
    ),
    "dawsn": lambda x: 1 - x * mp.sqrt(mp.pi) * mp.exp(-x * x) * mp.erfi(x),
    "digamma": lambda x: mp.psi(1, x),
    "entr": lambda x: -mp.log(x) - 1,
    "erf": bell,
    "erfc": lambda x: -bell(x),
    "erfcx": lambda x: 2 * x * mp.exp(x * x) * mp.erfc(x) - 2 / mp.sqrt(mp.pi),
    "erfinv": lambda x: 1 / bell(mp.erfinv(x)),
    "expi": lambda x: mp.exp(x) / x,
    "expit": lambda x: logistic(x) * logistic(-x),
    "fresnel_cos": lambda x: mp.cos(mp.pi * x * x / 2),
    "fresnel_sin": lambda x: mp.sin(mp.pi * x * x / 2),
    "gamma": lambda x: mp.gamma(x) * mp.psi(0, x),
    "gammaln": lambda x: mp.psi(0, x),
    "hurwitz_zeta": lambda q: -mp.mpf("2.5") * mp.zeta(3.5, q),
    "log_ndtr": lambda x: normal(x) / mp.ncdf(x),
    "log_sigmoid": lambda x: logistic(-x),
    "logit": lambda x: 1 / (x * (1 - x)),
    "ndtr": normal,
    "ndtri": lambda x: 1 / normal(mp.sqrt(2) * mp.erfinv(2 * x - 1)),
    "polygamma": lambda x: mp.psi(3, x),
    "sinc": lambda x: mp.cospi(x) / x - mp.sinpi(x) / (mp.pi * x * x) if x else mp.zero,
    "spence": lambda x: mp.log(x) / (1 - x) if x != 1 else -mp.one,
    "trigamma": lambda x: mp.psi(2, x),
    "xlog1py": (lambda x, y: mp.log(1 + y), lambda x, y: x / (1 + y)),
    "xlogy": (lambda x, y: mp.log(y), lambda x, y: x / y),
}

NEURAL = {
    "sigmoid": lambda x: logistic(x) * logistic(-x),
    "silu": lambda x: logistic(x) * (1 + x * logistic(-x)),
    "softplus": logistic,
    "softsign": lambda x: 1 / (1 + abs(x)) ** 2,
    "squareplus": lambda x: (1 + x / mp.sqrt(x * x + 4)) / 2,
    "gelu": lambda x: mp.ncdf(x) + x * normal(x),
    "tanhshrink": lambda x: mp.tanh(x) ** 2,
    "relu": lambda x: mp.one if x > 0 else mp.zero,
}

KNOWN = {
    name: partials if isinstance(partials, tuple) else (partials,)
    for name, partials in {**ELEMENTARY, **SPECIAL, **NEURAL}.items()
}
