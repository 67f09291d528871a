"""Activations of straight pieces: clipped, shrunk and cut.

One convention: bounds are numbers that are exact in every dtype; at a jump the definition takes the
side that is named without equality.
"""

from scenarios.primitive.writing import at, chapter, kink, scalars, singles

entry = chapter("activations")

LANE = (0.75, 0.0, -2.0, 0.0)  # off every joint
NO_JAX = "JAX ships no {} among jax.nn's activations".format


def clipped(m, x, low, high):
    return m.minimum(m.maximum(x, low), high)


def hard_sigmoid(m, x):
    return clipped(m, x + 3, 0, 6) / 6


TABLE = (
    entry(
        "relu6",
        "min(max(x, 0), 6)",
        lambda m, x: clipped(m, x, 0, 6),
        singles(0.75, kink("lower", 0.0), kink("upper", 6.0), at("above", 6.5), lane=LANE),
        xp="xp.minimum(xp.maximum(x, 0.0), 6.0)",
        torch="torch.nn.functional.relu6(x)",
        jax="jax.nn.relu6(x)",
        tensorflow="tf.nn.relu6(x)",
    ),
    entry(
        "hardtanh",
        "min(max(x, -1), 1)",
        lambda m, x: clipped(m, x, -1, 1),
        scalars(0.75, at("outside", -1.5), kink("lower", -1.0), kink("upper", 1.0), lane=LANE),
        xp="xp.clip(x, min=-1.0, max=1.0)",
        torch="torch.nn.functional.hardtanh(x)",
        jax="jax.nn.hard_tanh(x)",
        tensorflow="tf.keras.activations.hard_tanh(x)",
    ),
    entry(
        "hardsigmoid",
        "min(max(x + 3, 0), 6) / 6",
        hard_sigmoid,
        singles(0.75, at("outside", -4.5), kink("lower", -3.0), kink("upper", 3.0), lane=LANE),
        xp="xp.clip(x + 3.0, min=0.0, max=6.0) / 6.0",
        torch="torch.nn.functional.hardsigmoid(x)",
        jax="jax.nn.hard_sigmoid(x)",
        tensorflow="tf.keras.activations.hard_sigmoid(x)",
    ),
    entry(
        "hardswish",
        "x min(max(x + 3, 0), 6) / 6",
        lambda m, x: x * hard_sigmoid(m, x),
        singles(
            0.75,
            at("zero", 0.0),
            at("below", -4.5),
            at("above", 4.5),
            kink("lower", -3.0),
            kink("upper", 3.0),
            lane=LANE,
        ),
        xp="x * xp.clip(x + 3.0, min=0.0, max=6.0) / 6.0",
        torch="torch.nn.functional.hardswish(x)",
        jax="jax.nn.hard_swish(x)",
        tensorflow="tf.keras.activations.hard_swish(x)",
        source="Howard et al. 2019",
    ),
    entry(
        "sparse_sigmoid",
        "min(max((x + 1) / 2, 0), 1)",
        lambda m, x: clipped(m, (x + 1) / 2, 0, 1),
        singles(0.75, at("outside", 1.5), kink("lower", -1.0), kink("upper", 1.0), lane=LANE),
        xp="xp.clip((x + 1.0) / 2.0, min=0.0, max=1.0)",
        jax="jax.nn.sparse_sigmoid(x)",
        tensorflow="tf.keras.activations.sparse_sigmoid(x)",
        lacks={"torch": "PyTorch ships no sparse sigmoid in torch.nn.functional"},
    ),
    entry(
        "softshrink",
        "x moved by 1/2 towards 0, and 0 where |x| <= 1/2",
        lambda m, x: x - clipped(m, x, -0.5, 0.5),
        scalars(0.75, at("inside", 0.25), kink("up", 0.5), kink("down", -0.5), lane=LANE),
        xp="x - xp.clip(x, min=-0.5, max=0.5)",
        torch="torch.nn.functional.softshrink(x, 0.5)",
        tensorflow="tf.keras.activations.soft_shrink(x, 0.5)",
        lacks={"jax": NO_JAX("soft shrinkage")},
    ),
    entry(
        "hardshrink",
        "x where |x| > 1/2, else 0",
        lambda m, x: m.either(lambda x: m.abs(x) > 0.5, lambda x: x, lambda x: x * 0)(x),
        singles(0.75, at("inside", 0.25), kink("jump", 0.5), kink("down", -0.5), lane=LANE),
        xp="xp.where(xp.abs(x) > 0.5, x, 0.0)",
        torch="torch.nn.functional.hardshrink(x, 0.5)",
        tensorflow="tf.keras.activations.hard_shrink(x, 0.5)",
        lacks={"jax": NO_JAX("hard shrinkage")},
    ),
)
