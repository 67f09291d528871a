"""Matrices to try linear algebra at, and how its calls are written.

One convention: generic ones are neither symmetric nor near a singular one, and all numbers are
short; what is nearly singular, or has nearly equal values, is so by 1e-3: of a second derivative
rounding then leaves at least half of the digits.
"""

GENERIC = ((2.0, 0.5, -1.0), (0.25, 1.5, 0.75), (-0.5, 1.0, 3.0))
OTHER = ((0.5, -1.25, 2.0), (1.5, 0.75, -0.25), (-1.0, 1.0, 0.5))
SPREAD = (
    (2.0, 9.0, 0.5, 9.0, -1.0, 9.0),
    (0.25, 9.0, 1.5, 9.0, 0.75, 9.0),
    (-0.5, 9.0, 1.0, 9.0, 3.0, 9.0),
)
IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
ZERO = ((0.0, 0.0, 0.0),) * 3
DIAGONAL = ((2.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, 0.5))
SHIFT = ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0))
NILPOTENT = ((0.0, 1.0, 2.0), (0.0, 0.0, 3.0), (0.0, 0.0, 0.0))
RANK_TWO = ((1.0, 2.0, 3.0), (2.0, 4.0, 6.0), (1.0, 0.0, 1.0))
ZERO_ROW = ((1.0, 2.0, 3.0), (0.0, 0.0, 0.0), (2.0, -1.0, 1.0))
RANK_ONE = ((1.0, 2.0, 3.0), (2.0, 4.0, 6.0), (-1.0, -2.0, -3.0))
NEARLY_SINGULAR = ((1.0, 1.0, 0.0), (1.0, 1.001, 0.0), (0.5, 0.0, 2.0))
TINY = ((2e-100, 0.5e-100, -1e-100), (0.25e-100, 1.5e-100, 0.75e-100), (-0.5e-100, 1e-100, 3e-100))

SKEWED = ((3.0, 1.5, -1.0), (-0.5, 2.0, 0.25), (-1.0, 1.25, 4.0))
SKEWED_SPREAD = (
    (3.0, 9.0, 1.5, 9.0, -1.0, 9.0),
    (-0.5, 9.0, 2.0, 9.0, 0.25, 9.0),
    (-1.0, 9.0, 1.25, 9.0, 4.0, 9.0),
)
INDEFINITE = ((1.0, 2.0, 0.5), (2.0, -1.5, 1.0), (0.5, 1.0, 0.25))
LOW_PAIR = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 3.0))
LOW_CLUSTER = ((1.0, 0.0, 0.0), (0.0, 1.001, 0.0), (0.0, 0.0, 3.0))
TURNED_PAIR = ((2.0, 1.0, 1.0), (1.0, 2.0, 1.0), (1.0, 1.0, 2.0))  # eigenvalues 1, 1, 4
NEARLY_SEMIDEFINITE = ((1.0, 1.0, 0.0), (1.0, 1.001, 0.0), (0.0, 0.0, 2.0))

PAIR = (((2.0, 0.5), (-1.0, 1.5)), ((0.5, 1.0), (1.0, -0.75)))
PAIR_WITH_SINGULAR = (((2.0, 0.5), (-1.0, 1.5)), ((1.0, 2.0), (2.0, 4.0)))
PAIR_DEFINITE = (((2.0, 0.5), (0.25, 1.5)), ((1.0, -0.5), (0.75, 3.0)))

TALL = ((1.5, 0.5), (-1.0, 2.0), (0.25, 1.0))
WIDE = ((1.5, -1.0, 0.25), (0.5, 2.0, 1.0))
TALL_ORTHOGONAL = ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
TALL_EQUAL = ((1.0, 1.0), (1.0, -1.0), (0.0, 0.0))
TALL_DEPENDENT = ((1.0, 2.0), (-1.0, -2.0), (2.0, 4.0))
TALL_CLUSTER = ((1.0, 0.0), (0.0, 1.001), (0.0, 0.0))
TALL_NEARLY_DEPENDENT = ((1.0, 1.0), (1.0, 1.001), (0.5, 0.5))
TALL_ZERO = ((0.0, 0.0),) * 3
TALL_ZERO_COLUMN = ((1.5, 0.0), (-1.0, 0.0), (0.25, 0.0))

SMALL = ((2.0, 0.5), (-1.0, 1.5))
SMALL_IDENTITY = ((1.0, 0.0), (0.0, 1.0))
RIGHT = ((1.0, -0.5), (0.75, 2.0), (-1.5, 0.25))

SYM = {  # the symmetric part of x, in each framework's words
    "xp": "(x + xp.matrix_transpose(x)) / 2",
    "numpy": "(x + engine.matrix_transpose(x)) / 2",
    "torch": "(x + x.mT) / 2",
    "jax": "(x + x.mT) / 2",
    "tensorflow": "(x + tf.linalg.matrix_transpose(x)) / 2",
}


def of_symmetric(**calls: str) -> dict[str, str]:
    """Put the symmetric part of x in the place of `SYM`, so that all mean the same derivative."""
    return {name: call.replace("SYM", SYM[name]) for name, call in calls.items()}


def unpacked(first: str, call: str, rest: str) -> str:
    """Name the factors that a call returns: `(lambda u, s, v: ...)(*svd(x))`."""
    return f"(lambda {first}: {rest})(*{call})"
