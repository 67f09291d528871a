"""Norms of matrices and condition numbers.

One convention: norms have no derivative where two of what they take the greatest of are equal, and
at zeros of what they take the absolute value of.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.writing import at, chapter, kink

entry = chapter("matrix functions")

NO_NUCLEAR = {"tensorflow": "tf.norm has no nuclear norm"}
NORMS = (
    at("generic", given.TALL),
    at("wide", given.WIDE),
)


def nuclear(m, x):
    """s + t of two columns, since (s + t)^2 = s^2 + t^2 + 2 s t."""
    square = x.T @ x
    return m.sqrt(m.np.trace(square) + 2 * m.sqrt(m.matrices.det(square)))


def sums(m, x, axis):
    return m.np.sum(m.abs(x), axis=axis)


def condition(m, x):
    s = m.matrices.singular_values(x)
    return s[0] / s[-1]


TABLE = (
    entry(
        "matrix_norm-fro",
        "the root of the sum of squares",
        lambda m, x: m.sqrt(m.np.sum(x * x)),
        (
            at("generic", given.TALL),
            at("tiny", ((3e-160, 1e-160), (0.0, 2e-160), (-1e-160, 0.0))),
            at("rank 1 of 2", given.TALL_DEPENDENT),
            kink("zero", given.TALL_ZERO),
            at("twice", given.TALL, form="twice"),
            at("wide", given.WIDE),
        ),
        numpy="engine.linalg.matrix_norm(x)",
        torch="torch.linalg.matrix_norm(x)",
        jax="jnp.linalg.matrix_norm(x)",
        tensorflow="tf.norm(x, ord='fro', axis=[-2, -1])",
    ),
    entry(
        "matrix_norm-nuc",
        "the sum of the singular values of a matrix of two columns",
        nuclear,
        (
            at("generic", given.TALL),
            at("cluster", given.TALL_CLUSTER),
            at("equal singular values", given.TALL_EQUAL),
            at("orthogonal", given.TALL_ORTHOGONAL),
            kink("rank 1 of 2", given.TALL_DEPENDENT),
            kink("zero", given.TALL_ZERO),
            at("twice", given.TALL, form="twice"),
            at("square", given.SMALL),
            at("identity", given.SMALL_IDENTITY),
        ),
        numpy="engine.linalg.matrix_norm(x, ord='nuc')",
        torch="torch.linalg.matrix_norm(x, ord='nuc')",
        jax="jnp.linalg.matrix_norm(x, ord='nuc')",
        lacks=NO_NUCLEAR,
    ),
    entry(
        "matrix_norm-2",
        "the greatest singular value",
        lambda m, x: m.sqrt(m.matrices.squares(x)[0]),
        (
            *NORMS,
            at("cluster", given.TALL_CLUSTER),
            at("zero column", given.TALL_ZERO_COLUMN),
            at("rank 1 of 2", ((1.0, 2.0), (1.0, 2.0), (0.5, 1.0))),
            kink("orthogonal", given.TALL_ORTHOGONAL),
            kink("zero", given.TALL_ZERO),
            at("twice", given.TALL, form="twice"),
        ),
        numpy="engine.linalg.matrix_norm(x, ord=2)",
        torch="torch.linalg.matrix_norm(x, ord=2)",
        jax="jnp.linalg.matrix_norm(x, ord=2)",
        tensorflow="tf.norm(x, ord=2, axis=[-2, -1])",
    ),
    entry(
        "matrix_norm-1",
        "the greatest of the columns' sums of absolute values",
        lambda m, x: m.np.max(sums(m, x, 0)),
        (
            *NORMS,
            kink("equal columns", given.TALL_ORTHOGONAL),
            kink("zero in the column", ((2.0, 0.5), (0.0, 1.0), (1.0, 0.25))),
            at("zero in the other column", ((2.0, 0.5), (-0.5, 0.0), (1.0, 0.25))),
            at("twice", given.TALL, form="twice"),
        ),
        xp="xp.max(xp.sum(xp.abs(x), axis=-2))",
        numpy="engine.linalg.matrix_norm(x, ord=1)",
        torch="torch.linalg.matrix_norm(x, ord=1)",
        jax="jnp.linalg.matrix_norm(x, ord=1)",
        tensorflow="tf.norm(x, ord=1, axis=[-2, -1])",
    ),
    entry(
        "matrix_norm-inf",
        "the greatest of the rows' sums of absolute values",
        lambda m, x: m.np.max(sums(m, x, 1)),
        (
            *NORMS,
            kink("equal rows", given.TALL_EQUAL),
            at("twice", given.TALL, form="twice"),
        ),
        xp="xp.max(xp.sum(xp.abs(x), axis=-1))",
        numpy="engine.linalg.matrix_norm(x, ord=float('inf'))",
        torch="torch.linalg.matrix_norm(x, ord=float('inf'))",
        jax="jnp.linalg.matrix_norm(x, ord=float('inf'))",
        tensorflow="tf.norm(x, ord=float('inf'), axis=[-2, -1])",
    ),
    entry(
        "cond",
        "the greatest singular value by the least",
        condition,
        (
            at("generic", given.TALL),
            at("cluster", given.TALL_CLUSTER),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT),
            kink("orthogonal", given.TALL_ORTHOGONAL),
            at("square", given.GENERIC),
            at("twice", given.TALL, form="twice"),
        ),
        numpy="(lambda s: s[0] / s[-1])(engine.linalg.svdvals(x))",
        torch="torch.linalg.cond(x)",
        jax="jnp.linalg.cond(x)",
        tensorflow="tf.linalg.LinearOperatorFullMatrix(x).cond()",
    ),
)
