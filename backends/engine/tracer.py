"""The traced array: what a function is called with while it is being differentiated.

It stands for its value and looks like an array. Its operators call the primitives by name; the
primitives (see core.py) enter themselves in the two registers here when they are declared. What
would silently cut a derivative, such as assigning in place or handing over to NumPy, is refused
with a sentence.
"""

import operator

import numpy as np

PRIMITIVES = {}  # name: primitive
OF_UFUNC = {}  # NumPy's ufunc: the primitive of the same meaning

RENAMED = {
    "concatenate": "concat",
    "cumsum": "cumulative_sum",
    "amax": "max",
    "amin": "min",
    "power": "x**y",
    "swapaxes": "permute_dims",
    "transpose": "permute_dims",
}


class Tracer:
    """An array within one trace.

    `note` is what the trace keeps beside the value: the place on its tape in reverse mode, the
    tangent in forward mode. `value` may itself be traced, by an outer trace.
    """

    __slots__ = ("note", "trace", "value")

    def __init__(self, value, trace, note):
        self.value = value
        self.trace = trace
        self.note = note

    @property
    def shape(self):
        return self.value.shape

    @property
    def dtype(self):
        return self.value.dtype

    @property
    def ndim(self):
        return self.value.ndim

    @property
    def size(self):
        return self.value.size

    @property
    def T(self):
        return PRIMITIVES["permute_dims"](self, axes=tuple(reversed(range(self.ndim))))

    def __add__(self, other):
        return PRIMITIVES["add"](self, other)

    def __radd__(self, other):
        return PRIMITIVES["add"](other, self)

    def __sub__(self, other):
        return PRIMITIVES["subtract"](self, other)

    def __rsub__(self, other):
        return PRIMITIVES["subtract"](other, self)

    def __mul__(self, other):
        return PRIMITIVES["multiply"](self, other)

    def __rmul__(self, other):
        return PRIMITIVES["multiply"](other, self)

    def __truediv__(self, other):
        return PRIMITIVES["divide"](self, other)

    def __rtruediv__(self, other):
        return PRIMITIVES["divide"](other, self)

    def __pow__(self, other):
        if type(other) is int and other == 2:
            return PRIMITIVES["square"](self)
        return PRIMITIVES["power"](self, other)

    def __rpow__(self, other):
        return PRIMITIVES["power"](other, self)

    def __matmul__(self, other):
        return PRIMITIVES["matmul"](self, other)

    def __rmatmul__(self, other):
        return PRIMITIVES["matmul"](other, self)

    def __neg__(self):
        return PRIMITIVES["negative"](self)

    def __pos__(self):
        return self

    def __abs__(self):
        return PRIMITIVES["abs"](self)

    def __lt__(self, other):
        return PRIMITIVES["less"](self, other)

    def __le__(self, other):
        return PRIMITIVES["less_equal"](self, other)

    def __gt__(self, other):
        return PRIMITIVES["greater"](self, other)

    def __ge__(self, other):
        return PRIMITIVES["greater_equal"](self, other)

    def __eq__(self, other):
        return PRIMITIVES["equal"](self, other)

    def __ne__(self, other):
        return PRIMITIVES["not_equal"](self, other)

    __hash__ = None  # as an array's: equality is elementwise

    def __getitem__(self, key):
        if is_array(key):
            return PRIMITIVES["take"](self, _rows(key), axis=0)
        if isinstance(key, tuple) and any(is_array(part) for part in key):
            raise TypeError(
                "a traced array can't be indexed by arrays within a tuple; "
                "use take, take_along_axis or where"
            )
        return PRIMITIVES["index"](self, key=key)

    def __setitem__(self, key, entries):
        raise TypeError(
            "a traced array can't be assigned in place; build the new one with where, concat, "
            "stack or segment_sum"
        )

    def __len__(self):
        return len(self.value)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return self.trace.read(self, bool)

    def __repr__(self):
        return f"Tracer({self.value!r}, trace={self.trace.number})"

    def __float__(self):
        return self.trace.read(self, float)

    def __int__(self):
        return self.trace.read(self, int)

    def __index__(self):
        return self.trace.read(self, operator.index)

    def __array__(self, dtype=None, copy=None):
        raise lost("np.asarray, or an assignment into a NumPy array,")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        primitive = OF_UFUNC.get(ufunc)
        if primitive is None or method != "__call__" or options:
            name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
            raise _foreign(name, ufunc.__name__, " without out=, where= or dtype=" * bool(options))
        return primitive(*inputs)

    def __array_function__(self, function, types, arguments, options):
        raise _foreign(function.__name__, function.__name__, "")

    def __getattr__(self, name):
        raise AttributeError(f"a traced array has no {name!r}; use the function {name}(x) instead")


def is_array(key):
    return isinstance(key, (list, np.ndarray, Tracer))


def _rows(key):
    rows = key if isinstance(key, Tracer) else np.asarray(key)
    if rows.dtype.kind not in "iu":
        raise TypeError(
            f"a traced array can't be indexed by an array of {rows.dtype}, as the result's shape "
            "would depend on values; use where"
        )
    return rows


def concrete(x):
    """The plain array that a comparison or other discrete function gave, whatever records it."""
    return x.trace.read(x, np.array) if isinstance(x, Tracer) else np.asarray(x)


def lost(what):
    """The refusal to hand a traced array out as plain numbers."""
    return TypeError(
        f"{what} of a traced array would lose its derivative; keep it an array, or pass it through "
        "stop_gradient if it is to count as a constant"
    )


def _foreign(called, name, how):
    known = RENAMED.get(name, name)
    if known in PRIMITIVES:
        remedy = f"use the engine's {known}{how}"
    elif known in RENAMED.values():
        remedy = f"use {known}"
    else:
        remedy = "write it with the functions in backends.engine.xp"
    return TypeError(f"np.{called} can't take a traced array; {remedy}")


def shape_of(x):
    """The shape of an array, a traced array or a Python number."""
    return () if isinstance(x, PYTHON) else x.shape


def dtype_of(x):
    """The dtype of an array or traced array; that of float64 for a Python number."""
    return np.dtype(np.float64) if isinstance(x, PYTHON) else x.dtype


# np.float64 is a Python float as well and answers rightly: it has no axes, and its dtype is float64
PYTHON = (bool, int, float)
