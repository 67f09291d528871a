"""The ways to differentiate a primitive, and what each of them answers.

With f the primitive, w a cotangent of its output's shape, v a tangent for each differentiated
argument, and phi = <w, f>: `value` is f(x); `gradient` and `vjp` both give phi's gradient, once as
that of the scalar and once as f's pullback; `jvp` is f's derivative along v; `hvp` is phi's Hessian
times v; `second` is the second and `third` the third derivative of f along v, which are what
forward modes alone give in one pass; reverse over reverse over reverse gives the gradient of
<v, Hessian v>. One convention: a way's order is how often it differentiates.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from harness.case import Case
from harness.primitive import Point, Primitive

FORWARD_THRICE = "forward-over-forward-over-forward"
REVERSE_THRICE = "reverse-over-reverse-over-reverse"


class Way(NamedTuple):
    """An operator and its composition; `order` is how often it differentiates."""

    operator: str
    composition: str | None
    order: int


WAYS = (
    Way("value", None, 0),
    Way("gradient", None, 1),
    Way("vjp", None, 1),
    Way("jvp", None, 1),
    Way("hvp", "forward-over-reverse", 2),
    Way("hvp", "reverse-over-reverse", 2),
    Way("hvp", "reverse-over-forward", 2),
    Way("second", "forward-over-forward", 2),
    Way("third", FORWARD_THRICE, 3),
    Way("third", REVERSE_THRICE, 3),
)
OF_THE_SCALAR = ("gradient", "hvp")  # operators of phi, not of f
ALONG = ("jvp", "hvp", "second", "third")  # operators that take tangents


def case_of(primitive: Primitive, point: Point, way: Way, dtype: str) -> Case:
    """The case that asks for a way at a point."""
    return Case(
        scenario=f"primitive/{primitive.name}",
        size={},
        point=point.name,
        dtype=dtype,
        operator=way.operator,
        composition=way.composition,
        wrt=primitive.wrt(point),
        seed=0,
    )


def is_scalar(way: Way) -> bool:
    """Whether a way differentiates phi."""
    return way.operator in OF_THE_SCALAR or way.composition == REVERSE_THRICE


def like_arguments(way: Way) -> bool:
    """Whether the answer has one array for each differentiated argument, and not the output's."""
    return is_scalar(way) or way.operator == "vjp"


def seeds(shape: Sequence[int], salt: int) -> list[float]:
    """A cotangent or tangent, flat: eighths between 1/2 and 3/2 in size, of both signs, exact in
    every dtype and short to write, of which no few add up to 0. Fixed, so that a point of the atlas
    means the same in every run."""
    count = math.prod(shape)
    if count == 1:
        return [(1.0, 1.0, 0.5, 1.5)[salt % 4]]
    return [(4 + (5 * i + 3 * salt) % 9) / 8 * (-1 if i % 3 == 2 else 1) for i in range(count)]
