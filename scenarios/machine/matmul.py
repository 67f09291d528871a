"""The product of two square matrices: what the arithmetic gives, 2 n^3 operations.

Source: Golub and Van Loan (2013), Matrix Computations, section 1.1. The entries are whole numbers
from -8 to 8: every partial sum is below 2^24 and so exact in float32 as in float64, whatever the
order of the additions, and the expected answer can come from NumPy's own product in float64.
"""

from harness.scenario import Scenario

MOST = 8


def value(xp, a, b):
    return xp.matmul(a, b)


def product(np, a, b):
    return (a.astype("float64") @ b.astype("float64"),)


def point(rng, order):
    shape = (order, order)
    a, b = (rng.integers(-MOST, MOST, shape, endpoint=True) for _ in range(2))
    return a.astype(float), b.astype(float)


LEVELS = {"S": {"order": 4}, "M": {"order": 1024}, "L": {"order": 4096}}

scenarios = (
    Scenario(
        name="machine/matmul",
        about="product of two square matrices",
        source="Golub and Van Loan 2013, section 1.1",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda order: 2 * order**2,
        elements=lambda order: 3 * order**2,
        wrt=("a", "b"),
        operator="value",
        operators=("value",),
        closed_forms={"value": product},
        work={"value": lambda order: (3 * order**2, 2 * order**3)},
    ),
)
