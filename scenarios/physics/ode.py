"""A chain of growth, where each quantity feeds the next:

    y_0' = x_0,   y_i' = x_i y_{i-1},   y(0) = 0,   w = y_{n-1}(2),

by the classical Runge-Kutta method (RK4) with s steps; gradient in the n rates x. Source: the
benchmark `ode` of GradBench, after cmpad's an_ode (Bell). Its n of 1000 and more gives zeros only:
s steps reach index 4s, and 2^n / n! underflows. So n is small here, and every entry of the gradient
counts.

The system is z' = M z for z = (1, y), where M holds x below its diagonal, and RK4 multiplies z by
R(h M), R(t) = 1 + t + t^2/2 + t^3/6 + t^4/24, each step. As (M^n)_{n0} = prod x, and no other power
of M reaches that entry, w = c prod x exactly, where c is the coefficient of t^n in the product of
R(h t) over the steps.
"""

from harness.scenario import Scenario

END = 2.0


def value(xp, x, steps):
    """`steps` holds the length of every step."""
    rates = xp.concat([xp.zeros((1,)), x])
    z = xp.concat([xp.ones((1,)), xp.zeros_like(x)])

    def slope(z):
        return rates * xp.roll(z, 1, axis=0)

    def step(z, h):
        k1 = slope(z)
        k2 = slope(z + h / 2 * k1)
        k3 = slope(z + h / 2 * k2)
        k4 = slope(z + h * k3)
        return z + h / 6 * (k1 + 2 * (k2 + k3) + k4), ()

    z, _ = xp.scan(step, z, steps)
    return z[-1]


def coefficient(np, x, steps):
    n = x.size
    product = np.ones(1, x.dtype)
    powers = np.arange(5)
    factorials = np.asarray([1, 1, 2, 6, 24], x.dtype)
    for h in steps:
        product = np.convolve(product, h**powers / factorials)[: n + 1]
    return product[n]


def closed_value(np, x, steps):
    return (coefficient(np, x, steps) * np.prod(x),)


def gradient(np, x, steps):
    return coefficient(np, x, steps) * np.prod(x) / x, np.zeros_like(steps)


def hvp(np, x, steps, v):
    relative = v / x
    return (gradient(np, x, steps)[0] * (np.sum(relative) - relative),)


def hessian(np, x, steps):
    pairs = 1 / np.outer(x, x)
    np.fill_diagonal(pairs, 0)
    return (closed_value(np, x, steps)[0] * pairs,)


def point(rng, n, s):
    import numpy as np

    return rng.uniform(0.5, 1.5, n), np.full(s, END / s)


LEVELS = {"S": {"n": 4, "s": 5}, "M": {"n": 8, "s": 50}, "L": {"n": 16, "s": 50}}

scenarios = (
    Scenario(
        name="physics/ode",
        about="chain of growth by Runge-Kutta steps",
        source="GradBench, after cmpad",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value, "gradient": gradient, "hvp": hvp, "hessian": hessian},
        variables=lambda n, s: n,
        elements=lambda n, s: 16 * n * s,
    ),
)
