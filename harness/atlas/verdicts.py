"""The oracle's side of the atlas: what to compute with, and what becomes of the answers.

One convention: an answer is `ok` within the tolerance, which is the usual one of its order times
1 + the condition number of the right answer, or within the rounding of the function's own value
(`Truth.grain`), or of what is too small for the dtype; `imprecise` where a quarter of its digits is
right nevertheless; else `wrong`. Where no derivative exists it is a `convention`, whatever it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from harness import plugins
from harness.agreement import FIRST_ORDER, SECOND_ORDER, compare
from harness.arrays import NDArray, fingerprint, from_blob, to_blob
from harness.atlas.evaluation import inputs_of
from harness.atlas.truth import Truth, truths
from harness.atlas.ways import WAYS, Way
from harness.channel import Blob, Reply
from harness.errors import HarnessError
from harness.primitive import Point, Primitive
from results.schema import Error

EPS = (FIRST_ORDER, FIRST_ORDER, SECOND_ORDER, 8 * SECOND_ORDER)  # by order
BLIND = 0.1  # a tolerance from which no answer could be told wrong
AGAINST = "definition in extended precision"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What becomes of one answer, as a record holds it."""

    status: str
    reason: str | None = None
    error: Error | None = None
    value: list[Any] | None = None


def tolerance(way: Way, condition: float, dtype: str) -> float:
    """The largest relative error of an answer that is right."""
    return float(EPS[way.order] * np.finfo(dtype).eps * (1 + condition))


def quarter(dtype: str) -> float:
    """The relative error of an answer with a quarter of its digits right: 1.2e-4 in float64."""
    return float(np.finfo(dtype).eps ** 0.25)


def judged(
    way: Way,
    point: Point,
    truth: Truth | None,
    got: Sequence[NDArray],
    devices: Sequence[str],
    device: str,
    dtype: str,
) -> Judgement:
    """Judge one answer; `truth` is None where no derivative of the way's order exists."""
    if truth is None:
        return Judgement(status="convention", reason=_no_derivative(way, point))
    right, limit = _in_range(truth.arrays, dtype), tolerance(way, truth.condition, dtype)
    if any(not np.isfinite(array).all() for array in right):
        return Judgement(status="convention", reason=f"the right answer is too large for {dtype}")
    floor = too_small(way, truth, dtype)
    right = _levelled(got, right, floor)
    if limit > BLIND and any(np.max(np.abs(array), initial=0) > floor for array in right):
        raise HarnessError(
            f"the condition number is {truth.condition:.1g}, so no answer could be told wrong; "
            "choose another point"
        )
    limit = min(limit, BLIND)
    verdict = compare(
        got,
        right,
        dtype=dtype,
        devices=devices,
        device=device,
        against=AGAINST,
        tolerance=limit,
    )
    error = verdict.error or _error_of_not_finite(got, right, limit)
    if verdict.right:
        return Judgement(status="ok", error=error)
    if truth.flushable:
        reason = f"an input below the normal range of {dtype} may be taken for 0; {verdict.reason}"
        return Judgement(status="imprecise", reason=reason, error=error)
    close = verdict.error is not None and verdict.error.relative <= quarter(dtype)
    status = "imprecise" if close else "wrong"
    return Judgement(status=status, reason=verdict.reason, error=error)


def _no_derivative(way: Way, point: Point) -> str:
    if point.documented:
        return f"not given, as documented, at this point ({point.name}): {point.documented}"
    order = ("", "first", "second", "third")[way.order]
    return f"no {order} derivative exists at this point ({point.name}); the answer is a convention"


def _in_range(arrays: Sequence[NDArray], dtype: str) -> list[NDArray]:
    """What the dtype can't hold is infinite in it."""
    most = np.longdouble(np.finfo(dtype).max)
    return [np.where(np.abs(b) > most, np.copysign(np.inf, b), b) for b in arrays]


def too_small(way: Way, truth: Truth, dtype: str) -> float:
    """The difference up to which nothing is told: what rounding the function's own value changes,
    and numbers that may be flushed to zero, or are computed of such."""
    flushed = float(np.finfo(dtype).tiny / np.finfo(dtype).eps)
    return max(tolerance(way, 0, dtype) * truth.grain, flushed)


def _levelled(got: Sequence[NDArray], right: Sequence[NDArray], floor: float) -> list[NDArray]:
    """Take differences up to the floor for none."""
    levelled = []
    for i, b in enumerate(right):
        a = got[i] if i < len(got) else b
        same = a.shape == b.shape and a.dtype.kind == "f"
        levelled.append(np.where(np.abs(a - b) <= floor, a, b) if same else b)
    return levelled


def _error_of_not_finite(
    got: Sequence[NDArray], right: Sequence[NDArray], limit: float
) -> Error | None:
    """Where the first answer that is NaN or infinite stands; None where shapes already differ."""
    for i, (a, b) in enumerate(zip(got, right, strict=False)):
        if a.shape != b.shape:
            return None
        if not np.isfinite(a).all():
            index = np.unravel_index(int(np.argmin(np.isfinite(a))), a.shape)
            place = tuple(int(k) for k in index)
            worst = {
                "output": i,
                "index": list(place),
                "got": float(a[place]),
                "expected": float(b[place]),
            }
            inf = float("inf")
            return Error(
                relative=inf, ulp=inf, ulp_q999=inf, against=AGAINST, tolerance=limit, worst=worst
            )
    return None


def _primitive_at(locator: str, scenario: str) -> Primitive:
    primitive = plugins.scenario_at(locator, scenario).primitive
    assert primitive is not None
    return primitive


def lay_out(
    oracle: object,
    arrays: list[Blob],
    locator: str,
    scenario: str,
    dtype: str,
    points: list[str],
) -> Reply:
    """Return every point's arguments, cotangent and tangents, and a hash of their bits."""
    primitive = _primitive_at(locator, scenario)
    prints, blobs = [], []
    for point in (one for one in primitive.points if one.name in points):
        inputs = inputs_of(primitive, point, dtype)
        everything = (*inputs.arguments, inputs.cotangent, *inputs.tangents)
        prints.append(fingerprint(everything))
        blobs += [to_blob(array) for array in everything]
    return {"inputs": prints}, blobs


def appraise(
    oracle: object,
    arrays: list[Blob],
    locator: str,
    scenario: str,
    dtype: str,
    device: str,
    points: list[str],
    ways: list[list[Any]],
    answers: list[dict[str, Any]],
    most: int | None,
) -> Reply:
    """Judge a worker's answers to `points` in `ways`, as `answers.survey` returns them; those of at
    most `most` numbers come back written out."""
    primitive = _primitive_at(locator, scenario)
    asked = [Way(*way) for way in ways]
    order = max(way.order for way in asked)
    chosen = [point for point in primitive.points if point.name in points]
    outputs, told = iter(arrays), iter(answers)
    judgements = []
    for way in asked:
        for point in chosen:
            answer = next(told)
            got = [from_blob(next(outputs)) for _ in answer.get("devices", ())]
            known = partial(_known, locator, scenario, point.name, dtype, order)
            judgement = _appraised(known, point, way, dtype, device, answer, got)
            plain = sum(x.size for x in got) <= most if most is not None else True
            value = [x.tolist() for x in got] if got and plain else None
            judgements.append({**asdict(judgement), "value": value})
    return {"judgements": judgements}, ()


def _appraised(
    known: Callable[[], dict[Way, Truth]],
    point: Point,
    way: Way,
    dtype: str,
    device: str,
    answer: dict[str, Any],
    got: Sequence[NDArray],
) -> Judgement:
    if way.order > point.exists and answer.get("ended") == "failed":
        reason = f"{_no_derivative(way, point)}: it raises {answer['reason']}"
        return Judgement(status="convention", reason=reason)
    if "ended" in answer:
        return Judgement(status=answer["ended"], reason=answer["reason"])
    try:
        return judged(way, point, known().get(way), got, answer["devices"], device, dtype)
    except HarnessError as error:
        return Judgement(status="failed", reason=f"the oracle could not answer: {error}")


@cache
def _known(locator: str, scenario: str, name: str, dtype: str, order: int) -> dict[Way, Truth]:
    """The truths of a point up to an order, found once in a run."""
    primitive = _primitive_at(locator, scenario)
    point = next(one for one in primitive.points if one.name == name)
    ways = [way for way in WAYS if way.order <= order]
    return truths(primitive, point, inputs_of(primitive, point, dtype), ways)
