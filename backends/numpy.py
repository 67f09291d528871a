"""The adapter of NumPy, differentiated by our own engine.

The one convention: outputs are plain `numpy.ndarray`s, 0-d ones included, where NumPy itself would
return scalars. Computes in longdouble too, which is how the harness gets its reference answers.
"""

import numpy as np
from numpy import ndarray

from backends.engine import backward, grad, hvp, jvp, replay, variables, vjp
from backends.engine.core import boxed
from backends.engine.tracer import shape_of
from backends.engine.xp import stop_gradient
from backends.numpy_matrices import hessian, jacobian
from backends.numpy_xp import namespace
from harness import machine
from harness.case import COMPOSITIONS
from harness.contract import Backend, Description
from harness.operators import restrict


class Numpy(Backend):
    """NumPy on the CPU."""

    def __init__(self, variant, device, settings):
        self.replays = variant == "replay"
        self.settings = settings

    def describe(self):
        return Description(
            version=np.__version__,
            devices={"cpu": machine.processor()},
            numerics={
                "threads": self.settings.threads,
                "blas": blas_name(),
                "longdouble_eps": float(np.finfo(np.longdouble).eps),
            },
            native=tuple(NATIVE),
            dtypes=("float32", "float64", "longdouble"),
        )

    def put(self, array):
        return np.array(array)

    def get(self, array):
        return np.array(array), "cpu"

    def wait(self, outputs):
        """Do nothing: NumPy returns only when it has computed."""

    def namespace(self, case):
        return namespace(case.dtype)

    def prepare(self, case, function, wrt, example):
        record = replay if self.replays else lambda call: call
        way = NATIVE[case.operator, case.composition]
        if case.operator in ("jacobian", "hessian"):
            return way(function, wrt, example, record)
        return record(way(function, wrt, example))

    def release(self):
        """Do nothing: neither NumPy nor the engine keeps anything between calls."""


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
        arguments, tangents = inputs[: -len(wrt)], inputs[-len(wrt) :]
        restricted, xs = restrict(function, arguments, wrt)
        _, tangent = jvp(restricted, xs, tangents)
        return arrays((tangent,))

    return call


def hessian_vector(composition):
    """The Hessian times vectors, by the engine's own nesting."""

    def way(function, wrt, example):
        def call(*inputs):
            arguments, vectors = inputs[: -len(wrt)], inputs[-len(wrt) :]
            restricted, xs = restrict(function, arguments, wrt)
            return arrays(hvp(lambda xs: restricted(*xs), composition)(xs, tuple(vectors)))

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


NATIVE = {
    ("value", None): value,
    ("gradient", None): gradient,
    ("vjp", None): vector_jacobian,
    ("jvp", None): jacobian_vector,
    ("jacobian", None): jacobian,
    ("accumulate", None): accumulate,
    **{("hvp", composition): hessian_vector(composition) for composition in COMPOSITIONS},
    **{("hessian", composition): hessian(composition) for composition in COMPOSITIONS},
}


def blas_name():
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"
