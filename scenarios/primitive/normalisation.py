"""Normalisation: of layers, batches, groups and single vectors.

One convention: the second axis holds channels; each function's epsilon stands in its formula.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("normalisation")

STABLE = "jax.nn.standardize(x, axis={}, epsilon=1e-5, algorithm='stable')"
TF_BY_MOMENTS = "tf.nn.batch_normalization(x, *tf.nn.moments(x, {}, keepdims=True), {}, {}, {})"


def moments(m, x, axis):
    """Mean and variance, of all numbers and not of a sample, with the axis kept."""
    count = x.shape[axis]
    mean = m.np.sum(x, axis=axis, keepdims=True) / count
    return mean, m.np.sum((x - mean) * (x - mean), axis=axis, keepdims=True) / count


def standard(m, x, axis, epsilon):
    """x less its mean, over the square root of its variance plus epsilon."""
    mean, variance = moments(m, x, axis)
    return (x - mean) / m.sqrt(variance + epsilon)


def portable(axis, epsilon, x="x"):
    """What `standard` is in the portable names."""
    mean = f"xp.mean({x}, axis={axis}, keepdims=True)"
    square = f"xp.mean(y * y, axis={axis}, keepdims=True)"
    return f"(lambda y: y / xp.sqrt({square} + {epsilon}))({x} - {mean})"


def in_groups(m, x, weight, bias):
    count, channels, length = x.shape
    y = standard(m, x.reshape(count, 2, channels // 2 * length), -1, 1e-5)
    return y.reshape(x.shape) * weight[:, None] + bias[:, None]


ROWS = ((0.5, -1.25, 2.0), (1.5, 0.25, -0.75))
WIDE = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (1.5, 9.0, 0.25, 9.0, -0.75, 9.0))
CONSTANT = ((2.0, 2.0, 2.0), (0.5, -1.0, 1.5))
ZERO = ((0.0, 0.0, 0.0), (0.5, -1.0, 1.5))
FAR = ((1e6, 1000001.0, 1000003.0), (-2e6, -2000001.0, -1999997.0))
SMALL = ((1e-9, -2e-9, 3e-9), (2e-9, 1e-9, -1e-9))
WEIGHT, BIAS = (1.5, -0.5, 0.75), (0.25, 0.5, -1.0)
WIDE_WEIGHT, WIDE_BIAS = (1.5, 9.0, -0.5, 9.0, 0.75, 9.0), (0.25, 9.0, 0.5, 9.0, -1.0, 9.0)
TWO = ((1.5, -0.5), (0.25, 0.5))
COLUMNS = ((0.5, 1.5), (-1.25, 0.25), (2.0, -0.75))
WIDE_COLUMNS = ((0.5, 9.0, 1.5, 9.0), (-1.25, 9.0, 0.25, 9.0), (2.0, 9.0, -0.75, 9.0))
CHANNELS = (((0.5, -1.25), (2.0, 1.5), (0.25, -0.75), (1.0, 3.0)),)
LEVEL = (((2.0, 2.0), (2.0, 2.0), (0.25, -0.75), (1.0, 3.0)),)
FOUR, FOUR_MORE = (1.5, -0.5, 0.75, 2.0), (0.25, 0.5, -1.0, 0.75)


def affine(generic=ROWS, *others, weight=WEIGHT, bias=BIAS):
    """The points of a normalisation with weight and bias."""
    return (
        at("generic", generic, weight, bias),
        at("twice", generic, weight, bias, form="twice"),
        *others,
    )


TABLE = (
    entry(
        "layer_norm",
        "(x - mean) / sqrt(variance + 1e-5) * weight + bias, mean and variance of each row",
        lambda m, x, weight, bias: standard(m, x, -1, 1e-5) * weight + bias,
        affine(
            ROWS,
            at("constant row", CONSTANT, WEIGHT, BIAS),
            at("zero row", ZERO, WEIGHT, BIAS),
            at("far from zero", FAR, WEIGHT, BIAS),
            at("small", SMALL, WEIGHT, BIAS),
            at("view", WIDE, WIDE_WEIGHT, WIDE_BIAS, form="view"),
            at("one element", ((2.0,), (-0.5,)), (1.5,), (0.25,)),
        ),
        xp=f"{portable(-1, 1e-5)} * weight + bias",
        torch="torch.nn.functional.layer_norm(x, (x.shape[-1],), weight, bias, 1e-5)",
        jax=f"{STABLE.format(-1)} * weight + bias",
        tensorflow=TF_BY_MOMENTS.format("[-1]", "bias", "weight", 1e-5),
        source="Ba, Kiros and Hinton, 2016",
    ),
    entry(
        "standardize",
        "(x - mean) / sqrt(variance + 1e-12), mean and variance of each row",
        lambda m, x: standard(m, x, -1, 1e-12),
        (
            at("generic", ROWS),
            at("zero row", ZERO),
            at("nearly constant row", ((1.0, 1.0, 1.000001), (0.5, -1.0, 1.5))),
            at("far from zero", FAR),
            at("twice", ROWS, form="twice"),
            at("view", WIDE, form="view"),
        ),
        xp=portable(-1, 1e-12),
        torch="torch.nn.functional.layer_norm(x, (x.shape[-1],), None, None, 1e-12)",
        jax="jax.nn.standardize(x, axis=-1, epsilon=1e-12)",
        tensorflow=TF_BY_MOMENTS.format("[-1]", None, None, 1e-12),
    ),
    entry(
        "batch_norm_training",
        "(x - mean) / sqrt(variance + 1e-5) * weight + bias, mean and variance of each column",
        lambda m, x, weight, bias: standard(m, x, 0, 1e-5) * weight + bias,
        affine(
            COLUMNS,
            at("constant column", ((2.0, -1.25), (2.0, 0.25), (2.0, 1.5)), *TWO),
            at("far from zero", ((1e6, 5e5), (1000001.0, 500002.0), (1000003.0, 500001.0)), *TWO),
            at("view", WIDE_COLUMNS, (1.5, 9.0, -0.5, 9.0), (0.25, 9.0, 0.5, 9.0), form="view"),
            weight=TWO[0],
            bias=TWO[1],
        ),
        xp=f"{portable(0, 1e-5)} * weight + bias",
        torch="torch.nn.functional.batch_norm(x, None, None, weight, bias, True, 0.0, 1e-5)",
        jax=f"{STABLE.format(0)} * weight + bias",
        tensorflow=TF_BY_MOMENTS.format("[0]", "bias", "weight", 1e-5),
        source="Ioffe and Szegedy, 2015",
    ),
    entry(
        "batch_norm_evaluation",
        "(x - mean) / sqrt(variance + 1e-5) * weight + bias, of a mean and variance kept",
        lambda m, x, weight, bias, mean, variance: (
            (x - mean) / m.sqrt(x * 0 + variance + 1e-5) * weight + bias
        ),
        (
            at("generic", ROWS, WEIGHT, BIAS, (1, -2, 3), (4, 2, 1)),
            at("variance zero", ROWS, WEIGHT, BIAS, (1, -2, 3), (0, 2, 0)),
            at("twice", ROWS, WEIGHT, BIAS, (1, -2, 3), (4, 2, 1), form="twice"),
            at("view", WIDE, WIDE_WEIGHT, WIDE_BIAS, (1, -2, 3), (4, 2, 1), form="view"),
        ),
        xp="(x - mean) / xp.sqrt(variance + 1e-5) * weight + bias",
        torch=(
            "torch.nn.functional.batch_norm(x, mean.to(x.dtype), variance.to(x.dtype), weight, "
            "bias, False, 0.0, 1e-5)"
        ),
        jax="jax.nn.standardize(x, mean=mean, variance=variance, epsilon=1e-5) * weight + bias",
        tensorflow=(
            "tf.nn.batch_normalization("
            "x, tf.cast(mean, x.dtype), tf.cast(variance, x.dtype), bias, weight, 1e-5)"
        ),
        integers=("mean", "variance"),
    ),
    entry(
        "instance_norm",
        "(x - mean) / sqrt(variance + 1e-5) * weight + bias, mean and variance of each channel",
        lambda m, x, weight, bias: standard(m, x, -1, 1e-5) * weight[:, None] + bias[:, None],
        affine(
            (ROWS,),
            at("constant channel", (CONSTANT,), *TWO),
            weight=TWO[0],
            bias=TWO[1],
        ),
        xp=f"{portable(-1, 1e-5)} * weight[:, None] + bias[:, None]",
        torch="torch.nn.functional.instance_norm(x, None, None, weight, bias, True, 0.0, 1e-5)",
        jax=f"{STABLE.format(-1)} * weight[:, None] + bias[:, None]",
        tensorflow=TF_BY_MOMENTS.format("[-1]", "bias[:, None]", "weight[:, None]", 1e-5),
        source="Ulyanov, Vedaldi and Lempitsky, 2016",
    ),
    entry(
        "group_norm",
        "(x - mean) / sqrt(variance + 1e-5) * weight + bias, of each half of the channels",
        in_groups,
        affine(
            CHANNELS,
            at("constant group", LEVEL, FOUR, FOUR_MORE),
            weight=FOUR,
            bias=FOUR_MORE,
        ),
        xp=(
            "xp.reshape("
            + portable(-1, 1e-5, "xp.reshape(x, (x.shape[0], 2, -1))")
            + ", x.shape) * weight[:, None] + bias[:, None]"
        ),
        torch="torch.nn.functional.group_norm(x, 2, weight, bias, 1e-5)",
        lacks={
            "jax": "JAX has no group normalisation",
            "tensorflow": "TensorFlow has no group normalisation; Keras, another package, has",
        },
        source="Wu and He, 2018",
    ),
    entry(
        "rms_norm",
        "x / sqrt(mean of x^2 + 1e-5) * weight, the mean of each row",
        lambda m, x, weight: (
            x / m.sqrt(m.np.sum(x * x, axis=-1, keepdims=True) / x.shape[-1] + 1e-5) * weight
        ),
        (
            at("generic", ROWS, WEIGHT),
            at("zero row", ZERO, WEIGHT),
            at("small", SMALL, WEIGHT),
            at("large", ((1e6, -2e6, 3e6), (2e9, 1e9, -1e9)), WEIGHT),
            at("twice", ROWS, WEIGHT, form="twice"),
            at("view", WIDE, WIDE_WEIGHT, form="view"),
        ),
        xp="x / xp.sqrt(xp.mean(x * x, axis=-1, keepdims=True) + 1e-5) * weight",
        torch="torch.nn.functional.rms_norm(x, (x.shape[-1],), weight, 1e-5)",
        lacks={
            "jax": "JAX has no root-mean-square normalisation",
            "tensorflow": (
                "TensorFlow has no root-mean-square normalisation; Keras, another package, has"
            ),
        },
        source="Zhang and Sennrich, 2019",
    ),
)
