"""A quadratic form, f(x) = 1/2 x' A x - b' x with A symmetric positive definite: the gradient is
A x - b, and the product of its Hessian with a vector is A v.

Source: Nocedal and Wright (2006), Numerical Optimization, section 5.1. A is the identity plus the
mean of 32 products g g' of normal vectors, which costs n^2 to draw and not n^3.
"""

from harness.scenario import Scenario

TERMS = 32


def value(xp, x, a, b):
    return xp.sum(x * (0.5 * xp.matmul(a, x) - b))


def total(np, x, a, b):
    return (np.sum(x * (a @ x / 2 - b)),)


def gradient(np, x, a, b):
    return a @ x - b, np.zeros_like(a), np.zeros_like(b)


def hvp(np, x, a, b, v):
    return (a @ v,)


def hessian(np, x, a, b):
    return (a,)


def point(rng, n):
    g = rng.standard_normal((n, TERMS))
    a = g @ g.T / TERMS
    a.flat[:: n + 1] += 1
    return rng.standard_normal(n), a, rng.standard_normal(n)


LEVELS = {"S": {"n": 10}, "M": {"n": 1000}, "L": {"n": 5000}}

scenarios = (
    Scenario(
        name="classic/quadratic",
        about="positive definite quadratic form",
        source="Nocedal and Wright 2006, section 5.1",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n: n,
        elements=lambda n: 3 * n * n,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
        work={
            # A, x and b in; A x takes 2 n^2 - n, then halve, subtract, multiply and add up
            "value": lambda n: (n * n + 2 * n + 1, 2 * n * n + 3 * n - 1),
            "gradient": lambda n: (n * n + 3 * n, 2 * n * n),  # A x - b
            "hvp": lambda n: (n * n + 2 * n, 2 * n * n - n),  # A v
        },
    ),
)
