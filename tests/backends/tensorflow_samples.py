"""What the tests of TensorFlow's adapter and of its operators share: an adapter, a point with a
direction, and a recurrence."""

import numpy as np

from backends.tensorflow import TensorFlow
from harness.contract import Settings

X = np.array([0.5, -1.25, 2.0])
V = np.array([1.0, -0.5, 0.25])


def made(variant="function", device="cpu", **settings):
    return TensorFlow(variant, device, Settings(**settings))


def rolling(xp, x):
    """x_0 cos(x_0) cos(...) ..., a carry that is used in every step and an output a step."""
    carry, ys = xp.scan(lambda c, row: (c * xp.cos(row), c * row), xp.ones(()), x)
    return carry + xp.sum(ys)
