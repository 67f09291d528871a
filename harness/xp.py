"""`xp`: the names that a backend lends to a scenario, and what each of them means.

The contract is this one table. Names and meanings come from the Python Array API standard (2024.12)
except where a sentence stands beside them. Conventions for all of them:

- `x` is positional, axes and options are keyword-only; `axis` is an int, a tuple of ints, or None
  for all axes; scalars of Python may stand wherever one operand of two is an array.
- creation functions default to the case's dtype and device; `dtype` takes one of xp.float32,
  xp.float64, xp.int64.
- arrays offer + - * / ** @, unary -, comparisons, `shape`, `ndim`, `dtype`, `.T` (two axes), and
  basic indexing with integers, slices of positive step, None and Ellipsis.
- what a framework lacks is named in its namespace's `lacks` with a true sentence; looking it up
  raises `Unsupported`. A scenario never works around it.

At kinks and ties a derivative follows the frameworks' majority; scenarios stay away from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harness.errors import Unsupported

STANDARD = "as in the Array API standard"

ELEMENTWISE = {
    "abs": ("(x)", STANDARD),
    "atan2": ("(y, x)", STANDARD),
    "clip": ("(x, *, min=None, max=None)", "bounds are Python numbers or None"),
    "cos": ("(x)", STANDARD),
    "exp": ("(x)", STANDARD),
    "expm1": ("(x)", STANDARD),
    "log": ("(x)", STANDARD),
    "log1p": ("(x)", STANDARD),
    "maximum": ("(x, y)", STANDARD),
    "minimum": ("(x, y)", STANDARD),
    "sign": ("(x)", STANDARD),
    "sin": ("(x)", STANDARD),
    "sqrt": ("(x)", STANDARD),
    "square": ("(x)", STANDARD),
    "tan": ("(x)", STANDARD),
    "tanh": ("(x)", STANDARD),
    "where": ("(condition, x, y)", STANDARD),
}

SPECIAL = {
    "erf": ("(x)", "2/sqrt(pi) times the integral of exp(-t^2) from 0 to x (DLMF 7.2.1)"),
    "gammaln": ("(x)", "log of the absolute value of the gamma function (DLMF 5.2)"),
    "digamma": ("(x)", "derivative of gammaln (DLMF 5.2.2)"),
    "expit": ("(x)", "1 / (1 + exp(-x)), without overflow"),
    "softplus": ("(x)", "log(1 + exp(x)), without overflow"),
    "logsumexp": ("(x, *, axis=None, keepdims=False)", "log sum exp, shifted by the maximum"),
}

REDUCTIONS = {
    "argmax": ("(x, *, axis=None)", "index of the first maximum; axis an int or None"),
    "argmin": ("(x, *, axis=None)", "index of the first minimum; axis an int or None"),
    "cumulative_sum": ("(x, *, axis)", "running sum along one axis, same shape as x"),
    "max": ("(x, *, axis=None, keepdims=False)", STANDARD),
    "mean": ("(x, *, axis=None, keepdims=False)", STANDARD),
    "min": ("(x, *, axis=None, keepdims=False)", STANDARD),
    "prod": ("(x, *, axis=None, keepdims=False)", "axis an int or None"),
    "sum": ("(x, *, axis=None, keepdims=False)", STANDARD),
}

CREATION = {
    "arange": ("(start, stop=None, step=1, *, dtype=None)", STANDARD),
    "asarray": (
        "(values, *, dtype=None)",
        "of lists, numbers or an array, whose dtype becomes the case's too",
    ),
    "eye": ("(n, *, dtype=None)", "identity of n rows and columns"),
    "full": ("(shape, fill_value, *, dtype=None)", STANDARD),
    "linspace": ("(start, stop, num, *, dtype=None)", "num points, both ends included"),
    "ones": ("(shape, *, dtype=None)", STANDARD),
    "ones_like": ("(x)", STANDARD),
    "zeros": ("(shape, *, dtype=None)", STANDARD),
    "zeros_like": ("(x)", STANDARD),
}

MANIPULATION = {
    "astype": ("(x, dtype)", STANDARD),
    "broadcast_to": ("(x, shape)", STANDARD),
    "concat": ("(arrays, *, axis=0)", STANDARD),
    "expand_dims": ("(x, *, axis)", "axis an int"),
    "flip": ("(x, *, axis)", "axis an int"),
    "matrix_transpose": ("(x)", STANDARD),
    "permute_dims": ("(x, axes)", STANDARD),
    "reshape": ("(x, shape)", "one entry of shape may be -1"),
    "roll": ("(x, shift, *, axis)", "shift and axis ints"),
    "squeeze": ("(x, *, axis)", "axis an int"),
    "stack": ("(arrays, *, axis=0)", STANDARD),
    "tril": ("(x, *, k=0)", STANDARD),
    "triu": ("(x, *, k=0)", STANDARD),
}

INDEXING = {
    "argsort": ("(x, *, axis=-1)", "ascending, stable"),
    "segment_sum": (
        "(x, segments, *, count)",
        "out[s] = sum of x[i] where segments[i] == s; shape (count, *x.shape[1:]); "
        "segments is an integer array of one axis, in any order",
    ),
    "sort": ("(x, *, axis=-1)", "ascending"),
    "take": ("(x, indices, *, axis)", "indices an integer array of one axis"),
    "take_along_axis": ("(x, indices, *, axis)", STANDARD),
}

LINEAR_ALGEBRA = {
    "conv": (
        "(x, kernel, *, stride=1, padding=0)",
        "cross-correlation: x (batch, in, height, width), kernel (out, in, height, width)",
    ),
    "einsum": ("(subscripts, *arrays)", "explicit output; no ellipsis, no repeated index in one"),
    "matmul": ("(x, y)", STANDARD),
    "solve_triangular": ("(a, b, *, lower)", "x with a x = b; b has one or two axes"),
    "linalg.cholesky": ("(x)", "lower factor"),
    "linalg.det": ("(x)", STANDARD),
    "linalg.diagonal": ("(x)", "main diagonal of the last two axes"),
    "linalg.inv": ("(x)", STANDARD),
    "linalg.slogdet": ("(x)", "(sign, logabsdet)"),
    "linalg.solve": ("(a, b)", "b has one or two axes"),
    "linalg.trace": ("(x)", "over the last two axes"),
}

CONTROL = {
    "cond": ("(predicate, yes, no, *operands)", "yes(*operands) or no(*operands)"),
    "scan": (
        "(f, carry, xs)",
        "(carry, ys): carry, y = f(carry, x) for x along the first axis of xs, ys stacked; "
        "carry, xs and y may be tuples of arrays",
    ),
    "stop_gradient": ("(x)", "x, whose derivative is taken as 0"),
    "while_loop": ("(test, body, carry)", "carry = body(carry) while test(carry); carry a tuple"),
}

DIFFERENTIATION = {
    "grad": ("(f, argnums=0)", "function: gradient of scalar f; a tuple of argnums, a tuple back"),
    "jvp": ("(f, xs, vs)", "(f(*xs), derivative along vs); xs and vs tuples of equal length"),
    "vjp": ("(f, *xs)", "(f(*xs), pullback); pullback(cotangent) is a tuple, one per x"),
}

DTYPES = {
    "float32": ("", "the dtype"),
    "float64": ("", "the dtype"),
    "int64": ("", "the dtype"),
}

ARRAY = {
    **ELEMENTWISE,
    **SPECIAL,
    **REDUCTIONS,
    **CREATION,
    **MANIPULATION,
    **INDEXING,
    **LINEAR_ALGEBRA,
    **CONTROL,
    **DTYPES,
}
TABLE = {**ARRAY, **DIFFERENTIATION}


class Namespace:
    """An `xp`: plain attributes for the names that a backend has, sentences for those it lacks.

    `names` maps names of the table to functions; a dotted name makes a namespace within. A name
    is in neither raises at once, so that a gap in an adapter can't go unnoticed. `framework` is the
    backend's name, `words` what expressions in the framework's own words begin with; both are for
    primitives, which are about a framework's functions and not about these.
    """

    def __init__(
        self,
        names: Mapping[str, Callable[..., Any] | Any],
        lacks: Mapping[str, str],
        framework: str = "",
        words: Mapping[str, Any] | None = None,
    ) -> None:
        self._lacks = dict(lacks)
        self.framework, self.words = framework, dict(words or {})
        inner: dict[str, dict[str, Any]] = {}
        for name, function in names.items():
            head, dot, tail = name.partition(".")
            if dot:
                inner.setdefault(head, {})[tail] = function
            else:
                setattr(self, name, function)
        for head in {name.partition(".")[0] for name in [*names, *lacks] if "." in name}:
            lacking = {
                name.partition(".")[2]: why
                for name, why in lacks.items()
                if name.startswith(f"{head}.")
            }
            setattr(self, head, Namespace(inner.get(head, {}), lacking))

    def __getattr__(self, name: str) -> Any:
        lacks = self.__dict__.get("_lacks", {})
        if name in lacks:
            raise Unsupported(lacks[name])
        raise AttributeError(f"xp has no {name!r}; its names are listed in harness/xp.py")
