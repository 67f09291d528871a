"""The traced array: what a function is called with while it is being differentiated.

It stands for its value and looks like an array. Its operators call the primitives by name; the
primitives (see core.py) enter themselves in the two registers here when they are declared. What
would silently cut a derivative, such as assigning in place or handing over to NumPy, is refused
with a sentence.
"""

import operator

import numpy as np

from backends.engine import keys, refusals
from backends.engine.refusals import lost

PRIMITIVES = {}  # name: primitive
OF_UFUNC = {}  # NumPy's ufunc: the primitive of the same meaning


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

    @property
    def mT(self):
        return PRIMITIVES["matrix_transpose"](self)

    def __add__(self, other):
        return PRIMITIVES["add"](self, other)

    def __radd__(self, other):
        return PRIMITIVES["add"](other, self)

    def __sub__(self, other):
        return PRIMITIVES["subtract"](self, other)

    def __rsub__(self, other):
        return PRIMITIVES["subtract"](other, self)

    def __mul__(self, other):
        if other is self and self.dtype.kind != "b":
            return PRIMITIVES["square"](self)
        return PRIMITIVES["multiply"](self, other)

    def __rmul__(self, other):
        return PRIMITIVES["multiply"](other, self)

    def __truediv__(self, other):
        return PRIMITIVES["divide"](self, other)

    def __rtruediv__(self, other):
        return PRIMITIVES["divide"](other, self)

    def __floordiv__(self, other):
        return PRIMITIVES["floor_divide"](self, other)

    def __rfloordiv__(self, other):
        return PRIMITIVES["floor_divide"](other, self)

    def __mod__(self, other):
        return PRIMITIVES["remainder"](self, other)

    def __rmod__(self, other):
        return PRIMITIVES["remainder"](other, self)

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

    def __and__(self, other):
        return PRIMITIVES["bitwise_and"](self, other)

    def __rand__(self, other):
        return PRIMITIVES["bitwise_and"](other, self)

    def __or__(self, other):
        return PRIMITIVES["bitwise_or"](self, other)

    def __ror__(self, other):
        return PRIMITIVES["bitwise_or"](other, self)

    def __xor__(self, other):
        return PRIMITIVES["bitwise_xor"](self, other)

    def __rxor__(self, other):
        return PRIMITIVES["bitwise_xor"](other, self)

    def __invert__(self):
        return PRIMITIVES["bitwise_invert"](self)

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
        if keys.is_plain(key):
            return PRIMITIVES["index"](self, key=key)
        template, indices = keys.split(key, self.shape, concrete)
        if not indices:
            return PRIMITIVES["index"](self, key=template)
        if len(indices) == 1:
            axis = keys.first_of_block(template)
            if axis is not None:
                return PRIMITIVES["take"](self, *indices, axis=axis)
        return PRIMITIVES["gather"](self, *indices, key=template)

    def __setitem__(self, key, entries):
        raise refusals.assigned()

    def __len__(self):
        if not self.ndim:
            raise refusals.without_axes("len()")
        return self.shape[0]

    def __iter__(self):
        if not self.ndim:
            raise refusals.without_axes("iteration")
        return iter([self[i] for i in range(self.shape[0])])

    def __contains__(self, x):
        raise lost("the membership test `in`")

    def __bool__(self):
        return self.trace.read(self, bool)

    def __repr__(self):
        return f"Tracer({self.value!r}, trace={self.trace.number})"

    def __format__(self, specification):
        return format(self.value, specification) if specification else repr(self)

    def __reduce_ex__(self, protocol):
        raise lost("a copy or pickle")

    def __float__(self):
        return self.trace.read(self, float)

    def __int__(self):
        return self.trace.read(self, int)

    def __index__(self):
        return self.trace.read(self, operator.index)

    def __array__(self, dtype=None, copy=None):
        raise lost("np.asarray, assigning into a NumPy array, or indexing one,")

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        primitive = OF_UFUNC.get(ufunc)
        if primitive is None or method != "__call__" or options:
            name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
            how = " without out=, where= or dtype=" if options else ""
            raise refusals.foreign(f"np.{name}", name, how)
        return primitive(*inputs)

    def __array_function__(self, function, types, arguments, options):
        called = f"{function.__module__}.{function.__name__}".replace("numpy", "np", 1)
        raise refusals.foreign(called, function.__name__)

    def __getattr__(self, name):
        raise refusals.lacking(name)


def concrete(x):
    """The plain array that a comparison or other discrete function gave, whatever records it."""
    return x.trace.read(x, np.array) if isinstance(x, Tracer) else np.asarray(x)


def shape_of(x):
    """The shape of an array, a traced array or a Python number."""
    return () if isinstance(x, PYTHON) else x.shape


def dtype_of(x):
    """The dtype of an array or traced array; that of float64 for a Python number."""
    return np.dtype(np.float64) if isinstance(x, PYTHON) else x.dtype


# np.float64 is a Python float as well and answers rightly: it has no axes, and its dtype is float64
PYTHON = (bool, int, float)
