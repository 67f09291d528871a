"""What ways of drawing an expression share: calls, constants, and parts kept off special points.

The one convention: every part knows a bound on the size of its elements; what is not linear is
applied to parts scaled down to at most 2, so that nothing saturates, overflows or nears a pole.
"""

import math
from dataclasses import replace

from tests.backends.engine.expressions import Call, Constant


def call(name, *arguments, shape, bound, **options):
    return Call(name, arguments, tuple(options.items()), shape, float(bound))


def constant(shape, numbers):
    """A constant whose elements, in C order, are these numbers, repeated where there are more."""
    rows = [numbers[i % len(numbers)] for i in range(math.prod(shape))]
    for n in reversed(shape):
        rows = [rows[i : i + n] for i in range(0, len(rows), n)]
    return Constant(rows[0], shape, max(map(abs, numbers)))


def integers(draft, shape, limit):
    """A constant of integers below a limit, in any order, some of them twice."""
    numbers = [draft.choose(range(limit)) for _ in range(math.prod(shape))]
    return replace(constant(shape, numbers), dtype="int64")


def shifted(draft, shape):
    """A part with elements between 1 and 5."""
    return call("+", draft.tame(shape), 3, shape=shape, bound=5)


def apart(draft, shape):
    """A part whose elements are 0.5 or more from each other and from every multiple of 5."""
    count = math.prod(shape)
    offset = constant(shape, [5 * ((7 * i) % count - count // 2) + 2.5 for i in range(count)])
    return call("+", draft.tame(shape), offset, shape=shape, bound=offset.bound + 2)


def regular(draft, n):
    """A matrix that dominates by its diagonal: the norm of its inverse is at most 1."""
    diagonal = constant((n, n), [(n + 1.0) * (i == j) for i in range(n) for j in range(n)])
    return call("+", draft.tame((n, n), limit=1), diagonal, shape=(n, n), bound=n + 2)


def broadcast(draft, shape):
    """A shape that broadcasts to this one."""
    return tuple(draft.choose((n, 1)) for n in shape[draft.choose(range(len(shape) + 1)) :])
