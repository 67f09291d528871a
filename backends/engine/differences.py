"""Derivatives without differentiating: extrapolated differences, and the complex step.

The one convention: a function here takes arrays and returns a list of them, all floating-point, and
an estimate comes with its error, one number for each output array. Both are computed in longdouble
where the function accepts it.
"""

import warnings
from typing import NamedTuple

import numpy as np

FIRST_STEP = 0.25  # a direction is about as long as its array, so steps are relative
STEPS = 26  # halvings: a kink counts as being at the point when it is nearer than 1e-8
COLUMNS = 6  # of extrapolation: beyond, rounding is all that is magnified
PATIENCE = 5  # halvings without improvement before an estimate that is good enough is taken
DIGITS = 1e-3  # what an estimate's relative error must be below to be called settled
FAR = 10  # how many estimated errors apart the complex step may be


class Estimate(NamedTuple):
    """The derivative of one output along a direction, its error, and the output's magnitude.

    An error of up to `negligible` is less than rounding of what the output is nearby, and so are
    derivatives known that are 0.
    """

    value: np.ndarray
    error: float
    magnitude: float
    negligible: float = 0.0

    def settled(self):
        known = DIGITS * max(magnitude_of(self.value), self.magnitude)
        return self.error <= max(known, self.negligible)


def derivative_along(f, xs, vs, floors):
    """Estimate the derivative of f at xs along vs: one Estimate for each output.

    The floors are magnitudes beside which an output that happens to be smaller is rounding error.
    Where f is not smooth the errors are large, and `settled` says so. Raises what f raises at xs.
    """
    xs, vs = widest(f, xs, vs)
    estimates = _differences(f, xs, vs, floors)
    stepped = _complex_step(f, xs, vs)
    if stepped is None or len(stepped) != len(estimates):
        return estimates
    return [_better(e, c, eps_of(xs)) for e, c in zip(estimates, stepped, strict=True)]


def widest(f, xs, vs):
    """The point and the direction in longdouble if f computes in it, else as they are."""
    wide = [x.astype(np.longdouble) for x in xs]
    # Whatever f raises, of SciPy's functions or its own: it doesn't take longdouble.
    try:
        with np.errstate(all="ignore"):
            accepted = all(y.dtype == np.longdouble for y in f(*wide))
    except Exception:
        accepted = False
    return (wide, [v.astype(np.longdouble) for v in vs]) if accepted else (xs, vs)


def eps_of(xs):
    """The coarsest precision among arrays."""
    return max(float(np.finfo(x.dtype).eps) for x in xs)


def magnitude_of(x):
    """The largest absolute value; NaN if there is one; 0 of an empty array."""
    return float(np.max(np.abs(x), initial=0))


def length_of(x):
    """How long a step along x is: a power of two near its largest element, 1 where that is 0."""
    largest = magnitude_of(x)
    return 2.0 ** np.round(np.log2(largest)) if 0 < largest < np.inf else 1.0


def drawn(rng, x, length):
    """A random array like x, none of whose elements is small against the others."""
    entries = rng.uniform(0.5, 1.5, x.shape) * rng.choice([-1, 1], x.shape)
    return np.asarray(length * entries, x.dtype)


def next_to(rng, x):
    """x, every element of it moved by a rounding."""
    eps = np.finfo(x.dtype).eps
    return np.asarray(x * (1 + eps * rng.choice([-1, 1], x.shape).astype(x.dtype)), x.dtype)


def _differences(f, xs, vs, floors):
    """Central differences at halved steps, each output's best extrapolation of them.

    Ridders (1982), Advances in Engineering Software 4(2), with an error that counts three things:
    how far neighbours in the table are apart; what is left of the difference of the derivatives to
    either side, which a kink keeps from vanishing; and rounding.
    """
    middle = f(*xs)
    shapes = [y.shape for y in middle]
    tables = [
        _Table(y, max(magnitude_of(y), floor), eps_of(xs))
        for y, floor in zip(middle, floors, strict=True)
    ]
    for k in range(STEPS):
        step = FIRST_STEP / 2**k
        ahead, behind = (_sample(f, xs, vs, way * step, shapes) for way in (1, -1))
        if ahead is None or behind is None:
            for table in tables:
                table.interrupt()
            continue
        for table, a, b in zip(tables, ahead, behind, strict=True):
            table.add(a, b, step)
        if all(table.done() for table in tables):
            break
    return [table.best for table in tables]


def _sample(f, xs, vs, step, shapes):
    """f along the direction; None where it is not defined, which smaller steps may mend."""
    try:
        with np.errstate(all="ignore"):
            ys = f(*[(x + step * v).astype(x.dtype) for x, v in zip(xs, vs, strict=True)])
    except Exception:
        return None
    return ys if [y.shape for y in ys] == shapes else None


class _Table:
    """Richardson's table for one output: a row for each step, a column for each power removed."""

    def __init__(self, middle, magnitude, eps):
        self.middle = middle
        self.eps = eps
        self.central, self.jump = [], []
        self.best = Estimate(np.full_like(middle, np.nan), np.inf, magnitude)
        self.since = 0
        self.largest = magnitude

    def interrupt(self):
        self.central, self.jump = [], []

    def add(self, ahead, behind, step):
        before = self.central
        with np.errstate(all="ignore"):
            # What is cut off has even powers of the step here, and odd ones there.
            self.central = _row((ahead - behind) / (2 * step), before, first=2)
            self.jump = _row(
                (ahead - self.middle + behind - self.middle) / step, self.jump, first=1
            )
            largest = max(magnitude_of(ahead), magnitude_of(behind), self.best.magnitude)
            self.largest = max(self.largest, largest if largest < np.inf else 0.0)
            rounding = 2 * self.eps * largest / step
            self.since += 1
            for m in range(1, len(self.central)):
                value = self.central[m]
                apart = [value - self.central[m - 1], value - before[m - 1], self.jump[m]]
                self._offer(value, max(map(magnitude_of, apart)) + rounding)

    def _offer(self, value, error):
        if error < self.best.error:
            negligible = self.eps**2 * self.largest
            self.best = Estimate(value, error, self.best.magnitude, negligible)
            self.since = 0

    def done(self):
        return self.since >= PATIENCE and self.best.settled()


def _row(entry, before, *, first):
    """The next row of a table, in which every column removes the next power but one."""
    row = [entry]
    for m, above in enumerate(before[: COLUMNS - 1]):
        row.append(row[m] + (row[m] - above) / (2 ** (first + 2 * m) - 1))
    return row


def _complex_step(f, xs, vs):
    """The imaginary part of f(x + ihv) / h, for each output; None where f is not analytic code.

    Nor where it narrows the numbers, as LAPACK and SciPy do to those of longdouble.

    Squire and Trapp (1998), SIAM Review 40(1): negligible is subtracted, so h may be so small that
    only rounding is left.
    """
    eps = eps_of(xs)
    step = eps**2
    # Any exception says the same: this function doesn't take complex numbers.
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            ys = f(*[x + 1j * (step * v) for x, v in zip(xs, vs, strict=True)])
    except Exception:
        return None
    return [y.imag / step if y.dtype.kind == "c" and eps_of([y]) <= eps else None for y in ys]


def _better(estimate, stepped, eps):
    """The complex step's value if differences bear it out, as abs, say, makes it wrong silently."""
    if stepped is None or not estimate.settled():
        return estimate
    magnitude = max(magnitude_of(stepped), estimate.magnitude)
    if not magnitude_of(stepped - estimate.value) <= FAR * estimate.error:
        return estimate
    error = max(FAR * eps * magnitude, estimate.negligible)
    return estimate._replace(value=stepped, error=min(estimate.error, error))
