"""The classic functions of vectors, with their derivatives by hand: square, gradient penalty,
log-sum-exp, Rosenbrock.

The one convention: by hand, a pass over memory is what costs, so results of whole passes are
updated in place; a constant factor is put where it needs no pass of its own.
"""

import numpy

from tests.benchmarks.engine.case import Case


def square(np, x):
    return x**2


def square_by_hand(x, cotangent):
    g = x + x
    g *= cotangent
    return (g,)


def penalised(np, x, y):
    return np.sum(x * x * y)


def penalty_by_hand(x, y):
    """Return 16 x y^2 (4 x^2 y^2 - 1) and 16 x^2 y (4 x^2 y^2 - 1)."""
    c = x * y
    c += c
    common = c * c
    common -= 1
    common *= c
    common *= 8
    w_x = numpy.multiply(common, y, out=c)
    common *= x
    return w_x, common


def logsumexp(np, x):
    return np.logsumexp(x)


def logsumexp_by_hand(x):
    e = x - numpy.maximum.reduce(x)
    numpy.exp(e, out=e)
    e /= numpy.add.reduce(e)
    return (e,)


def logsumexp_hvp_by_hand(x, v):
    """Return s v - s (s.v), s being the softmax."""
    (s,) = logsumexp_by_hand(x)
    h = v - numpy.dot(s, v)
    h *= s
    return (h,)


def rosenbrock(np, x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_by_hand(x):
    """Return 2 (x_i (1 - d_i) - 1) + d_{i-1}, d_i = 200 (x_{i+1} - x_i^2)."""
    here = x[:-1]
    d = here * here
    numpy.subtract(x[1:], d, out=d)
    d *= 200
    g = numpy.empty_like(x)
    first = numpy.subtract(1, d, out=g[:-1])
    first *= here
    first -= 1
    first += first
    g[-1] = 0
    g[1:] += d
    return (g,)


def rosenbrock_hvp_by_hand(x, v):
    """Return -400 (v_i (d_i - 1/200) + x_i r_i) + 200 r_{i-1}, r_i = v_{i+1} - 2 x_i v_i."""
    here, along = x[:-1], v[:-1]
    r = here * along
    r += r
    numpy.subtract(v[1:], r, out=r)
    h = numpy.empty_like(x)
    first = numpy.multiply(here, here, out=h[:-1])
    numpy.subtract(x[1:], first, out=first)
    first -= 1 / 200
    first *= along
    first += here * r
    first *= -400
    h[-1] = 0
    r *= 200
    h[1:] += r
    return (h,)


def pair(n):
    return lambda rng: (rng.standard_normal(n), rng.standard_normal(n))


def square_case(n):
    return Case(
        name=f"square vjp n={n}",
        function=square,
        operator="vjp",
        draw=pair(n),
        hand=square_by_hand,
        elements=n,
    )


def penalty_case(n):
    return Case(
        name=f"gradient-penalty n={n}",
        function=penalised,
        operator="penalty",
        draw=pair(n),
        hand=penalty_by_hand,
        elements=n,
    )


def logsumexp_cases(n, spread=100):
    return [
        Case(
            name=f"logsumexp gradient n={n}",
            function=logsumexp,
            operator="gradient",
            draw=lambda rng: (rng.uniform(-spread, spread, n),),
            hand=logsumexp_by_hand,
            elements=n,
        ),
        Case(
            name=f"logsumexp hvp n={n}",
            function=logsumexp,
            operator="hvp",
            draw=lambda rng: (rng.uniform(-spread, spread, n), rng.standard_normal(n)),
            hand=logsumexp_hvp_by_hand,
            elements=n,
        ),
    ]


def rosenbrock_cases(n):
    return [
        Case(
            name=f"rosenbrock gradient n={n}",
            function=rosenbrock,
            operator="gradient",
            draw=lambda rng: (rng.standard_normal(n),),
            hand=rosenbrock_by_hand,
            elements=n,
        ),
        Case(
            name=f"rosenbrock hvp n={n}",
            function=rosenbrock,
            operator="hvp",
            draw=pair(n),
            hand=rosenbrock_hvp_by_hand,
            elements=n,
        ),
    ]
