"""A worker's side of the atlas: one primitive's points of one shape, in every way, in one message.

One convention: arrays come point by point, arguments then cotangent then tangents, and go back way
by way and point by point; what raised is told in its place and costs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from harness import plugins
from harness.arrays import from_blob, to_blob
from harness.atlas.scenarios import own_function
from harness.atlas.ways import ALONG, Way, case_of, is_scalar
from harness.bind import prepare
from harness.case import Case
from harness.channel import Blob, Reply
from harness.primitive import Point, Primitive
from harness.worker import sentence, status_of
from harness.xp import Namespace

if TYPE_CHECKING:
    from harness.bench import Bench

Arrays = tuple[Any, ...]


def survey(
    bench: Bench,
    arrays: list[Blob],
    locator: str,
    scenario: str,
    dtype: str,
    points: list[str],
    ways: list[list[Any]],
) -> Reply:
    """Answer a primitive's points, which have one form and shapes, in every way."""
    primitive = plugins.scenario_at(locator, scenario).primitive
    assert primitive is not None
    chosen = [point for point in primitive.points if point.name in points]
    inputs = _dealt([from_blob(blob) for blob in arrays], len(chosen))
    told: list[dict[str, Any]] = []
    blobs: list[Blob] = []
    for way in (Way(*way) for way in ways):
        case = case_of(primitive, chosen[0], way, dtype)
        for answer, outputs in _in_one_way(bench, primitive, chosen, inputs, case, way):
            told.append(answer)
            blobs += outputs
    return {"answers": told}, blobs


def _dealt(arrays: Sequence[Any], count: int) -> list[Arrays]:
    each = len(arrays) // count
    return [tuple(arrays[i * each : (i + 1) * each]) for i in range(count)]


def _in_one_way(
    bench: Bench,
    primitive: Primitive,
    points: Sequence[Point],
    inputs: Sequence[Arrays],
    case: Case,
    way: Way,
) -> list[tuple[dict[str, Any], list[Blob]]]:
    """Prepare once and call at every point."""
    used = [_used(primitive, points[0], way, each) for each in inputs]
    try:
        call = _prepared(bench, primitive, points[0], case, way, used[0])
        _called(bench, call, used[0])  # what it records or compiles answers from then on
    except Exception as error:
        return [(_ended(bench, error), [])] * len(points)
    return [_called(bench, call, each) for each in used]


def _used(primitive: Primitive, point: Point, way: Way, inputs: Arrays) -> Arrays:
    """What a way takes: the arguments; w where it contracts or pulls back; v where it pushes."""
    count = len(primitive.names(point))
    arguments, cotangent, tangents = inputs[:count], inputs[count : count + 1], inputs[count + 1 :]
    used = arguments
    used += cotangent if is_scalar(way) or way.operator == "vjp" else ()
    return used + (tangents if way.operator in ALONG else ())


def _prepared(
    bench: Bench, primitive: Primitive, point: Point, case: Case, way: Way, used: Arrays
) -> Callable[..., Arrays]:
    count = len(primitive.names(point))

    def bind_to(xp: Namespace) -> Callable[..., Any]:
        f = primitive.at(point, own_function(primitive, xp))
        if not is_scalar(way):
            return f
        return lambda *inputs: xp.sum(f(*inputs[:-1]) * inputs[-1])

    names = primitive.names(point)
    wrt = tuple(names.index(name) for name in case.wrt)
    example = tuple(bench.backend.put(x) for x in used)
    arity = count + is_scalar(way)
    call, _ = prepare(bench.backend, bench.native, case, bind_to, wrt, example, arity)
    return call


def _called(
    bench: Bench, call: Callable[..., Arrays], inputs: Arrays
) -> tuple[dict[str, Any], list[Blob]]:
    backend = bench.backend
    try:
        given = tuple(backend.put(x) for x in inputs)
        outputs = call(*given)
        backend.wait(outputs)
        got = [backend.get(output) for output in outputs]
        changed = any(
            backend.get(mine)[0].tobytes() != theirs.tobytes()
            for mine, theirs in zip(given, inputs, strict=True)
        )
    except Exception as error:
        return _ended(bench, error), []
    if changed:
        return {"ended": "wrong", "reason": "an input was changed by the call"}, []
    return {"devices": [device for _, device in got]}, [to_blob(array) for array, _ in got]


def _ended(bench: Bench, error: Exception) -> dict[str, Any]:
    return {"ended": status_of(error, bench.backend), "reason": sentence(error)}
