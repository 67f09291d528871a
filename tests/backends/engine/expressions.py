"""Expressions: functions of arrays as trees of frozen records, which print as the code they are.

The one convention: an expression names functions of `harness.xp` only, so every backend evaluates
it. Parts may be shared. Inputs are numbers in [-1, 1] and constants are small; both are exact in
float32, so that runs in different dtypes are of the very same function at the very same point.
"""

import operator
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from hypothesis import HealthCheck, settings

from backends.numpy_xp import namespace

# The same examples in every run. Time limits would fail on busy machines only, so there are none.
FEW = settings(
    derandomize=True,
    deadline=None,
    max_examples=25,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MANY = settings(FEW, max_examples=100)
DTYPES = ("float32", "float64", "longdouble")
XP = {dtype: namespace(dtype) for dtype in DTYPES}

INFIX = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "@": operator.matmul,
    ">": operator.gt,
}


@dataclass(frozen=True, eq=False)
class Input:
    """An argument of the function."""

    position: int
    shape: tuple
    bound: float = 1.0


@dataclass(frozen=True, eq=False)
class Constant:
    """An array of known values, of the case's dtype or of integers."""

    values: list
    shape: tuple
    bound: float = 1.0
    dtype: str | None = None


@dataclass(frozen=True, eq=False)
class Call:
    """A function of other parts, with its shape and a bound on what its elements can be.

    `name` is a function of `xp`, a sign from INFIX, or "[]" for indexing by the second argument.
    """

    name: str
    arguments: tuple
    options: tuple
    shape: tuple
    bound: float


@dataclass(frozen=True, eq=False)
class Expression:
    """A function: its result, the shapes of its arguments, and the seed of its point."""

    root: Call | Input
    shapes: tuple
    seed: int

    def __repr__(self):
        return f"{source(self)}\n# at point(..., seed={self.seed}) of shapes {self.shapes}"

    def _repr_pretty_(self, printer, cycle):
        printer.text(repr(self))  # else hypothesis prints the fields of every record


def calls(root):
    """Return the calls that make a result, in an order to compute them in, each of them once."""
    found = {}

    def visit(node):
        if isinstance(node, tuple):
            for each in node:
                visit(each)
        elif isinstance(node, Call) and id(node) not in found:
            visit(node.arguments)
            found[id(node)] = node

    visit(root)
    return list(found.values())


def function(expression, xp):
    """Make the function of arrays that an expression stands for, in one backend's namespace."""
    order = calls(expression.root)

    def of(*xs):
        known = {}

        def read(node):
            if isinstance(node, tuple):
                return tuple(read(each) for each in node)
            if isinstance(node, Input):
                return xs[node.position]
            if isinstance(node, Constant):
                dtype = {} if node.dtype is None else {"dtype": getattr(xp, node.dtype)}
                return xp.asarray(node.values, **dtype)
            return known[id(node)] if isinstance(node, Call) else node

        for call in order:
            known[id(call)] = _apply(call, xp, [read(a) for a in call.arguments])
        return read(expression.root)

    return of


def _apply(call, xp, arguments):
    if call.name == "[]":
        return arguments[0][call.arguments[1]]
    if call.name in INFIX:
        return INFIX[call.name](*arguments)
    return attrgetter(call.name)(xp)(*arguments, **dict(call.options))


def source(expression):
    """Print an expression as a Python function, one line for each call."""
    names = {id(call): f"v{i}" for i, call in enumerate(calls(expression.root))}

    def written(node):
        if isinstance(node, Input):
            return f"x{node.position}"
        if isinstance(node, Constant):
            dtype = "" if node.dtype is None else f", dtype=xp.{node.dtype}"
            return f"xp.asarray({node.values}{dtype})"
        if isinstance(node, tuple):
            return f"({''.join(f'{written(each)}, ' for each in node)})"
        return names[id(node)] if isinstance(node, Call) else repr(node)

    def line(call):
        if call.name == "[]":
            return f"{written(call.arguments[0])}[{call.arguments[1]!r}]"
        arguments = [written(a) for a in call.arguments]
        if call.name in INFIX:
            return f" {call.name} ".join(arguments)
        options = [f"{name}={value!r}" for name, value in call.options]
        return f"xp.{call.name}({', '.join(arguments + options)})"

    parameters = ", ".join(f"x{i}" for i in range(len(expression.shapes)))
    body = [f"{names[id(call)]} = {line(call)}" for call in calls(expression.root)]
    lines = [f"def f({parameters}):", *body, f"return {written(expression.root)}"]
    return "\n    ".join(lines)


def point(shapes, dtype="float64", *, seed):
    """Return arrays of these shapes with generic elements in [-1, 1], the same in every dtype."""
    rng = np.random.default_rng(seed)
    return tuple(
        np.asarray(rng.uniform(-1, 1, shape), np.float32).astype(dtype) for shape in shapes
    )
