"""Expected answers, and when one is refused because it could not catch a wrong one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.arrays import NDArray
from harness.case import Case
from harness.errors import HarnessError
from harness.scenario import Scenario

WIDE = "longdouble"
AGREED = "other backends"


class Refused(HarnessError):
    """The expected answer could not catch a wrong one."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """An expected answer and where it is from."""

    arrays: tuple[NDArray, ...]
    against: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one trial returned: per part ("answer", "value", or an intermediate's name) the arrays
    and the devices they lay on; `device` is where they should have lain."""

    parts: Mapping[str, tuple[NDArray, ...]]
    devices: Mapping[str, tuple[str, ...]]
    device: str
    backend: str


def wide(numbers: Any) -> NDArray:
    array: NDArray = np.asarray(numbers)
    return array if array.dtype.kind in "iub" and array.ndim else array.astype(WIDE)


def refuse_blind(expected: Expected, scenario: Scenario, dtype: str) -> None:
    """Refuse an expected answer that is all zeros or not finite: a wrong one would pass too."""
    for array in expected.arrays:
        if not np.isfinite(array.astype(dtype)).all():
            raise Refused(f"the {expected.against} is not finite in {dtype}; choose another point")
    if scenario.zero_expected:
        return
    if not any(array.any() for array in expected.arrays):
        raise Refused(
            f"the {expected.against} is all zeros, so zeros would pass; choose another point, "
            "or say zero_expected=True in the scenario"
        )


def checked(
    scenario: Scenario, case: Case, answer: Any, inputs: tuple[NDArray, ...]
) -> tuple[NDArray, ...]:
    """Hold a closed form to its contract, or every backend would be called wrong for it."""
    if not isinstance(answer, tuple):
        raise Refused(f"the closed form of {case.operator} should return a tuple of arrays")
    arrays = tuple(wide(a) for a in answer)
    if case.operator not in ("gradient", "vjp"):
        return arrays
    shapes = [x.shape for x in inputs[: len(scenario.arguments)]]
    if [a.shape for a in arrays] != shapes:
        raise Refused(
            f"the closed form of {case.operator} gives shapes {[a.shape for a in arrays]}, the "
            f"arguments have {shapes}; return one array for every argument"
        )
    return tuple(arrays[i] for i in scenario.positions(case.wrt))


def effort(scenario: Scenario, case: Case, inputs: tuple[NDArray, ...]) -> int:
    """Roughly how many elements the reference has to compute."""
    size = sum(x.size for x in inputs)
    return size * (size if scenario.is_matrix(case.operator) else 1)


def agreed(part: str, answers: Mapping[str, Answer], limit: float) -> Expected:
    """The answer that more than half of the backends share, at least two of them; variants of one
    backend are no independent witnesses, and have one vote together."""
    given = {who: a.parts[part] for who, a in answers.items() if part in a.parts}
    backends = {who: answers[who].backend for who in given}
    votes = {
        who: len({backends[w] for w, other in given.items() if _close(mine, other, limit)})
        for who, mine in given.items()
    }
    who = max(votes, key=lambda name: votes[name])
    if votes[who] < 2 or 2 * votes[who] <= len(set(backends.values())):
        raise Refused(
            "there is nothing to check against: no documented number, no closed form, nothing from "
            "the reference, and no majority of two backends or more that agree; give a closed form "
            "or run more backends"
        )
    return Expected(arrays=given[who], against=AGREED)


def _close(a: Sequence[NDArray], b: Sequence[NDArray], limit: float) -> bool:
    if [(x.shape, x.dtype) for x in a] != [(y.shape, y.dtype) for y in b]:
        return False
    for x, y in zip(a, b, strict=True):
        if x.dtype.kind not in "fc":
            if not np.array_equal(x, y):
                return False
            continue
        scale = np.max(np.abs(y), initial=0)
        if not np.max(np.abs(x - y), initial=0) <= limit * (scale or 1):
            return False
    return True
