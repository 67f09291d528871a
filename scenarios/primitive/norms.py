"""Norms of vectors.

One convention: a norm has no derivative at the zero vector; elsewhere each says where it has none.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("norms")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
ZERO = (0.0, 0.0, 0.0, 0.0)
ONE_ZERO = (0.5, 0.0, 2.0, 0.75)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))

TABLE = (
    entry(
        "norm-1",
        "sum |x|",
        lambda m, x: m.np.sum(m.abs(x)),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("zero vector", ZERO),
                kink("one zero", ONE_ZERO),
                at("subnormal", (1e-310, -2e-310, 5e-310, 1e-311)),
            ),
        ),
        xp="xp.sum(xp.abs(x))",
        numpy="engine.linalg.vector_norm(x, ord=1)",
        torch="torch.linalg.vector_norm(x, 1)",
        jax="jnp.linalg.norm(x, 1)",
        tensorflow="tf.norm(x, 1)",
    ),
    entry(
        "norm-2",
        "sqrt(sum x^2)",
        lambda m, x: m.sqrt(m.np.sum(x * x)),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("zero vector", ZERO),
                at("one zero", ONE_ZERO),
                at("one not zero", (0.0, -2.0, 0.0, 0.0)),
                at("small", (1e-120, -2e-120, 0.0, 2e-120)),
                at("large", (1e120, -2e120, 0.0, 2e120)),
            ),
        ),
        xp="xp.sqrt(xp.sum(xp.square(x)))",
        numpy="engine.linalg.vector_norm(x)",
        torch="torch.linalg.vector_norm(x)",
        jax="jnp.linalg.norm(x)",
        tensorflow="tf.norm(x)",
    ),
    entry(
        "norm-axis",
        "sqrt(sum x^2) along the last axis, which is kept",
        lambda m, x: m.sqrt(m.np.sum(x * x, axis=1, keepdims=True)),
        arrays(
            ROWS,
            view=(LANES,),
            others=(
                kink("zero row", ((0.5, -1.25, 2.0), (0.0, 0.0, 0.0))),
                at("zero column", ((0.5, 0.0, 2.0), (0.75, 0.0, -0.25))),
            ),
        ),
        xp="xp.sqrt(xp.sum(xp.square(x), axis=1, keepdims=True))",
        numpy="engine.linalg.vector_norm(x, axis=1, keepdims=True)",
        torch="torch.norm(x, dim=1, keepdim=True)",
        jax="jnp.linalg.norm(x, axis=1, keepdims=True)",
        tensorflow="tf.math.reduce_euclidean_norm(x, 1, keepdims=True)",
    ),
    entry(
        "norm-3",
        "(sum |x|^3)^(1/3)",
        lambda m, x: m.np.sum(m.abs(x) ** 3) ** (m.exact(1) / 3),
        arrays(
            VECTOR,
            others=(
                kink("zero vector", ZERO),
                at("one zero", ONE_ZERO, exists=2),
                at("two zeros", (0.0, -2.0, 0.0, 0.75), exists=2),
            ),
        ),
        xp="xp.sum(xp.abs(x) ** 3) ** (1 / 3)",
        numpy="engine.linalg.vector_norm(x, ord=3)",
        torch="torch.linalg.vector_norm(x, 3)",
        jax="jnp.linalg.norm(x, 3)",
        tensorflow="tf.norm(x, 3)",
    ),
    entry(
        "norm-inf",
        "the largest |x|",
        lambda m, x: m.np.max(m.abs(x)),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("zero vector", ZERO),
                kink("tie", (2.0, -1.25, 2.0, 0.75)),
                kink("tie of both signs", (2.0, -1.25, -2.0, 0.75)),
                at("one zero", ONE_ZERO),
            ),
        ),
        xp="xp.max(xp.abs(x))",
        numpy="engine.linalg.vector_norm(x, ord=float('inf'))",
        torch="torch.linalg.vector_norm(x, float('inf'))",
        jax="jnp.linalg.norm(x, float('inf'))",
        tensorflow="tf.norm(x, float('inf'))",
    ),
)
