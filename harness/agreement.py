"""Whether an answer agrees with the expected one, and by how much it is off.

Everything is compared: structure, shape, dtype, device, every element. NaN and Inf fail unless the
expected answer has the same ones in the same places. `relative` is max|a-b| / max|b|, or max|a-b|
where b is 0: an elementwise maximum would condemn right answers (a correct float32 result can be
hundreds of thousands of units off in one tiny element of a million). Where an answer has several
outputs, b counts for at least a thousandth of the largest element of all: the gradient in one bias
may nearly vanish by chance (over 30 points of a small network, right ones were off by up to 1500
eps of themselves).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from results.schema import Error

FIRST_ORDER = 64  # eps; 1.4e-14 in float64, 7.6e-6 in float32
SECOND_ORDER = 512  # eps; 1.1e-13 in float64, 6.1e-5 in float32
SMALL = 1e-3  # of the largest element of all outputs: what an output's scale is at least

Arrays = Sequence[npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcome of a check. `error` is None where the answers could not be compared at all;
    `value_checked` is false where there was nothing to check the plain function against."""

    right: bool
    reason: str | None
    error: Error | None
    value_checked: bool = True


def tolerance(dtype: str, *, second_order: bool, conditioning: float = 1.0) -> float:
    """Return the largest relative error that passes."""
    factor = SECOND_ORDER if second_order else FIRST_ORDER
    return float(factor * np.finfo(dtype).eps * conditioning)


def compare(
    got: Arrays,
    expected: Arrays,
    *,
    dtype: str,
    devices: Sequence[str],
    device: str,
    against: str,
    tolerance: float,
) -> Verdict:
    """Compare all outputs with the expected ones, which may be of a wider dtype.

    `devices` says where each output lay, `device` where it should have.
    """
    misfit = _misfit(got, expected, dtype, devices, device)
    if misfit:
        return Verdict(right=False, reason=misfit, error=None)
    least = SMALL * max((_largest(b) for b in expected), default=0)
    errors = [
        _error(i, a, b, dtype, against, tolerance, least)
        for i, (a, b) in enumerate(zip(got, expected, strict=True))
    ]
    error = max(errors, key=lambda e: e.relative, default=None)
    if error is None:
        return Verdict(right=False, reason="there is no output", error=None)
    right = error.relative <= tolerance
    reason = None if right else _reason(error)
    return Verdict(right=right, reason=reason, error=error)


def _misfit(
    got: Arrays, expected: Arrays, dtype: str, devices: Sequence[str], device: str
) -> str | None:
    """Say what makes the answers incomparable, or None."""
    if len(got) != len(expected):
        return f"{len(got)} outputs instead of {len(expected)}"
    for i, (a, b) in enumerate(zip(got, expected, strict=True)):
        if a.shape != b.shape:
            return f"output {i} has shape {a.shape} instead of {b.shape}"
        if a.dtype != np.dtype(dtype):
            return f"output {i} has dtype {a.dtype} instead of {dtype}"
        if _index(devices[i]) != _index(device):
            return f"output {i} lies on {devices[i]} instead of {device}"
        odd = ~(np.isfinite(a) & np.isfinite(b)) & ~_same_not_finite(a, b)
        if odd.any():
            place = _place(int(np.argmax(odd)), a)
            return f"output {i} is {a[place]} at {list(place)}, where {b[place]:.9g} is right"
    return None


def _same_not_finite(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> Any:
    return (np.isnan(a) & np.isnan(b)) | (np.isinf(a) & np.isinf(b) & (np.sign(a) == np.sign(b)))


def _error(
    output: int,
    got: npt.NDArray[Any],
    expected: npt.NDArray[Any],
    dtype: str,
    against: str,
    tolerance: float,
    least: float,
) -> Error:
    if got.size == 0:
        return Error(relative=0, ulp=0, ulp_q999=0, against=against, tolerance=tolerance)
    finite = np.isfinite(expected)
    wide = np.where(finite, expected, 0).astype(np.longdouble)
    difference = np.abs(np.where(finite, got, 0).astype(np.longdouble) - wide)
    scale = max(np.max(np.abs(wide)), least)
    # Wide, as counting units of a right answer of 0 would overflow.
    unit = np.longdouble(np.spacing(np.asarray(scale, dtype).clip(np.finfo(dtype).tiny, None)))
    place = _place(int(np.argmax(difference)), difference)
    exact = not difference.any()
    return Error(
        relative=float(difference[place] / scale if scale else difference[place]),
        ulp=float(difference[place] / unit),
        ulp_q999=float(np.quantile(difference, 0.999) / unit),
        against=against,
        tolerance=tolerance,
        worst=None
        if exact
        else {
            "output": output,
            "index": list(place),
            "got": float(got[place]),
            "expected": float(expected[place]),
        },
    )


def _largest(array: npt.NDArray[Any]) -> float:
    finite = array[np.isfinite(array)]
    return float(np.max(np.abs(finite), initial=0))


def _reason(error: Error) -> str:
    worst = error.worst or {}
    place = f"output {worst['output']} at {worst['index']}"
    return (
        f"relative error {error.relative:.2g} over {error.tolerance:.2g} against the "
        f"{error.against}: {place} is {worst['got']:.9g}, right is {worst['expected']:.9g}"
    )


def _place(flat: int, array: npt.NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(flat, array.shape))


def _index(device: str) -> str:
    return "cuda:0" if device == "cuda" else device
