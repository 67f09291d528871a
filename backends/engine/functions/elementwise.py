"""Functions of each element: arithmetic, comparisons, and the usual functions of analysis.

The one convention: a partial derivative is given the output first, then the inputs. At kinks,
ties and branch points a derivative, of these functions and of the other modules', is what most of
PyTorch 2.13, JAX 0.10 and TensorFlow 2.21 return in reverse mode: the table, in which = is the
same as here and - is no such function. Arguments are separated by a comma, elements by a space.

function          | at           | derivative   | torch       | jax       | tensorflow
abs               | 0            | 0            | =           | 1         | =
sign              | 0            | 0            | =           | =         | =
floor             | 1            | 0            | =           | =         | =
round             | 1/2          | 0            | =           | =         | =
sqrt              | 0            | inf          | =           | =         | =
reciprocal        | 0            | -inf         | =           | =         | =
log               | 0            | inf          | =           | =         | =
asin              | 1            | inf          | =           | =         | =
acos              | 1            | -inf         | =           | =         | =
acosh             | 1            | inf          | =           | =         | =
atanh             | 1            | inf          | =           | =         | =
clip to 0, 1      | 0            | 1            | =           | 1/2       | =
clip to 0, 1      | 1            | 1            | =           | 1/2       | =
clip to 0, 0      | 0            | 1            | =           | 1/4       | =
x**0              | 0            | 0            | =           | =         | nan
divide            | 0, 0         | inf, nan     | =           | =         | =
power             | 0, 0         | 0, 0 (1)     | =           | nan, 0    | nan, 0
power             | 0, 1/2       | inf, 0       | =           | =         | =
power             | 0, 1         | 1, 0         | =           | =         | =
power             | 0, 2         | 0, 0         | =           | =         | =
power             | 0, -1        | -inf, nan    | -inf, -inf  | =         | =
power             | -2, 2        | -4, nan      | =           | =         | -4, 0
maximum           | 1, 1         | 1/2, 1/2     | =           | =         | 1, 0
minimum           | 1, 1         | 1/2, 1/2     | =           | =         | 1, 0
atan2             | 0, 0         | nan, nan     | 0, 0        | =         | =
hypot             | 0, 0         | nan, nan     | =           | 1/2, 1/2  | =
remainder         | 4, 2         | 1, -2        | =           | =         | =
copysign          | 0, 1         | 0, 0 (2)     | =           | 1, 0      | -
logaddexp         | -inf, -inf   | nan, nan     | =           | =         | =
logaddexp         | inf, inf     | nan, nan     | =           | 1, 1      | =
logaddexp         | inf, 0       | 1, 0         | =           | 1, 1      | =
xlogy             | 0, 1/2       | -log 2, 0    | =           | =         | 0, 0
xlogy             | 0, 0         | 0, nan       | =           | -inf, nan | 0, 0
logit             | 0            | inf          | =           | =         | -
erfinv            | 1            | inf          | =           | =         | =
gammaln           | 0            | -inf (3)     | =           | nan       | nan
max               | 1 3 3        | 0 1/2 1/2    | =           | =         | =
min               | 1 1 3        | 1/2 1/2 0    | =           | =         | =
prod              | 2 0 3        | 0 6 0        | =           | =         | =
prod              | 0 0 3        | 0 0 0        | =           | =         | =
logsumexp         | -inf 0       | 0 1          | =           | =         | =
logsumexp         | -inf -inf    | nan nan      | =           | =         | =
logsumexp         | inf 0        | nan 0        | =           | =         | =
std               | 2 2          | nan nan      | 0 0         | =         | =
median            | 1 2 2 2      | 0 1/2 1/2 0  | =           | =         | -
sum of cumulative_prod | 2 0 3   | 1 8 0        | =           | =         | 1 0 0
sum of cumulative_max  | 1 3 3 2 | 1 1 2 0 (4)  | =           | 1 2 1 0   | -

(1) x**0 is 1 for every x, and so it is where the exponent is Python's. (2) As of abs. (3) The value
of digamma, which is SciPy's. (4) The last of the equal ones has it all, which is one pass.
"""

import operator

import numpy as np

from backends.engine.core import discrete, elementwise, primitive, unbroadcast
from backends.engine.tracer import OF_UFUNC, PYTHON, dtype_of

NUMBER_OR_NONE = (*PYTHON, type(None))
LOG_2 = np.longdouble("0.69314718055994530941723212145817656807550013436")
LOG_10 = np.longdouble("2.30258509299404568401799145468436420760110148863")


def rounded(constant, x):
    """A longdouble constant in the dtype of x, which it would widen otherwise."""
    return constant.astype(dtype_of(x))


def typed(x, like):
    """x, a number of Python's in the dtype of `like`: alone, it would be computed with in float64.

    Beside an array it may stay as it is: NumPy takes it for one of the array's dtype.
    """
    return dtype_of(like).type(x) if isinstance(x, PYTHON) else x


equal = discrete("equal", np.equal)
not_equal = discrete("not_equal", np.not_equal)
less = discrete("less", np.less)
less_equal = discrete("less_equal", np.less_equal)
greater = discrete("greater", np.greater)
greater_equal = discrete("greater_equal", np.greater_equal)
sign = discrete("sign", np.sign)
signbit = discrete("signbit", np.signbit)
isfinite = discrete("isfinite", np.isfinite)
isinf = discrete("isinf", np.isinf)
isnan = discrete("isnan", np.isnan)
logical_and = discrete("logical_and", np.logical_and)
logical_not = discrete("logical_not", np.logical_not)
logical_or = discrete("logical_or", np.logical_or)
logical_xor = discrete("logical_xor", np.logical_xor)
ceil = discrete("ceil", np.ceil)
floor = discrete("floor", np.floor)
round = discrete("round", lambda x: np.rint(x) if dtype_of(x).kind == "f" else x)
OF_UFUNC[np.rint] = round  # to the nearest, ties to even; integers stay integers
trunc = discrete("trunc", np.trunc)
floor_divide = discrete("floor_divide", np.floor_divide)

add = elementwise("add", np.add, 1, 1)
subtract = elementwise("subtract", np.subtract, 1, -1)
multiply = elementwise("multiply", np.multiply, lambda out, x, y: y, lambda out, x, y: x)
negative = elementwise("negative", np.negative, -1)
positive = elementwise("positive", np.positive, 1)
reciprocal = elementwise("reciprocal", np.reciprocal, lambda out, x: -out * out)
remainder = elementwise("remainder", np.remainder, 1, lambda out, x, y: -floor_divide(x, y))


divide = primitive(
    "divide",
    np.divide,
    vjps=(
        lambda g, out, x, y: unbroadcast(g / y, x),
        lambda g, out, x, y: unbroadcast(-(g / y * out), y),
    ),
    jvps=(lambda t, out, x, y: t / y, lambda t, out, x, y: -(t / y * out)),
)

where = primitive(
    "where",
    np.where,
    # Selected and not multiplied by 0 or 1: what is infinite on the other branch stays there.
    vjps=(
        None,
        lambda g, out, c, x, y: unbroadcast(where(c, g, 0), x),
        lambda g, out, c, x, y: unbroadcast(where(c, 0, g), y),
    ),
    jvps=(
        None,
        lambda t, out, c, x, y: where(c, t, 0),
        lambda t, out, c, x, y: where(c, 0, t),
    ),
)


def _power_by_base(out, x, y):
    if isinstance(y, PYTHON):
        return y * x ** _less_one(y, x) if y else 0
    return y * x ** where(logical_and(equal(x, 0), equal(y, 0)), 1, y - 1)  # no 0 * inf at 0**0


def _less_one(y, x):
    """y - 1 for a number of Python's, which has no digits for it beyond those of float64."""
    if isinstance(y, float) and dtype_of(x).char == "g":
        return typed(y, x) - 1
    return y - 1


def _power_by_exponent(out, x, y):
    return out * log(where(equal(x, 0), 1, typed(x, out)))


# The operator, not the ufunc: it has NumPy's shortcuts for small exponents.
power = elementwise("power", operator.pow, _power_by_base, _power_by_exponent)
OF_UFUNC[np.power] = power
pow = power  # the standard's name beside NumPy's

exp = elementwise("exp", np.exp, lambda out, x: out)
expm1 = elementwise("expm1", np.expm1, lambda out, x: exp(x))  # out + 1 is 0 at -40
log = elementwise("log", np.log, lambda out, x: 1 / x)
log1p = elementwise("log1p", np.log1p, lambda out, x: 1 / (1 + x))
log2 = elementwise("log2", np.log2, lambda out, x: 1 / (x * rounded(LOG_2, x)))
log10 = elementwise("log10", np.log10, lambda out, x: 1 / (x * rounded(LOG_10, x)))
sqrt = elementwise("sqrt", np.sqrt, lambda out, x: 0.5 / out)
square = elementwise("square", np.square, lambda out, x: 2 * x)
hypot = elementwise("hypot", np.hypot, lambda out, x, y: x / out, lambda out, x, y: y / out)

sin = elementwise("sin", np.sin, lambda out, x: cos(x))
cos = elementwise("cos", np.cos, lambda out, x: -sin(x))
tan = elementwise("tan", np.tan, lambda out, x: 1 + out * out)
sinh = elementwise("sinh", np.sinh, lambda out, x: cosh(x))
cosh = elementwise("cosh", np.cosh, lambda out, x: sinh(x))
tanh = elementwise("tanh", np.tanh, lambda out, x: 1 - out * out)

# (1 - x) (1 + x) and not 1 - x^2, whose digits cancel near 1; those of its derivative do near 0,
# if it is that of the product. hypot, as x^2 overflows
below_one = elementwise("below_one", lambda x: (1 - x) * (1 + x), lambda out, x: -2 * x)
asin = elementwise("asin", np.arcsin, lambda out, x: 1 / sqrt(below_one(x)))
acos = elementwise("acos", np.arccos, lambda out, x: -1 / sqrt(below_one(x)))
atan = elementwise("atan", np.arctan, lambda out, x: 1 / (1 + x * x))
asinh = elementwise("asinh", np.arcsinh, lambda out, x: 1 / hypot(x, 1))
acosh = elementwise("acosh", np.arccosh, lambda out, x: 1 / (sqrt(x - 1) * sqrt(x + 1)))
atanh = elementwise("atanh", np.arctanh, lambda out, x: 1 / below_one(x))

abs = elementwise("abs", np.absolute, lambda out, x: sign(x))
copysign = elementwise("copysign", np.copysign, lambda out, x, y: sign(x) * sign(out), None)


def _share(x, y):
    """1 where x is the greater, 0 where y is, and a half each where they tie."""
    share = np.where(np.equal(x, y), 0.5, np.greater(x, y))
    return share.astype(np.result_type(x, y), copy=False)


share = discrete("share", _share)
maximum = elementwise(
    "maximum", np.maximum, lambda out, x, y: share(x, y), lambda out, x, y: share(y, x)
)
minimum = elementwise(
    "minimum", np.minimum, lambda out, x, y: share(y, x), lambda out, x, y: share(x, y)
)


def _clip(x, *, min=None, max=None):
    if min is not None:  # two ufuncs take half of np.clip's time
        x = np.maximum(x, min)
    return x if max is None else np.minimum(x, max)


def _within(x, *, min=None, max=None):
    return np.equal(x, _clip(x, min=min, max=max)).astype(x.dtype)


within = discrete("within", _within)
_clip_to_numbers = elementwise(
    "clip", _clip, lambda out, x, *, min=None, max=None: within(x, min=min, max=max)
)


def clip(x, min=None, max=None):
    """Bring elements between two bounds, which are numbers, arrays that broadcast, or None.

    Arrays are differentiated too, and at ties as `maximum` and `minimum` are.
    """
    if isinstance(min, NUMBER_OR_NONE) and isinstance(max, NUMBER_OR_NONE):
        return _clip_to_numbers(x, min=min, max=max)
    if min is not None:
        x = maximum(x, min)
    return x if max is None else minimum(x, max)
