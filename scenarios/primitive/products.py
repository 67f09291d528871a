"""Products of matrices and vectors.

One convention: the point "same" has one matrix for both factors, so that its derivative comes from
both.
"""

from scenarios.primitive import matrices as given
from scenarios.primitive.writing import at, chapter

entry = chapter("products")

VECTOR = (1.0, -0.5, 2.0)
TURNED = (0.5, 1.5, -1.0)


TABLE = (
    entry(
        "matmul",
        "the product of two matrices, or of stacks of them",
        lambda m, x, y: m.np.matmul(x, y),
        (
            at("generic", given.SMALL, given.PAIR[1]),
            at("zero", ((0.0, 0.0), (0.0, 0.0)), ((0.0, 0.0), (0.0, 0.0))),
            at("twice", given.SMALL, given.PAIR[1], form="twice"),
            at("same", given.SMALL, form="same"),
            at("broadcast", given.PAIR, given.SMALL),
        ),
        xp="xp.matmul(x, y)",
        torch="torch.matmul(x, y)",
        jax="jnp.matmul(x, y)",
        tensorflow="tf.matmul(x, y)",
    ),
    entry(
        "matmul-rectangular",
        "the product of a square matrix and one of two columns",
        lambda m, x, y: m.np.matmul(x, y),
        (
            at("generic", given.GENERIC, given.TALL),
            at("view", given.SPREAD, ((1.0, 9.0), (0.75, 9.0), (-1.5, 9.0)), form="view"),
        ),
        xp="xp.matmul(x, y)",
        torch="torch.matmul(x, y)",
        jax="jnp.matmul(x, y)",
        tensorflow="tf.matmul(x, y)",
    ),
    entry(
        "matvec",
        "the product of a matrix and a vector",
        lambda m, x, y: x @ y,
        (
            at("generic", given.GENERIC, VECTOR),
            at("zero", given.ZERO, (0.0, 0.0, 0.0)),
            at("twice", given.GENERIC, VECTOR, form="twice"),
        ),
        xp="xp.matmul(x, y)",
        torch="torch.mv(x, y)",
        jax="jnp.matvec(x, y)",
        tensorflow="tf.linalg.matvec(x, y)",
    ),
    entry(
        "multi_dot",
        "the product of three matrices",
        lambda m, x, y, z: x @ y @ z,
        (
            at("generic", given.SMALL, given.PAIR[1], ((0.25, -2.0), (1.5, 0.5))),
            at("twice", given.SMALL, given.PAIR[1], ((0.25, -2.0), (1.5, 0.5)), form="twice"),
            at("same", given.SMALL, form="same"),
        ),
        xp="xp.matmul(xp.matmul(x, y), z)",
        torch="torch.linalg.multi_dot([x, y, z])",
        jax="jnp.linalg.multi_dot([x, y, z])",
        lacks={"tensorflow": "tf.linalg has no product of several matrices"},
    ),
    entry(
        "cross",
        "the vector product",
        lambda m, x, y: m.np.stack(
            [x[..., i - 2] * y[..., i - 1] - x[..., i - 1] * y[..., i - 2] for i in range(3)],
            axis=-1,
        ),
        (
            at("generic", VECTOR, TURNED),
            at("parallel", VECTOR, (2.0, -1.0, 4.0)),
            at("zero", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
            at("twice", VECTOR, TURNED, form="twice"),
            at("batch", (VECTOR, TURNED), (TURNED, (-1.0, 0.25, 3.0))),
        ),
        numpy="engine.linalg.cross(x, y)",
        torch="torch.linalg.cross(x, y)",
        jax="jnp.linalg.cross(x, y)",
        tensorflow="tf.linalg.cross(x, y)",
    ),
)
