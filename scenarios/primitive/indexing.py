"""Indexing: taking elements, with and without repeats, and slices.

One convention: indices are integer arrays `i` (or `j`) that are arguments too, but are not
differentiated; a mask is one of zeros and ones.
"""

from scenarios.primitive.writing import arrays, at, chapter

entry = chapter("indexing")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))
REPEATS = (2, 0, 2, 2, 1)


def pairs_of(i, x):
    """The elements of every row of x at the places in that row of i."""
    return [[x[row, column] for column in columns] for row, columns in enumerate(i)]


TABLE = (
    entry(
        "take",
        "x[i] for each i",
        lambda m, x, i: x[i],
        arrays(
            VECTOR,
            REPEATS,
            view=(LANE, REPEATS),
            empty=(VECTOR, ()),
            others=(at("one repeated", VECTOR, (3, 3, 3, 3, 3)),),
        ),
        xp="xp.take(x, i, axis=0)",
        torch="torch.take(x, i)",
        jax="jnp.take(x, i)",
        tensorflow="tf.gather(x, i)",
        integers=("i",),
    ),
    entry(
        "index_select",
        "the columns x[:, i]",
        lambda m, x, i: x[:, i],
        arrays(ROWS, (2, 0, 2), view=(LANES, (2, 0, 2))),
        xp="xp.take(x, i, axis=1)",
        torch="torch.index_select(x, 1, i)",
        jax="jnp.take(x, i, axis=1)",
        tensorflow="tf.gather(x, i, axis=1)",
        integers=("i",),
    ),
    entry(
        "index_pairs",
        "x[i, j] for each pair of i and j",
        lambda m, x, i, j: x[i, j],
        arrays(ROWS, (0, 1, 1, 0), (2, 0, 0, 2), view=(LANES, (0, 1, 1, 0), (2, 0, 0, 2))),
        xp="xp.take(xp.reshape(x, (-1,)), i * x.shape[1] + j, axis=0)",
        torch="x[i, j]",
        jax="x[i, j]",
        tensorflow="tf.gather_nd(x, tf.stack((i, j), -1))",
        integers=("i", "j"),
    ),
    entry(
        "index_negative",
        "x[i] for each i, counted from the end",
        lambda m, x, i: x[i],
        arrays(VECTOR, (-1, 0, -4, -1)),
        xp="xp.take(x, i + x.shape[0] * (i < 0), axis=0)",
        torch="x[i]",
        jax="x[i]",
        integers=("i",),
        lacks={"tensorflow": "TensorFlow's gather takes no negative indices"},
    ),
    entry(
        "take_along_axis",
        "x[n, i[n, k]]",
        lambda m, x, i: m.np.array(pairs_of(i, x), object),
        arrays(
            ROWS,
            ((2, 0, 2, 2), (1, 1, 0, 1)),
            view=(LANES, ((2, 0, 2, 2), (1, 1, 0, 1))),
            empty=(ROWS, ((), ())),
        ),
        xp="xp.take_along_axis(x, i, axis=1)",
        torch="torch.take_along_dim(x, i, 1)",
        jax="jnp.take_along_axis(x, i, 1)",
        tensorflow="tf.gather(x, i, batch_dims=1)",
        integers=("i",),
    ),
    entry(
        "gather",
        "x[i[n, k], k]",
        lambda m, x, i: m.np.array(pairs_of(i.T, x.T), object).T,
        arrays(ROWS, ((1, 0, 1), (1, 1, 0), (1, 0, 0))),
        xp="xp.take_along_axis(x, i, axis=0)",
        torch="torch.gather(x, 0, i)",
        jax="jnp.take_along_axis(x, i, 0)",
        tensorflow="tf.experimental.numpy.take_along_axis(x, i, 0)",
        integers=("i",),
    ),
    entry(
        "masked_fill",
        "1/2 where i is 1, x elsewhere",
        lambda m, x, i: m.np.where(i == 1, 0.5, x),
        arrays(
            VECTOR,
            (0, 1, 1, 0),
            view=(LANE, (0, 1, 1, 0)),
            others=(at("nothing left", VECTOR, (1, 1, 1, 1)),),
        ),
        xp="xp.where(i == 1, 0.5, x)",
        torch="torch.masked_fill(x, i == 1, 0.5)",
        jax="jnp.where(i == 1, 0.5, x)",
        tensorflow="tf.where(i == 1, tf.cast(0.5, x.dtype), x)",
        integers=("i",),
    ),
    entry(
        "masked_select",
        "the elements of x where i is 1",
        lambda m, x, i: x[i == 1],
        arrays(VECTOR, (1, 0, 1, 1), view=(LANE, (1, 0, 1, 1))),
        numpy="x[i == 1]",
        torch="torch.masked_select(x, i == 1)",
        jax="x[jnp.nonzero(i == 1, size=3)[0]]",
        tensorflow="tf.boolean_mask(x, i == 1)",
        integers=("i",),
    ),
    entry(
        "one_hot_product",
        "x[i], as a product with rows of zeros and a one",
        lambda m, x, i: x[i],
        arrays(((0.5, -1.25), (0.75, 1.5), (2.0, -0.25)), (2, 0, 2)),
        xp="xp.matmul(xp.take(xp.eye(3), i, axis=0), x)",
        torch="torch.nn.functional.one_hot(i, 3).to(x.dtype) @ x",
        jax="jax.nn.one_hot(i, 3, dtype=x.dtype) @ x",
        tensorflow="tf.one_hot(i, 3, dtype=x.dtype) @ x",
        integers=("i",),
    ),
    entry(
        "slice_steps",
        "every other element but the first",
        lambda m, x: x[1::2],
        arrays(
            (0.5, -1.25, 2.0, 0.75, 1.5, -0.25),
            others=(at("zeros", (0.0,) * 6),),
        ),
        xp="x[1::2]",
        torch="x[1::2]",
        jax="x[1::2]",
        tensorflow="x[1::2]",
    ),
    entry(
        "slice_backwards",
        "every other element, beginning with the last",
        lambda m, x: x[::-2],
        arrays((0.5, -1.25, 2.0, 0.75, 1.5, -0.25)),
        xp="xp.flip(x, axis=0)[::2]",
        jax="x[::-2]",
        tensorflow="x[::-2]",
        lacks={"torch": "PyTorch's slices have no negative steps"},
    ),
    entry(
        "slice",
        "the second and the third column",
        lambda m, x: x[:, 1:3],
        arrays(ROWS, view=(LANES,)),
        xp="x[:, 1:3]",
        torch="torch.narrow(x, 1, 1, 2)",
        jax="jax.lax.dynamic_slice(x, (0, 1), (2, 2))",
        tensorflow="tf.slice(x, (0, 1), (2, 2))",
    ),
    entry(
        "element",
        "the last element but one of each row",
        lambda m, x: x[..., -2],
        arrays(ROWS, view=(LANES,)),
        xp="x[..., -2]",
        torch="x[..., -2]",
        jax="x[..., -2]",
        tensorflow="x[..., -2]",
    ),
    entry(
        "diag",
        "the diagonal matrix of a vector",
        lambda m, x: m.np.diag(x),
        arrays((0.5, -1.25, 2.0), view=((0.5, 9.0, -1.25, 9.0, 2.0, 9.0),)),
        xp="xp.eye(x.shape[0]) * x",
        torch="torch.diag(x)",
        jax="jnp.diag(x)",
        tensorflow="tf.linalg.diag(x)",
    ),
    entry(
        "diagonal",
        "the diagonal above the main one",
        lambda m, x: m.np.array([x[0, 1], x[1, 2]], object),
        arrays(ROWS, view=(LANES,)),
        xp="xp.linalg.diagonal(x[:, 1:])",
        torch="torch.diagonal(x, 1)",
        jax="jnp.diagonal(x, 1)",
        tensorflow="tf.linalg.diag_part(x, k=1)",
    ),
)
