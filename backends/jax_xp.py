"""JAX's `xp`: `jax.numpy` bound straight where name and meaning agree, a plain function elsewhere.

The transformations are JAX's own. It numbers its traces, so they nest in any order without
confusing perturbations, and arguments that a function ignores get zeros.
"""

import jax
import jax.numpy as jnp
from jax.scipy import linalg, special

from harness.xp import Namespace

ARRAY = {
    "abs": jnp.abs,
    "argmax": jnp.argmax,
    "argmin": jnp.argmin,
    "argsort": jnp.argsort,
    "astype": jnp.astype,
    "atan2": jnp.atan2,
    "broadcast_to": jnp.broadcast_to,
    "clip": jnp.clip,
    "concat": jnp.concat,
    "cos": jnp.cos,
    "cumulative_sum": jnp.cumulative_sum,
    "einsum": jnp.einsum,
    "exp": jnp.exp,
    "expand_dims": jnp.expand_dims,
    "expm1": jnp.expm1,
    "flip": jnp.flip,
    "linalg.cholesky": jnp.linalg.cholesky,
    "linalg.det": jnp.linalg.det,
    "linalg.diagonal": jnp.linalg.diagonal,
    "linalg.inv": jnp.linalg.inv,
    "linalg.slogdet": jnp.linalg.slogdet,
    "linalg.solve": jnp.linalg.solve,
    "linalg.trace": jnp.linalg.trace,
    "log": jnp.log,
    "log1p": jnp.log1p,
    "matmul": jnp.matmul,
    "matrix_transpose": jnp.matrix_transpose,
    "max": jnp.max,
    "maximum": jnp.maximum,
    "mean": jnp.mean,
    "min": jnp.min,
    "minimum": jnp.minimum,
    "ones_like": jnp.ones_like,
    "permute_dims": jnp.permute_dims,
    "prod": jnp.prod,
    "reshape": jnp.reshape,
    "roll": jnp.roll,
    "sign": jnp.sign,
    "sin": jnp.sin,
    "sort": jnp.sort,
    "sqrt": jnp.sqrt,
    "square": jnp.square,
    "squeeze": jnp.squeeze,
    "stack": jnp.stack,
    "sum": jnp.sum,
    "take": jnp.take,
    "take_along_axis": jnp.take_along_axis,
    "tan": jnp.tan,
    "tanh": jnp.tanh,
    "tril": jnp.tril,
    "triu": jnp.triu,
    "where": jnp.where,
    "zeros_like": jnp.zeros_like,
}

BEYOND = {
    "cond": jax.lax.cond,
    "digamma": special.digamma,
    "erf": special.erf,
    "expit": special.expit,
    "gammaln": special.gammaln,
    "grad": jax.grad,
    "jvp": jax.jvp,
    "logsumexp": special.logsumexp,
    "scan": jax.lax.scan,
    "softplus": jax.nn.softplus,
    "stop_gradient": jax.lax.stop_gradient,
    "vjp": jax.vjp,
    "while_loop": jax.lax.while_loop,
}


def conv(x, kernel, *, stride=1, padding=0):
    strides, padded = (stride, stride), [(padding, padding)] * 2
    return jax.lax.conv_general_dilated(x, kernel, strides, padded)


def segment_sum(x, segments, *, count):
    return jax.ops.segment_sum(x, segments, num_segments=count)


def solve_triangular(a, b, *, lower):
    return linalg.solve_triangular(a, b, lower=lower)


def creation(default):
    """Return the creation functions with a default dtype.

    They name no device: the adapter sets JAX's default, which holds inside a trace as well.
    """

    def arange(start, stop=None, step=1, *, dtype=None):
        return jnp.arange(start, stop, step, dtype=dtype or default)

    def asarray(values, *, dtype=None):
        return jnp.asarray(values, dtype=dtype or default)

    def eye(n, *, dtype=None):
        return jnp.eye(n, dtype=dtype or default)

    def full(shape, fill_value, *, dtype=None):
        return jnp.full(shape, fill_value, dtype=dtype or default)

    def linspace(start, stop, num, *, dtype=None):
        return jnp.linspace(start, stop, num, dtype=dtype or default)

    def ones(shape, *, dtype=None):
        return jnp.ones(shape, dtype=dtype or default)

    def zeros(shape, *, dtype=None):
        return jnp.zeros(shape, dtype=dtype or default)

    return {
        "arange": arange,
        "asarray": asarray,
        "eye": eye,
        "full": full,
        "linspace": linspace,
        "ones": ones,
        "zeros": zeros,
    }


def dtypes(x64):
    """Return the dtypes by name, and the sentences for those that are lacking."""
    float32 = jnp.dtype("float32")
    if x64:
        wide = {"float64": jnp.dtype("float64"), "int64": jnp.dtype("int64")}
        return {"float32": float32, **wide}, {}
    # Asked for int64, JAX gives int32 with a warning at every call; name what it gives.
    names = {"float32": float32, "int64": jnp.dtype("int32")}
    return names, {"float64": "jax computes in 32 bits as shipped; leave out --numerics shipped"}


def namespace(dtype, x64):
    """Make the `xp` whose creation functions default to `dtype`; `x64` tells JAX's mode."""
    known, lacks = dtypes(x64)
    own = {"conv": conv, "segment_sum": segment_sum, "solve_triangular": solve_triangular}
    names = {**ARRAY, **BEYOND, **own, **creation(jnp.dtype(dtype)), **known}
    return Namespace(names, lacks, "jax", {"jax": jax, "jnp": jnp})
