"""Softmax and the logarithm of a sum of exponentials in plain NumPy, for closed forms.

The one convention: along the last axis, shifted by the largest element, so that nothing overflows.
"""


def log_sum_exp(np, x):
    top = np.max(x, axis=-1)
    return top + np.log(np.sum(np.exp(x - top[..., None]), axis=-1))


def softmax(np, x):
    raised = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return raised / np.sum(raised, axis=-1, keepdims=True)
