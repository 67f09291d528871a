"""The cross-entropy of a softmax, and the pieces of it in plain NumPy.

The one convention: targets are rows with a single one, undifferentiated; a product with them is as
fast as picking out a column in every framework, and its derivatives are products again.
"""


def cross_entropy(xp, logits, targets):
    """Mean over the rows of LSE(z) - z_label."""
    return xp.mean(xp.logsumexp(logits, axis=1) - xp.sum(targets * logits, axis=1))


def closed_cross_entropy(np, logits, targets):
    largest = np.max(logits, axis=1)
    lse = largest + np.log(np.sum(np.exp(logits - largest[:, None]), axis=1))
    return np.mean(lse - np.sum(targets * logits, axis=1))


def softmax(np, logits):
    """Along the last axis."""
    raised = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return raised / np.sum(raised, axis=-1, keepdims=True)


def labels(rng, rows, classes):
    """Draw one-hot rows."""
    return rng.multinomial(1, [1 / classes] * classes, size=rows).astype(float)


def weights(rng, inputs, *shape):
    """Draw weights of a map from `inputs` numbers, so that its outputs are of order 1."""
    return rng.standard_normal(shape) / inputs**0.5
