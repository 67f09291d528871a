"""Hyperbolic functions and their inverses.

One convention: the derivatives of inverse functions are given by formula (DLMF 4.40), and far
points lie where their squares are no numbers any more.
"""

from scenarios.primitive.trigonometric import inverse
from scenarios.primitive.writing import at, chapter, kink, scalars

entry = chapter("elementwise")

LANE = (0.5, 0.0, -0.75, 0.0)

TABLE = (
    entry(
        "sinh",
        "(e^x - e^-x) / 2",
        lambda m, x: m.sinh(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("large", -700.0),
            at("larger than exp goes", 710.25),
            lane=LANE,
        ),
        numpy="engine.sinh(x)",
        torch="torch.sinh(x)",
        jax="jnp.sinh(x)",
        tensorflow="tf.sinh(x)",
    ),
    entry(
        "cosh",
        "(e^x + e^-x) / 2",
        lambda m, x: m.cosh(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("large", -700.0),
            at("larger than exp goes", 710.25),
            lane=LANE,
        ),
        numpy="engine.cosh(x)",
        torch="torch.cosh(x)",
        jax="jnp.cosh(x)",
        tensorflow="tf.cosh(x)",
    ),
    entry(
        "tanh",
        "sinh x / cosh x",
        lambda m, x: m.tanh(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("large", 5.0),
            at("saturated", -15.0),
            at("far tail", 30.0),
            at("underflow", 400.0),
            lane=LANE,
        ),
        xp="xp.tanh(x)",
        torch="torch.tanh(x)",
        jax="jnp.tanh(x)",
        tensorflow="tf.tanh(x)",
    ),
    entry(
        "asinh",
        "the inverse of sinh",
        inverse("asinh", lambda m, x: 1 / m.sqrt(1 + x * x)),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("far", -1e8),
            at("farther than squares go", 1e200),
            lane=LANE,
        ),
        numpy="engine.asinh(x)",
        torch="torch.asinh(x)",
        jax="jnp.asinh(x)",
        tensorflow="tf.asinh(x)",
        source="DLMF 4.40",
    ),
    entry(
        "acosh",
        "the inverse of cosh for x >= 1",
        inverse("acosh", lambda m, x: 1 / m.sqrt(x * x - 1)),
        scalars(
            1.75,
            kink("one", 1.0),
            at("near one", 1.0000001),
            at("far", 1e8),
            at("farther than squares go", 1e200),
            lane=(1.5, 1.0, 20.0, 1.0),
        ),
        numpy="engine.acosh(x)",
        torch="torch.acosh(x)",
        jax="jnp.acosh(x)",
        tensorflow="tf.acosh(x)",
        source="DLMF 4.40",
    ),
    entry(
        "atanh",
        "the inverse of tanh for |x| < 1",
        inverse("atanh", lambda m, x: 1 / (1 - x * x)),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("near one", 0.9999999),
            at("near minus one", -0.9999999),
            lane=LANE,
        ),
        numpy="engine.atanh(x)",
        torch="torch.atanh(x)",
        jax="jnp.atanh(x)",
        tensorflow="tf.atanh(x)",
        source="DLMF 4.40",
    ),
)
