"""The energy of n particles that attract each other from afar and repel each other nearby:

    w = sum over pairs of 4 (r^-12 - r^-6),   r = |x_i - x_j|

(Lennard-Jones in reduced units; Allen and Tildesley, Computer Simulation of Liquids, 2nd edition,
chapter 1). The forces are the negative gradient. x is (3, n), one row a coordinate.

All pairs are taken twice, as matrices. A particle is put at distance 1 from itself, where the
energy is 0, by adding the identity to r^2: nothing is masked, and no derivative divides by 0.
With s = 1/r^2 and d = x_i - x_j the gradient is sum_j a d, a = 24 s^4 - 48 s^7, and its derivative
along v is sum_j a e + 2 b (d.e) d, where e = v_i - v_j and b = da/d(r^2) = 336 s^8 - 96 s^5.
"""

from harness.scenario import Scenario

SPACING = 1.2


def value(xp, x):
    apart = x[:, :, None] - x[:, None, :]
    s = 1 / (xp.sum(apart * apart, axis=0) + xp.eye(x.shape[1]))
    cubed = s * s * s
    return 2 * xp.sum(cubed * (cubed - 1))


def pairs(np, x):
    """Differences, and 1/r^2 with zeros on the diagonal."""
    d = x[:, :, None] - x[:, None, :]
    squared = np.sum(d**2, axis=0)
    np.fill_diagonal(squared, np.inf)
    return d, 1 / squared


def closed_value(np, x):
    _, s = pairs(np, x)
    return (np.sum(2 * (s**6 - s**3)),)


def gradient(np, x):
    d, s = pairs(np, x)
    return (np.sum((24 * s**4 - 48 * s**7) * d, axis=2),)


def hvp(np, x, v):
    d, s = pairs(np, x)
    e = v[:, :, None] - v[:, None, :]
    along = 2 * (336 * s**8 - 96 * s**5) * np.sum(d * e, axis=0)
    return (np.sum((24 * s**4 - 48 * s**7) * e + along * d, axis=2),)


def point(rng, n):
    """A cubic lattice, each particle moved a little."""
    import numpy as np

    side = int(np.ceil(n ** (1 / 3)))
    lattice = np.indices((side,) * 3).reshape(3, -1)[:, :n]
    return (SPACING * lattice + rng.uniform(-0.1, 0.1, (3, n)),)


LEVELS = {"S": {"n": 4}, "M": {"n": 64}, "L": {"n": 512}}

scenarios = (
    Scenario(
        name="physics/n-body",
        about="Lennard-Jones energy of n particles",
        source="Allen and Tildesley 2017, chapter 1",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value, "gradient": gradient, "hvp": hvp},
        variables=lambda n: 3 * n,
        elements=lambda n: 16 * n * n,
    ),
)
