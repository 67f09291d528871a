"""A small right backend: forward mode in NumPy, from which the harness derives everything else.

It differentiates only what the behaviours of the conformance suite use; tests make it wrong.
"""

import itertools

import numpy as np

from harness.conformance.reference import reference
from harness.contract import Backend, Description
from harness.operators import complete
from harness.xp import TABLE, Namespace

LEVELS = itertools.count(1)


class Dual:
    """A number and its tangent; `level` says which jvp it belongs to, the innermost is highest."""

    __array_ufunc__ = None  # NumPy leaves arithmetic with a Dual to the Dual

    def __init__(self, level, primal, tangent):
        self.level, self.primal, self.tangent = level, primal, tangent

    shape = property(lambda self: self.primal.shape)
    ndim = property(lambda self: self.primal.ndim)
    dtype = property(lambda self: self.primal.dtype)

    def __add__(self, other):
        return both(lambda x, y: x + y, lambda x, y, s, t: s + t, self, other)

    def __mul__(self, other):
        return both(lambda x, y: x * y, lambda x, y, s, t: s * y + x * t, self, other)

    def __pow__(self, n):
        return both(lambda x: x**n, lambda x, t: n * x ** (n - 1) * t, self)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + other * -1

    def __getitem__(self, index):
        return linear(lambda x: x[index], self)

    __radd__, __rmul__ = __add__, __mul__


def both(function, tangent, *arguments):
    """Apply a function, and its tangent at the highest level among the arguments."""
    level = max((x.level for x in arguments if isinstance(x, Dual)), default=0)
    if level == 0:
        return function(*arguments)
    mine = [isinstance(x, Dual) and x.level == level for x in arguments]
    primals = [x.primal if own else x for x, own in zip(arguments, mine, strict=True)]
    tangents = [x.tangent if own else x * 0 for x, own in zip(arguments, mine, strict=True)]
    return Dual(level, both(function, tangent, *primals), tangent(*primals, *tangents))


def linear(function, *arguments):
    count = len(arguments)
    return both(function, lambda *xs: linear(function, *xs[count:]), *arguments)


def jvp(f, xs, vs, level=None):
    level = level or next(LEVELS)
    y = f(*(Dual(level, x, v) for x, v in zip(xs, vs, strict=True)))
    if isinstance(y, Dual) and y.level == level:
        return y.primal, y.tangent
    return y, y * 0


def sine(x):
    return both(np.sin, lambda x, t: cosine(x) * t, x)


def cosine(x):
    return both(np.cos, lambda x, t: -sine(x) * t, x)


def names(dtype):
    """Plain NumPy, but for the few functions that the checks differentiate."""
    lent = {
        **vars(reference(dtype)),
        "sum": lambda x, *, axis=None: linear(lambda x: np.sum(x, axis=axis), x),
        "reshape": lambda x, shape: linear(lambda x: np.reshape(x, shape), x),
        "stack": lambda xs: linear(lambda *xs: np.stack(xs), *xs),
        "concat": lambda xs: linear(lambda *xs: np.concat(xs), *xs),
        "take": lambda x, i, *, axis: linear(lambda x: np.take(x, i, axis=axis), x),
        "square": lambda x: x * x,
        "sin": sine,
        "cos": cosine,
        "ones_like": lambda x: np.ones(x.shape, x.dtype),
        "zeros_like": lambda x: np.zeros(x.shape, x.dtype),
        "jvp": jvp,
    }
    lent = {name: function for name, function in lent.items() if name in TABLE}
    lent.update({name: 0 for name in TABLE if name.startswith("linalg.")})
    return complete(lent)


class Small(Backend):
    """A forward mode in NumPy, from which the harness derives the rest."""

    def describe(self):
        return Description(
            version="1", devices={"cpu": "a processor"}, numerics={}, native=(("value", None),)
        )

    def put(self, array):
        return np.array(array)

    def get(self, array):
        return np.array(array), "cpu"

    def wait(self, outputs):
        pass

    def namespace(self, case):
        return Namespace(names(case.dtype), {})

    def prepare(self, case, function, wrt, example):
        def call(*inputs):
            outputs = function(*inputs)
            return outputs if isinstance(outputs, tuple) else (outputs,)

        return call

    def release(self):
        pass
