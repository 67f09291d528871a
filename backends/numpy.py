"""The adapter of NumPy, differentiated by our own engine.

The one convention: outputs are plain `numpy.ndarray`s, 0-d ones included, where NumPy itself would
return scalars. Computes in longdouble too, which is how the harness gets its reference answers.
"""

import numpy as np

from backends.engine import replay
from backends.numpy_matrices import hessian, jacobian
from backends.numpy_ways import (
    accumulate,
    gradient,
    hessian_vector,
    jacobian_vector,
    value,
    vector_jacobian,
)
from backends.numpy_xp import namespace
from harness.case import COMPOSITIONS
from harness.contract import Backend, Description
from harness.machine import facts


class Numpy(Backend):
    """NumPy on the CPU."""

    def __init__(self, variant, device, settings):
        self.replays = variant == "replay"
        self.settings = settings

    def describe(self):
        return Description(
            version=np.__version__,
            devices={"cpu": facts.processor()},
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
        replayed = replay if self.replays else lambda call: call
        way = NATIVE[case.operator, case.composition]
        if case.operator in ("jacobian", "hessian"):
            return way(function, wrt, example, replayed)
        return replayed(way(function, wrt, example))

    def release(self):
        """Do nothing: neither NumPy nor the engine keeps anything between calls."""


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
