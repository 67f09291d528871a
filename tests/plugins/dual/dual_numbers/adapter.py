"""The adapter: it lends `jvp` alone, and the harness derives every operator from that."""

import numpy as np

from harness.contract import Backend, Description
from harness.operators import complete
from harness.xp import ARRAY, Namespace


class Number:
    """value + tangent * epsilon, where epsilon^2 = 0. `level` tells nested epsilons apart."""

    __array_ufunc__ = None

    def __init__(self, value, tangent, level):
        self.value, self.tangent, self.level = value, tangent, level

    shape = property(lambda self: self.value.shape)
    dtype = property(lambda self: self.value.dtype)
    ndim = property(lambda self: self.value.ndim)

    def __getitem__(self, index):
        return Number(self.value[index], self.tangent[index], self.level)

    def __add__(self, other):
        return lifted(lambda a, b: a + b, lambda a, b, da, db: da + db, self, other)

    def __sub__(self, other):
        return self + other * -1.0

    def __rsub__(self, other):
        return self * -1.0 + other

    def __mul__(self, other):
        return lifted(lambda a, b: a * b, lambda a, b, da, db: da * b + a * db, self, other)

    def __pow__(self, power):
        return Number(
            self.value**power, self.tangent * (power * self.value ** (power - 1)), self.level
        )

    __radd__, __rmul__ = __add__, __mul__


def parts(x, level):
    if isinstance(x, Number) and x.level == level:
        return x.value, x.tangent
    return x, 0.0 * x


def lifted(value, tangent, x, y):
    """Apply a rule at the highest level that either number has."""
    level = max(n.level for n in (x, y) if isinstance(n, Number))
    (a, da), (b, db) = parts(x, level), parts(y, level)
    return Number(value(a, b), tangent(a, b, da, db), level)


def linear(function):
    """Lift a linear NumPy function: it acts on value and tangent alike."""

    def lifted_function(x, *rest, **options):
        if isinstance(x, Number):
            return Number(
                lifted_function(x.value, *rest, **options),
                lifted_function(x.tangent, *rest, **options),
                x.level,
            )
        return function(x, *rest, **options)

    return lifted_function


def joined(function):
    """Lift concat and stack, whose arrays come in a list."""

    def lifted_function(arrays, *, axis=0):
        levels = [x.level for x in arrays if isinstance(x, Number)]
        if not levels:
            return function(arrays, axis=axis)
        pairs = [parts(x, max(levels)) for x in arrays]
        values, tangents = zip(*pairs, strict=True)
        return Number(
            lifted_function(list(values), axis=axis),
            lifted_function(list(tangents), axis=axis),
            max(levels),
        )

    return lifted_function


def jvp(f, xs, vs):
    """Levels come from how deeply the arguments nest, so an inner epsilon is never an outer one."""
    level = 1 + max((x.level for x in (*xs, *vs) if isinstance(x, Number)), default=0)
    level = max(level, DEPTH[0] + 1)
    DEPTH[0], before = level, DEPTH[0]
    try:
        y = f(*(Number(x, v, level) for x, v in zip(xs, vs, strict=True)))
    finally:
        DEPTH[0] = before
    return parts(y, level)


DEPTH = [0]
NAMES = {
    "sum": linear(lambda x, *, axis=None, keepdims=False: np.sum(x, axis=axis, keepdims=keepdims)),
    "reshape": linear(np.reshape),
    "zeros_like": lambda x: 0.0 * x,
    "ones_like": lambda x: 0.0 * x + 1.0,
    "stack": joined(np.stack),
    "concat": joined(np.concatenate),
    "jvp": jvp,
}


class Dual(Backend):
    def __init__(self, variant, device, settings):
        pass

    def describe(self):
        return Description(
            version="1.0",
            devices={"cpu": "whichever NumPy runs on"},
            numerics={},
            native=(("value", None),),
        )

    def put(self, array):
        return array.copy()

    def get(self, array):
        return np.asarray(array), "cpu"

    def wait(self, outputs):
        pass  # NumPy has computed them when it returns

    def namespace(self, case):
        own = {**NAMES, "eye": lambda n: np.eye(n, dtype=case.dtype)}
        lacks = {name: f"dual numbers have no {name}" for name in ARRAY if name not in own}
        return Namespace(complete(own), lacks)

    def prepare(self, case, function, wrt, example):
        def call(*inputs):
            outputs = function(*inputs)
            return outputs if isinstance(outputs, tuple) else (outputs,)

        return call

    def release(self):
        pass
