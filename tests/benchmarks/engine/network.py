"""A network of two layers, tanh between them, under squared loss, with its gradient by hand.

The one convention: examples are rows.
"""

import numpy

from tests.benchmarks.engine.case import Case


def loss(np, w1, b1, w2, b2, x, target):
    hidden = np.tanh(x @ w1 + b1)
    error = hidden @ w2 + b2 - target
    return np.sum(error**2)


def gradient_by_hand(w1, b1, w2, b2, x, target):
    # np.dot and not @, which costs 0.25 us more
    hidden = numpy.dot(x, w1)
    hidden += b1
    numpy.tanh(hidden, out=hidden)
    error = numpy.dot(hidden, w2)
    error += b2
    error -= target
    error += error
    g_w2 = numpy.dot(hidden.T, error)
    g_b2 = numpy.add.reduce(error)
    inner = numpy.dot(error, w2.T)
    hidden *= hidden
    hidden *= inner
    inner -= hidden
    return numpy.dot(x.T, inner), numpy.add.reduce(inner), g_w2, g_b2


def network_case(width, batch):
    shapes = ((width, width), (width,), (width, width), (width,), (batch, width), (batch, width))
    return Case(
        name=f"network gradient width={width} batch={batch}",
        function=loss,
        operator="gradient",
        argnums=(0, 1, 2, 3),
        draw=lambda rng: tuple(rng.standard_normal(s) / s[-1] ** 0.5 for s in shapes),
        hand=gradient_by_hand,
        elements=width * max(width, batch),
    )
