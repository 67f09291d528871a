"""Gradient penalty in miniature: f(x, y) = x^2 y and w = sum_i (f_x(x_i, y_i)^2 - 1)^2, where

    dw/dx = 16 x y^2 (4 x^2 y^2 - 1),    dw/dy = 16 x^2 y (4 x^2 y^2 - 1).

Source: the documented notebook on gradients with respect to inputs, computations 8, 9 and 10; it is
the penalty of Wasserstein GANs (Gulrajani et al. 2017, equation 3) for one number. Computation 9
gets there by accumulating backward passes, and 10 forgets to clear y's accumulator, which still
holds f_y = x^2.
"""

from harness.scenario import Documented, Intermediate, Pass, Scenario

SOURCE = "documented computations 8, 9, 10"
NOTEBOOK = "the documented notebook, computation"


def f(xp, x, y):
    return xp.sum(x * x * y)


def f_x(xp, x, y):
    return xp.grad(lambda x, y: f(xp, x, y))(x, y)


def penalty(xp, slope):
    return xp.sum((slope**2 - 1) ** 2)


def value(xp, x, y):
    return penalty(xp, f_x(xp, x, y))


def slope(np, x, y):
    return 2 * x * y


def closed_penalty(np, x, y):
    return (np.sum((slope(np, x, y) ** 2 - 1) ** 2),)


def gradient(np, x, y):
    common = 16 * x * y * (4 * x**2 * y**2 - 1)
    return common * y, common * x


def accumulated(np, x, y):
    return (gradient(np, x, y)[1],)


def uncleared(np, x, y):
    return (gradient(np, x, y)[1] + x**2,)


def point(rng, n):
    return rng.standard_normal(n), rng.standard_normal(n)


def by_passes(word, number, about, clear, closed_form, answer):
    """Backward through f; form w from x's accumulator; clear; backward through w; read y's."""
    return Scenario(
        name=f"documented/gradient-penalty-{word}",
        about=about,
        source=f"{NOTEBOOK} {number}",
        value=value,
        point=point,
        size={"n": 1},
        levels={"S": {"n": 5}, "M": {"n": 1000}, "L": {"n": 1_000_000}},
        wrt=("x", "y"),
        operator="accumulate",
        operators=("value", "accumulate"),
        dtype="float32",
        passes=(
            Pass(value=lambda xp, arguments, accumulators: f(xp, *arguments)),
            Pass(
                value=lambda xp, arguments, accumulators: penalty(xp, accumulators[0]),
                clear=clear,
            ),
        ),
        read=("y",),
        closed_forms={"value": closed_penalty, "accumulate": closed_form},
        documented=Documented(point=([1], [2]), wrt=("x", "y"), answers=([answer],), source=SOURCE),
    )


scenarios = (
    Scenario(
        name="documented/gradient-penalty",
        about="gradient of a penalty on a gradient",
        source=f"{NOTEBOOK} 8",
        value=value,
        point=point,
        size={"n": 1},
        levels={"S": {"n": 5}, "M": {"n": 1000}, "L": {"n": 1_000_000}},
        wrt=("x", "y"),
        dtype="float32",
        closed_forms={"value": closed_penalty, "gradient": gradient},
        work={
            # x and y in; an element costs 2 for the slope, 3 for its penalty and 1 for the sum
            "value": lambda n: (2 * n + 1, 6 * n - 1),
            # x and y in, two derivatives out; 8 for what they have in common and 1 for each
            "gradient": lambda n: (4 * n, 10 * n),
        },
        intermediates={"f_x": Intermediate(value=f_x, closed_form=slope)},
        documented=Documented(
            point=([1], [2]),
            wrt=("y",),
            answers=([480],),
            intermediates={"f_x": [4]},
            source=SOURCE,
        ),
    ),
    by_passes("accumulated", 9, "penalty by accumulated backward passes", ("y",), accumulated, 480),
    by_passes("uncleared", 10, "the same with an accumulator not cleared", (), uncleared, 481),
)
