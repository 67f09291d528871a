"""A definition evaluated at a point: its arguments as arrays, and as jets along directions.

One convention: a direction maps the positions of differentiated arguments to tangents; an argument
that it does not name does not move.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from harness.arrays import NDArray
from harness.atlas import mathematics
from harness.atlas.jets import Jet, exact, mp
from harness.atlas.ways import seeds
from harness.errors import HarnessError
from harness.primitive import Point, Primitive


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """A point as arrays: the arguments (float ones of the case's dtype), the cotangent w, and the
    tangents v of those at the positions `wrt`."""

    arguments: tuple[NDArray, ...]
    wrt: tuple[int, ...]
    cotangent: NDArray
    tangents: tuple[NDArray, ...]


def arguments_of(primitive: Primitive, point: Point, dtype: str) -> tuple[NDArray, ...]:
    """The point's arguments as arrays: of the dtype, or of integers."""
    pairs = zip(primitive.names(point), point.arguments, strict=True)
    return tuple(
        np.asarray(given, np.int64 if name in primitive.integers else dtype)
        for name, given in pairs
    )


def inputs_of(primitive: Primitive, point: Point, dtype: str) -> Inputs:
    """Return a point's arrays, its cotangent and its tangents. Raises HarnessError where the
    definition does."""
    arguments = arguments_of(primitive, point, dtype)
    names = primitive.names(point)
    wrt = tuple(names.index(name) for name in primitive.wrt(point))
    with defined(primitive, point):
        output = evaluated(primitive, point, arguments, 0, [])
    return Inputs(
        arguments=arguments,
        wrt=wrt,
        cotangent=_seeded(np.shape(output), 0, dtype),
        tangents=tuple(_seeded(arguments[i].shape, 1 + i, dtype) for i in wrt),
    )


def _seeded(shape: tuple[int, ...], salt: int, dtype: str) -> NDArray:
    return np.asarray(seeds(shape, salt), dtype).reshape(shape)


@contextmanager
def defined(primitive: Primitive, point: Point) -> Iterator[None]:
    """Turn whatever a definition, or mpmath in it, raises into a sentence."""
    try:
        yield
    except Exception as error:
        raise HarnessError(
            f"the definition of primitive {primitive.name!r} can't be evaluated at its point "
            f"{point.name!r}: {type(error).__name__}: {error}"
        ) from error


def evaluated(
    primitive: Primitive,
    point: Point,
    arguments: tuple[NDArray, ...],
    nudge: float,
    directions: Sequence[Mapping[int, Any]],
) -> Any:
    """Evaluate the definition on jets with as many directions as are given."""
    names = primitive.names(point)
    jets = tuple(
        array
        if names[i] in primitive.integers
        else _jets(array, [d.get(i) for d in directions], _nudges(array.size, i, nudge))
        for i, array in enumerate(arguments)
    )
    out = primitive.at(point, partial(primitive.define, mathematics))(*jets)
    return np.asarray(out, object)


def _nudges(count: int, argument: int, nudge: float) -> list[Any]:
    """What the numbers of an argument are multiplied by: up or down without a pattern, along rows
    or between arguments, that a function could be blind to."""
    signs = [-1 if (i * i + i // 2 + argument) % 3 == 1 else 1 for i in range(count)]
    return [1 + sign * exact(nudge) for sign in signs]


def _jets(array: NDArray, tangents: Sequence[Any], nudges: Sequence[Any]) -> Any:
    """Spread an array into jets: along each direction its tangent, None for zeros."""
    out = np.empty(array.shape, object)
    for nudge, index in zip(nudges, np.ndindex(array.shape), strict=True):
        parts = [mp.zero] * 2 ** len(tangents)
        parts[0] = exact(float(array[index])) * nudge
        for k, tangent in enumerate(tangents):
            if tangent is not None:
                parts[1 << k] = exact(float(tangent[index]))
        out[index] = Jet(parts)
    return out
