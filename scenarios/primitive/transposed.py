"""Convolutions in reverse, which are what the derivatives of convolutions do.

One convention: x is (batch, in, ...) and a kernel (in, out, ...), as in PyTorch.
"""

from scenarios.primitive.convolution import SPREAD_THREE, WIO, channels_last, tried
from scenarios.primitive.writing import at, chapter

entry = chapter("convolution")


def transposed1d(m, x, kernel, stride):
    """What conv1d's derivative does: each number of x adds its multiple of the kernel."""
    count = (x.shape[2] - 1) * stride + kernel.shape[2]
    places = m.np.zeros((x.shape[2], kernel.shape[2], count), int)
    for i in range(x.shape[2]):
        for k in range(kernel.shape[2]):
            places[i, k, i * stride + k] = 1
    terms = x[:, :, None, :, None, None] * kernel[None, :, :, None, :, None] * places
    return m.np.sum(terms, axis=(1, 3, 4))


def transposed2d(m, x, kernel, stride):
    places = []
    for count, size in zip(x.shape[2:], kernel.shape[2:], strict=True):
        place = m.np.zeros((count, size, (count - 1) * stride + size), int)
        for i in range(count):
            for k in range(size):
                place[i, k, i * stride + k] = 1
        places.append(place)
    rows, columns = places
    where = rows[:, None, :, None, :, None] * columns[None, :, None, :, None, :]
    terms = m.np.multiply.outer(x[0, 0], kernel[0, 0])[..., None, None] * where
    return m.np.sum(terms, axis=(0, 1, 2, 3))[None, None]


SQUARE = ((((1.5, -0.75), (0.5, 2.0)),),)
NOTHING = ((((0.0, 0.0), (0.0, 0.0)),),)

TABLE = (
    entry(
        "conv_transpose1d",
        "sum over i, k with 2i + k = n of x[i] kernel[k]",
        lambda m, x, kernel: transposed1d(m, x, kernel, 2),
        tried(
            (((0.5, -1.0, 2.0),),),
            (((1.5, -0.75, 0.5),),),
            at("kernel of zeros", (((0.5, -1.0, 2.0),),), (((0.0, 0.0, 0.0),),)),
        ),
        xp=(
            f"xp.conv(xp.matmul(x, {SPREAD_THREE})[:, :, None], "
            "xp.flip(kernel, axis=-1)[:, :, None], padding=2)[:, :, 2]"
        ),
        torch="torch.nn.functional.conv_transpose1d(x, kernel, stride=2)",
        jax=(
            'jax.lax.conv_transpose(x, kernel, (2,), "VALID", transpose_kernel=True, '
            'dimension_numbers=("NCH", "OIH", "NCH"))'
        ),
        tensorflow=channels_last("tf.nn.conv1d_transpose", '(1, 7, 1), 2, "VALID"', WIO),
    ),
    entry(
        "conv_transpose2d",
        "sum over i, k with i + k = n, j, l with j + l = p of x[i, j] kernel[k, l]",
        lambda m, x, kernel: transposed2d(m, x, kernel, 1),
        tried(SQUARE, ((((0.5, -1.0), (2.0, 0.25)),),), at("zeros", SQUARE, NOTHING)),
        xp="xp.conv(x, xp.flip(xp.flip(kernel, axis=-1), axis=-2), padding=1)",
        torch="torch.nn.functional.conv_transpose2d(x, kernel)",
        jax=(
            'jax.lax.conv_transpose(x, kernel, (1, 1), "VALID", transpose_kernel=True, '
            'dimension_numbers=("NCHW", "OIHW", "NCHW"))'
        ),
        tensorflow=channels_last("tf.nn.conv2d_transpose", '(1, 3, 3, 1), 1, "VALID"'),
    ),
)
