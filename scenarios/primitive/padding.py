"""Padding, and windows that overlap.

One convention: rows are padded by two numbers before and one after.
"""

from scenarios.primitive.writing import arrays, chapter

entry = chapter("padding")

ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))
SIX = (0.5, -1.25, 2.0, 0.75, 1.5, -0.25)


def picked(places):
    """Return what takes columns, so that a padding says where its numbers come from."""
    return lambda m, x: x[:, list(places)]


TABLE = (
    entry(
        "pad-constant",
        "rows with 3/2 around them",
        lambda m, x: m.np.pad(x, ((0, 0), (2, 1)), constant_values=1.5),
        arrays(ROWS, view=(LANES,)),
        xp="xp.concat((xp.full((2, 2), 1.5), x, xp.full((2, 1), 1.5)), axis=1)",
        torch="torch.nn.functional.pad(x, (2, 1), value=1.5)",
        jax="jnp.pad(x, ((0, 0), (2, 1)), constant_values=1.5)",
        tensorflow="tf.pad(x, ((0, 0), (2, 1)), constant_values=1.5)",
    ),
    entry(
        "pad-reflect",
        "rows mirrored at their first and last elements, which are not repeated",
        picked((2, 1, 0, 1, 2, 1)),
        arrays(ROWS, view=(LANES,)),
        xp="xp.concat((x[:, 2:], x[:, 1:2], x, x[:, 1:2]), axis=1)",
        torch="torch.nn.functional.pad(x, (2, 1), mode='reflect')",
        jax="jnp.pad(x, ((0, 0), (2, 1)), mode='reflect')",
        tensorflow="tf.pad(x, ((0, 0), (2, 1)), 'REFLECT')",
    ),
    entry(
        "pad-symmetric",
        "rows mirrored beyond their first and last elements, which are repeated",
        picked((1, 0, 0, 1, 2, 2)),
        arrays(ROWS),
        xp="xp.concat((x[:, 1:2], x[:, :1], x, x[:, 2:]), axis=1)",
        jax="jnp.pad(x, ((0, 0), (2, 1)), mode='symmetric')",
        tensorflow="tf.pad(x, ((0, 0), (2, 1)), 'SYMMETRIC')",
        lacks={"torch": "PyTorch pads with no mirror image that repeats the edge"},
    ),
    entry(
        "pad-edge",
        "rows with their first and last elements repeated",
        picked((0, 0, 0, 1, 2, 2)),
        arrays(ROWS, view=(LANES,)),
        xp="xp.concat((x[:, :1], x[:, :1], x, x[:, 2:]), axis=1)",
        torch="torch.nn.functional.pad(x, (2, 1), mode='replicate')",
        jax="jnp.pad(x, ((0, 0), (2, 1)), mode='edge')",
        lacks={"tensorflow": "TensorFlow pads with no repeated edge"},
    ),
    entry(
        "crop",
        "rows without their first element",
        lambda m, x: x[:, 1:],
        arrays(ROWS),
        xp="x[:, 1:]",
        torch="torch.nn.functional.pad(x, (-1, 0))",
        jax="jax.lax.pad(x, x.dtype.type(0), ((0, 0, 0), (-1, 0, 0)))",
        tensorflow="tf.slice(x, (0, 1), (2, 2))",
    ),
    entry(
        "sliding_windows",
        "all windows of three elements that begin at every other one",
        lambda m, x: m.np.stack([x[:3], x[2:5]]),
        arrays(SIX),
        xp="xp.stack((x[:3], x[2:5]))",
        torch="x.unfold(0, 3, 2)",
        jax="jax.lax.conv_general_dilated_patches(x[None, None], (3,), (2,), 'VALID')[0].T",
        tensorflow="tf.signal.frame(x, 3, 2)",
    ),
)
