"""Elementwise functions of the Array API."""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars

entry = chapter("elementwise")

TABLE = (
    entry(
        "abs",
        "|x|",
        lambda m, x: m.abs(x),
        scalars(-0.75, kink("zero", 0.0), at("subnormal", 1e-310), lane=(0.5, 0.0, -2.0, 0.0)),
        xp="xp.abs(x)",
        torch="torch.abs(x)",
        jax="jnp.abs(x)",
        tensorflow="tf.abs(x)",
    ),
    entry(
        "identity",
        "x",
        lambda m, x: x,
        scalars(0.7, lane=(0.7, 0.0, -2.0, 0.0)),
        xp="xp.reshape(x, x.shape)",
        torch="x.clone()",
        jax="jnp.copy(x)",
        tensorflow="tf.identity(x)",
    ),
    entry(
        "atan2",
        "the angle of the point (x, y)",
        lambda m, y, x: m.either(
            lambda y, x: x > 0,
            lambda y, x: m.atan(y / x),
            lambda y, x: m.either(
                lambda y, x: y > 0,
                lambda y, x: m.pi() / 2 - m.atan(x / y),
                lambda y, x: -m.pi() / 2 - m.atan(x / y),
            )(y, x),
        )(y, x),
        pairs(
            (0.6, -0.8),
            kink("origin", 0.0, 0.0),
            at("axis", 1.5, 0.0),
            rows=((0.5, -1.5), (0.25, -2.0, 1.0)),
        ),
        xp="xp.atan2(y, x)",
        torch="torch.atan2(y, x)",
        jax="jnp.arctan2(y, x)",
        tensorflow="tf.atan2(y, x)",
        source="DLMF 4.37",
    ),
)
