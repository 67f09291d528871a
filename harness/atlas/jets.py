"""Jets: numbers of extended precision that carry their derivatives along.

A jet is a polynomial in e1, e2, e3 with e1^2 = e2^2 = e3^2 = 0, so the coefficient of e1 e2 in
f(x + e1 u + e2 v) is the second derivative of f along u and v (with two of them these are the
hyper-dual numbers of Fike and Alonso, 2011). One convention: `parts[mask]` is the coefficient of
the product of those e's whose bits are set in `mask`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import mpmath
import numpy as np

mp: Any = mpmath.mp
Number = Any  # an mpmath real


class Jet:
    """A number and its derivatives along up to three directions. Compared by its value."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Number]) -> None:
        self.parts = tuple(parts)

    @property
    def value(self) -> Number:
        return self.parts[0]

    @property
    def order(self) -> int:
        """How many directions there are."""
        return len(self.parts).bit_length() - 1

    def __repr__(self) -> str:
        return f"Jet({', '.join(mp.nstr(part, 8) for part in self.parts)})"

    def __add__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):  # which adds element by element
            return NotImplemented
        if isinstance(other, Jet):
            return Jet([a + b for a, b in zip(self.parts, other.parts, strict=True)])
        return Jet((self.value + exact(other), *self.parts[1:]))

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if not isinstance(other, Jet):
            number = exact(other)
            return Jet([a * number for a in self.parts])
        parts = [mp.zero] * len(self.parts)
        right = [(j, b) for j, b in enumerate(other.parts) if b]
        for i, a in enumerate(self.parts):
            for j, b in right if a else ():
                if not i & j:
                    parts[i | j] += a * b
        return Jet(parts)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Jet:
        return Jet([-a for a in self.parts])

    def __pos__(self) -> Jet:
        return self

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else -self + other

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self * (power(other, -1) if isinstance(other, Jet) else 1 / exact(other))

    def __rtruediv__(self, other: Any) -> Any:
        return NotImplemented if isinstance(other, np.ndarray) else power(self, -1) * other

    def __pow__(self, exponent: Any) -> Any:
        return NotImplemented if isinstance(exponent, np.ndarray | Jet) else power(self, exponent)

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < value_of(other))

    def __le__(self, other: Any) -> bool:
        return bool(self.value <= value_of(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > value_of(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self.value >= value_of(other))

    def __eq__(self, other: object) -> bool:
        return bool(self.value == value_of(other))

    def __ne__(self, other: object) -> bool:
        return bool(self.value != value_of(other))

    __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)


def exact(number: Any) -> Number:
    """A number of Python, NumPy or mpmath, without rounding it."""
    if isinstance(number, np.generic):
        number = number.item()
    return mp.convert(number)


def value_of(number: Any) -> Number:
    return number.value if isinstance(number, Jet) else exact(number)


def power(x: Jet, exponent: Any) -> Jet:
    """x to a constant power; the terms of its derivatives that are 0 times a pole count as 0."""
    p, derivatives, factor = exact(exponent), [], mp.one
    for k in range(x.order + 1):
        derivatives.append(factor * x.value ** (p - k) if factor else mp.zero)
        factor *= p - k
    return compose(x, derivatives)


def compose(x: Jet, derivatives: Sequence[Number]) -> Jet:
    """g(x), of g's derivatives of order 0, 1, ... at x's value: Taylor's formula, which is exact
    since a power of x - value above the number of directions vanishes."""
    rest = Jet((mp.zero, *x.parts[1:]))
    result = Jet((derivatives[0], *[mp.zero] * (len(x.parts) - 1)))
    term = Jet((mp.one, *result.parts[1:]))
    for k in range(1, x.order + 1):
        term = term * rest
        result = result + term * (derivatives[k] / math.factorial(k))
    return result


def compose_several(f: Callable[..., Number], xs: Sequence[Jet]) -> Jet:
    """f(x1, x2, ...) for a function of mpmath, whose partial derivatives mpmath takes.

    Raises what mpmath does where f has no Taylor polynomial there.
    """
    values = [x.value for x in xs]
    order = xs[0].order
    rests = [Jet((mp.zero, *x.parts[1:])) for x in xs]
    result: Jet = Jet([f(*values), *[mp.zero] * (2**order - 1)])
    for orders in _orders(order, [any(rest.parts) for rest in rests]):
        term: Any = mp.diff(f, tuple(values), orders) / math.prod(map(math.factorial, orders))
        for rest, k in zip(rests, orders, strict=True):
            for _ in range(k):
                term = rest * term
        result = result + term
    return result


def _orders(most: int, moving: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """How often to differentiate by each argument: 1 to `most` times in all."""
    ranges = [range(most + 1) if moves else range(1) for moves in moving]
    return (orders for orders in product(*ranges) if 0 < sum(orders) <= most)
