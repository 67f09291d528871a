"""Activations that bend once: ReLU and what was made to follow it.

One convention: parameters (slopes, bounds) are numbers that are exact in every dtype, unless the
function's authors fixed them.
"""

from scenarios.primitive.writing import at, chapter, kink, scalars, singles

entry = chapter("activations")

LANE = (0.5, 0.0, -2.0, 0.0)

# Klambauer et al. 2017: the fixed point of mean 0 and variance 1, to the digits of a quad
SELU_SCALE = "1.0507009873554804934193349852946"
SELU_ALPHA = "1.6732632423543772848170429916717"


def relu(m, x):
    return m.maximum(x, 0)


def selu(m, x):
    scale, alpha = m.mp.mpf(SELU_SCALE), m.mp.mpf(SELU_ALPHA)
    return m.either(lambda x: x > 0, lambda x: scale * x, lambda x: scale * alpha * (m.exp(x) - 1))(
        x
    )


def sparse_plus(m, x):
    inside = m.either(lambda x: x < 1, lambda x: (x + 1) ** 2 / 4, lambda x: x)
    return m.either(lambda x: x > -1, inside, lambda x: x * 0)(x)


TABLE = (
    entry(
        "relu",
        "max(x, 0)",
        relu,
        scalars(
            0.75,
            at("negative", -0.75),
            kink("zero", 0.0),
            at("subnormal", 1e-310),
            at("huge", 1e300),
            lane=LANE,
        ),
        xp="xp.maximum(x, 0.0)",
        torch="torch.relu(x)",
        jax="jax.nn.relu(x)",
        tensorflow="tf.nn.relu(x)",
    ),
    entry(
        "leaky_relu",
        "x where x > 0, else x / 8",
        lambda m, x: m.either(lambda x: x > 0, lambda x: x, lambda x: x / 8)(x),
        singles(-0.75, at("positive", 0.75), kink("zero", 0.0), at("far", -1e300), lane=LANE),
        xp="xp.where(x > 0.0, x, 0.125 * x)",
        torch="torch.nn.functional.leaky_relu(x, 0.125)",
        jax="jax.nn.leaky_relu(x, 0.125)",
        tensorflow="tf.nn.leaky_relu(x, 0.125)",
    ),
    entry(
        "prelu",
        "x where x > 0, else slope x",
        lambda m, x, slope: m.either(
            lambda x, slope: x > 0, lambda x, slope: x, lambda x, slope: slope * x
        )(x, slope),
        (
            at("generic", (-0.75, 0.5, -2.0), (0.25,)),
            at("twice", (-0.75, 0.5, -2.0), (0.25,), form="twice"),
            at("positive", (0.75, 0.5, 2.0), (0.25,)),
            kink("zero", (0.0, 0.5, -2.0), (0.25,)),
            at("slope 0", (-0.75, 0.5, -2.0), (0.0,)),
            at("slope 1", (0.0, 0.5, -2.0), (1.0,), exists=1),
        ),
        xp="xp.where(x > 0.0, x, slope * x)",
        torch="torch.prelu(x, slope)",
        jax="jax.nn.leaky_relu(x, slope)",
        lacks={"tensorflow": "TensorFlow has PReLU only as a Keras layer that owns its slope"},
        source="He et al. 2015",
    ),
    entry(
        "elu",
        "x where x > 0, else exp(x) - 1",
        lambda m, x: m.either(lambda x: x > 0, lambda x: x, lambda x: m.exp(x) - 1)(x),
        scalars(
            -0.75,
            at("positive", 0.75),
            kink("joint", 0.0, exists=1),
            at("cancelling", -1e-10),
            at("saturated", -40.0),
            at("underflow", -800.0),
            at("large", 800.0),
            lane=LANE,
        ),
        xp="xp.where(x > 0.0, x, xp.expm1(xp.where(x > 0.0, 0.0, x)))",
        torch="torch.nn.functional.elu(x)",
        jax="jax.nn.elu(x)",
        tensorflow="tf.nn.elu(x)",
        source="Clevert et al. 2015",
    ),
    entry(
        "selu",
        "s x where x > 0, else s a (exp(x) - 1), s = 1.0507..., a = 1.6732...",
        selu,
        singles(
            -0.75,
            at("positive", 0.75),
            kink("zero", 0.0),
            at("cancelling", -1e-10),
            at("saturated", -40.0),
            at("large", 800.0),
            lane=LANE,
        ),
        xp=(
            f"{SELU_SCALE} * xp.where("
            f"x > 0.0, x, {SELU_ALPHA} * xp.expm1(xp.where(x > 0.0, 0.0, x)))"
        ),
        torch="torch.selu(x)",
        jax="jax.nn.selu(x)",
        tensorflow="tf.nn.selu(x)",
        source="Klambauer et al. 2017",
    ),
    entry(
        "celu",
        "x where x > 0, else 2 (exp(x / 2) - 1)",
        lambda m, x: m.either(lambda x: x > 0, lambda x: x, lambda x: 2 * (m.exp(x / 2) - 1))(x),
        singles(
            -0.75,
            at("positive", 0.75),
            kink("joint", 0.0, exists=1),
            at("cancelling", -1e-10),
            at("saturated", -80.0),
            at("large", 1600.0),
            lane=LANE,
        ),
        xp="xp.where(x > 0.0, x, 2.0 * xp.expm1(xp.where(x > 0.0, 0.0, x) / 2.0))",
        torch="torch.celu(x, 2.0)",
        jax="jax.nn.celu(x, 2.0)",
        tensorflow="tf.keras.activations.celu(x, 2.0)",
        source="Barron 2017",
    ),
    entry(
        "sparse_plus",
        "0 where x <= -1, x where x >= 1, else (x + 1)^2 / 4",
        sparse_plus,
        singles(
            0.75,
            at("above", 1.5),
            at("below", -1.5),
            kink("lower joint", -1.0, exists=1),
            kink("upper joint", 1.0, exists=1),
            at("huge", 1e200),
            lane=LANE,
        ),
        xp="xp.where(x <= -1.0, 0.0, xp.where(x >= 1.0, x, xp.square(x + 1.0) / 4.0))",
        jax="jax.nn.sparse_plus(x)",
        tensorflow="tf.keras.activations.sparse_plus(x)",
        lacks={"torch": "PyTorch ships no sparse plus in torch.nn.functional"},
    ),
)
