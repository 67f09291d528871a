"""Rosenbrock's valley in n dimensions:

    f(x) = sum_{i<n-1} 100 (x_{i+1} - x_i^2)^2 + (1 - x_i)^2,

whose Hessian is tridiagonal. Source: Rosenbrock (1960), The Computer Journal 3; extended to n
dimensions as in Dixon and Mills (1994), Journal of Optimization Theory and Applications 80.
"""

from harness.scenario import Scenario


def value(xp, x):
    here, following = x[:-1], x[1:]
    return xp.sum(100 * (following - here * here) ** 2 + (1 - here) ** 2)


def total(np, x):
    return (np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),)


def gradient(np, x):
    climb = x[1:] - x[:-1] ** 2
    slope = np.zeros_like(x)
    slope[:-1] = -400 * x[:-1] * climb - 2 * (1 - x[:-1])
    slope[1:] += 200 * climb
    return (slope,)


def diagonals(np, x):
    """The Hessian's main diagonal and the one beside it."""
    main = np.zeros_like(x)
    main[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    main[1:] += 200
    return main, -400 * x[:-1]


def hvp(np, x, v):
    main, beside = diagonals(np, x)
    product = main * v
    product[:-1] += beside * v[1:]
    product[1:] += beside * v[:-1]
    return (product,)


def hessian(np, x):
    main, beside = diagonals(np, x)
    return (np.diag(main) + np.diag(beside, 1) + np.diag(beside, -1),)


def point(rng, n):
    return (rng.standard_normal(n),)


LEVELS = {"S": {"n": 10}, "M": {"n": 1000}, "L": {"n": 1_000_000}}

scenarios = (
    Scenario(
        name="classic/rosenbrock",
        about="Rosenbrock's valley in n dimensions",
        source="Rosenbrock 1960",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n: n,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
    ),
)
