"""NumPy's ways to the operators, by our own engine.

The one convention: a way takes the function, the positions of its differentiated arguments and
examples of the inputs, and returns the operator, whose outputs are arrays, 0-d ones included.
"""

import numpy as np
from numpy import ndarray

from backends.engine import backward, grad, hvp, jvp, variables, vjp
from backends.engine.core import boxed
from backends.engine.tracer import shape_of
from backends.engine.xp import stop_gradient
from harness.operators import restrict, restrict_along


def value(function, wrt, example):
    def call(*inputs):
        y = function(*inputs)
        return arrays(y) if isinstance(y, tuple) else arrays((y,))

    return call


def gradient(function, wrt, example):
    gradient_of_f = grad(function, argnums=wrt)
    return lambda *inputs: arrays(gradient_of_f(*inputs))


def vector_jacobian(function, wrt, example):
    def call(*inputs):
        return arrays(vjp(function, *inputs[:-1])[1](inputs[-1]))

    def restricted(*inputs):
        f, xs = restrict(function, inputs[:-1], wrt)
        return arrays(vjp(f, *xs)[1](inputs[-1]))

    # Decided here, for a call takes a few microseconds.
    return call if wrt == tuple(range(len(example) - 1)) else restricted


def jacobian_vector(function, wrt, example):
    def call(*inputs):
        restricted, xs, vs = restrict_along(function, inputs, wrt)
        _, tangent = jvp(restricted, xs, vs)
        return arrays((tangent,))

    return call


def hessian_vector(composition):
    """The Hessian times vectors, by the engine's own nesting."""

    def way(function, wrt, example):
        def call(*inputs):
            restricted, xs, vs = restrict_along(function, inputs, wrt)
            return arrays(hvp(lambda xs: restricted(*xs), composition)(xs, vs))

        return call

    return way


def accumulate(accumulation, wrt, example):
    passes = accumulation.passes

    def call(*inputs):
        leaves = variables(*inputs)
        for number, latest in enumerate(passes, start=1):
            y = latest.value(leaves, accumulators(leaves))
            for position in latest.clear:
                leaves[position].grad = None
            backward(y, leaves, create_graph=number < len(passes))
        final = accumulators(leaves)
        return arrays([stop_gradient(final[position]) for position in accumulation.read])

    return call


def accumulators(leaves):
    """What the leaves have accumulated; zeros where no pass has reached one."""
    return tuple(np.zeros(x.shape, x.dtype) if x.grad is None else x.grad for x in leaves)


def arrays(outputs):
    """Return a tuple of arrays, where NumPy may have made scalars of 0-d ones."""
    for y in outputs:
        if type(y) is not ndarray:
            return tuple(y if shape_of(y) else boxed(y) for y in outputs)
    return tuple(outputs)
