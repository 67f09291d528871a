"""The right answers: a primitive's definition, differentiated in jets of extended precision.

One convention: precision is doubled until the answers of two agree to `AGREED`, so cancellation in
a definition costs time and no digits. `condition` is how many times a relative change of the inputs
comes out larger in an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from harness.agreement import SMALL
from harness.arrays import NDArray
from harness.atlas.evaluation import Inputs, defined, evaluated
from harness.atlas.jets import Jet, exact, mp
from harness.atlas.ways import Way, like_arguments
from harness.primitive import Point, Primitive

DIGITS = 30  # of the first try
MOST_DIGITS = 2000
CREDIBLE = 900  # digits from which an answer of zeros counts
AGREED = 1e-22  # relative to an answer's largest element
NUDGE = 1e-18  # relative change of the inputs by which conditions are found: no ulp
LEAST = mp.mpf(10) ** -4900  # below it NumPy warns
Arrays = tuple[Any, ...]  # of mpmath's numbers


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The right answer: one array of `longdouble` for each output, and its condition number.

    `grain` is what one rounding of the function's own value may change, |f(x)| / |x|^order with
    |x| at least 1; no derivative of what was rounded is finer. It is `flushable` where an input is
    below the dtype's normal range, so that a framework may take it for 0.
    """

    arrays: tuple[NDArray, ...]
    condition: float
    grain: float = 0.0
    flushable: bool = False


def truths(
    primitive: Primitive, point: Point, inputs: Inputs, ways: Iterable[Way]
) -> dict[Way, Truth]:
    """Return the right answer to every way whose derivatives exist at the point. Raises
    HarnessError where the definition does, or does not settle."""
    asked = [way for way in ways if way.order <= point.exists]
    if not asked:
        return {}
    with defined(primitive, point):
        found, digits = _settled(primitive, point, inputs, asked)
        with mp.workdps(digits):
            moved = [_answers(primitive, point, inputs, asked, by) for by in (NUDGE, -NUDGE)]
            size = _size([_parts(evaluated(primitive, point, inputs.arguments, 0, []), 0)])
    largest = exact(max(np.max(np.abs(inputs.arguments[i]), initial=1) for i in inputs.wrt))
    return {
        way: Truth(
            arrays=tuple(as_longdouble(array) for array in found[way]),
            condition=min(_condition(found[way], each[way]) for each in moved),  # not over a jump
            grain=float(size / largest**way.order),
            flushable=_subnormal(inputs),
        )
        for way in asked
    }


def _settled(
    primitive: Primitive, point: Point, inputs: Inputs, ways: Sequence[Way]
) -> tuple[dict[Way, Arrays], int]:
    """The answers, and the digits that they took."""
    digits, before = DIGITS, None
    while digits <= MOST_DIGITS:
        with mp.workdps(digits):
            found = _answers(primitive, point, inputs, ways)
            if before and all(_agree(before[way], found[way], digits) for way in ways):
                return found, digits
        digits, before = 2 * digits, found
    raise ArithmeticError(f"its derivatives do not settle with {MOST_DIGITS} digits")


def _answers(
    primitive: Primitive, point: Point, inputs: Inputs, ways: Sequence[Way], nudge: float = 0
) -> dict[Way, Arrays]:
    """All answers of one precision. The last direction runs through the unit vectors, the others
    are v; so one pass for every element of the arguments tells all but the derivatives along v
    alone, which take one more."""
    order = max(way.order for way in ways)
    evaluate = partial(evaluated, primitive, point, inputs.arguments, nudge)
    along = dict(zip(inputs.wrt, inputs.tangents, strict=True))
    straight = evaluate([along] * order)
    rows = (
        [evaluate([along] * (order - 1) + [unit]) for unit in _units(inputs)]
        if any(like_arguments(way) for way in ways)
        else []
    )
    return {way: _picked(way, order, inputs, straight, rows) for way in ways}


def _picked(way: Way, order: int, inputs: Inputs, straight: Any, rows: Sequence[Any]) -> Arrays:
    """Pick a way's coefficients out of the passes."""
    if not like_arguments(way):
        return (_parts(straight, 2**way.order - 1),)
    last = 1 << (order - 1)
    mask = last | (2 ** (way.order - 1) - 1)
    flat = [_contracted(inputs.cotangent, _parts(row, mask)) for row in rows]
    shaped, start = [], 0
    for i in inputs.wrt:
        shape, size = inputs.arguments[i].shape, inputs.arguments[i].size
        shaped.append(_array(flat[start : start + size]).reshape(shape))
        start += size
    return tuple(shaped)


def _subnormal(inputs: Inputs) -> bool:
    floats = [inputs.arguments[i] for i in inputs.wrt]
    return any(((x != 0) & (np.abs(x) < np.finfo(x.dtype).tiny)).any() for x in floats)


def _units(inputs: Inputs) -> Iterable[Mapping[int, NDArray]]:
    for i in inputs.wrt:
        shape = inputs.arguments[i].shape
        for index in np.ndindex(shape):
            unit = np.zeros(shape)
            unit[index] = 1
            yield {i: unit}


def _parts(jets: Any, mask: int) -> Any:
    """One coefficient of every element; numbers that are no jets are constants."""

    def part(x: Any) -> Any:
        if isinstance(x, Jet):
            return x.parts[mask]
        return mp.zero if mask else exact(x)

    return np.asarray(np.frompyfunc(part, 1, 1)(jets), object)


def _contracted(cotangent: NDArray, part: Any) -> Any:
    total = mp.zero
    for w, number in zip(cotangent.ravel().tolist(), part.ravel(), strict=True):
        total += exact(w) * number
    return total


def _array(numbers: Sequence[Any]) -> Any:
    out = np.empty(len(numbers), object)
    out[:] = numbers
    return out


def _size(arrays: Iterable[Any]) -> Any:
    return max((abs(x) for array in arrays for x in np.ravel(array)), default=mp.zero)


def _agree(before: Arrays, found: Arrays, digits: int) -> bool:
    """Whether two precisions agree. What is 0 but for rounding is believed late: log(1 + e^-700) is
    0 with fewer than 304 digits, whatever their number."""
    if _size(found) < mp.mpf(10) ** (-CREDIBLE // 2):
        return digits >= CREDIBLE
    gaps = [b - a for a, b in zip(before, found, strict=True)]
    return bool(_size(gaps) <= AGREED * _size(found))


def _condition(found: Arrays, moved: Arrays) -> float:
    """How much the worst output changes, measured as `agreement.compare` measures errors."""
    least = SMALL * _size(found)
    each = [
        _size([after - before]) / (max(_size([before]), least) * NUDGE)
        for before, after in zip(found, moved, strict=True)
        if least
    ]
    return float(max(each, default=0))


def as_longdouble(array: Any) -> NDArray:
    """Round mpmath's numbers to NumPy's widest."""
    out: NDArray = np.empty(array.shape, np.longdouble)
    for index in np.ndindex(array.shape):
        out[index] = np.longdouble(mp.nstr(array[index], 30)) if abs(array[index]) > LEAST else 0
    return out
