"""Distances of rows from each other.

One convention: where two rows are equal their Euclidean distance has no derivative.
"""

from scenarios.primitive.writing import at, chapter, kink

entry = chapter("layers")


def distances(m, x, y):
    gaps = x[:, None] - y
    return m.sqrt(m.np.sum(gaps * gaps, axis=-1))


def among(m, x):
    """The distances of every two rows."""
    return m.np.concatenate([distances(m, x[i : i + 1], x[i + 1 :])[0] for i in range(len(x) - 1)])


POINTS, OTHERS = ((0.5, -1.0), (2.0, 0.25), (-1.5, 0.75)), ((1.0, 0.5), (-0.75, 2.0))
NO_DISTANCES = {
    "jax": "JAX has no function for distances of rows",
    "tensorflow": "TensorFlow has no function for distances of rows",
}

TABLE = (
    entry(
        "cdist",
        "|x[i] - y[j]|, the Euclidean distances of two sets of rows",
        distances,
        (
            at("generic", POINTS, OTHERS),
            at("parallel to an axis", ((1.0, 2.5), (2.0, 0.5), (-0.75, 0.75)), OTHERS),
            at("close", ((1.0, 0.50000001), (2.0, 0.25), (-1.5, 0.75)), OTHERS),
            kink("zero distance", ((1.0, 0.5), (2.0, 0.25), (-1.5, 0.75)), OTHERS),
            at("twice", POINTS, OTHERS, form="twice"),
        ),
        xp=("xp.sqrt(xp.sum(xp.square(x[:, None] - y), axis=-1))"),
        torch="torch.cdist(x, y)",
        lacks=NO_DISTANCES,
    ),
    entry(
        "cdist_city",
        "sum of |x[i, k] - y[j, k]|, the city-block distances of two sets of rows",
        lambda m, x, y: m.np.sum(m.abs(x[:, None] - y), axis=-1),
        (
            at("generic", POINTS, OTHERS),
            kink("equal coordinate", ((1.0, 2.5), (2.0, 0.25), (-1.5, 0.75)), OTHERS),
            at("twice", POINTS, OTHERS, form="twice"),
        ),
        xp="xp.sum(xp.abs(x[:, None] - y), axis=-1)",
        torch="torch.cdist(x, y, p=1.0)",
        lacks=NO_DISTANCES,
    ),
    entry(
        "pdist",
        "|x[i] - x[j]| for i < j, the Euclidean distances of every two rows",
        among,
        (
            at("generic", POINTS),
            at("close", ((0.5, -1.0), (0.50000001, -1.0), (-1.5, 0.75))),
            kink("equal rows", ((0.5, -1.0), (0.5, -1.0), (-1.5, 0.75))),
            at("twice", POINTS, form="twice"),
        ),
        xp=(
            "xp.sqrt(xp.sum(xp.square(xp.stack([x[0] - x[1], x[0] - x[2], x[1] - x[2]])), axis=-1))"
        ),
        torch="torch.nn.functional.pdist(x)",
        lacks=NO_DISTANCES,
    ),
)
