"""The right answers of a primitive as a scenario: of phi = <w, f> at its first point, with
cotangents and tangents that are the run's and not the atlas's.

One convention: as closed forms of any scenario, these take the arguments and then the seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from harness.arrays import NDArray
from harness.atlas.evaluation import Inputs, inputs_of
from harness.atlas.truth import truths
from harness.atlas.ways import WAYS
from harness.primitive import Primitive

Arrays = tuple[NDArray, ...]
BY_OPERATOR = {way.operator: way for way in reversed(WAYS) if way.order < 3}


def _right(primitive: Primitive, operator: str, arguments: Arrays, tangents: Arrays = ()) -> Arrays:
    """The right answer of f's operator; w is the atlas's."""
    point, way = primitive.points[0], BY_OPERATOR[operator]
    own = inputs_of(primitive, point, "float64")
    given = Inputs(
        arguments=arguments,
        wrt=own.wrt,
        cotangent=own.cotangent,
        tangents=tangents or own.tangents,
    )
    return truths(primitive, point, given, [way])[way].arrays


def _contracted(primitive: Primitive, output: NDArray) -> NDArray:
    cotangent = inputs_of(primitive, primitive.points[0], "float64").cotangent
    return np.asarray(np.sum(cotangent * output))


def _split(primitive: Primitive, inputs: Arrays) -> tuple[Arrays, Arrays]:
    count = len(primitive.arguments)
    return inputs[:count], inputs[count:]


def value(primitive: Primitive, inputs: Arrays) -> Arrays:
    arguments, _ = _split(primitive, inputs)
    return (_contracted(primitive, _right(primitive, "value", arguments)[0]),)


def gradient(primitive: Primitive, inputs: Arrays) -> Arrays:
    """One array an argument: zeros for the integers."""
    arguments, _ = _split(primitive, inputs)
    found = iter(_right(primitive, "gradient", arguments))
    pairs = zip(primitive.arguments, arguments, strict=True)
    return tuple(
        np.zeros(x.shape) if name in primitive.integers else next(found) for name, x in pairs
    )


def vjp(primitive: Primitive, inputs: Arrays) -> Arrays:
    _, (cotangent,) = _split(primitive, inputs)
    return tuple(cotangent * each for each in gradient(primitive, inputs[:-1]))


def jvp(primitive: Primitive, inputs: Arrays) -> Arrays:
    arguments, tangents = _split(primitive, inputs)
    return (_contracted(primitive, _right(primitive, "jvp", arguments, tangents)[0]),)


def hvp(primitive: Primitive, inputs: Arrays) -> Arrays:
    arguments, tangents = _split(primitive, inputs)
    return _right(primitive, "hvp", arguments, tangents)


FORMS: Mapping[str, Callable[[Primitive, Arrays], Arrays]] = {
    "value": value,
    "gradient": gradient,
    "vjp": vjp,
    "jvp": jvp,
    "hvp": hvp,
}
