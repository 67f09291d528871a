"""Complex functions: each is the real part of one, as a function of real and imaginary parts.

One convention: z is x + i y, and w, the second operand of two, is u + i v. The real part tells all
of a holomorphic function, whose derivatives in x and y are the real and imaginary part of one.
"""

from scenarios.primitive.writing import at, chapter, kink

entry = chapter("complex")

GENERIC = (0.75, -0.5)


def plane(*others, lane=((0.5, 0.0, -1.5, 0.0), (-0.75, 0.0, 2.0, 0.0))):
    """The points of a function of z."""
    return (
        at("generic", *GENERIC),
        at("twice", *GENERIC, form="twice"),
        at("view", *lane, form="view"),
        *others,
    )


def size(m, x, y):
    return m.sqrt(x * x + y * y)


def angle(m, x, y):
    """The angle of (x, y), from -pi to pi."""
    right = lambda x, y: m.atan(y / x)  # noqa: E731
    above = lambda x, y: m.pi() / 2 - m.atan(x / y)  # noqa: E731
    below = lambda x, y: -m.pi() / 2 - m.atan(x / y)  # noqa: E731
    left = lambda x, y: m.pi() + m.atan(y / x)  # noqa: E731
    off_axis = m.either(lambda x, y: y > 0, above, below)
    on_axis = m.either(lambda x, y: x > 0, right, m.either(lambda x, y: x < 0, left, flat))
    return m.either(lambda x, y: y == 0, on_axis, off_axis)(x, y)


def flat(x, y):
    return x


TABLE = (
    entry(
        "complex_abs",
        "|z|",
        size,
        plane(
            kink("origin", 0.0, 0.0),
            at("on the axis", 0.0, 1.5),
            at("tiny", 3e-200, 4e-200),
            at("large", 3e200, 4e200),
        ),
        torch="torch.abs(torch.complex(x, y))",
        jax="jnp.abs(jax.lax.complex(x, y))",
        tensorflow="tf.abs(tf.complex(x, y))",
        source="DLMF 1.9.7",
    ),
    entry(
        "complex_angle",
        "the angle of z, from -pi to pi",
        angle,
        plane(
            kink("origin", 0.0, 0.0),
            kink("on the cut", -1.5, 0.0),
            at("near the cut", -1.5, 1e-10),
            at("on the axis", 0.0, 1.5),
            at("tiny", 3e-100, 4e-100),
            at("large", 3e100, 4e100),
        ),
        torch="torch.angle(torch.complex(x, y))",
        jax="jnp.angle(jax.lax.complex(x, y))",
        tensorflow="tf.math.angle(tf.complex(x, y))",
        source="DLMF 1.9.5",
    ),
    entry(
        "complex_exp",
        "the real part of exp(z)",
        lambda m, x, y: m.exp(x) * m.cos(y),
        plane(
            at("origin", 0.0, 0.0),
            at("large", 700.0, 1.0),
            at("far tail", -700.0, 1.0),
            at("underflow", -800.0, 1.0),
        ),
        xp="xp.exp(x) * xp.cos(y)",
        torch="torch.exp(torch.complex(x, y)).real",
        jax="jnp.exp(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.exp(tf.complex(x, y)))",
        source="DLMF 4.2.20",
    ),
    entry(
        "complex_log",
        "the real part of log(z)",
        lambda m, x, y: m.log(x * x + y * y) / 2,
        plane(
            at("on the cut", -2.0, 0.0),
            at("on the imaginary axis", 0.0, 2.0),
            at("one", 1.0, 0.0),
            at("near the unit circle", 0.6, 0.80000001),
            at("tiny", 3e-200, 4e-200),
            at("large", 3e200, 4e200),
        ),
        torch="torch.log(torch.complex(x, y)).real",
        jax="jnp.log(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.math.log(tf.complex(x, y)))",
        source="DLMF 4.2.3",
    ),
    entry(
        "complex_sqrt",
        "the real part of sqrt(z)",
        lambda m, x, y: m.sqrt((size(m, x, y) + x) / 2),
        plane(
            kink("origin", 0.0, 0.0),
            kink("on the cut", -1.5, 0.0),
            at("near the cut", -1.5, 1e-10),
            at("on the axis", 4.0, 0.0),
            at("tiny", 3e-200, 4e-200),
            at("large", 3e200, 4e200),
        ),
        torch="torch.sqrt(torch.complex(x, y)).real",
        jax="jnp.sqrt(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.sqrt(tf.complex(x, y)))",
        source="DLMF 4.2.26",
    ),
    entry(
        "complex_sin",
        "the real part of sin(z)",
        lambda m, x, y: m.sin(x) * m.cosh(y),
        plane(
            at("origin", 0.0, 0.0),
            at("on the imaginary axis", 0.0, 1.5),
            at("large", 1.0, 700.0),
        ),
        xp="xp.sin(x) * (xp.exp(y) + xp.exp(-y)) / 2",
        torch="torch.sin(torch.complex(x, y)).real",
        jax="jnp.sin(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.sin(tf.complex(x, y)))",
        source="DLMF 4.21.37",
    ),
    entry(
        "complex_tanh",
        "the real part of tanh(z)",
        lambda m, x, y: m.sinh(2 * x) / (m.cosh(2 * x) + m.cos(2 * y)),
        plane(
            at("origin", 0.0, 0.0),
            at("near the pole", 0.001, 1.5),
            at("saturated", 20.0, 0.5),
            at("underflow", 800.0, 0.5),
        ),
        torch="torch.tanh(torch.complex(x, y)).real",
        jax="jnp.tanh(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.tanh(tf.complex(x, y)))",
        source="DLMF 4.35.36",
    ),
    entry(
        "complex_reciprocal",
        "the real part of 1 / z",
        lambda m, x, y: x / (x * x + y * y),
        plane(
            at("on the imaginary axis", 0.0, 1.5),
            at("tiny", 3e-80, 4e-80),
            at("large", 3e100, 4e100),
            at("square overflows", 3e160, 4e160),
        ),
        torch="torch.reciprocal(torch.complex(x, y)).real",
        jax="jnp.reciprocal(jax.lax.complex(x, y)).real",
        tensorflow="tf.math.real(tf.math.reciprocal(tf.complex(x, y)))",
        source="DLMF 1.9.17",
    ),
    entry(
        "complex_cube",
        "the real part of the power function of z and 3",
        lambda m, x, y: x**3 - 3 * x * y * y,
        plane(
            at("origin", 0.0, 0.0),
            at("on the cut", -1.5, 0.0),
            at("on the imaginary axis", 0.0, 1.5),
        ),
        xp="x * x * x - 3 * x * y * y",
        torch="torch.pow(torch.complex(x, y), 3).real",
        jax="jnp.power(jax.lax.complex(x, y), 3).real",
        tensorflow="tf.math.real(tf.pow(tf.complex(x, y), 3))",
    ),
)
