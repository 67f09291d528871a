"""Distances of rows from each other.

One convention: where two rows are equal their Euclidean distance has no derivative.
"""

from scenarios.primitive.writing import at, chapter, kink

entry = chapter("layers")


def distances(m, x, y):
    gaps = x[:, None] - y
    return m.sqrt(m.np.sum(gaps * gaps, axis=-1))


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
)
