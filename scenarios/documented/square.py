"""The square: d/dx x^2 = 2x, and its vjp g -> 2 x g for three cotangents g.

Source: the documented notebook on gradients with respect to inputs, computations 1, 5, 6 and 7.
Scaled up, n elements: the gradient is that of sum_i x_i^2.
"""

from harness.scenario import Documented, Scenario

SOURCE = "documented computations 1, 5, 6, 7"
NOTEBOOK = "the documented notebook, computation"
LEVELS = {"S": {"n": 5}, "M": {"n": 1000}, "L": {"n": 1_000_000}}


def value(xp, x):
    return x**2


def total(xp, x):
    return xp.sum(x**2)


def square(np, x):
    return (x**2,)


def sum_of_squares(np, x):
    return (np.sum(x**2),)


def gradient(np, x):
    return (2 * x,)


def vjp(np, x, cotangent):
    return (2 * x * cotangent,)


def point(rng, n):
    return (rng.standard_normal(n),)


def with_cotangent(word, number, cotangent, answer):
    return Scenario(
        name=f"documented/square-vjp-{word}",
        about=f"vjp of the elementwise square, cotangent of {word}",
        source=f"{NOTEBOOK} {number}",
        value=value,
        point=point,
        size={"n": 5},
        levels=LEVELS,
        wrt=("x",),
        operator="vjp",
        operators=("value", "vjp", "jvp", "jacobian"),
        dtype="float32",
        closed_forms={"value": square, "vjp": vjp},
        # x in, x^2 out; x and g in, 2 x g out
        work={"value": lambda n: (2 * n, n), "vjp": lambda n: (3 * n, 2 * n)},
        cotangent=cotangent,
        zero_expected=cotangent == 0,
        documented=Documented(
            point=([1, 2, 3, 4, 5],),
            seeds=([cotangent] * 5,),
            wrt=("x",),
            answers=(answer,),
            source=SOURCE,
        ),
    )


scenarios = (
    Scenario(
        name="documented/square",
        about="sum of squares of one argument",
        source=f"{NOTEBOOK} 1",
        value=total,
        point=point,
        size={"n": 1},
        levels=LEVELS,
        wrt=("x",),
        dtype="float32",
        closed_forms={"value": sum_of_squares, "gradient": gradient},
        # x in, one number out, n squares and n - 1 sums; x in, 2 x out
        work={"value": lambda n: (n + 1, 2 * n - 1), "gradient": lambda n: (2 * n, n)},
        documented=Documented(point=([1],), wrt=("x",), answers=([2],), source=SOURCE),
    ),
    with_cotangent("ones", 5, 1.0, [2, 4, 6, 8, 10]),
    with_cotangent("zeros", 6, 0.0, [0, 0, 0, 0, 0]),
    with_cotangent("twos", 7, 2.0, [4, 8, 12, 16, 20]),
)
