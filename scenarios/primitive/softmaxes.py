"""Activations of a whole axis: softmax, its relatives, and a gate.

One convention: the axis is the last one.
"""

from scenarios.primitive.writing import at, chapter, several

entry = chapter("activations")

GENERIC, TIES = (0.75, -0.5, 1.5, -1.0), (0.5, 0.5, 0.5, 0.5)
APART, SPREAD = (800.0, 799.0, -799.0, -800.0), (40.0, 0.0, 39.5, 1.0)
SHIFTED = (100000000.75, 99999999.5, 100000000.0, 100000001.0)
MASKED = (0.75, -0.5, 1.5, -1e30)
ONE_LONG = ((0.75,), (-3.0,))
LANE = ((0.75, 0.0, -0.5, 0.0), (0.25, 0.0, -1.5, 0.0))


def softmax(m, x):
    e = m.exp(x)
    return e / m.np.sum(e, axis=-1, keepdims=True)


def log_softmax(m, x):
    """Of differences, which are 0 and no rounding of 0 where the axis has length 1."""
    return -m.log(m.np.sum(m.exp(x[..., None, :] - x[..., :, None]), axis=-1))


def gated(m, x):
    left, right = m.np.split(x, 2, axis=-1)
    return left / (1 + m.exp(-right))


TABLE = (
    entry(
        "softmax",
        "exp(x) / sum(exp(x))",
        softmax,
        several(
            (GENERIC,),
            at("ties", TIES),
            at("far apart", APART),
            at("40 apart", SPREAD),
            at("large shift", SHIFTED),
            at("masked", MASKED),
            at("axis of length 0", ((), ())),
            lane=(LANE,),
        ),
        xp="xp.exp(x - xp.logsumexp(x, axis=-1, keepdims=True))",
        torch="torch.softmax(x, -1)",
        jax="jax.nn.softmax(x, -1)",
        tensorflow="tf.nn.softmax(x, -1)",
    ),
    entry(
        "log_softmax",
        "x - log(sum(exp(x)))",
        log_softmax,
        (
            at("generic", GENERIC),
            at("twice", GENERIC, form="twice"),
            at("ties", TIES),
            at("far apart", APART),
            at("40 apart", SPREAD),
            at("large shift", SHIFTED),
            at("masked", MASKED),
            at("axis of length 1", ONE_LONG),
        ),
        xp="x - xp.logsumexp(x, axis=-1, keepdims=True)",
        torch="torch.log_softmax(x, -1)",
        jax="jax.nn.log_softmax(x, -1)",
        tensorflow="tf.nn.log_softmax(x, -1)",
    ),
    entry(
        "glu",
        "the first half of the last axis times the sigmoid of the second",
        gated,
        several(
            ((0.75, -0.5, 0.25, -1.5),),
            at("saturated", (0.75, -0.5, 40.0, -40.0)),
            at("far", (0.75, -0.5, 800.0, -800.0)),
            at("zeros", (0.0, 0.0, 0.0, 0.0)),
            lane=((0.75, 0.0, -0.5, 0.0, 0.25, 0.0, -1.5, 0.0),),
        ),
        xp="x[:2] * xp.expit(x[2:])",
        torch="torch.nn.functional.glu(x, -1)",
        jax="jax.nn.glu(x, -1)",
        tensorflow="tf.keras.activations.glu(x, -1)",
        source="Dauphin et al. 2017",
    ),
)
