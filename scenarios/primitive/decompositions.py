"""Decompositions of matrices into triangular and orthogonal factors.

One convention: functions of symmetric matrices symmetrise their argument first, so that all mean
the same derivative; `qr` has LAPACK's signs.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.matrices import of_symmetric, unpacked
from scenarios.primitive.writing import at, chapter, documented

entry = chapter("decompositions")

NO_LU = {"numpy": "the engine has no LU decomposition"}


def cholesky(m, x):
    return m.matrices.stacked(m.matrices.cholesky)(m.matrices.symmetric(x))


def packed_lu(m, x):
    _, low, up = m.matrices.lu(x)
    return low - m.matrices.identity(len(x)) + up


def projector_on_range(m, x):
    return x @ m.matrices.solve(x.T @ x, x.T)


DEFINITE = (
    at("generic", given.SKEWED),
    at("identity", given.IDENTITY),
    at("equal eigenvalues", given.TURNED_PAIR),
    at("nearly semidefinite", given.NEARLY_SEMIDEFINITE),
)

TABLE = (
    entry(
        "cholesky",
        "the lower triangular l of l l^T = (x + x^T) / 2",
        cholesky,
        (
            *DEFINITE,
            at("twice", given.SKEWED, form="twice"),
            at("view", given.SKEWED_SPREAD, form="view"),
            at("batch", given.PAIR_DEFINITE),
        ),
        **of_symmetric(
            xp="xp.linalg.cholesky(SYM)",
            torch="torch.linalg.cholesky(SYM)",
            jax="jnp.linalg.cholesky(SYM)",
            tensorflow="tf.linalg.cholesky(SYM)",
        ),
    ),
    entry(
        "logdet",
        "log det of (x + x^T) / 2, which is positive definite",
        lambda m, x: m.log(m.matrices.det(m.matrices.symmetric(x))),
        (
            *DEFINITE,
            at("tiny", ((2e-100, 1e-100, 0.0), (0.0, 3e-100, 0.0), (0.0, 0.0, 1e-100))),
            at("twice", given.SKEWED, form="twice"),
        ),
        **of_symmetric(
            xp="2 * xp.sum(xp.log(xp.linalg.diagonal(xp.linalg.cholesky(SYM))))",
            torch="torch.logdet(SYM)",
            tensorflow="tf.linalg.logdet(SYM)",
        ),
        lacks={"jax": "JAX ships no logdet beside slogdet"},
    ),
    entry(
        "qr-q",
        "the factor q of x = q r, with LAPACK's signs",
        lambda m, x: m.matrices.qr(x)[0],
        (
            at("generic", given.TALL),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT),
            at("square", given.GENERIC),
            at("nearly singular", given.NEARLY_SINGULAR),
            at("wide", given.WIDE),
        ),
        numpy="engine.linalg.qr(x)[0]",
        torch="torch.linalg.qr(x)[0]",
        jax="jnp.linalg.qr(x)[0]",
        tensorflow="tf.linalg.qr(x)[0]",
        source="Golub and Van Loan, Matrix Computations, 5.2",
    ),
    entry(
        "qr-r",
        "the factor r of x = q r, with LAPACK's signs",
        lambda m, x: m.matrices.qr(x)[1],
        (
            at("generic", given.TALL),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT),
            at("square", given.GENERIC),
            at("nearly singular", given.NEARLY_SINGULAR),
            at("wide", given.WIDE),
        ),
        numpy="engine.linalg.qr(x)[1]",
        torch="torch.linalg.qr(x)[1]",
        jax="jnp.linalg.qr(x)[1]",
        tensorflow="tf.linalg.qr(x)[1]",
        source="Golub and Van Loan, Matrix Computations, 5.2",
    ),
    entry(
        "qr-projector",
        "q q^T of x = q r: the projector on the space of the columns",
        projector_on_range,
        (
            at("generic", given.TALL),
            at("orthogonal", given.TALL_ORTHOGONAL),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT),
            at("twice", given.TALL, form="twice"),
        ),
        numpy=unpacked("q, r", "engine.linalg.qr(x)", "q @ q.T"),
        torch=unpacked("q, r", "torch.linalg.qr(x)", "q @ q.T"),
        jax=unpacked("q, r", "jnp.linalg.qr(x)", "q @ q.T"),
        tensorflow=unpacked("q, r", "tf.linalg.qr(x)", "q @ tf.transpose(q)"),
    ),
    entry(
        "lu",
        "l - 1 + u of p x = l u with partial pivoting",
        packed_lu,
        (
            at("generic", given.GENERIC),
            at("identity", given.IDENTITY),
            at("permutation", given.SHIFT),
            *documented(
                "derivatives of the factors divide by u, whose last element is 0",
                0,
                at("rank 2 of 3", ((4.0, 1.0, 2.0), (1.0, 3.0, -1.0), (2.0, 6.0, -2.0))),
            ),
            at("twice", given.GENERIC, form="twice"),
        ),
        torch="torch.linalg.lu_factor_ex(x)[0]",
        jax="jax.scipy.linalg.lu_factor(x)[0]",
        tensorflow="tf.linalg.lu(x)[0]",
        lacks=NO_LU,
    ),
)
