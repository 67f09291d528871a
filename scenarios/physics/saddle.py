"""A saddle point by gradient ascent within: min over p of max over q of |p|^2 - |q|^2, in R^2.

The inner maximum is approached from q by a fixed number of steps q <- q + rate df/dq, where df/dq
is itself a derivative; the outer objective is what is differentiated. Source: Siskind and
Pearlmutter, Using polyvariant union-free flow analysis to compile a higher-order functional-
programming language with a first-class derivative operator to efficient Fortran-like code (2008).

Every step multiplies q by 1 - 2 rate, so w = |p|^2 - c^2 |q|^2, where c is the product of these.
The start q is differentiated as well as p: with p alone a compiler would see that f is separable
and leave the whole loop out.
"""

from harness.scenario import Scenario


def payoff(xp, p, q):
    return xp.sum(p * p, axis=-1) - xp.sum(q * q, axis=-1)


def value(xp, p, q, rates):
    def ascend(q, rate):
        return q + rate * xp.grad(lambda q: payoff(xp, p, q))(q), ()

    q, _ = xp.scan(ascend, q, rates)
    return payoff(xp, p, q)


def shrinking(np, rates):
    return np.prod(1 - 2 * rates) ** 2


def closed_value(np, p, q, rates):
    return (np.sum(p * p) - shrinking(np, rates) * np.sum(q * q),)


def gradient(np, p, q, rates):
    return 2 * p, -2 * shrinking(np, rates) * q, np.zeros_like(rates)


def hvp(np, p, q, rates, v, u):
    return 2 * v, -2 * shrinking(np, rates) * u


def hessian(np, p, q, rates):
    c = shrinking(np, rates)
    return (np.diag([p.dtype.type(2)] * 2 + [-2 * c] * 2),)


def point(rng, steps):
    return rng.standard_normal(2), rng.standard_normal(2), rng.uniform(0, 1 / steps, steps)


LEVELS = {"S": {"steps": 10}, "M": {"steps": 100}, "L": {"steps": 1000}}

scenarios = (
    Scenario(
        name="physics/saddle",
        about="saddle point by gradient ascent within",
        source="Siskind and Pearlmutter 2008",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("p", "q"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value, "gradient": gradient, "hvp": hvp, "hessian": hessian},
        variables=lambda steps: 4,
        elements=lambda steps: 32 * steps,
    ),
)
