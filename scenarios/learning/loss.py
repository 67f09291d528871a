"""The cross-entropy of a softmax, in a backend's `xp` and in plain NumPy; labels and weights.

The one convention: targets are rows with a single one, undifferentiated; a product with them is as
fast as picking out a column in every framework, and its derivatives are products again.
"""

from scenarios.softmax import log_sum_exp


def cross_entropy(xp, logits, targets):
    """Mean over the rows of LSE(z) - z_label."""
    return xp.mean(xp.logsumexp(logits, axis=1) - xp.sum(targets * logits, axis=1))


def closed_cross_entropy(np, logits, targets):
    return np.mean(log_sum_exp(np, logits) - np.sum(targets * logits, axis=1))


def labels(rng, rows, classes):
    """Draw one-hot rows."""
    return rng.multinomial(1, [1 / classes] * classes, size=rows).astype(float)


def weights(rng, inputs, *shape):
    """Draw weights of a map from `inputs` numbers, so that its outputs are of order 1."""
    return rng.standard_normal(shape) / inputs**0.5
