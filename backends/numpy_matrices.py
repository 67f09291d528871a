"""Whole matrices from the NumPy engine: `jacobian` and `hessian` of the ravelled arguments.

The one convention: up to `UNROLLED` passes are recorded as one piece of code, in which what they
share is computed once; with more, one pass is recorded and run again and again, since the code, and
the time to write it, grow with their number.
"""

import math

import numpy as np

from backends.engine import hvp, jvp, vjp
from backends.engine.xp import concat, reshape, stack
from harness.operators import restrict, unravel

UNROLLED = 64


def jacobian(function, wrt, example, record):
    """Rows by pullbacks, or columns by tangents where the arguments hold fewer numbers.

    The output's shape decides, and the first call tells it: the example's zeros may be outside of
    the function's domain.
    """

    def pushed(*inputs):
        arguments, tangents = inputs[: -len(wrt)], inputs[-len(wrt) :]
        restricted, xs = restrict(function, arguments, wrt)
        return reshape(jvp(restricted, xs, tangents)[1], (-1,))

    def pulled(*inputs):
        restricted, xs = restrict(function, inputs[:-1], wrt)
        return ravel(vjp(restricted, *xs)[1](inputs[-1]))

    def chosen(shape):
        xs = tuple(example[position] for position in wrt)
        if sum(x.size for x in xs) < math.prod(shape):
            return by_passes(pushed, [unravel(np, e, xs) for e in basis_of(xs)], -1, record)
        rows = np.eye(math.prod(shape), dtype=xs[0].dtype)
        return by_passes(pulled, [(row.reshape(shape),) for row in rows], 0, record)

    way = None

    def call(*inputs):
        nonlocal way
        if way is None:
            way = chosen(np.shape(function(*inputs)))
        return way(*inputs)

    return call


def hessian(composition):
    """Rows, which are columns too: one hvp for every element of the arguments."""

    def way(function, wrt, example, record):
        def product(*inputs):
            arguments, vectors = inputs[: -len(wrt)], inputs[-len(wrt) :]
            restricted, xs = restrict(function, arguments, wrt)
            return ravel(hvp(lambda xs: restricted(*xs), composition)(xs, tuple(vectors)))

        xs = tuple(example[position] for position in wrt)
        return by_passes(product, [unravel(np, e, xs) for e in basis_of(xs)], 0, record)

    return way


def by_passes(one, seeds, axis, record):
    """Stack one pass for each of the seeds along an axis; `record` makes a pass, or all, fast."""
    if len(seeds) > UNROLLED:
        fast = record(one)
        return lambda *inputs: (np.stack([fast(*inputs, *s) for s in seeds], axis=axis),)
    return record(lambda *inputs: (stack([one(*inputs, *s) for s in seeds], axis=axis),))


def basis_of(xs):
    """The unit vectors of the ravelled arguments."""
    return np.eye(sum(x.size for x in xs), dtype=xs[0].dtype)


def ravel(parts):
    flat = [reshape(part, (-1,)) for part in parts]
    return flat[0] if len(flat) == 1 else concat(flat)
