"""Trigonometric functions and their inverses.

One convention: the derivatives of inverse functions are given by formula (DLMF 4.24).
"""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars

entry = chapter("elementwise")


def inverse(name, slope):
    """mpmath's function of that name, whose derivative is `slope(m, x)`."""

    def define(m, x):
        return m.ruled(getattr(m.mp, name), lambda x: slope(m, x))(x)

    return define


def angle(m, y, x):
    """The angle of (x, y): atan(y / x), and half a turn on, or back, where x < 0."""
    upright = m.either(
        lambda y, x: y == 0,
        lambda y, x: y + x,
        lambda y, x: (1 if y > 0 else -1) * m.pi() / 2 - m.atan(x / y),
    )
    behind = m.either(
        lambda y, x: x < 0,
        lambda y, x: m.atan(y / x) + (1 if y >= 0 else -1) * m.pi(),
        upright,
    )
    return m.either(lambda y, x: x > 0, lambda y, x: m.atan(y / x), behind)(y, x)


LANE = (0.5, 0.0, -0.75, 0.0)

TABLE = (
    entry(
        "sin",
        "sin x",
        lambda m, x: m.sin(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("near a half turn", 3.1415926),
            at("far", 1e5),
            lane=LANE,
        ),
        xp="xp.sin(x)",
        torch="torch.sin(x)",
        jax="jnp.sin(x)",
        tensorflow="tf.sin(x)",
    ),
    entry(
        "cos",
        "cos x",
        lambda m, x: m.cos(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("near a quarter turn", 1.5707963),
            at("far", 1e5),
            lane=LANE,
        ),
        xp="xp.cos(x)",
        torch="torch.cos(x)",
        jax="jnp.cos(x)",
        tensorflow="tf.cos(x)",
    ),
    entry(
        "tan",
        "tan x",
        lambda m, x: m.tan(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("near the pole", 1.5707),
            at("near a half turn", 3.1415926),
            lane=LANE,
        ),
        xp="xp.tan(x)",
        torch="torch.tan(x)",
        jax="jnp.tan(x)",
        tensorflow="tf.tan(x)",
    ),
    entry(
        "asin",
        "the inverse of sin between -pi/2 and pi/2",
        inverse("asin", lambda m, x: 1 / m.sqrt(1 - x * x)),
        scalars(
            0.75,
            kink("one", 1.0),
            kink("minus one", -1.0),
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("near one", 0.9999999),
            lane=LANE,
        ),
        numpy="engine.asin(x)",
        xp="xp.atan2(x, xp.sqrt((1 - x) * (1 + x)))",
        torch="torch.asin(x)",
        jax="jnp.asin(x)",
        tensorflow="tf.asin(x)",
        source="DLMF 4.24.7",
    ),
    entry(
        "acos",
        "the inverse of cos between 0 and pi",
        inverse("acos", lambda m, x: -1 / m.sqrt(1 - x * x)),
        scalars(
            0.75,
            kink("one", 1.0),
            kink("minus one", -1.0),
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("near one", 0.9999999),
            lane=LANE,
        ),
        numpy="engine.acos(x)",
        xp="xp.atan2(xp.sqrt((1 - x) * (1 + x)), x)",
        torch="torch.acos(x)",
        jax="jnp.acos(x)",
        tensorflow="tf.acos(x)",
        source="DLMF 4.24.8",
    ),
    entry(
        "atan",
        "the inverse of tan between -pi/2 and pi/2",
        inverse("atan", lambda m, x: 1 / (1 + x * x)),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("far", -1e8),
            at("far tail", 1e120),
            at("farther than squares go", 1e200),
            lane=LANE,
        ),
        numpy="engine.atan(x)",
        xp="xp.atan2(x, 1.0)",
        torch="torch.atan(x)",
        jax="jnp.atan(x)",
        tensorflow="tf.atan(x)",
        source="DLMF 4.24.9",
    ),
    entry(
        "atan2",
        "the angle of the point (x, y)",
        angle,
        pairs(
            (0.6, -0.8),
            kink("origin", 0.0, 0.0),
            kink("branch cut", 0.0, -1.5),
            at("axis", 1.5, 0.0),
            at("other axis", 0.0, 1.5),
            at("tiny", 3e-200, -4e-200),
            at("huge", -3e200, 4e200),
            at("far apart", 1e-10, 1e10),
            rows=((0.5, -1.5), (0.25, -2.0, 1.0)),
            same=0.5,
        ),
        xp="xp.atan2(y, x)",
        torch="torch.atan2(y, x)",
        jax="jnp.arctan2(y, x)",
        tensorflow="tf.atan2(y, x)",
        source="DLMF 4.23",
    ),
)
