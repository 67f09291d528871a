"""Pooling: the largest number or the mean of every window.

One convention: x is (batch, channels, ...); TensorFlow's arrays are transposed on the way, since
its CPU kernels want channels last.
"""

from scenarios.primitive.patches import padded, windows, windows2d
from scenarios.primitive.writing import at, chapter, kink

entry = chapter("pooling")


def largest(m, x, axis):
    return m.np.max(x, axis=axis)


def mean(m, x, axis, count):
    return m.np.sum(x, axis=axis) / count


FLAT = "tf.transpose({}(tf.transpose(x, (0, 2, 1)), {}), (0, 2, 1))"
DEEP = "tf.transpose({}(tf.transpose(x, (0, 2, 3, 1)), {}), (0, 3, 1, 2))"
MAX = "jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, {})"
SAME = '(1, 1, 3), (1, 1, 2), "SAME"'
SUM = "jax.lax.reduce_window(x, 0.0, jax.lax.add, {})"

ROW = (((0.5, -1.0, 2.0, 0.25, 1.5, -0.75),),)
LEVEL = (((1.0, 1.0, 2.0, 0.25, 1.5, 1.5),),)
ZEROS = (((0.0, 0.0, 0.0, 0.0, 0.0, 0.0),),)
DOWN = (((-3.0, -2.0, -1.0, -4.0, -1e300, -5.0),),)
WIDE = (((0.5, 9.0, -1.0, 9.0, 2.0, 9.0, 0.25, 9.0),),)
FIVE = (((0.5, -1.0, 2.0, 0.25, 1.5),),)
IMAGE = ((((0.5, -1.0, 2.0), (0.25, 1.5, -0.5), (1.0, 0.75, -2.0)),),)
IMAGE_LEVEL = ((((0.5, -1.0, 2.0), (0.25, 1.5, 1.5), (1.0, 1.5, -2.0)),),)
IMAGE_DOWN = ((((-0.5, -1.0, -2.0), (-0.25, -1.5, -0.75), (-1.25, -3.0, -4.0)),),)


def tried(x, *others):
    return (at("generic", x), *others, at("twice", x, form="twice"))


def row(*others):
    return (*tried(ROW, *others), at("view", WIDE, form="view"))


TABLE = (
    entry(
        "max_pool1d",
        "max of x[2i], x[2i + 1]",
        lambda m, x: largest(m, windows(m, x, 2, 2), -1),
        row(
            kink("tie", LEVEL),
            kink("all equal", ZEROS),
            at("negative", DOWN),
        ),
        xp="xp.max(xp.reshape(x, (1, 1, -1, 2)), axis=-1)",
        torch="torch.nn.functional.max_pool1d(x, 2)",
        jax=MAX.format('(1, 1, 2), (1, 1, 2), "VALID"'),
        tensorflow=FLAT.format("tf.nn.max_pool1d", '2, 2, "VALID"'),
    ),
    entry(
        "max_pool1d_dilated",
        "max of x[i], x[i + 2]",
        lambda m, x: largest(m, windows(m, x, 2, 1, 2), -1),
        tried(ROW, kink("tie", (((1.0, 0.0, 1.0, 0.25, 1.5, -0.75),),)), at("negative", DOWN)),
        xp="xp.maximum(x[:, :, :-2], x[:, :, 2:])",
        torch="torch.nn.functional.max_pool1d(x, 2, 1, dilation=2)",
        jax=MAX.format('(1, 1, 2), (1, 1, 1), "VALID", window_dilation=(1, 1, 2)'),
        tensorflow=FLAT.format("tf.nn.pool", '[2], "MAX", dilations=[2]'),
    ),
    entry(
        "max_pool2d",
        "max of x[i + k, j + l] for k and l 0 and 1",
        lambda m, x: largest(m, windows2d(m, x, (2, 2)), (-1, -2)),
        tried(
            IMAGE,
            kink("tie", IMAGE_LEVEL),
            at("negative", IMAGE_DOWN),
        ),
        xp=(
            "xp.maximum(xp.maximum(x[:, :, 1:, 1:], x[:, :, 1:, :-1]), "
            "xp.maximum(x[:, :, :-1, 1:], x[:, :, :-1, :-1]))"
        ),
        torch="torch.nn.functional.max_pool2d(x, 2, 1)",
        jax=MAX.format('(1, 1, 2, 2), (1, 1, 1, 1), "VALID"'),
        tensorflow=DEEP.format("tf.nn.max_pool2d", '2, 1, "VALID"'),
    ),
    entry(
        "max_pool2d_padded",
        "max of what is there of x[2i + k - 1, 2j + l - 1] for k and l 0 and 1",
        lambda m, x: largest(
            m, windows2d(m, padded(m, x, (1, 0), (1, 0), fill=-m.mp.inf), (2, 2), 2), (-1, -2)
        ),
        tried(
            IMAGE,
            at("negative", IMAGE_DOWN),
            kink("tie", IMAGE_LEVEL),
        ),
        xp=(
            "xp.stack([xp.stack([x[:, :, 0, 0], xp.max(x[:, :, 0, 1:], axis=-1)], axis=-1), "
            "xp.stack([xp.max(x[:, :, 1:, 0], axis=-1), xp.max(x[:, :, 1:, 1:], axis=(2, 3))], "
            "axis=-1)], axis=2)"
        ),
        torch="torch.nn.functional.max_pool2d(x, 2, 2, 1)",
        jax=MAX.format("(1, 1, 2, 2), (1, 1, 2, 2), [(0, 0), (0, 0), (1, 1), (1, 1)]"),
        tensorflow=DEEP.format("tf.nn.max_pool2d", "2, 2, [(0, 0), (1, 1), (1, 1), (0, 0)]"),
    ),
    entry(
        "max_pool_global",
        "the largest number of all places",
        lambda m, x: largest(m, x, (-1, -2))[..., None, None],
        tried(IMAGE, kink("tie", ((((0.5, 2.0, 2.0), (0.25, 1.5, -0.5), (1.0, 0.75, -2.0)),),))),
        xp="xp.max(x, axis=(2, 3), keepdims=True)",
        torch="torch.nn.functional.adaptive_max_pool2d(x, 1)",
        jax="jnp.max(x, axis=(2, 3), keepdims=True)",
        tensorflow="tf.reduce_max(x, axis=(2, 3), keepdims=True)",
    ),
    entry(
        "avg_pool1d",
        "(x[2i] + x[2i + 1]) / 2",
        lambda m, x: mean(m, windows(m, x, 2, 2), -1, 2),
        row(
            at("zeros", ZEROS),
            at("cancellation", (((1e9, -1e9, 2.0, 0.25, 1.5, -1.5),),)),
        ),
        xp="xp.mean(xp.reshape(x, (1, 1, -1, 2)), axis=-1)",
        torch="torch.nn.functional.avg_pool1d(x, 2)",
        jax=SUM.format('(1, 1, 2), (1, 1, 2), "VALID"') + " / 2",
        tensorflow=FLAT.format("tf.nn.avg_pool1d", '2, 2, "VALID"'),
    ),
    entry(
        "avg_pool2d",
        "the mean of x[i + k, j + l] for k and l 0 and 1",
        lambda m, x: mean(m, windows2d(m, x, (2, 2)), (-1, -2), 4),
        tried(IMAGE),
        xp="(x[:, :, 1:, 1:] + x[:, :, 1:, :-1] + x[:, :, :-1, 1:] + x[:, :, :-1, :-1]) / 4",
        torch="torch.nn.functional.avg_pool2d(x, 2, 1)",
        jax=SUM.format('(1, 1, 2, 2), (1, 1, 1, 1), "VALID"') + " / 4",
        tensorflow=DEEP.format("tf.nn.avg_pool2d", '2, 1, "VALID"'),
    ),
    entry(
        "avg_pool_global",
        "the mean of all places",
        lambda m, x: mean(m, x, (-1, -2), 9)[..., None, None],
        tried(IMAGE),
        xp="xp.mean(x, axis=(2, 3), keepdims=True)",
        torch="torch.nn.functional.adaptive_avg_pool2d(x, 1)",
        jax="jnp.mean(x, axis=(2, 3), keepdims=True)",
        tensorflow="tf.reduce_mean(x, axis=(2, 3), keepdims=True)",
    ),
)
