"""Products, quotients and powers of two complex numbers, and products of matrices.

One convention: z is x + i y and w is u + i v, and the real part of an answer is taken, which tells
all of a function that is holomorphic in both, or in one and the conjugate of the other.
"""

from scenarios.primitive.complex import GENERIC, angle, size
from scenarios.primitive.writing import at, chapter, kink

entry = chapter("complex")


def planes(*others):
    """The points of a function of z and w."""
    column, row = ((0.5,), (1.5,)), (0.25, -2.0, 1.0)
    return (
        at("generic", *GENERIC, 1.25, 0.6),
        at("twice", *GENERIC, 1.25, 0.6, form="twice"),
        at("broadcast", column, ((-0.75,), (0.5,)), row, (1.0, 0.5, -0.25)),
        *others,
    )


def power(m, x, y, u, v):
    """The real part of exp(w log z)."""
    log, turn = m.log(size(m, x, y)), angle(m, x, y)
    return m.exp(u * log - v * turn) * m.cos(v * log + u * turn)


SQUARE = ((0.5, -1.25), (2.0, 0.75))
MATRICES = (SQUARE, ((1.0, 0.25), (-0.5, 1.5)), ((0.75, 1.0), (-0.25, 0.5)), SQUARE)

TABLE = (
    entry(
        "complex_power",
        "the real part of z to the power w",
        power,
        planes(
            at("real exponent", -1.5, 0.5, 2.5, 0.0),
            at("real base", 1.5, 0.0, 0.5, -1.25),
            kink("on the cut", -1.5, 0.0, 0.5, 1.25),
            at("one", 1.0, 0.0, 0.5, 1.25),
        ),
        torch="(torch.complex(x, y) ** torch.complex(u, v)).real",
        jax="(jax.lax.complex(x, y) ** jax.lax.complex(u, v)).real",
        tensorflow="tf.math.real(tf.pow(tf.complex(x, y), tf.complex(u, v)))",
        source="DLMF 4.2.26",
    ),
    entry(
        "complex_multiply",
        "the real part of z w",
        lambda m, x, y, u, v: x * u - y * v,
        planes(
            at("origin", 0.0, 0.0, 0.0, 0.0),
            at("conjugates", 0.75, -0.5, 0.75, 0.5),
        ),
        xp="x * u - y * v",
        torch="(torch.complex(x, y) * torch.complex(u, v)).real",
        jax="(jax.lax.complex(x, y) * jax.lax.complex(u, v)).real",
        tensorflow="tf.math.real(tf.complex(x, y) * tf.complex(u, v))",
    ),
    entry(
        "complex_conjugate_product",
        "the real part of z times the conjugate of w",
        lambda m, x, y, u, v: x * u + y * v,
        planes(
            at("origin", 0.0, 0.0, 0.0, 0.0),
            at("orthogonal", 0.75, -0.5, 0.5, 0.75),
        ),
        xp="x * u + y * v",
        torch="(torch.complex(x, y) * torch.conj(torch.complex(u, v))).real",
        jax="(jax.lax.complex(x, y) * jnp.conj(jax.lax.complex(u, v))).real",
        tensorflow="tf.math.real(tf.complex(x, y) * tf.math.conj(tf.complex(u, v)))",
    ),
    entry(
        "complex_divide",
        "the real part of z / w",
        lambda m, x, y, u, v: (x * u + y * v) / (u * u + v * v),
        planes(
            at("zero", 0.0, 0.0, 1.25, 0.5),
            at("equal", 0.5, -0.5, 0.5, -0.5),
            at("tiny", 1e-200, 2e-200, 3e-100, 4e-100),
            at("square overflows", 1e200, 2e200, 3e160, 4e160),
        ),
        torch="(torch.complex(x, y) / torch.complex(u, v)).real",
        jax="(jax.lax.complex(x, y) / jax.lax.complex(u, v)).real",
        tensorflow="tf.math.real(tf.complex(x, y) / tf.complex(u, v))",
        source="DLMF 1.9.17",
    ),
    entry(
        "complex_matmul",
        "the real part of the matrix product z w",
        lambda m, x, y, u, v: x @ u - y @ v,
        (
            at("generic", *MATRICES),
            at("zero", *(((0.0, 0.0), (0.0, 0.0)),) * 4),
            at("twice", *MATRICES, form="twice"),
            at("same", SQUARE, form="same"),
        ),
        xp="xp.matmul(x, u) - xp.matmul(y, v)",
        torch="torch.matmul(torch.complex(x, y), torch.complex(u, v)).real",
        jax="jnp.matmul(jax.lax.complex(x, y), jax.lax.complex(u, v)).real",
        tensorflow="tf.math.real(tf.matmul(tf.complex(x, y), tf.complex(u, v)))",
    ),
)
