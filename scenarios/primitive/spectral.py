"""Eigenvalues and singular values, and functions of their vectors that do not depend on a choice.

One convention: signs of vectors, and bases of the spaces that belong to equal values, are not
unique; the functions here (projectors, a matrix put together again from changed values) are the
same for every choice, and have derivatives where values are equal too.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.matrices import of_symmetric, unpacked
from scenarios.primitive.writing import at, chapter, documented, kink

entry = chapter("decompositions")

NO_EIG = {"numpy": "the engine has no eigenvalues of matrices that are not symmetric"}


def polar(m, x):
    if x.shape[0] < x.shape[1]:
        return polar(m, x.T).T
    return x @ m.matrices.inv(m.matrices.sqrtm(x.T @ x))


SYMMETRIC = (
    at("generic", given.SKEWED),
    at("indefinite", given.INDEFINITE),
    at("diagonal", given.DIAGONAL),
)
PAIRS = (
    at("pair of equal eigenvalues", given.LOW_PAIR),
    at("pair of equal eigenvalues, turned", given.TURNED_PAIR),
)
CLUSTERS = (at("cluster of two eigenvalues", given.LOW_CLUSTER),)
ALL_EQUAL = (at("identity", given.IDENTITY), at("zero", given.ZERO))
VECTORS = "derivatives of eigenvectors divide by differences of eigenvalues"
SINGULAR_VECTORS = (
    "derivatives of singular vectors divide by differences of singular values, and by them"
)

TABLE = (
    entry(
        "eigvalsh",
        "the eigenvalues of (x + x^T) / 2, ascending",
        lambda m, x: m.matrices.stacked(m.matrices.eigenvalues)(m.matrices.symmetric(x)),
        (
            *SYMMETRIC,
            at("cluster of two eigenvalues", given.LOW_CLUSTER),
            kink("pair of equal eigenvalues", given.LOW_PAIR),
            kink("identity", given.IDENTITY),
            kink("zero", given.ZERO),
            at("twice", given.SKEWED, form="twice"),
            at("batch", given.PAIR_DEFINITE),
        ),
        **of_symmetric(
            numpy="engine.linalg.eigvalsh(SYM)",
            torch="torch.linalg.eigvalsh(SYM)",
            jax="jnp.linalg.eigvalsh(SYM)",
            tensorflow="tf.linalg.eigvalsh(SYM)",
        ),
    ),
    entry(
        "eigvalsh-cubes",
        "the sum of the cubed eigenvalues of (x + x^T) / 2",
        lambda m, x: m.matrices.trace(m.matrices.matrix_power(m.matrices.symmetric(x), 3)),
        (
            *SYMMETRIC,
            *CLUSTERS,
            *documented(VECTORS, 1, *PAIRS, *ALL_EQUAL),
            at("twice", given.SKEWED, form="twice"),
        ),
        **of_symmetric(
            numpy="engine.sum(engine.linalg.eigvalsh(SYM) ** 3)",
            torch="torch.sum(torch.linalg.eigvalsh(SYM) ** 3)",
            jax="jnp.sum(jnp.linalg.eigvalsh(SYM) ** 3)",
            tensorflow="tf.reduce_sum(tf.linalg.eigvalsh(SYM) ** 3)",
        ),
    ),
    entry(
        "eigh-squares",
        "v diag(w w) v^T, w and v the eigenvalues and eigenvectors of (x + x^T) / 2",
        lambda m, x: m.matrices.matrix_power(m.matrices.symmetric(x), 2),
        (
            *SYMMETRIC,
            *CLUSTERS,
            *documented(VECTORS, 0, *PAIRS, *ALL_EQUAL),
            at("twice", given.SKEWED, form="twice"),
        ),
        **of_symmetric(
            numpy=unpacked("w, v", "engine.linalg.eigh(SYM)", "(v * (w * w)) @ v.T"),
            torch=unpacked("w, v", "torch.linalg.eigh(SYM)", "(v * (w * w)) @ v.T"),
            jax=unpacked("w, v", "jnp.linalg.eigh(SYM)", "(v * (w * w)) @ v.T"),
            tensorflow=unpacked("w, v", "tf.linalg.eigh(SYM)", "(v * (w * w)) @ tf.transpose(v)"),
        ),
    ),
    entry(
        "eigh-exp",
        "v diag(exp w) v^T, w and v the eigenvalues and eigenvectors of (x + x^T) / 2",
        lambda m, x: m.matrices.exp(m.matrices.symmetric(x)),
        (*SYMMETRIC, *CLUSTERS, *documented(VECTORS, 0, *PAIRS, *ALL_EQUAL)),
        **of_symmetric(
            numpy=unpacked("w, v", "engine.linalg.eigh(SYM)", "(v * engine.exp(w)) @ v.T"),
            torch=unpacked("w, v", "torch.linalg.eigh(SYM)", "(v * torch.exp(w)) @ v.T"),
            jax=unpacked("w, v", "jnp.linalg.eigh(SYM)", "(v * jnp.exp(w)) @ v.T"),
            tensorflow=unpacked("w, v", "tf.linalg.eigh(SYM)", "(v * tf.exp(w)) @ tf.transpose(v)"),
        ),
    ),
    entry(
        "eigh-projector",
        "the projector on the eigenvectors of the two least eigenvalues of (x + x^T) / 2",
        lambda m, x: m.matrices.lowest(m.matrices.symmetric(x), 2),
        (
            *SYMMETRIC,
            *CLUSTERS,
            *documented(VECTORS, 0, *PAIRS),
            at("cluster at the gap", ((0.5, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.001))),
            at("twice", given.SKEWED, form="twice"),
        ),
        **of_symmetric(
            numpy=unpacked("w, v", "engine.linalg.eigh(SYM)", "v[:, :2] @ v[:, :2].T"),
            torch=unpacked("w, v", "torch.linalg.eigh(SYM)", "v[:, :2] @ v[:, :2].T"),
            jax=unpacked("w, v", "jnp.linalg.eigh(SYM)", "v[:, :2] @ v[:, :2].T"),
            tensorflow=unpacked("w, v", "tf.linalg.eigh(SYM)", "v[:, :2] @ tf.transpose(v[:, :2])"),
        ),
    ),
    entry(
        "eigvals-cubes",
        "the sum of the cubed eigenvalues, which is real",
        lambda m, x: m.matrices.trace(m.matrices.matrix_power(x, 3)),
        (
            at("generic", given.GENERIC),
            at("complex eigenvalues", given.SHIFT),
            at("diagonal", given.DIAGONAL),
            *documented(
                VECTORS,
                1,
                at("pair of equal eigenvalues", given.LOW_PAIR),
                at("identity", given.IDENTITY),
            ),
            at("twice", given.GENERIC, form="twice"),
        ),
        torch="torch.sum(torch.linalg.eigvals(x) ** 3).real",
        jax="jnp.sum(jnp.linalg.eigvals(x) ** 3).real",
        tensorflow="tf.math.real(tf.reduce_sum(tf.linalg.eigvals(x) ** 3))",
        lacks=NO_EIG,
    ),
    entry(
        "eig-squares",
        "v diag(w w) v^-1, w and v the eigenvalues and eigenvectors; it is real",
        lambda m, x: x @ x,
        (
            at("generic", given.GENERIC),
            at("complex eigenvalues", given.SHIFT),
            at("diagonal", given.DIAGONAL),
            *documented(
                VECTORS,
                0,
                at("pair of equal eigenvalues", given.LOW_PAIR),
                at("identity", given.IDENTITY),
            ),
            at("twice", given.GENERIC, form="twice"),
        ),
        torch=unpacked("w, v", "torch.linalg.eig(x)", "((v * (w * w)) @ torch.linalg.inv(v)).real"),
        jax=unpacked("w, v", "jnp.linalg.eig(x)", "((v * (w * w)) @ jnp.linalg.inv(v)).real"),
        tensorflow=unpacked(
            "w, v", "tf.linalg.eig(x)", "tf.math.real((v * (w * w)) @ tf.linalg.inv(v))"
        ),
        lacks=NO_EIG,
    ),
    entry(
        "svdvals",
        "the singular values, descending",
        lambda m, x: m.matrices.singular_values(x),
        (
            at("generic", given.TALL),
            at("cluster", given.TALL_CLUSTER),
            at("tiny", ((1.5e-170, 0.5e-170), (-1e-170, 2e-170), (0.25e-170, 1e-170))),
            kink("equal", given.TALL_ORTHOGONAL),
            kink("rank 1 of 2", given.TALL_DEPENDENT),
            kink("zero column", given.TALL_ZERO_COLUMN),
            kink("zero", given.TALL_ZERO),
            at("wide", given.WIDE),
            at("square", given.GENERIC),
        ),
        numpy="engine.linalg.svdvals(x)",
        torch="torch.linalg.svdvals(x)",
        jax="jnp.linalg.svdvals(x)",
        tensorflow="tf.linalg.svd(x, compute_uv=False)",
    ),
    entry(
        "svd-cubes",
        "u diag(s s s) v^T of the singular value decomposition",
        lambda m, x: x @ x.T @ x,
        (
            at("generic", given.TALL),
            at("cluster", given.TALL_CLUSTER),
            at("wide", given.WIDE),
            at("square", given.GENERIC),
            *documented(
                SINGULAR_VECTORS,
                0,
                at("equal singular values", given.TALL_EQUAL),
                at("orthogonal", given.TALL_ORTHOGONAL),
                at("rank 1 of 2", given.TALL_DEPENDENT),
                at("zero", given.TALL_ZERO),
                at("identity", given.IDENTITY),
            ),
        ),
        numpy=unpacked("u, s, vh", "engine.linalg.svd(x)", "(u * s**3) @ vh"),
        torch=unpacked("u, s, vh", "torch.linalg.svd(x, full_matrices=False)", "(u * s**3) @ vh"),
        jax=unpacked("u, s, vh", "jnp.linalg.svd(x, full_matrices=False)", "(u * s**3) @ vh"),
        tensorflow=unpacked("s, u, v", "tf.linalg.svd(x)", "(u * s**3) @ tf.transpose(v)"),
    ),
    entry(
        "svd-polar",
        "u v^T of the singular value decomposition: the orthogonal factor of x = q h",
        polar,
        (
            at("generic", given.TALL),
            at("cluster", given.TALL_CLUSTER),
            at("square", given.SMALL),
            at("wide", given.WIDE),
            *documented(
                SINGULAR_VECTORS,
                0,
                at("equal singular values", given.TALL_EQUAL),
                at("orthogonal", given.TALL_ORTHOGONAL),
                at("identity", given.SMALL_IDENTITY),
            ),
        ),
        numpy=unpacked("u, s, vh", "engine.linalg.svd(x)", "u @ vh"),
        torch=unpacked("u, s, vh", "torch.linalg.svd(x, full_matrices=False)", "u @ vh"),
        jax=unpacked("u, s, vh", "jnp.linalg.svd(x, full_matrices=False)", "u @ vh"),
        tensorflow=unpacked("s, u, v", "tf.linalg.svd(x)", "u @ tf.transpose(v)"),
    ),
)
