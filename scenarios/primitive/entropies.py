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
STEPS = ((0.75, -0.5, 1.5), (0.25, -1.0, -2.0), (1.25, 0.5, -0.75), (-0.25, 1.0, 0.5))
WEIGHTS = "(0.5, 1.0, 2.0)"


def log_softmax(m, x):
    return x - m.log(m.np.sum(m.exp(x), axis=-1, keepdims=True))


def at_labels(m, x, labels):
    return x[m.np.arange(len(labels)), labels]


def cross_entropy(m, x, labels):
    return -at_labels(m, log_softmax(m, x), labels)


def focal(m, x, labels):
    q = at_labels(m, m.exp(log_softmax(m, x)), labels)
    return -((1 - q) ** 2) * m.log(q) / 4


def weighted_mean(m, x, labels):
    weights = m.np.asarray((0.5, 1.0, 2.0))[labels]
    return m.np.sum(weights * cross_entropy(m, x, labels)) / m.np.sum(weights)


def ctc(m, x, labels):
    """The probability of all paths of labels and blanks (class 0) that spell `labels`: the forward
    recursion over the steps."""
    chances = m.exp(log_softmax(m, x))
    states = [0, labels[0], 0, labels[1], 0]
    paths = [chances[0, states[0]], chances[0, states[1]], 0, 0, 0]
    for chance in chances[1:]:
        paths = [
            chance[state]
            * (
                sum(paths[max(i - 1, 0) : i + 1])
                + (paths[i - 2] if i == 3 and states[1] != states[3] else 0)
            )
            for i, state in enumerate(states)
        ]
    return -m.log(paths[-1] + paths[-2])


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
    entry(
        "cross_entropy_loss_weighted",
        "the mean of the rows' cross entropies, weighted by label with (1/2, 1, 2)",
        weighted_mean,
        several((X, LABELS), *LOGITS, lane=(LANES, LABELS)),
        torch=(
            f"torch.nn.functional.cross_entropy(x, labels, torch.tensor({WEIGHTS}, dtype=x.dtype))"
        ),
        xp=(
            "(lambda w: xp.sum(w * (xp.logsumexp(x, axis=-1) "
            "- xp.squeeze(xp.take_along_axis(x, labels[:, None], axis=-1), axis=-1))) / xp.sum(w))"
            f"(xp.take(xp.asarray({WEIGHTS}), labels, axis=0))"
        ),
        lacks=NO_JAX
        | {"tensorflow": "TensorFlow's cross entropies take weights of rows, not of classes"},
        integers=("labels",),
    ),
    entry(
        "linear_cross_entropy_loss",
        "log(sum(exp(y))) - y[label] of each row of y = x weight^T",
        lambda m, x, weight, labels: cross_entropy(m, x @ weight.T, labels),
        (
            at("generic", ROWS, WEIGHT, LABELS),
            at("twice", ROWS, WEIGHT, LABELS, form="twice"),
            at("zero rows", ((0.0, 0.0), (0.0, 0.0)), WEIGHT, LABELS),
            at("far apart", ((800.0, 0.5), (40.0, -1.0)), WEIGHT, LABELS),
        ),
        xp=(
            "(lambda y: xp.logsumexp(y, axis=-1) - xp.squeeze(xp.take_along_axis("
            "y, labels[:, None], axis=-1), axis=-1))(x @ weight.T)"
        ),
        torch="torch.nn.functional.linear_cross_entropy(x, weight, labels, reduction='none')",
        lacks=NO_JAX | {"tensorflow": "TensorFlow fuses no matrix product with a cross entropy"},
        integers=("labels",),
    ),
    entry(
        "nll_loss",
        "-x[label] of each row, x being logarithms of probabilities",
        lambda m, x, labels: -at_labels(m, x, labels),
        several((X, LABELS), at("one label twice", X, (1, 1)), lane=(LANES, LABELS)),
        xp="-xp.squeeze(xp.take_along_axis(x, labels[:, None], axis=-1), axis=-1)",
        torch="torch.nn.functional.nll_loss(x, labels, reduction='none')",
        lacks=NO_JAX | {"tensorflow": "TensorFlow ships no likelihood of given log-probabilities"},
        integers=("labels",),
    ),
    entry(
        "focal_loss",
        "-(1 - q)^2 log(q) / 4 of each row, q = softmax(x)[label]",
        focal,
        several((X, LABELS), at("ties", TIES, LABELS), lane=(LANES, LABELS)),
        xp=(
            "(lambda y: -0.25 * xp.square(xp.expm1(y)) * y)(xp.squeeze(xp.take_along_axis("
            "x, labels[:, None], axis=-1), axis=-1) - xp.logsumexp(x, axis=-1))"
        ),
        tensorflow=(
            "tf.keras.losses.categorical_focal_crossentropy("
            "tf.one_hot(labels, 3, dtype=x.dtype), x, from_logits=True)"
        ),
        lacks=NO_JAX | {"torch": "PyTorch ships no focal loss; torchvision does"},
        integers=("labels",),
        source="Lin et al. 2017",
    ),
    entry(
        "ctc_loss",
        "-log of the probability, by softmax(x) of each step, of the paths that spell the labels",
        ctc,
        (
            at("generic", STEPS, (1, 2)),
            at("twice", STEPS, (1, 2), form="twice"),
            at("repeated label", STEPS, (1, 1)),
            at("ties", ((0.5, 0.5, 0.5),) * 4, (1, 2)),
            at("far apart", ((40.0, 0.0, -40.0), *STEPS[1:]), (2, 1)),
        ),
        torch=(
            "torch.nn.functional.ctc_loss("
            "torch.log_softmax(x, -1), labels, (4,), (2,), reduction='none')"
        ),
        lacks=NO_JAX
        | {
            "tensorflow": "TensorFlow's ctc_loss takes float32 only",
            "numpy": "the engine has no recursion over the paths of labels",
        },
        integers=("labels",),
        source="Graves et al. 2006",
    ),
)
