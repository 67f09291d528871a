"""The `xp` of PyTorch: its own functions where name and meaning agree, plain functions elsewhere.

Differentiation comes in three kinds, because no single one serves all: `reverse`, in
`backends.torch_reverse`, is the fastest, but inside a forward mode raises or silently gives zeros;
`func` is `torch.func`, whose modes nest in every order; `within dual` goes inside dual numbers. A
fourth, `compiled`, is `func` with what a compiler can take of the control flow.
"""

import torch
from torch.nn import functional

from backends.torch_control import LACKS, cond, scan, unrolled, while_loop
from backends.torch_reverse import grad, jvp, vjp
from harness.operators import complete
from harness.xp import Namespace


def namespace(kind, dtype, device):
    """Lend the `xp` whose differentiation is of a kind, and whose arrays are made so and there."""
    names = {**ARRAY, **creation(dtype, device), **KINDS[kind]}
    lacks = LACKS if kind == "compiled" else {}
    known = {name: names[name] for name in names if name not in lacks}
    return Namespace(known, lacks, "torch", {"torch": torch})


# Two operands


def with_numbers(function):
    """Let a Python number stand for either operand; it takes on the dtype of the other."""

    def accepting(x, y):
        if not isinstance(y, torch.Tensor):
            y = number(y, x)
        elif not isinstance(x, torch.Tensor):
            x = number(x, y)
        return function(x, y)

    return accepting


def number(scalar, beside):
    # It stays on the CPU: beside an array on another device a number is a kernel's parameter there,
    # where a copy would be one more launch. torch.result_type is nothing that can be compiled.
    dtype = beside.dtype if beside.is_floating_point() else torch.result_type(beside, scalar)
    return torch.scalar_tensor(scalar, dtype=dtype)


def clip(x, *, min=None, max=None):
    return x if min is None and max is None else torch.clip(x, min, max)


# Reductions


def reduction(function):
    """Reduce all axes without naming them, the quick way, or those that are named."""

    def reducing(x, *, axis=None, keepdims=False):
        if axis is None and not keepdims:
            return function(x)
        return function(x, axis, keepdims)

    return reducing


def logsumexp(x, *, axis=None, keepdims=False):
    axes = tuple(range(x.ndim)) if axis is None else axis
    return torch.logsumexp(x, axes, keepdims)


def prod(x, *, axis=None, keepdims=False):
    if axis is not None:
        return torch.prod(x, axis, keepdims)
    return torch.prod(x).reshape((1,) * x.ndim) if keepdims else torch.prod(x)


# Shapes and indices


def flip(x, *, axis):
    return torch.flip(x, (axis,))


def matrix_transpose(x):
    return x.mT


def roll(x, shift, *, axis):
    return torch.roll(x, shift, axis)


def tril(x, *, k=0):
    return torch.tril(x, k)


def triu(x, *, k=0):
    return torch.triu(x, k)


def argsort(x, *, axis=-1):
    return torch.argsort(x, dim=axis, stable=True)


def segment_sum(x, segments, *, count):
    return x.new_zeros((count, *x.shape[1:])).index_add(0, segments, x)


def sort(x, *, axis=-1):
    return torch.sort(x, dim=axis)[0]


def take(x, indices, *, axis):
    return torch.index_select(x, axis, indices)


def take_along_axis(x, indices, *, axis):
    return torch.take_along_dim(x, indices, axis)


# Linear algebra


def solve_triangular(a, b, *, lower):
    if b.ndim == 1:
        return torch.linalg.solve_triangular(a, b[:, None], upper=not lower)[:, 0]
    return torch.linalg.solve_triangular(a, b, upper=not lower)


def softplus(x):
    # By default everything above 20 counts as linear, which is off by 2e-9; above 40 it is exact.
    return functional.softplus(x, threshold=40)


def trace(x):
    return torch.linalg.diagonal(x).sum(-1)


def creation(default, device):
    def arange(start, stop=None, step=1, *, dtype=None):
        first, last = (0, start) if stop is None else (start, stop)
        return torch.arange(first, last, step, dtype=dtype or default, device=device)

    def asarray(values, *, dtype=None):
        if isinstance(values, torch.Tensor):
            return values.to(device, dtype or default)
        return torch.tensor(values, dtype=dtype or default, device=device)

    def full(shape, fill_value, *, dtype=None):
        size = (shape,) if isinstance(shape, int) else shape
        return torch.full(size, fill_value, dtype=dtype or default, device=device)

    def linspace(start, stop, num, *, dtype=None):
        return torch.linspace(start, stop, num, dtype=dtype or default, device=device)

    def made(function):
        return lambda shape, *, dtype=None: function(shape, dtype=dtype or default, device=device)

    return {
        "arange": arange,
        "asarray": asarray,
        "eye": made(torch.eye),
        "full": full,
        "linspace": linspace,
        "ones": made(torch.ones),
        "zeros": made(torch.zeros),
    }


ARRAY = {
    "abs": torch.abs,
    "argmax": torch.argmax,
    "argmin": torch.argmin,
    "argsort": argsort,
    "astype": torch.Tensor.to,
    "atan2": with_numbers(torch.atan2),
    "broadcast_to": torch.broadcast_to,
    "clip": clip,
    "concat": torch.concat,
    "cond": cond,
    "conv": torch.conv2d,
    "cos": torch.cos,
    "cumulative_sum": torch.cumsum,
    "digamma": torch.digamma,
    "einsum": torch.einsum,
    "erf": torch.erf,
    "exp": torch.exp,
    "expand_dims": torch.unsqueeze,
    "expit": torch.sigmoid,
    "expm1": torch.expm1,
    "flip": flip,
    "float32": torch.float32,
    "float64": torch.float64,
    "gammaln": torch.lgamma,
    "int64": torch.int64,
    "linalg.cholesky": torch.linalg.cholesky,
    "linalg.det": torch.linalg.det,
    "linalg.diagonal": torch.linalg.diagonal,
    "linalg.inv": torch.linalg.inv,
    "linalg.slogdet": torch.linalg.slogdet,
    "linalg.solve": torch.linalg.solve,
    "linalg.trace": trace,
    "log": torch.log,
    "log1p": torch.log1p,
    "logsumexp": logsumexp,
    "matmul": torch.matmul,
    "matrix_transpose": matrix_transpose,
    # amax and amin share the gradient out evenly at ties.
    "max": reduction(torch.amax),
    "maximum": with_numbers(torch.maximum),
    "mean": reduction(torch.mean),
    "min": reduction(torch.amin),
    "minimum": with_numbers(torch.minimum),
    "ones_like": torch.ones_like,
    "permute_dims": torch.permute,
    "prod": prod,
    "reshape": torch.reshape,
    "roll": roll,
    "scan": scan,
    "segment_sum": segment_sum,
    "sign": torch.sign,
    "sin": torch.sin,
    "softplus": softplus,
    "solve_triangular": solve_triangular,
    "sort": sort,
    "sqrt": torch.sqrt,
    "square": torch.square,
    "squeeze": torch.squeeze,
    "stack": torch.stack,
    "stop_gradient": torch.Tensor.detach,
    "sum": reduction(torch.sum),
    "take": take,
    "take_along_axis": take_along_axis,
    "tan": torch.tan,
    "tanh": torch.tanh,
    "tril": tril,
    "triu": triu,
    "where": torch.where,
    "while_loop": while_loop,
    "zeros_like": torch.zeros_like,
}

FUNC = {"grad": torch.func.grad, "vjp": torch.func.vjp, "jvp": torch.func.jvp}
KINDS = {
    "reverse": {"grad": grad, "vjp": vjp, "jvp": jvp},
    "func": FUNC,
    "compiled": {**FUNC, "scan": unrolled},
    # torch.func.jvp raises inside dual numbers; a forward mode made of pullbacks does not.
    "within dual": complete({**ARRAY, "grad": FUNC["grad"], "vjp": FUNC["vjp"]}),
}
