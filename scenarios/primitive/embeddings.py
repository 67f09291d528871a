"""Embeddings: rows of a matrix by their indices, alone and in bags.

One convention: an index that repeats adds up in the derivative.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("layers")


def present(m, weight, index):
    """The mean of the rows that each bag names, of which row 0 is none."""
    counted = (index > 0)[:, :, None]
    return m.np.sum(weight[index] * counted, axis=1) / m.np.sum(counted, axis=1)


ROWS = ((0.5, -1.0), (2.0, 0.25), (1.5, -0.75))
NO_BAG = {"jax": "JAX has no embedding bag"}

TABLE = (
    entry(
        "embedding",
        "weight[index]",
        lambda m, weight, index: weight[index],
        (
            at("generic", ROWS, (2, 0, 1)),
            at("repeated indices", ROWS, (1, 1, 1)),
            at("twice", ROWS, (2, 0, 2), form="twice"),
            at("view", ((0.5, 9.0, -1.0), (2.0, 9.0, 0.25)), (1, 1), form="view"),
            at("no index", ROWS, ()),
        ),
        xp="xp.take(weight, index, axis=0)",
        torch="torch.nn.functional.embedding(index, weight)",
        jax="jnp.take(weight, index, axis=0)",
        tensorflow="tf.nn.embedding_lookup(weight, index)",
        integers=("index",),
    ),
    entry(
        "one_hot_embedding",
        "one_hot(index) weight",
        lambda m, weight, index: weight[index],
        (
            at("generic", ROWS, (2, 0, 1)),
            at("repeated indices", ROWS, (1, 1, 1)),
            at("twice", ROWS, (2, 0, 2), form="twice"),
        ),
        xp="xp.matmul(xp.take(xp.eye(3), index, axis=0), weight)",
        torch="torch.nn.functional.one_hot(index, 3).to(weight.dtype) @ weight",
        jax="jax.nn.one_hot(index, 3, dtype=weight.dtype) @ weight",
        tensorflow="tf.one_hot(index, 3, dtype=weight.dtype) @ weight",
        integers=("index",),
    ),
    entry(
        "embedding_bag_sum",
        "sum over j of share[i, j] weight[index[i, j]]",
        lambda m, weight, share, index: m.np.sum(weight[index] * share[:, :, None], axis=1),
        (
            at("generic", ROWS, ((1.5, 0.5), (-0.25, 2.0)), ((2, 0), (1, 2))),
            at("repeated indices", ROWS, ((1.5, 0.5), (-0.25, 2.0)), ((1, 1), (1, 1))),
            at("shares of zero", ROWS, ((0.0, 0.0), (0.0, 0.0)), ((2, 0), (1, 2))),
            at("twice", ROWS, ((1.5, 0.5), (-0.25, 2.0)), ((2, 0), (1, 2)), form="twice"),
        ),
        xp=(
            "xp.sum(xp.reshape(xp.take(weight, xp.reshape(index, (4,)), axis=0), (2, 2, 2)) "
            "* share[:, :, None], axis=1)"
        ),
        torch=(
            'torch.nn.functional.embedding_bag(index, weight, mode="sum", per_sample_weights=share)'
        ),
        tensorflow=(
            "tf.nn.embedding_lookup_sparse(weight, tf.RaggedTensor.from_tensor(index), "
            'tf.RaggedTensor.from_tensor(share), combiner="sum")'
        ),
        lacks=NO_BAG,
        integers=("index",),
    ),
)
