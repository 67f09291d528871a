"""Losses with a margin: hinges, of one number, of labels and of ranks.

One convention: `sign` holds integers, 1 or -1; `labels` integers that are indices.
"""

from scenarios.primitive.writing import at, chapter, kink, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
NEITHER = NO_JAX | {"tensorflow": "TensorFlow ships no such margin loss"}
NO_TORCH = NO_JAX | {"torch": "PyTorch ships no hinge loss of signs or one-hot targets"}
X, SIGNS = (0.75, -0.5, 2.0), (1, -1, -1)
LANE = (0.75, 0.0, -0.5, 0.0, 2.0, 0.0)
ROWS = ((0.75, -0.5, 1.5), (0.25, -1.0, -1.75))
ROW_LANES = ((0.75, 0.0, -0.5, 0.0, 1.5, 0.0), (0.25, 0.0, -1.0, 0.0, -1.75, 0.0))
ZERO_ROWS = ((0.0, 0.0, 0.0), (0.25, -1.0, -1.75))
TIED = ((0.5, 0.5, -0.5), (0.25, -1.0, -1.75))  # in the first row 0.5 and -0.5 are a margin apart


def hinge(m, x):
    return m.maximum(x, 0)


def embedded(m, x, sign):
    return m.np.where(sign == 1, x, hinge(m, 1 - x))


def multi_margin(m, x, labels):
    """Of each row, the label itself left out of the mean's sum and not of its count."""
    right = x[m.np.arange(len(x)), labels]
    return (m.np.sum(hinge(m, 1 - right[:, None] + x), axis=-1) - 1) / x.shape[-1]


def multilabel_margin(m, x, labels):
    """Of each row: labels stand before the first -1."""
    losses = []
    for row, all_labels in zip(x, labels, strict=True):
        count = [*all_labels, -1].index(-1)
        right = set(all_labels[:count].tolist())
        terms = [
            hinge(m, 1 - row[i] + row[j]) for i in right for j in range(len(row)) if j not in right
        ]
        losses.append(m.np.sum(m.np.asarray(terms, object), axis=-1) / len(row))
    return m.np.asarray(losses, object)


def categorical(m, x, labels):
    """The label's number against the largest of the others' and 0, which stands in the label's
    place."""
    rows = m.np.arange(len(x))
    others = x * (m.np.arange(x.shape[-1]) != labels[:, None])
    largest = others[:, 0]
    for column in range(1, x.shape[-1]):
        largest = m.maximum(largest, others[:, column])
    return hinge(m, largest - x[rows, labels] + 1)


TABLE = (
    entry(
        "hinge_loss",
        "the mean of max(1 - sign x, 0)",
        lambda m, x, sign: m.np.mean(hinge(m, 1 - sign * x), axis=-1),
        several(
            (X, SIGNS),
            kink("at the margin", (1.0, -0.5, 2.0), SIGNS),
            at("all past it", (1.5, -2.0, -3.0), SIGNS),
            lane=(LANE, SIGNS),
        ),
        xp="xp.mean(xp.maximum(1.0 - xp.astype(sign, x.dtype) * x, 0.0), axis=-1)",
        tensorflow="tf.keras.losses.hinge(sign, x)",
        lacks=NO_TORCH,
        integers=("sign",),
    ),
    entry(
        "squared_hinge_loss",
        "the mean of max(1 - sign x, 0)^2",
        lambda m, x, sign: m.np.mean(hinge(m, 1 - sign * x) ** 2, axis=-1),
        several(
            (X, SIGNS),
            kink("at the margin", (1.0, -0.5, 2.0), SIGNS, exists=1),
            at("all past it", (1.5, -2.0, -3.0), SIGNS),
            lane=(LANE, SIGNS),
        ),
        xp="xp.mean(xp.square(xp.maximum(1.0 - xp.astype(sign, x.dtype) * x, 0.0)), axis=-1)",
        tensorflow="tf.keras.losses.squared_hinge(sign, x)",
        lacks=NO_TORCH,
        integers=("sign",),
    ),
    entry(
        "categorical_hinge_loss",
        "max(1 - x[label] + max(0, the largest other x), 0) of each row",
        categorical,
        several(
            (ROWS, (2, 0)),
            at("others below 0", ROWS, (0, 0)),
            kink("tie", ((1.5, 1.5, -0.5), (0.25, -1.0, -1.75)), (2, 0)),
            kink("at the margin", ((1.5, 0.5, -0.5), (0.25, -1.0, -1.75)), (0, 0)),
            lane=(ROW_LANES, (2, 0)),
        ),
        tensorflow="tf.keras.losses.categorical_hinge(tf.one_hot(labels, 3, dtype=x.dtype), x)",
        xp=(
            "(lambda y: xp.maximum(xp.max((1.0 - y) * x, axis=-1) - xp.sum(y * x, axis=-1) + 1.0, "
            "0.0))(xp.take(xp.eye(3), labels, axis=0))"
        ),
        lacks=NO_TORCH,
        integers=("labels",),
    ),
    entry(
        "hinge_embedding_loss",
        "x where sign = 1, else max(1 - x, 0)",
        embedded,
        several(
            (X, (1, -1, 1)),
            at("past the margin", X, SIGNS),
            kink("at the margin", (0.75, 1.0, 2.0), (1, -1, 1)),
            lane=(LANE, (1, -1, 1)),
        ),
        xp="xp.where(sign == 1, x, xp.maximum(1.0 - x, 0.0))",
        torch="torch.nn.functional.hinge_embedding_loss(x, sign, reduction='none')",
        lacks=NEITHER,
        integers=("sign",),
    ),
    entry(
        "margin_ranking_loss",
        "max(1/2 - sign (x - y), 0)",
        lambda m, x, y, sign: hinge(m, 0.5 - sign * (x - y)),
        several(
            (X, (0.5, -0.75, 1.0), SIGNS),
            kink("at the margin", X, (0.25, -0.75, 1.0), SIGNS),
            at("equal", X, X, SIGNS),
            lane=(LANE, (0.5, 0.0, -0.75, 0.0, 1.0, 0.0), SIGNS),
        ),
        xp="xp.maximum(0.5 - xp.astype(sign, x.dtype) * (x - y), 0.0)",
        torch="torch.nn.functional.margin_ranking_loss(x, y, sign, 0.5, reduction='none')",
        lacks=NEITHER,
        integers=("sign",),
    ),
    entry(
        "multi_margin_loss",
        "the sum of max(1 - x[label] + x, 0) over the other labels / their count + 1, of each row",
        multi_margin,
        several(
            (ROWS, (2, 0)),
            kink("at the margin", TIED, (0, 0)),
            at("ties", ZERO_ROWS, (0, 0)),
            at("one label twice", ROWS, (1, 1)),
            lane=(ROW_LANES, (2, 0)),
        ),
        xp=(
            "(xp.sum(xp.maximum(1.0 - xp.take_along_axis(x, labels[:, None], axis=-1) + x, 0.0), "
            "axis=-1) - 1.0) / 3.0"
        ),
        torch="torch.nn.functional.multi_margin_loss(x, labels, reduction='none')",
        lacks=NEITHER,
        integers=("labels",),
    ),
    entry(
        "multilabel_margin_loss",
        "the sum of max(1 - x[i] + x[j], 0) over labels i and others j / the row's length",
        multilabel_margin,
        several(
            (ROWS, ((2, -1, 0), (1, 0, -1))),
            kink("at the margin", TIED, ((0, -1, 0), (1, 0, -1))),
            at("ties", ZERO_ROWS, ((2, -1, 0), (1, 0, -1))),
            at("no label", ROWS, ((-1, 1, 0), (1, 0, -1))),
            lane=(ROW_LANES, ((2, -1, 0), (1, 0, -1))),
        ),
        torch="torch.nn.functional.multilabel_margin_loss(x, labels, reduction='none')",
        lacks=NEITHER | {"numpy": "the engine has no lists of labels that end where -1 stands"},
        integers=("labels",),
    ),
)
