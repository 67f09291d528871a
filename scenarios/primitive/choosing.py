"""Functions that choose one of their arguments: maxima, bounds, conditions.

One convention: at a tie there is a value and no derivative, but where both operands are one array
the larger of them is that array, and its derivative 1.
"""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars

entry = chapter("elementwise")


def bounded(m, x, low, high):
    return m.minimum(m.maximum(x, low), high)


def chosen(m, c, x, y):
    return m.either(lambda c, x, y: c != 0, lambda c, x, y: x, lambda c, x, y: y)(c, x, y)


def signed(m, x, y):
    """|x| with the sign of y, where that of 0 is plus."""
    return m.either(lambda x, y: y >= 0, lambda x, y: m.abs(x), lambda x, y: -m.abs(x))(x, y)


TIES = pairs(
    (0.75, -1.25),
    kink("tie", 0.5, 0.5),
    kink("zeros", 0.0, 0.0),
    kink("zeros of two signs", -0.0, 0.0),
    at("other order", -1.25, 0.75),
    at("next to each other", 1.0, 1.0000000000000002),
    rows=((0.5, -1.5), (0.25, -2.0, 1.0)),
    same=0.75,
)

TABLE = (
    entry(
        "maximum",
        "the greater of x and y",
        lambda m, x, y: m.maximum(x, y),
        TIES,
        xp="xp.maximum(x, y)",
        torch="torch.maximum(x, y)",
        jax="jnp.maximum(x, y)",
        tensorflow="tf.maximum(x, y)",
    ),
    entry(
        "minimum",
        "the lesser of x and y",
        lambda m, x, y: m.minimum(x, y),
        TIES,
        xp="xp.minimum(x, y)",
        torch="torch.minimum(x, y)",
        jax="jnp.minimum(x, y)",
        tensorflow="tf.minimum(x, y)",
    ),
    entry(
        "fmax",
        "the greater of x and y, of a number and NaN the number",
        lambda m, x, y: m.maximum(x, y),
        TIES,
        torch="torch.fmax(x, y)",
        jax="jnp.fmax(x, y)",
        lacks={
            "numpy": "the engine has no maximum that ignores NaN",
            "tensorflow": "TensorFlow has no elementwise maximum that ignores NaN",
        },
    ),
    entry(
        "fmin",
        "the lesser of x and y, of a number and NaN the number",
        lambda m, x, y: m.minimum(x, y),
        TIES,
        torch="torch.fmin(x, y)",
        jax="jnp.fmin(x, y)",
        lacks={
            "numpy": "the engine has no minimum that ignores NaN",
            "tensorflow": "TensorFlow has no elementwise minimum that ignores NaN",
        },
    ),
    entry(
        "clip",
        "x between -1 and 1, else the nearer of the two",
        lambda m, x: bounded(m, x, -1, 1),
        scalars(
            0.75,
            kink("lower bound", -1.0),
            kink("upper bound", 1.0),
            at("below", -1.5),
            at("above", 1.5),
            at("next to the bound", 0.9999999999999999),
            lane=(0.5, 0.0, -2.0, 0.0),
        ),
        xp="xp.clip(x, min=-1, max=1)",
        torch="torch.clip(x, -1, 1)",
        jax="jnp.clip(x, -1, 1)",
        tensorflow="tf.clip_by_value(x, -1, 1)",
    ),
    entry(
        "clip-to-arrays",
        "x between low and high, else the nearer of the two",
        bounded,
        (
            at("generic", 0.75, -1.25, 1.5),
            at("twice", 0.75, -1.25, 1.5, form="twice"),
            at("broadcast", ((0.5, -1.5, 2.0), (-0.5, 0.25, -3.0)), (0.25, -2.0, 0.75), (1.0,)),
            at("empty", (), (), ()),
            at("below", -1.5, -1.25, 1.5),
            at("above", 2.0, -1.25, 1.5),
            kink("lower bound", -1.25, -1.25, 1.5),
            kink("upper bound", 1.5, -1.25, 1.5),
            kink("all equal", 0.5, 0.5, 0.5),
        ),
        xp="xp.minimum(xp.maximum(x, low), high)",
        torch="torch.clip(x, low, high)",
        jax="jnp.clip(x, low, high)",
        tensorflow="tf.clip_by_value(x, low, high)",
    ),
    entry(
        "where",
        "x where c is not 0, else y",
        chosen,
        (
            at("generic", 1, 0.75, -1.25),
            at("twice", 1, 0.75, -1.25, form="twice"),
            at("broadcast", ((1,), (0,)), (0.25, -2.0, 1.0), 0.5),
            at("view", (0, 1), (0.5, 1.0, -2.0, 1.0), (0.25, 1.0, 4.0, 1.0), form="view"),
            at("other", 0, 0.75, -1.25),
            at("equal", 1, 0.5, 0.5),
        ),
        xp="xp.where(c != 0, x, y)",
        torch="torch.where(c != 0, x, y)",
        jax="jnp.where(c != 0, x, y)",
        tensorflow="tf.where(c != 0, x, y)",
        integers=("c",),
    ),
    entry(
        "copysign",
        "|x| with the sign of y",
        signed,
        pairs(
            (0.75, -1.25),
            kink("x zero", 0.0, 1.5),
            kink("y zero", 0.75, 0.0),
            at("negative", -0.75, 1.25),
            at("subnormal sign", 0.75, -1e-310),
            rows=((0.5, -1.5), (0.25, -2.0, 1.0)),
            same=-0.75,
        ),
        numpy="engine.copysign(x, y)",
        torch="torch.copysign(x, y)",
        jax="jnp.copysign(x, y)",
        lacks={"tensorflow": "TensorFlow has no function that copies signs"},
    ),
)
