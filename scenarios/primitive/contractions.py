"""Contractions of arrays of any number of axes, and what is built of two arrays' products.

One convention: the point "same" has one array for both operands, so that its derivative comes from
both.
"""

from scenarios.primitive.writing import arrays, at, chapter

entry = chapter("contractions")

LEFT = (0.5, -1.25, 2.0)
RIGHT = (1.5, -0.25, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0)
OTHER_LANE = (1.5, 9.0, -0.25, 9.0, 0.75, 9.0)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
OTHER_ROWS = ((1.0, 0.25, -0.5), (2.0, -1.0, 0.5))
SQUARE = ((0.5, -1.25), (0.75, 1.5))
OTHER_SQUARE = ((1.0, 0.25), (-0.5, 2.0))
ZERO = (0.0, 0.0, 0.0)


def block_diagonal(m, x, y):
    rows, columns = x.shape
    above = m.np.pad(x, ((0, y.shape[0]), (0, y.shape[1])))
    return above + m.np.pad(y, ((rows, 0), (columns, 0)))


TABLE = (
    entry(
        "dot",
        "sum x y",
        lambda m, x, y: m.np.sum(x * y),
        arrays(
            LEFT,
            RIGHT,
            view=(LANE, OTHER_LANE),
            others=(at("same", LEFT, form="same"), at("zero vector", ZERO, RIGHT)),
        ),
        xp="xp.matmul(x, y)",
        torch="torch.dot(x, y)",
        jax="jnp.dot(x, y)",
        tensorflow="tf.tensordot(x, y, 1)",
    ),
    entry(
        "inner",
        "the products of all rows of x with all rows of y",
        lambda m, x, y: x @ y.T,
        arrays(ROWS, OTHER_ROWS, others=(at("same", ROWS, form="same"),)),
        xp="xp.matmul(x, y.T)",
        torch="torch.inner(x, y)",
        jax="jnp.inner(x, y)",
        tensorflow="tf.experimental.numpy.inner(x, y)",
    ),
    entry(
        "outer",
        "x[i] y[j]",
        lambda m, x, y: x[:, None] * y,
        arrays(LEFT, RIGHT, view=(LANE, OTHER_LANE), others=(at("same", LEFT, form="same"),)),
        xp="x[:, None] * y",
        torch="torch.outer(x, y)",
        jax="jnp.outer(x, y)",
        tensorflow="tf.experimental.numpy.outer(x, y)",
    ),
    entry(
        "kron",
        "every element of x times all of y",
        lambda m, x, y: m.np.kron(x, y),
        arrays((LEFT,), SQUARE, others=(at("same", ((0.5, -1.25),), form="same"),)),
        xp="xp.reshape(x[:, None, :, None] * y[None, :, None, :], (x.shape[0] * y.shape[0], -1))",
        torch="torch.kron(x, y)",
        jax="jnp.kron(x, y)",
        tensorflow="tf.experimental.numpy.kron(x, y)",
    ),
    entry(
        "tensordot",
        "sum over i and j of x[i, j] y[j, i]",
        lambda m, x, y: m.np.sum(x * y.T),
        arrays(SQUARE, OTHER_SQUARE, others=(at("same", SQUARE, form="same"),)),
        xp="xp.sum(x * y.T)",
        torch="torch.tensordot(x, y, ((0, 1), (1, 0)))",
        jax="jnp.tensordot(x, y, ((0, 1), (1, 0)))",
        tensorflow="tf.tensordot(x, y, ((0, 1), (1, 0)))",
    ),
    entry(
        "einsum",
        "sum over j of x[i, j] y[k, j] x[k, j]",
        lambda m, x, y: x @ (y * x).T,
        arrays(ROWS, OTHER_ROWS, others=(at("same", ROWS, form="same"),)),
        xp="xp.einsum('ij,kj,kj->ik', x, y, x)",
        torch="torch.einsum('ij,kj,kj->ik', x, y, x)",
        jax="jnp.einsum('ij,kj,kj->ik', x, y, x)",
        tensorflow="tf.einsum('ij,kj,kj->ik', x, y, x)",
    ),
    entry(
        "einsum-diagonal",
        "x[i, i] times the sum of y's row i",
        lambda m, x, y: m.np.diagonal(x) * m.np.sum(y, axis=1),
        arrays(SQUARE, OTHER_SQUARE, others=(at("same", SQUARE, form="same"),)),
        xp="xp.linalg.diagonal(x) * xp.sum(y, axis=1)",
        torch="torch.einsum('ii,ij->i', x, y)",
        jax="jnp.einsum('ii,ij->i', x, y)",
        tensorflow="tf.einsum('ii,ij->i', x, y)",
    ),
    entry(
        "block_diag",
        "x and y along the diagonal, zeros elsewhere",
        block_diagonal,
        arrays(SQUARE, ((2.0,),), others=(at("same", ((0.5, -1.25),), form="same"),)),
        xp=(
            "xp.concat((xp.concat((x, xp.zeros((x.shape[0], y.shape[1]))), axis=1), "
            "xp.concat((xp.zeros((y.shape[0], x.shape[1])), y), axis=1)))"
        ),
        torch="torch.block_diag(x, y)",
        jax="jax.scipy.linalg.block_diag(x, y)",
        tensorflow=(
            "tf.linalg.LinearOperatorBlockDiag([tf.linalg.LinearOperatorFullMatrix(x), "
            "tf.linalg.LinearOperatorFullMatrix(y)]).to_dense()"
        ),
    ),
    entry(
        "vander",
        "the powers 3 to 0 of each x",
        lambda m, x: m.np.stack([x * x * x, x * x, x, x * 0 + 1], axis=1),
        arrays(LEFT, others=(at("zeros", ZERO), at("one zero", (0.5, 0.0, -1.0)))),
        xp="xp.stack((x * x * x, x * x, x, xp.ones_like(x)), axis=1)",
        torch="torch.vander(x, 4)",
        jax="jnp.vander(x, 4)",
        tensorflow="tf.experimental.numpy.vander(x, 4)",
    ),
    entry(
        "polyval",
        "c[0] x^2 + c[1] x + c[2]",
        lambda m, c, x: c[0] * x * x + c[1] * x + c[2],
        arrays(LEFT, RIGHT, others=(at("at zero", LEFT, ZERO), at("same", LEFT, form="same"))),
        xp="(c[0] * x + c[1]) * x + c[2]",
        jax="jnp.polyval(c, x)",
        tensorflow="tf.experimental.numpy.polyval(c, x)",
        lacks={"torch": "PyTorch evaluates no polynomial of given coefficients"},
    ),
)
