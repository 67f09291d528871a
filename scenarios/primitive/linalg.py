"""Linear algebra: determinants, inverses and least squares.

One convention: derivatives of determinants exist at every matrix, singular ones included.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.matrices import RIGHT
from scenarios.primitive.writing import at, chapter, kink

entry = chapter("linalg")

DETERMINANTS = (
    at("generic", given.GENERIC),
    at("identity", given.IDENTITY),
    at("permutation", given.SHIFT),
    at("diagonal", given.DIAGONAL),
)


def logarithm_of_size(m, x):
    det = m.matrices.det(x)
    return m.log(m.abs(det))


def sign_of_determinant(m, x):
    negative = m.either(lambda d: d < 0, lambda d: d * 0 - 1, lambda d: d * 0)
    return m.either(lambda d: d > 0, lambda d: d * 0 + 1, negative)(m.matrices.det(x))


def least_squares(m, a, b):
    square = m.matrices.solve
    return square(a.T @ a, a.T @ b) if len(a) >= a.shape[1] else a.T @ square(a @ a.T, b)


TABLE = (
    entry(
        "det",
        "the determinant of a square matrix",
        lambda m, x: m.matrices.det(x),
        (
            *DETERMINANTS,
            at("rank 2 of 3", given.RANK_TWO),
            at("zero row", given.ZERO_ROW),
            at("rank 1 of 3", given.RANK_ONE),
            at("zero", given.ZERO),
            at("nearly singular", given.NEARLY_SINGULAR),
            at("tiny", given.TINY),
            at("twice", given.GENERIC, form="twice"),
            at("twice at the identity", given.IDENTITY, form="twice"),
            at("view", given.SPREAD, form="view"),
            at("batch", given.PAIR),
            at("batch with a singular one", given.PAIR_WITH_SINGULAR),
        ),
        xp="xp.linalg.det(x)",
        torch="torch.linalg.det(x)",
        jax="jnp.linalg.det(x)",
        tensorflow="tf.linalg.det(x)",
    ),
    entry(
        "slogdet",
        "log |det x|",
        logarithm_of_size,
        (
            *DETERMINANTS,
            at("nearly singular", given.NEARLY_SINGULAR),
            at("tiny", given.TINY),
            at("twice", given.GENERIC, form="twice"),
            at("batch", given.PAIR),
            at("view", given.SPREAD, form="view"),
        ),
        xp="xp.linalg.slogdet(x)[1]",
        torch="torch.linalg.slogdet(x)[1]",
        jax="jnp.linalg.slogdet(x)[1]",
        tensorflow="tf.linalg.slogdet(x)[1]",
    ),
    entry(
        "slogdet-sign",
        "the sign of det x",
        sign_of_determinant,
        (
            *DETERMINANTS,
            kink("zero", given.ZERO),
            at("batch", given.PAIR),
        ),
        xp="xp.linalg.slogdet(x)[0]",
        torch="torch.linalg.slogdet(x)[0]",
        jax="jnp.linalg.slogdet(x)[0]",
        tensorflow="tf.linalg.slogdet(x)[0]",
    ),
    entry(
        "inv",
        "the inverse of a square matrix",
        lambda m, x: m.matrices.stacked(m.matrices.inv)(x),
        (
            *DETERMINANTS,
            at("nearly singular", given.NEARLY_SINGULAR),
            at("tiny", given.TINY),
            at("twice", given.GENERIC, form="twice"),
            at("batch", given.PAIR),
            at("one by one", ((-0.5,),)),
        ),
        xp="xp.linalg.inv(x)",
        torch="torch.linalg.inv(x)",
        jax="jnp.linalg.inv(x)",
        tensorflow="tf.linalg.inv(x)",
    ),
    entry(
        "lstsq",
        "the x of least |a x - b|, a of full rank with more rows than columns",
        least_squares,
        (
            at("generic", given.TALL, RIGHT),
            at("orthogonal", given.TALL_ORTHOGONAL, RIGHT),
            at("no residual", given.TALL, given.TALL),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT, RIGHT),
            at("square", given.SMALL, given.PAIR[1]),
            at("twice", given.TALL, RIGHT, form="twice"),
        ),
        numpy="engine.linalg.pinv(a) @ b",
        torch="torch.linalg.lstsq(a, b).solution",
        jax="jnp.linalg.lstsq(a, b)[0]",
        tensorflow="tf.linalg.lstsq(a, b)",
    ),
    entry(
        "lstsq-wide",
        "the least x with a x = b, a of full rank with more columns than rows",
        least_squares,
        (
            at("generic", given.WIDE, given.SMALL),
            at("zero right-hand side", given.WIDE, ((0.0, 0.0), (0.0, 0.0))),
            at("twice", given.WIDE, given.SMALL, form="twice"),
        ),
        numpy="engine.linalg.pinv(a) @ b",
        torch="torch.linalg.lstsq(a, b).solution",
        jax="jnp.linalg.lstsq(a, b)[0]",
        tensorflow="tf.linalg.lstsq(a, b)",
    ),
    entry(
        "pinv",
        "the Moore-Penrose inverse",
        lambda m, x: m.matrices.pinv(x),
        (
            at("generic", given.TALL),
            at("orthogonal", given.TALL_ORTHOGONAL),
            at("equal singular values", given.TALL_EQUAL),
            at("nearly dependent", given.TALL_NEARLY_DEPENDENT),
            kink("zero", given.TALL_ZERO),
            at("wide", given.WIDE),
            at("square", given.SMALL),
            at("identity", given.SMALL_IDENTITY),
        ),
        numpy="engine.linalg.pinv(x)",
        torch="torch.linalg.pinv(x)",
        jax="jnp.linalg.pinv(x)",
        tensorflow="tf.linalg.pinv(x)",
        source="Golub and Pereyra (1973), SIAM J. Numer. Anal. 10, 413",
    ),
)
