"""The sum of squares: d/dx (x^2 + y^2) = 2x, d/dy = 2y, and both at once.

Source: the documented notebook on gradients with respect to inputs, computations 2, 3 and 4.
Scaled up, x and y hold n elements: sum_i x_i^2 + y_i^2.
"""

from harness.scenario import Documented, Scenario


def value(xp, x, y):
    return xp.sum(x**2 + y**2)


def total(np, x, y):
    return (np.sum(x**2 + y**2),)


def gradient(np, x, y):
    return 2 * x, 2 * y


def point(rng, n):
    return rng.standard_normal(n), rng.standard_normal(n)


def with_respect_to(names, number, answers):
    return Scenario(
        name=f"documented/sum-of-squares-{''.join(names)}",
        about=f"sum of squares, differentiated by {' and '.join(names)}",
        source=f"the documented notebook, computation {number}",
        value=value,
        point=point,
        size={"n": 1},
        levels={"S": {"n": 5}, "M": {"n": 1000}, "L": {"n": 1_000_000}},
        wrt=names,
        dtype="float32",
        closed_forms={"value": total, "gradient": gradient},
        work={
            "value": lambda n: (2 * n + 1, 4 * n - 1),  # 2n squares, n sums, n - 1 to add them up
            "gradient": lambda n: (2 * len(names) * n, len(names) * n),  # x in, 2 x out, for each
        },
        documented=Documented(
            point=([1], [2]),
            wrt=names,
            answers=answers,
            source="documented computations 2, 3, 4",
        ),
    )


scenarios = (
    with_respect_to(("x",), 2, ([2],)),
    with_respect_to(("y",), 3, ([4],)),
    with_respect_to(("x", "y"), 4, ([2], [4])),
)
