"""Vectors normalised, clipped and parametrised by their lengths.

One convention: vectors are rows.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("normalisation")


def length(m, x):
    return m.sqrt(m.np.sum(x * x, axis=-1, keepdims=True))


def bounded(m, x, least):
    """The length of each row, or `least` where that is more; no square root is taken at 0."""
    squares = m.np.sum(x * x, axis=-1, keepdims=True)
    return m.either(lambda s: s > least * m.mp.mpf(least), m.sqrt, lambda s: s * 0 + least)(squares)


def shortened(m, x):
    squares = m.np.sum(x * x, axis=-1, keepdims=True)
    factor = m.either(lambda s: s > 25, lambda s: 5 / m.sqrt(s), lambda s: s * 0 + 1)
    return x * factor(squares)


ROWS = ((0.5, -1.25, 2.0), (1.5, 0.25, -0.75))
LENGTHS = ((1.5,), (-0.5,))

TABLE = (
    entry(
        "l2_normalize",
        "x / max(|x|, 1e-12), of each row",
        lambda m, x: x / bounded(m, x, 1e-12),
        (
            at("generic", ((3.0, -1.0), (0.5, 0.75))),
            at("zero row", ((0.0, 0.0), (0.5, 0.75))),
            at("short", ((2e-13, -1e-13), (1e-200, 3e-200))),
            at("axis", ((2.0, 0.0), (0.0, -1e-9))),
            at("twice", ((3.0, -1.0), (0.5, 0.75)), form="twice"),
            at("view", ((3.0, 9.0, -1.0, 9.0), (0.5, 9.0, 0.75, 9.0)), form="view"),
        ),
        xp="x / xp.sqrt(xp.maximum(xp.sum(x * x, axis=-1, keepdims=True), 1e-24))",
        torch="torch.nn.functional.normalize(x, dim=-1, eps=1e-12)",
        tensorflow="tf.math.l2_normalize(x, axis=-1, epsilon=1e-24)",
        lacks={"jax": "JAX has no function that normalises vectors"},
    ),
    entry(
        "clip_by_norm",
        "x min(1, 5 / |x|), of each row",
        shortened,
        (
            at("generic", ((3.0, -6.0), (0.5, 9.0))),
            at("zero row", ((0.0, 0.0), (0.5, 9.0))),
            at("short rows", ((1.0, 2.0), (-0.5, 0.25))),
            at("at the bound", ((3.0, 4.0), (0.5, 9.0)), exists=0),
            at("twice", ((3.0, -6.0), (0.5, 9.0)), form="twice"),
        ),
        xp=(
            "(lambda s: x * 5 / xp.sqrt(xp.maximum(s, 25)))(xp.sum(x * x, axis=-1, keepdims=True))"
        ),
        tensorflow="tf.clip_by_norm(x, 5.0, axes=[-1])",
        lacks={
            "torch": "PyTorch has no such function; torch.renorm adds 1e-7 to the length",
            "jax": "JAX has no function that clips by the norm; Optax, another package, has",
        },
    ),
    entry(
        "weight_norm",
        "g v / |v|, of each row",
        lambda m, v, g: g * v / length(m, v),
        (
            at("generic", ROWS, LENGTHS),
            at("short", ((1e-90, 2e-90, -1e-90), (1e-80, 0.0, 0.0)), LENGTHS),
            at("axes", ((2.0, 0.0, 0.0), (0.0, 0.0, -0.5)), ((1.5,), (0.0,))),
            at("twice", ROWS, LENGTHS, form="twice"),
        ),
        xp="g * v / xp.sqrt(xp.sum(v * v, axis=-1, keepdims=True))",
        numpy="g * (v / engine.linalg.vector_norm(v, axis=-1, keepdims=True))",
        torch="torch._weight_norm(v, g, 0)",
        lacks={
            "jax": "JAX has no weight normalisation",
            "tensorflow": "TensorFlow has no weight normalisation",
        },
        source="Salimans and Kingma, 2016",
    ),
)
