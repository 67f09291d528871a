"""Losses of yes or no: cross entropies of probabilities and of logits.

One convention: x is a logit (p a probability), t the target probability and differentiated too,
`sign` an integer, 1 or -1.
"""

from scenarios.primitive.writing import at, chapter, kink, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
LANE = (0.75, 0.0, -0.5, 0.0)
LANES = (LANE, (0.25, 0.0, 0.5, 0.0))


def softplus(m, x):
    return m.log(1 + m.exp(x))


def binary(m, p, t):
    """-t log(p) - (1 - t) log(1 - p), where 0 log(0) = 0."""
    term = m.either(lambda t, p: t == 0, lambda t, p: t * 0, lambda t, p: t * m.log(p))
    return -term(t, p) - term(1 - t, 1 - p)


def of_logits(m, x, t):
    return t * softplus(m, -x) + (1 - t) * softplus(m, x)


LOGITS = (
    at("zero", 0.0, 0.25),
    at("certain", 0.75, 1.0),
    at("confident", 10.0, 1.0),
    at("far right", 800.0, 0.25),
    at("far left", -800.0, 0.25),
)

TABLE = (
    entry(
        "binary_cross_entropy_loss",
        "-t log(p) - (1 - t) log(1 - p), where 0 log(0) = 0",
        binary,
        several(
            (0.75, 0.25),
            at("half", 0.5, 0.5),
            at("near 0", 1e-12, 0.25),
            kink("0 and 0", 0.0, 0.0),
            kink("1 and 1", 1.0, 1.0),
            at("empty", (), ()),
            lane=((0.75, 0.5, 0.125, 0.5), (0.25, 0.0, 0.5, 0.0)),
        ),
        xp=(
            "xp.where(t > 0.0, -t * xp.log(xp.where(t > 0.0, p, 1.0)), 0.0 * t) "
            "+ xp.where(t < 1.0, (t - 1.0) * xp.log1p(-xp.where(t < 1.0, p, 0.0)), 0.0 * t)"
        ),
        torch="torch.nn.functional.binary_cross_entropy(p, t, reduction='none')",
        lacks=NO_JAX
        | {"tensorflow": "TensorFlow's binary_crossentropy (Keras) clips p to [1e-7, 1 - 1e-7]"},
    ),
    entry(
        "binary_cross_entropy_loss_of_logits",
        "t log(1 + exp(-x)) + (1 - t) log(1 + exp(x))",
        of_logits,
        several((0.75, 0.25), *LOGITS, at("empty", (), ()), lane=LANES),
        xp="xp.softplus(x) - t * x",
        torch="torch.nn.functional.binary_cross_entropy_with_logits(x, t, reduction='none')",
        tensorflow="tf.nn.sigmoid_cross_entropy_with_logits(t, x)",
        lacks=NO_JAX,
    ),
    entry(
        "binary_cross_entropy_loss_weighted",
        "2 t log(1 + exp(-x)) + (1 - t) log(1 + exp(x))",
        lambda m, x, t: 2 * t * softplus(m, -x) + (1 - t) * softplus(m, x),
        several((0.75, 0.25), *LOGITS, lane=LANES),
        xp="2.0 * t * xp.softplus(-x) + (1.0 - t) * xp.softplus(x)",
        torch=(
            "torch.nn.functional.binary_cross_entropy_with_logits("
            "x, t, pos_weight=torch.tensor(2.0, dtype=x.dtype), reduction='none')"
        ),
        tensorflow="tf.nn.weighted_cross_entropy_with_logits(t, x, 2.0)",
        lacks=NO_JAX,
    ),
)
