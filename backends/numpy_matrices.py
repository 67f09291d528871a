"""Whole matrices from the NumPy engine: `jacobian` and `hessian` of the ravelled arguments.

The one convention: up to `UNROLLED` passes are recorded as one piece of code, in which what they
share is computed once; with more, one pass is recorded and run again and again, since the code, and
the time to write it, grow with their number.
"""

import math

import numpy as np

from backends.engine import xp as engine
from backends.numpy_ways import hessian_vector, jacobian_vector, vector_jacobian
from harness.operators import ravel, unravel

UNROLLED = 64


def jacobian(function, wrt, example, replayed):
    """Rows by pullbacks, or columns by tangents where the arguments hold fewer numbers.

    The output's shape decides, and the first call tells it: the example's zeros may be outside of
    the function's domain.
    """

    def chosen(shape):
        xs = tuple(example[position] for position in wrt)
        if sum(x.size for x in xs) < math.prod(shape):
            pushed = jacobian_vector(function, wrt, (*example, *xs))
            return by_passes(pushed, [unravel(np, e, xs) for e in basis_of(xs)], -1, replayed)
        pulled = vector_jacobian(function, wrt, (*example, np.zeros(shape)))
        rows = np.eye(math.prod(shape), dtype=xs[0].dtype)
        return by_passes(pulled, [(row.reshape(shape),) for row in rows], 0, replayed)

    way = None

    def call(*inputs):
        nonlocal way
        if way is None:
            way = chosen(np.shape(function(*inputs)))
        return way(*inputs)

    return call


def hessian(composition):
    """Rows, which are columns too: one hvp for every element of the arguments."""

    def way(function, wrt, example, replayed):
        xs = tuple(example[position] for position in wrt)
        product = hessian_vector(composition)(function, wrt, (*example, *xs))
        return by_passes(product, [unravel(np, e, xs) for e in basis_of(xs)], 0, replayed)

    return way


def by_passes(way, seeds, axis, replayed):
    """Stack one pass for each of the seeds along an axis; `replayed` makes a pass, or all, fast."""

    def one(*inputs):
        return ravel(engine, way(*inputs))

    if len(seeds) > UNROLLED:
        fast = replayed(one)
        return lambda *inputs: (np.stack([fast(*inputs, *s) for s in seeds], axis=axis),)
    return replayed(lambda *inputs: (engine.stack([one(*inputs, *s) for s in seeds], axis=axis),))


def basis_of(xs):
    """The unit vectors of the ravelled arguments."""
    return np.eye(sum(x.size for x in xs), dtype=xs[0].dtype)
