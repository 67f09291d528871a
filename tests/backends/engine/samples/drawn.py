"""The arrays that samples are drawn from, and the ways to write one.

The one convention: a sample is a function of arrays and its inputs; integers among the inputs are
constants, and only the floating-point ones are differentiated.
"""

import numpy as np

from backends.engine.tracer import PRIMITIVES

RNG = np.random.default_rng(7)
X = RNG.uniform(-1.4, 1.4, (3, 4))
Y = RNG.uniform(-1.4, 1.4, (3, 4))
ROW = RNG.uniform(-1.4, 1.4, 4)
POSITIVE = RNG.uniform(0.6, 2.5, (3, 4))
CUBE = RNG.uniform(-1.4, 1.4, (2, 3, 4))
MATRIX = RNG.uniform(-1, 1, (3, 3)) + 2 * np.eye(3)
MATRICES = RNG.uniform(-1, 1, (2, 3, 3)) + 2 * np.eye(3)
DEFINITE = MATRIX @ MATRIX.T
IMAGES = RNG.uniform(-1, 1, (2, 2, 5, 4))
WINDOWS = RNG.uniform(-1, 1, (2, 2, 2, 2, 3, 2))
SEGMENTS = np.array([2, 0, 2])
PLACES = np.array([[3, 0], [1, 1], [2, 0]])


def call(name, *inputs, **metadata):
    """A sample: the primitive called with these inputs."""
    return lambda *xs: PRIMITIVES[name](*xs, **metadata), inputs


def rigid(name, constants, *inputs, **metadata):
    """The same with some leading constants, whatever their dtype."""
    return lambda *xs: PRIMITIVES[name](*constants, *xs, **metadata), inputs


def symmetric(name, x, **metadata):
    """The same for a primitive that looks at one triangle only."""
    return lambda x: PRIMITIVES[name]((x + x.T) * 0.5, **metadata), (x,)
