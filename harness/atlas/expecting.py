"""The number that a reproducer expects: the oracle's, at the place where the record was worst.

One convention: it is computed again, from the table as it is, and a record of another point or
another definition is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.agreement import SMALL
from harness.arrays import NDArray, fingerprint
from harness.atlas.evaluation import Inputs
from harness.atlas.reproducer import Expected
from harness.atlas.truth import Truth, truths
from harness.atlas.verdicts import tolerance, too_small
from harness.atlas.ways import Way
from harness.errors import UsageError
from harness.primitive import Point, Primitive
from results.schema import Record


def expected_of(
    record: Record, primitive: Primitive, point: Point, way: Way, inputs: Inputs
) -> Expected:
    """Find what is right where the record was worst, or else where the answer is largest. Raises
    UsageError where the table has changed since, or no number tells what was wrong."""
    now = fingerprint((*inputs.arguments, inputs.cotangent, *inputs.tangents))
    if record.inputs not in (None, now):
        raise changed(f"the point {point.name!r}", record)
    truth = truths(primitive, point, inputs, (way,)).get(way)
    if truth is None:
        raise changed(f"how many derivatives exist at {point.name!r}", record)
    worst = record.error.worst if record.error else None
    if record.status in ("wrong", "imprecise") and not worst:
        raise UsageError(
            f"record {record.id} is wrong in more than a number ({record.reason}), which no script "
            f"tells; see 'harness show {record.run}'"
        )
    output, index = (worst["output"], tuple(worst["index"])) if worst else largest(truth)
    limit = tolerance(way, truth.condition, record.dtype)
    within = allowed(truth, output, way, record.dtype)
    if index is None:
        number: Any = truth.arrays[output].shape
    else:
        number = float(truth.arrays[output][index])
    if worst and not abs(number - worst["expected"]) <= within:
        raise changed("the definition", record)
    if worst and abs(number - worst["got"]) <= within:
        raise changed("the tolerance", record)
    return Expected(output=output, index=index, number=number, within=within, relative=limit)


def changed(what: str, record: Record) -> UsageError:
    """Make the error for a table that is no longer the record's."""
    return UsageError(
        f"{what} of {record.scenario} has changed since record {record.id} was made; "
        "run 'harness atlas' again"
    )


def allowed(truth: Truth, output: int, way: Way, dtype: str) -> float:
    """The largest difference that is right, as `harness.atlas.verdicts` judges: relative to the
    output's largest number, or a thousandth of that of all outputs; what rounding the function's
    own value may change, and what may be flushed to zero, are none."""
    sizes = [size(array) for array in truth.arrays]
    scale = max(sizes[output], SMALL * max(sizes)) or 1.0
    return max(tolerance(way, truth.condition, dtype) * scale, too_small(way, truth, dtype))


def size(array: NDArray) -> float:
    return float(np.max(np.abs(array[np.isfinite(array)]), initial=0))


def largest(truth: Truth) -> tuple[int, tuple[int, ...] | None]:
    """The output and index of the answer's largest number; no index where there is none."""
    output = int(np.argmax([size(array) for array in truth.arrays]))
    array = truth.arrays[output]
    if not array.size:
        return output, None
    index = np.unravel_index(int(np.argmax(np.abs(array))), array.shape)
    return output, tuple(int(i) for i in index)
