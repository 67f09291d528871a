"""Losses of distances and angles between vectors.

One convention: vectors lie along the last axis.
"""

from scenarios.primitive.writing import at, chapter, kink, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
NEITHER = NO_JAX | {"tensorflow": "TensorFlow ships no such loss"}
X, Y, Z = (0.75, -0.5, 2.0), (0.25, 0.5, -1.5), (1.0, -0.25, 1.5)
ZERO = (0.0, 0.0, 0.0)
EPSILON = 9.999999960041972e-13  # PyTorch has it as a float
LANES = ((0.75, 0.0, -0.5, 0.0, 2.0, 0.0), (0.25, 0.0, 0.5, 0.0, -1.5, 0.0))
MOVED = (0.75 + 2.0**-20, -0.5 + 2.0**-20, 2.0 + 2.0**-20)
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


def embedded_cosine(m, x, y, sign):
    """With what PyTorch adds under the root, so that there is no pole at 0."""
    squares = (m.np.sum(x**2, axis=-1) + EPSILON) * (m.np.sum(y**2, axis=-1) + EPSILON)
    angle = m.np.sum(x * y, axis=-1) / m.sqrt(squares)
    return m.np.where(sign == 1, 1 - angle, m.maximum(angle, 0))


TABLE = (
    entry(
        "pairwise_distance",
        "|x - y + 2^-20|, the length of each row",
        lambda m, x, y: length(m, x - y + 2.0**-20),
        several(
            (X, Y),
            at("equal", X, X),
            at("same", X, form="same"),
            kink("zero", X, MOVED),
            at("far", (1e100, -0.5, 2.0), Y),
            lane=LANES,
        ),
        xp="xp.sqrt(xp.sum(xp.square(x - y + 2.0**-20), axis=-1))",
        torch="torch.nn.functional.pairwise_distance(x, y, eps=2.0**-20)",
        lacks=NEITHER,
    ),
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
    entry(
        "cosine_embedding_loss",
        "1 - c where sign = 1, else max(c, 0), c = <x, y> / sqrt((<x, x> + e) (<y, y> + e)), "
        "e = 1e-12 in float32",
        embedded_cosine,
        several(
            (PAIR, OTHER, (1, -1)),
            at("acute", OTHER, PAIR, (-1, 1)),
            at("zero", (ZERO, X), OTHER, (1, -1)),
            kink("orthogonal", ((1.0, 0.0, 2.0), X), ((0.0, 0.5, 0.0), Z), (-1, 1)),
            lane=((LANES[0], LANES[1]), (LANES[1], LANES[0]), (1, -1)),
        ),
        xp=(
            "(lambda c: xp.where(sign == 1, 1.0 - c, xp.maximum(c, 0.0)))(xp.sum(x * y, axis=-1)"
            f" / xp.sqrt((xp.sum(x * x, axis=-1) + {EPSILON})"
            f" * (xp.sum(y * y, axis=-1) + {EPSILON})))"
        ),
        torch="torch.nn.functional.cosine_embedding_loss(x, y, sign, reduction='none')",
        lacks=NEITHER,
        integers=("sign",),
    ),
    entry(
        "triplet_margin_loss",
        "max(|x - y| - |x - z| + 1, 0) of each row",
        lambda m, x, y, z: m.maximum(length(m, x - y) - length(m, x - z) + 1, 0),
        several(
            (X, Y, Z),
            at("past the margin", X, Z, (9.0, 9.0, 9.0)),
            kink("at the margin", ZERO, (1.0, 0.0, 0.0), (0.0, 2.0, 0.0)),
            kink("anchor met", X, X, Z),
            lane=(*LANES, (1.0, 0.0, -0.25, 0.0, 1.5, 0.0)),
        ),
        xp=(
            "xp.maximum(xp.sqrt(xp.sum(xp.square(x - y), axis=-1)) "
            "- xp.sqrt(xp.sum(xp.square(x - z), axis=-1)) + 1.0, 0.0)"
        ),
        torch="torch.nn.functional.triplet_margin_loss(x, y, z, eps=0.0, reduction='none')",
        lacks=NEITHER,
    ),
)
