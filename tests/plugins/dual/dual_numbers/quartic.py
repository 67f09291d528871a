"""The quartic sum_i x_i^4, whose gradient is 4 x^3."""

from harness.scenario import Scenario


def value(xp, x):
    return xp.sum(x**4)


def gradient(np, x):
    return (4 * x**3,)


scenario = Scenario(
    name="dual/quartic",
    value=value,
    point=lambda rng, n: (rng.standard_normal(n),),
    size={"n": 5},
    wrt=("x",),
    closed_forms={"gradient": gradient},
)
