"""A network trained on a differential equation: with u(x, t) a perceptron of two hidden layers, the
mean over points of the squared residual of Burgers' equation

    r = u_t + u u_x - nu u_xx,   nu = 0.01 / pi,

and its gradient in the weights: third derivatives in all. Source: Raissi, Perdikaris and
Karniadakis, Physics-informed neural networks (2019), appendix A.1.
"""

import math

from harness.scenario import Scenario

NU = 0.01 / math.pi


def network(xp, x, t, W1, b1, W2, b2, W3, b3):
    """`x` and `t` are columns, so is the result."""
    h = xp.tanh(x * W1[0] + t * W1[1] + b1)
    return xp.tanh(h @ W2 + b2) @ W3 + b3


def value(xp, x, t, W1, b1, W2, b2, W3, b3):
    """The points are independent, so ones pulled back give the derivative at every point."""
    one, zero = xp.ones_like(x), xp.zeros_like(x)

    def slopes(x):
        u, pullback = xp.vjp(lambda x, t: network(xp, x, t, W1, b1, W2, b2, W3, b3), x, t)
        return xp.stack([u, *pullback(one)])

    of_first_order, pullback = xp.vjp(slopes, x)
    u, u_x, u_t = of_first_order[0], of_first_order[1], of_first_order[2]
    (u_xx,) = pullback(xp.stack([zero, one, zero]))
    return xp.mean(xp.square(u_t + u * u_x - NU * u_xx))


def closed_value(np, x, t, W1, b1, W2, b2, W3, b3):
    """Every layer passes on u, u_x, u_t and u_xx, by the chain rule for tanh."""
    h = layer(np, x * W1[0] + t * W1[1] + b1, W1[0] + 0 * x, W1[1] + 0 * x, 0 * x * W1[0])
    h, x_slope, t_slope, bend = layer(np, h[0] @ W2 + b2, *(part @ W2 for part in h[1:]))
    residual = t_slope @ W3 + (h @ W3 + b3) * (x_slope @ W3) - NU * (bend @ W3)
    return (np.mean(residual**2),)


def layer(np, z, z_x, z_t, z_xx):
    h = np.tanh(z)
    slope = 1 - h**2
    return h, slope * z_x, slope * z_t, slope * z_xx - 2 * h * slope * z_x**2


def point(rng, width, points):
    import numpy as np

    return (
        rng.uniform(-1, 1, (points, 1)),
        rng.uniform(0, 1, (points, 1)),
        rng.standard_normal((2, width)),
        0.1 * rng.standard_normal(width),
        rng.standard_normal((width, width)) / np.sqrt(width),
        0.1 * rng.standard_normal(width),
        rng.standard_normal((width, 1)) / np.sqrt(width),
        0.1 * rng.standard_normal(1),
    )


LEVELS = {
    "S": {"width": 2, "points": 5},
    "M": {"width": 20, "points": 256},
    "L": {"width": 64, "points": 4096},
}

scenarios = (
    Scenario(
        name="physics/pinn",
        about="network trained on Burgers' equation",
        source="Raissi et al. 2019, appendix A.1",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("W1", "b1", "W2", "b2", "W3", "b3"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value},
        variables=lambda width, points: width * width + 5 * width + 1,
        elements=lambda width, points: 64 * width * points,
    ),
)
