"""The determinant by minor expansion along the first row,

    det(A) = sum_j (-1)^j A_0j det(A without row 0 and column j),

with M(n) = n (M(n-1) + 1) products for n rows, M(1) = 0, that is about (e - 1) n!, on purpose: it
shows what a framework makes of many operations on single numbers, in its graph and in its compiler.
Source: the benchmark DET of GradBench, after cmpad's det_by_minor (Bell). Closed forms are those of
`classic/determinant`.
"""

from math import e, factorial

from harness.scenario import Scenario
from scenarios.classic import determinant


def expand(rows, columns):
    """The determinant of the last len(columns) rows, in these columns."""
    row = rows[-len(columns)]
    if len(columns) == 1:
        return row[columns[0]]
    total = 0
    for place, column in enumerate(columns):
        rest = columns[:place] + columns[place + 1 :]
        term = row[column] * expand(rows, rest)
        total = total - term if place % 2 else total + term
    return total


def value(xp, a):
    size = range(a.shape[0])
    return expand([[a[i, j] for j in size] for i in size], tuple(size))


LEVELS = {"S": {"order": 3}, "M": {"order": 4}, "L": {"order": 6}}

scenarios = (
    Scenario(
        name="classic/determinant-expansion",
        about="determinant by minors, on single numbers",
        source="GradBench, after cmpad",
        value=value,
        point=determinant.point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda order: order**2,
        elements=lambda order: 8 * round(e * factorial(order)),
        wrt=("a",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms=determinant.scenarios[0].closed_forms,
    ),
)
