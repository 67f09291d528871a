"""The `xp` of NumPy: the engine's functions, and creation in the case's dtype.

The one convention: creation functions return plain arrays, never traced ones, unless they are given
a traced one.
"""

import numpy as np

from backends.engine import grad, jvp, vjp
from backends.engine import xp as engine
from harness.xp import Namespace

LENT = {
    "abs": engine.abs,
    "argmax": engine.argmax,
    "argmin": engine.argmin,
    "argsort": engine.argsort,
    "astype": engine.astype,
    "atan2": engine.atan2,
    "broadcast_to": engine.broadcast_to,
    "clip": engine.clip,
    "concat": engine.concat,
    "cond": engine.cond,
    "conv": engine.conv,
    "cos": engine.cos,
    "cumulative_sum": engine.cumulative_sum,
    "digamma": engine.digamma,
    "einsum": engine.einsum,
    "erf": engine.erf,
    "exp": engine.exp,
    "expand_dims": engine.expand_dims,
    "expit": engine.expit,
    "expm1": engine.expm1,
    "flip": engine.flip,
    "gammaln": engine.gammaln,
    "log": engine.log,
    "log1p": engine.log1p,
    "logsumexp": engine.logsumexp,
    "matmul": engine.matmul,
    "matrix_transpose": engine.matrix_transpose,
    "max": engine.max,
    "maximum": engine.maximum,
    "mean": engine.mean,
    "min": engine.min,
    "minimum": engine.minimum,
    "permute_dims": engine.permute_dims,
    "prod": engine.prod,
    "reshape": engine.reshape,
    "roll": engine.roll,
    "scan": engine.scan,
    "segment_sum": engine.segment_sum,
    "sign": engine.sign,
    "sin": engine.sin,
    "softplus": engine.softplus,
    "solve_triangular": engine.solve_triangular,
    "sort": engine.sort,
    "sqrt": engine.sqrt,
    "square": engine.square,
    "squeeze": engine.squeeze,
    "stack": engine.stack,
    "stop_gradient": engine.stop_gradient,
    "sum": engine.sum,
    "take": engine.take,
    "take_along_axis": engine.take_along_axis,
    "tan": engine.tan,
    "tanh": engine.tanh,
    "tril": engine.tril,
    "triu": engine.triu,
    "where": engine.where,
    "while_loop": engine.while_loop,
    "linalg.cholesky": engine.cholesky,
    "linalg.det": engine.det,
    "linalg.diagonal": engine.diagonal,
    "linalg.inv": engine.inv,
    "linalg.slogdet": engine.slogdet,
    "linalg.solve": engine.solve,
    "linalg.trace": engine.trace,
    "float32": np.float32,
    "float64": np.float64,
    "int64": np.int64,
    "grad": grad,
    "jvp": jvp,
    "vjp": vjp,
}


def namespace(dtype):
    """Lend all of the table; `dtype`, longdouble included, is what creation defaults to."""
    return Namespace(
        LENT | creation(np.dtype(dtype)), lacks={}, framework="numpy", words={"engine": engine}
    )


def creation(default):
    """Make the creation functions, which default to one dtype."""

    def asarray(values, *, dtype=None):
        return engine.asarray(values, dtype=np.dtype(dtype or default))

    def full(shape, fill_value, *, dtype=None):
        return engine.full(shape, fill_value, dtype=np.dtype(dtype or default))

    def arange(start, stop=None, step=1, *, dtype=None):
        start, stop = (0, start) if stop is None else (start, stop)
        return np.arange(start, stop, step, dtype or default)

    def linspace(start, stop, num, *, dtype=None):
        dtype = np.dtype(dtype or default)
        # Whatever dtype it returns, NumPy computes in that of start and stop.
        start, stop = (np.promote_types(dtype, np.float64).type(end) for end in (start, stop))
        return np.linspace(start, stop, num, dtype=dtype)

    return {
        "arange": arange,
        "asarray": asarray,
        "eye": lambda n, *, dtype=None: np.eye(n, dtype=dtype or default),
        "full": full,
        "linspace": linspace,
        "ones": lambda shape, *, dtype=None: np.ones(shape, dtype or default),
        "ones_like": engine.ones_like,
        "zeros": lambda shape, *, dtype=None: np.zeros(shape, dtype or default),
        "zeros_like": engine.zeros_like,
    }
