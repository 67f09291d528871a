"""Convolutions: cross-correlations with a kernel, of one and two axes and in reverse.

One convention: x is (batch, channels, ...) and a kernel (out, in, ...), as in PyTorch and JAX;
TensorFlow's arrays are transposed on the way, since its CPU kernels want channels last.
"""

from scenarios.primitive.patches import padded, windows, windows2d
from scenarios.primitive.writing import at, chapter

entry = chapter("convolution")


def conv1d(m, x, kernel, stride=1, dilation=1):
    seen = windows(m, x, kernel.shape[-1], stride, dilation)
    return m.np.sum(seen[:, None] * kernel[:, :, None], axis=(2, 4))


def conv2d(m, x, kernel, stride=1, dilation=1):
    seen = windows2d(m, x, kernel.shape[-2:], stride, dilation)
    return m.np.sum(seen[:, None] * kernel[:, :, None, None], axis=(2, 5, 6))


def conv3d(m, x, kernel):
    """Of a kernel that is 1 long on the middle one of three axes."""
    planes = [conv2d(m, x[:, :, :, i], kernel[:, :, :, 0]) for i in range(x.shape[3])]
    return m.np.stack(planes, axis=3)


def grouped(m, x, kernel):
    """Each half of the channels with its own kernels."""
    half, out = x.shape[1] // 2, len(kernel) // 2
    parts = (conv2d(m, x[:, :half], kernel[:out]), conv2d(m, x[:, half:], kernel[out:]))
    return m.np.concatenate(parts, axis=1)


NWC, WIO, NCW = (0, 2, 1), (2, 1, 0), (0, 2, 1)
NHWC, HWIO, NCHW = (0, 2, 3, 1), (2, 3, 1, 0), (0, 3, 1, 2)


def channels_last(function, more, kernel=HWIO):
    """TensorFlow's function, of transposed arrays."""
    x, back = (NHWC, NCHW) if len(kernel) == 4 else (NWC, NCW)
    arrays = f"tf.transpose(x, {x}), tf.transpose(kernel, {kernel})"
    return f"tf.transpose({function}({arrays}, {more}), {back})"


SPREAD_TWO = "xp.asarray([[1, 0, 0], [0, 0, 1]])"  # zeros between numbers
SPREAD_THREE = "xp.asarray([[1, 0, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1]])"
ROW = (((0.5, -1.0, 2.0, 0.25, 1.5),),)
LINE = (((1.5, -0.75),),)
ZERO_LINE = (((0.0, 0.0),),)
IMAGE = ((((0.5, -1.0, 2.0), (0.25, 1.5, -0.5), (1.0, 0.75, -2.0)),),)
SQUARE = ((((1.5, -0.75), (0.5, 2.0)),),)
NOTHING = ((((0.0, 0.0), (0.0, 0.0)),),)
CANCELLING = ((((1e8, -1e8), (-1e8, 1.0)),),)
TWO = ((((0.5, -1.0), (0.25, 1.5)), ((2.0, 0.75), (-0.5, 1.0))),)
KERNELS = ((((1.5, -0.75),),), (((0.5, 2.0),),))


def tried(x, kernel, *others):
    """The points of a convolution: each is linear in x and in the kernel."""
    return (
        at("generic", x, kernel),
        *others,
        at("twice", x, kernel, form="twice"),
    )


TABLE = (
    entry(
        "conv1d",
        "sum over k of x[i + k] kernel[k]",
        lambda m, x, kernel: conv1d(m, x, kernel),
        (
            *tried(ROW, LINE, at("kernel of zeros", ROW, ZERO_LINE)),
            at("view", ROW, (((1.5, 9.0),),), form="view"),
            at("same", ROW, form="same"),
        ),
        xp="xp.conv(x[:, :, None], kernel[:, :, None])[:, :, 0]",
        torch="torch.nn.functional.conv1d(x, kernel)",
        jax='jax.lax.conv_general_dilated(x, kernel, (1,), "VALID")',
        tensorflow=channels_last("tf.nn.conv1d", '1, "VALID"', WIO),
    ),
    entry(
        "conv1d_same",
        "sum over k of x[i + k] kernel[k], with zeros around so that the length is kept",
        lambda m, x, kernel: conv1d(m, padded(m, x, (1, 2)), kernel),
        tried(ROW, (((1.5, -0.75, 0.5, 2.0),),), at("zeros", ROW, (((0.0, 0.0, 0.0, 0.0),),))),
        xp="xp.conv(x[:, :, None], kernel[:, :, None], padding=2)[:, :, 2, 1:]",
        torch='torch.nn.functional.conv1d(x, kernel, padding="same")',
        jax='jax.lax.conv_general_dilated(x, kernel, (1,), "SAME")',
        tensorflow=channels_last("tf.nn.conv1d", '1, "SAME"', WIO),
    ),
    entry(
        "conv1d_causal",
        "sum over k of x[i - 2 (2 - k)] kernel[k], with zeros before the first number",
        lambda m, x, kernel: conv1d(m, padded(m, x, (4, 0)), kernel, dilation=2),
        tried(ROW, (((1.5, -0.75, 0.5),),)),
        xp=(
            f"xp.conv(x[:, :, None], xp.matmul(kernel, {SPREAD_THREE})[:, :, None], padding=4)"
            "[:, :, 4, :5]"
        ),
        torch="torch.nn.functional.conv1d(x, kernel, padding=4, dilation=2)[..., :-4]",
        jax="jax.lax.conv_general_dilated(x, kernel, (1,), [(4, 0)], rhs_dilation=(2,))",
        tensorflow=(
            "tf.transpose(tf.nn.convolution("
            f"tf.pad(tf.transpose(x, {NWC}), ((0, 0), (4, 0), (0, 0))), "
            f'tf.transpose(kernel, {WIO}), padding="VALID", dilations=2), {NCW})'
        ),
    ),
    entry(
        "conv2d",
        "sum over k, l of x[i + k, j + l] kernel[k, l]",
        lambda m, x, kernel: conv2d(m, x, kernel),
        tried(
            IMAGE,
            SQUARE,
            at("kernel of zeros", IMAGE, NOTHING),
            at("cancellation", ((((1.0, 1.0, 1.0),) * 3,),), CANCELLING),
        ),
        xp="xp.conv(x, kernel)",
        torch="torch.nn.functional.conv2d(x, kernel)",
        jax='jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID")',
        tensorflow=channels_last("tf.nn.conv2d", '1, "VALID"'),
    ),
    entry(
        "conv2d_channels",
        "sum over c, k, l of x[c, i + k, j + l] kernel[o, c, k, l], two channels in and out",
        lambda m, x, kernel: conv2d(m, x, kernel),
        (
            *tried(TWO, ((((1.5,),), ((-0.75,),)), (((0.5,),), ((2.0,),)))),
            at("whole", TWO, (TWO[0],)),
        ),
        xp="xp.conv(x, kernel)",
        torch="torch.nn.functional.conv2d(x, kernel)",
        jax='jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID")',
        tensorflow=channels_last("tf.nn.conv2d", '1, "VALID"'),
    ),
    entry(
        "conv2d_strided",
        "sum over k, l of x[2i + k - 1, 2j + l - 1] kernel[k, l], with a zero all around",
        lambda m, x, kernel: conv2d(m, padded(m, x, (1, 1), (1, 1)), kernel, stride=2),
        tried(IMAGE, SQUARE, at("kernel of zeros", IMAGE, NOTHING)),
        xp="xp.conv(x, kernel, stride=2, padding=1)",
        torch="torch.nn.functional.conv2d(x, kernel, stride=2, padding=1)",
        jax="jax.lax.conv_general_dilated(x, kernel, (2, 2), [(1, 1), (1, 1)])",
        tensorflow=channels_last("tf.nn.conv2d", "2, [(0, 0), (1, 1), (1, 1), (0, 0)]"),
    ),
    entry(
        "conv2d_dilated",
        "sum over k, l of x[i + 2k, j + 2l] kernel[k, l]",
        lambda m, x, kernel: conv2d(m, x, kernel, dilation=2),
        tried(
            ((((0.5, -1.0, 2.0, 0.25), (0.25, 1.5, -0.5, 1.0), (1.0, 0.75, -2.0, 3.0)),),),
            SQUARE,
        ),
        xp=f"xp.conv(x, xp.matmul(xp.matmul({SPREAD_TWO}.T, kernel), {SPREAD_TWO}))",
        torch="torch.nn.functional.conv2d(x, kernel, dilation=2)",
        jax='jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", rhs_dilation=(2, 2))',
        tensorflow=channels_last("tf.nn.convolution", 'padding="VALID", dilations=2'),
    ),
    entry(
        "conv2d_grouped",
        "conv2d of each half of the channels with its half of the kernels",
        grouped,
        tried(TWO, KERNELS),
        xp=("xp.concat([xp.conv(x[:, :1], kernel[:1]), xp.conv(x[:, 1:], kernel[1:])], axis=1)"),
        torch="torch.nn.functional.conv2d(x, kernel, groups=2)",
        jax=('jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", feature_group_count=2)'),
        tensorflow=channels_last("tf.nn.depthwise_conv2d", '(1, 1, 1, 1), "VALID"', (2, 3, 0, 1)),
    ),
    entry(
        "conv3d",
        "sum over k, l of x[i + k, n, j + l] kernel[k, 0, l]",
        conv3d,
        tried(
            (((((0.5, -1.0), (2.0, 0.25)), ((1.5, -0.5), (1.0, 0.75))),),),
            (((((1.5, -0.75),), ((0.5, 2.0),)),),),
        ),
        xp=(
            "xp.permute_dims(xp.conv(xp.permute_dims(x[0], (2, 0, 1, 3)), kernel[:, :, :, 0]), "
            "(1, 2, 0, 3))[None]"
        ),
        torch="torch.nn.functional.conv3d(x, kernel)",
        jax='jax.lax.conv_general_dilated(x, kernel, (1, 1, 1), "VALID")',
        tensorflow=(
            "tf.transpose(tf.nn.conv3d(tf.transpose(x, (0, 2, 3, 4, 1)), "
            'tf.transpose(kernel, (2, 3, 4, 1, 0)), (1, 1, 1, 1, 1), "VALID"), (0, 4, 1, 2, 3))'
        ),
    ),
)
