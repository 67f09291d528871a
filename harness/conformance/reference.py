"""What the names of `harness.xp` mean, said once more in plain NumPy and SciPy.

A sample is one call written against an `xp`; made with this namespace it gives the expected answer,
made with a backend's the answer under test. Nothing here differentiates or knows any backend.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy import linalg, special

from harness.xp import Namespace

Array = Any
ELEMENTWISE = (
    *("abs", "atan2", "cos", "exp", "expm1", "log", "log1p", "maximum", "minimum", "sign", "sin"),
    *("sqrt", "square", "tan", "tanh", "where"),
)
REDUCTIONS = ("argmax", "argmin", "max", "mean", "min", "prod", "sum")
MANIPULATION = (
    *("broadcast_to", "concat", "expand_dims", "flip", "matrix_transpose", "ones_like"),
    *("permute_dims", "reshape", "roll", "squeeze", "stack", "tril", "triu", "zeros_like"),
)
OTHERS = ("einsum", "float32", "float64", "int64", "matmul", "sort", "take", "take_along_axis")
SPECIAL = ("erf", "gammaln", "digamma", "expit", "logsumexp")
LINALG = ("cholesky", "det", "diagonal", "inv", "slogdet", "solve", "trace")


def reference(dtype: str) -> Namespace:
    """Make the namespace whose creation functions default to `dtype`."""
    direct = (*ELEMENTWISE, *REDUCTIONS, *MANIPULATION, *OTHERS)
    names: dict[str, Any] = {name: getattr(np, name) for name in direct}
    names.update({name: getattr(special, name) for name in SPECIAL})
    names.update({f"linalg.{name}": getattr(np.linalg, name) for name in LINALG})
    return Namespace({**names, **OWN, **creation(dtype)}, {})


def creation(default: str) -> dict[str, Callable[..., Array]]:
    def full(shape: Any, value: float, *, dtype: Any = None) -> Array:
        return np.full(shape, value, dtype=dtype or default)

    def linspace(start: float, stop: float, num: int, *, dtype: Any = None) -> Array:
        return np.linspace(start, stop, num).astype(dtype or default)

    def arange(start: float, stop: Any = None, step: float = 1, *, dtype: Any = None) -> Array:
        first, last = (0, start) if stop is None else (start, stop)
        return np.arange(first, last, step).astype(dtype or default)

    return {
        "arange": arange,
        "asarray": lambda values, *, dtype=None: np.asarray(values, dtype=dtype or default),
        "eye": lambda n, *, dtype=None: np.eye(n, dtype=dtype or default),
        "full": full,
        "linspace": linspace,
        "ones": lambda shape, *, dtype=None: np.ones(shape, dtype=dtype or default),
        "zeros": lambda shape, *, dtype=None: np.zeros(shape, dtype=dtype or default),
    }


def segment_sum(x: Array, segments: Array, *, count: int) -> Array:
    out = np.zeros((count, *x.shape[1:]), dtype=x.dtype)
    for segment, row in zip(segments, x, strict=True):
        out[segment] += row
    return out


def conv(x: Array, kernel: Array, *, stride: int = 1, padding: int = 0) -> Array:
    margin = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), margin, margin))
    windows = sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))
    return np.einsum("bihwkl,oikl->bohw", windows[:, :, ::stride, ::stride], kernel)


def cond(predicate: Any, yes: Callable[..., Any], no: Callable[..., Any], *operands: Any) -> Any:
    return yes(*operands) if predicate else no(*operands)


def scan(f: Callable[..., Any], carry: Any, xs: Any) -> tuple[Any, Any]:
    ys = []
    for x in zip(*xs, strict=True) if isinstance(xs, tuple) else xs:
        carry, y = f(carry, x)
        ys.append(y)
    return carry, stacked(ys)


def stacked(ys: Sequence[Any]) -> Any:
    if isinstance(ys[0], tuple):
        return tuple(np.stack(column) for column in zip(*ys, strict=True))
    return np.stack(ys)


def while_loop(test: Callable[..., Any], body: Callable[..., Any], carry: Any) -> Any:
    while test(carry):
        carry = body(carry)
    return carry


OWN: dict[str, Callable[..., Any]] = {
    "argsort": lambda x, *, axis=-1: np.argsort(x, axis=axis, kind="stable"),
    "astype": lambda x, dtype: x.astype(dtype),
    "clip": lambda x, *, min=None, max=None: np.clip(x, min, max),
    "cond": cond,
    "conv": conv,
    "cumulative_sum": lambda x, *, axis: np.cumsum(x, axis=axis),
    "scan": scan,
    "segment_sum": segment_sum,
    "softplus": lambda x: np.logaddexp(0, x),
    "solve_triangular": lambda a, b, *, lower: linalg.solve_triangular(a, b, lower=lower),
    "stop_gradient": lambda x: x,
    "while_loop": while_loop,
}
