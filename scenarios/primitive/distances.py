"""Losses of distances and angles between vectors.

One convention: vectors lie along the last axis.
"""

from scenarios.primitive.writing import at, chapter, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
X, Y, Z = (0.75, -0.5, 2.0), (0.25, 0.5, -1.5), (1.0, -0.25, 1.5)
ZERO = (0.0, 0.0, 0.0)
LANES = ((0.75, 0.0, -0.5, 0.0, 2.0, 0.0), (0.25, 0.0, 0.5, 0.0, -1.5, 0.0))
PAIR, OTHER = (X, Y), (Z, Z)


def length(m, x):
    return m.sqrt(m.np.sum(x**2, axis=-1))


def cosine(m, x, y):
    """Of vectors longer than 1e-7 by Lagrange's identity, whose zeros are exact where they are
    parallel: <x, x> <y, y> - <x, y>^2 is the sum of (x[i] y[j] - x[j] y[i])^2 over i < j."""
    inner, floor = m.np.sum(x * y), m.mp.mpf(1e-7)
    squares = [m.np.sum(vector**2) for vector in (x, y)]
    if all(square > floor**2 for square in squares):
        products = x[:, None] * y
        sine = m.np.sum((products - products.T) ** 2) / 2 / (squares[0] * squares[1])
        return m.sqrt(1 - sine) * (1 if inner > 0 else -1)
    floored = [m.sqrt(square) if square > floor**2 else floor for square in squares]
    return inner / (floored[0] * floored[1])


TABLE = (
    entry(
        "cosine_similarity",
        "<x, y> / (max(|x|, 1e-7) max(|y|, 1e-7))",
        cosine,
        several(
            (X, Y),
            at("parallel", X, (1.5, -1.0, 4.0)),
            at("same", X, form="same"),
            at("zero", ZERO, Y),
            at("below the floor", (1e-9, 2e-9, -3e-9), Y),
            at("tiny and huge", (1e-5, 2e-5, -3e-5), (1e100, 2e100, 3e100)),
            lane=LANES,
        ),
        xp=(
            "xp.sum(x * y, axis=-1) / xp.sqrt(xp.maximum(xp.sum(x * x, axis=-1), 1e-14) "
            "* xp.maximum(xp.sum(y * y, axis=-1), 1e-14))"
        ),
        torch="torch.nn.functional.cosine_similarity(x, y, -1, 1e-7)",
        tensorflow="-tf.keras.losses.cosine_similarity(x, y)",
        lacks=NO_JAX,
    ),
)
