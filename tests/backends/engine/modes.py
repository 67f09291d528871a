"""What tests of nested derivatives share: the two modes, and every sequence of them.

The one convention: a mode maps a function of one number to its derivative; a sequence is read from
the outermost mode to the innermost.
"""

import itertools

import numpy as np
import pytest

from backends.engine import grad, jvp

EPS = np.finfo(float).eps


def forward(f):
    return lambda x: jvp(f, (x,), (np.float64(1),))[1]


def reverse(f):
    return grad(f)


MODES = {"forward": forward, "reverse": reverse}


def sequences(order):
    return list(itertools.product(MODES, repeat=order))


each_pair = pytest.mark.parametrize("modes", sequences(2), ids="-over-".join)
each_triple = pytest.mark.parametrize("modes", sequences(3), ids="-over-".join)
each_four = pytest.mark.parametrize("modes", sequences(4), ids="-over-".join)


def derivatives(modes):
    return [MODES[mode] for mode in modes]


def nested(modes, f):
    """The derivative of f of the order that there are modes."""
    for derivative in reversed(derivatives(modes)):
        f = derivative(f)
    return f
