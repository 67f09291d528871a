"""Losses of classification: one label out of several.

One convention: x are logits along the last axis, `labels` integers, and t target probabilities,
which are differentiated as the logits are.
"""

from scenarios.primitive.writing import at, chapter, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
X = ((0.75, -0.5, 1.5), (0.25, -1.0, -2.0))
LANES = ((0.75, 0.0, -0.5, 0.0, 1.5, 0.0), (0.25, 0.0, -1.0, 0.0, -2.0, 0.0))
LABELS = (2, 0)
TIES = ((0.5, 0.5, 0.5), (0.25, -1.0, -2.0))
FAR = ((800.0, 0.0, -800.0), (0.25, -1.0, -2.0))
SHIFTED = ((100000000.75, 99999999.5, 100000000.0), (0.25, -1.0, -2.0))
SHARES = ((0.25, 0.5, 0.25), (0.125, 0.25, 0.625))
CERTAIN = ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
ROWS, WEIGHT = ((0.75, -0.5), (0.25, -1.0)), ((0.5, -1.0), (1.5, 0.25), (-0.75, 2.0))


def log_softmax(m, x):
    return x - m.log(m.np.sum(m.exp(x), axis=-1, keepdims=True))


def at_labels(m, x, labels):
    return x[m.np.arange(len(labels)), labels]


def cross_entropy(m, x, labels):
    return -at_labels(m, log_softmax(m, x), labels)


LOGITS = (
    at("ties", TIES, LABELS),
    at("far apart", FAR, LABELS),
    at("confident", FAR, (0, 0)),
    at("large shift", SHIFTED, LABELS),
    at("one label twice", X, (1, 1)),
)

TABLE = (
    entry(
        "cross_entropy_loss",
        "log(sum(exp(x))) - x[label] of each row",
        cross_entropy,
        several((X, LABELS), *LOGITS, lane=(LANES, LABELS)),
        xp=(
            "xp.logsumexp(x, axis=-1) "
            "- xp.squeeze(xp.take_along_axis(x, labels[:, None], axis=-1), axis=-1)"
        ),
        torch="torch.nn.functional.cross_entropy(x, labels, reduction='none')",
        tensorflow="tf.nn.sparse_softmax_cross_entropy_with_logits(labels, x)",
        lacks=NO_JAX,
        integers=("labels",),
    ),
    entry(
        "cross_entropy_loss_of_probabilities",
        "-sum(t log(softmax(x))) of each row",
        lambda m, x, t: -m.np.sum(t * log_softmax(m, x), axis=-1),
        several(
            (X, SHARES),
            at("ties", TIES, SHARES),
            at("certain", X, CERTAIN),
            at("far apart", FAR, SHARES),
            lane=(LANES, ((0.25, 0.0, 0.5, 0.0, 0.25, 0.0), (0.125, 0.0, 0.25, 0.0, 0.625, 0.0))),
        ),
        xp="-xp.sum(t * (x - xp.logsumexp(x, axis=-1, keepdims=True)), axis=-1)",
        torch="torch.nn.functional.cross_entropy(x, t, reduction='none')",
        tensorflow="tf.nn.softmax_cross_entropy_with_logits(t, x)",
        lacks=NO_JAX,
    ),
    entry(
        "cross_entropy_loss_smoothed",
        "7/8 of the cross entropy, and 1/8 of its mean over all labels",
        lambda m, x, labels: (
            cross_entropy(m, x, labels) * 7 / 8 - m.np.mean(log_softmax(m, x), axis=-1) / 8
        ),
        several((X, LABELS), *LOGITS, lane=(LANES, LABELS)),
        xp=(
            "xp.logsumexp(x, axis=-1) - 0.125 * xp.mean(x, axis=-1) "
            "- 0.875 * xp.squeeze(xp.take_along_axis(x, labels[:, None], axis=-1), axis=-1)"
        ),
        torch=(
            "torch.nn.functional.cross_entropy(x, labels, label_smoothing=0.125, reduction='none')"
        ),
        tensorflow=(
            "tf.keras.losses.categorical_crossentropy("
            "tf.one_hot(labels, 3, dtype=x.dtype), x, True, 0.125)"
        ),
        lacks=NO_JAX,
        integers=("labels",),
        source="Szegedy et al. 2016",
    ),
)
