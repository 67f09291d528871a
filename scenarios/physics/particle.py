"""A charged particle steered by the place of another charge: in the potential

    V(x) = 1/|x - (10, 10 - w)| + 1/|x - (10, 0)|,   x'' = -dV/dx,

it starts at (0, 8) with velocity (3/4, 0), moves by Euler's method until x_1 <= 0, where the last
step is interpolated, and x_0(t_f)^2 is the objective, a function of the one number w. The force is
a derivative itself, and how many steps there are depends on the numbers. Source: Siskind and
Pearlmutter, Using polyvariant union-free flow analysis to compile a higher-order functional-
programming language with a first-class derivative operator to efficient Fortran-like code (2008),
with time steps of 0.1: here 1/rate.
"""

from harness.scenario import Scenario


def potential(xp, x, charges):
    apart = x - charges
    return xp.sum(xp.sum(apart * apart, axis=-1) ** -0.5, axis=-1)


def value(xp, w, dt):
    charges, start = begin(xp, w, dt)
    slope = xp.grad(lambda x: potential(xp, x, charges))
    path = xp.while_loop(in_flight, lambda path: step(slope, dt, *path), start)
    return landing(xp, *path)


def begin(xp, w, dt):
    charges = xp.asarray([[10.0, 10.0], [10.0, 0.0]]) - w * xp.asarray([[0.0, 1.0], [0.0, 0.0]])
    x, velocity = xp.asarray([0.0, 8.0]), xp.asarray([0.75, 0.0])
    return charges, (x, velocity, x + dt * velocity)


def in_flight(path):
    return path[2][1] > 0


def step(slope, dt, x, velocity, ahead):
    """`ahead` is where the particle will be; `slope(x)` is dV/dx."""
    velocity = velocity - dt * slope(x)
    return ahead, velocity, ahead + dt * velocity


def landing(xp, x, velocity, ahead):
    return xp.square(x[0] - x[1] / velocity[1] * velocity[0])


def closed_value(np, w, dt):
    """The same path with the force written out."""
    x, velocity = np.asarray([0, 8], w.dtype), np.asarray([0.75, 0], w.dtype)
    charges = np.asarray([[10, 10 - w], [10, 0]], w.dtype)
    while x[1] + dt * velocity[1] > 0:
        apart = x - charges
        force = np.sum(apart / np.sum(apart**2, axis=1)[:, None] ** 1.5, axis=0)
        x, velocity = x + dt * velocity, velocity + dt * force
    return ((x[0] - x[1] / velocity[1] * velocity[0]) ** 2,)


def point(rng, rate):
    import numpy as np

    return np.asarray(rng.uniform(0.4, 0.7)), np.asarray(1 / rate)


LEVELS = {"S": {"rate": 2}, "M": {"rate": 10}, "L": {"rate": 100}}

scenarios = (
    Scenario(
        name="physics/particle",
        about="steered particle: a loop of unknown length",
        source="Siskind and Pearlmutter 2008",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("w",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value},
        conditioning=dict.fromkeys(("value", "gradient", "jvp", "hvp", "hessian"), 32),
        conditioning_reason="a long path: the squared condition numbers of the objective with "
        "respect to the states on it sum to at most (7e2)^2 at rate 2, (1e3)^2 at 10, (3e3)^2 at "
        "100",
        variables=lambda rate: 1,
        elements=lambda rate: 1000 * rate,
    ),
)
