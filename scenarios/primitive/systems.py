"""Systems of linear equations.

One convention: a triangular solver looks at one triangle of its matrix, so the derivative with
respect to the rest of it is 0.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.matrices import RIGHT
from scenarios.primitive.writing import at, chapter

entry = chapter("linalg")

VECTOR = (1.0, -0.5, 2.0)
RIGHT_SPREAD = ((1.0, 9.0), (0.75, 9.0), (-1.5, 9.0))


def solve_triangle(m, a, b, triangle, unit=False):
    part = triangle(a) if not unit else triangle(a, -1) + m.matrices.identity(len(a))
    return m.matrices.solve(part, b)


def tridiagonal(m, lower, middle, upper, b):
    n = len(middle)
    rows = [
        [
            middle[i] if i == j else lower[i] if i == j + 1 else upper[i] if i == j - 1 else 0
            for j in range(n)
        ]
        for i in range(n)
    ]
    return m.matrices.solve(m.np.array(rows, object), b)


TABLE = (
    entry(
        "solve-vector",
        "x with a x = b, b a vector",
        lambda m, a, b: m.matrices.solve(a, b),
        (
            at("generic", given.GENERIC, VECTOR),
            at("identity", given.IDENTITY, VECTOR),
            at("permutation", given.SHIFT, VECTOR),
            at("zero right-hand side", given.GENERIC, (0.0, 0.0, 0.0)),
            at("nearly singular", given.NEARLY_SINGULAR, VECTOR),
            at("twice", given.GENERIC, VECTOR, form="twice"),
        ),
        xp="xp.linalg.solve(a, b)",
        torch="torch.linalg.solve(a, b)",
        jax="jnp.linalg.solve(a, b)",
        tensorflow="tf.linalg.solve(a, b[:, None])[:, 0]",
    ),
    entry(
        "solve",
        "x with a x = b, b of several columns",
        lambda m, a, b: m.matrices.stacked(m.matrices.solve)(a, b),
        (
            at("generic", given.GENERIC, RIGHT),
            at("identity", given.IDENTITY, RIGHT),
            at("rank 1 on the right", given.OTHER, ((1.0, 2.0), (-1.0, -2.0), (0.5, 1.0))),
            at("twice", given.GENERIC, RIGHT, form="twice"),
            at("view", given.SPREAD, RIGHT_SPREAD, form="view"),
            at("batch", given.PAIR, given.PAIR_WITH_SINGULAR),
        ),
        xp="xp.linalg.solve(a, b)",
        torch="torch.linalg.solve(a, b)",
        jax="jnp.linalg.solve(a, b)",
        tensorflow="tf.linalg.solve(a, b)",
    ),
    entry(
        "solve-right",
        "x with x a = b",
        lambda m, a, b: m.matrices.solve(a.T, b.T).T,
        (
            at("generic", given.GENERIC, given.WIDE),
            at("identity", given.IDENTITY, given.WIDE),
            at("permutation", given.SHIFT, given.WIDE),
            at("twice", given.GENERIC, given.WIDE, form="twice"),
        ),
        xp="xp.linalg.solve(a.T, b.T).T",
        torch="torch.linalg.solve(a, b, left=False)",
        jax="jnp.linalg.solve(a.T, b.T).T",
        tensorflow="tf.transpose(tf.linalg.solve(a, tf.transpose(b), adjoint=True))",
    ),
    entry(
        "lu-solve",
        "x with a x = b, by factors of a",
        lambda m, a, b: m.matrices.solve(a, b),
        (
            at("generic", given.GENERIC, RIGHT),
            at("identity", given.IDENTITY, RIGHT),
            at("permutation", given.SHIFT, RIGHT),
            at("twice", given.GENERIC, RIGHT, form="twice"),
        ),
        xp="xp.linalg.solve(a, b)",
        torch="torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b)",
        jax="jax.scipy.linalg.lu_solve(jax.scipy.linalg.lu_factor(a), b)",
        tensorflow="tf.linalg.lu_solve(*tf.linalg.lu(a), b)",
    ),
    entry(
        "solve_triangular-lower",
        "x with l x = b, l the lower triangle of a",
        lambda m, a, b: solve_triangle(m, a, b, m.np.tril),
        (
            at("generic", given.GENERIC, RIGHT),
            at("identity", given.IDENTITY, RIGHT),
            at("zero right-hand side", given.GENERIC, ((0.0, 0.0),) * 3),
            at("twice", given.GENERIC, RIGHT, form="twice"),
            at("view", given.SPREAD, RIGHT_SPREAD, form="view"),
        ),
        xp="xp.solve_triangular(a, b, lower=True)",
        torch="torch.linalg.solve_triangular(a, b, upper=False)",
        jax="jax.scipy.linalg.solve_triangular(a, b, lower=True)",
        tensorflow="tf.linalg.triangular_solve(a, b, lower=True)",
    ),
    entry(
        "solve_triangular-upper",
        "x with u x = b, u the upper triangle of a",
        lambda m, a, b: solve_triangle(m, a, b, m.np.triu),
        (
            at("generic", given.GENERIC, RIGHT),
            at("identity", given.IDENTITY, RIGHT),
            at("small diagonal", ((1e-6, 0.5, -1.0), (0.0, 1.5, 0.75), (0.0, 0.0, 1e-3)), RIGHT),
            at("twice", given.GENERIC, RIGHT, form="twice"),
        ),
        xp="xp.solve_triangular(a, b, lower=False)",
        torch="torch.linalg.solve_triangular(a, b, upper=True)",
        jax="jax.scipy.linalg.solve_triangular(a, b, lower=False)",
        tensorflow="tf.linalg.triangular_solve(a, b, lower=False)",
    ),
    entry(
        "tridiagonal_solve",
        "x with a x = b, a of three diagonals",
        tridiagonal,
        (
            at("generic", (0.0, 0.5, -1.0), (2.0, 3.0, 2.5), (1.0, -0.75, 0.0), RIGHT),
            at("diagonal", (0.0, 0.0, 0.0), (2.0, 3.0, 2.5), (0.0, 0.0, 0.0), RIGHT),
            at(
                "twice",
                (0.0, 0.5, -1.0),
                (2.0, 3.0, 2.5),
                (1.0, -0.75, 0.0),
                RIGHT,
                form="twice",
            ),
        ),
        jax="jax.lax.linalg.tridiagonal_solve(lower, middle, upper, b)",
        tensorflow="tf.linalg.tridiagonal_solve(tf.stack([upper, middle, lower]), b)",
        lacks={
            "numpy": "the engine has no solver for matrices of three diagonals",
            "torch": "PyTorch has no solver for matrices of three diagonals",
        },
    ),
    entry(
        "cholesky_solve",
        "x with l l^T x = b, l lower triangular",
        lambda m, l, b: m.matrices.solve(m.np.tril(l) @ m.np.tril(l).T, b),  # noqa: E741
        (
            at("generic", given.GENERIC, RIGHT),
            at("identity", given.IDENTITY, RIGHT),
            at("negative diagonal", given.DIAGONAL, RIGHT),
            at("twice", given.GENERIC, RIGHT, form="twice"),
        ),
        xp="xp.solve_triangular(l.T, xp.solve_triangular(l, b, lower=True), lower=False)",
        torch="torch.cholesky_solve(b, torch.tril(l))",
        jax="jax.scipy.linalg.cho_solve((jnp.tril(l), True), b)",
        tensorflow="tf.linalg.cholesky_solve(tf.linalg.band_part(l, -1, 0), b)",
    ),
)
