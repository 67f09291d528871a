"""Drive a backend through its seven methods, and compare what comes back.

A case's operator is the backend's own where `describe().native` names it, else it is derived from
the namespace. Preparation is at zeros, so that an answer baked in there is a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from harness.bind import prepare
from harness.case import Case
from harness.contract import Backend
from harness.errors import ConformanceError, Unsupported

Array = Any
Function = Callable[..., Any]
Factory = Callable[[], Backend]
T = TypeVar("T")


def case_of(
    name: str,
    operator: str = "value",
    composition: str | None = None,
    *,
    dtype: str = "float64",
    wrt: Sequence[int] = (),
) -> Case:
    """Make a case for a check; `name` is what reports call it."""
    return Case(
        scenario=f"conformance/{name.replace(' ', '-')}",
        size={},
        point="drawn",
        dtype=dtype,
        operator=operator,
        composition=composition,
        wrt=tuple(f"x{position}" for position in wrt),
        seed=0,
    )


def cast(arrays: Sequence[Array], dtype: str) -> tuple[Array, ...]:
    """Turn floats to the dtype; integers stay."""
    return tuple(x.astype(dtype) if x.dtype.kind == "f" else x for x in arrays)


def operate(
    backend: Backend,
    case: Case,
    function: Function,
    wrt: tuple[int, ...],
    inputs: Sequence[Array],
    seeds: Sequence[Array] = (),
) -> tuple[Array, ...]:
    """Answer one case: `function(xp, *inputs)` under its operator, as NumPy arrays."""
    call = ready(backend, case, function, wrt, inputs, seeds)
    return answer(backend, call, (*inputs, *seeds))


def ready(
    backend: Backend,
    case: Case,
    function: Function,
    wrt: tuple[int, ...],
    inputs: Sequence[Array],
    seeds: Sequence[Array] = (),
) -> Function:
    """Prepare a case at zeros: the backend's own operator, or one derived from its namespace."""
    description = backend.describe()
    reason = description.refusal(case.operator, case.composition)
    if reason is None and case.dtype not in description.dtypes:
        reason = f"the backend has no {case.dtype}"
    if reason is not None:
        raise Unsupported(reason)
    example = tuple(backend.put(np.zeros_like(array)) for array in (*inputs, *seeds))
    bound = function if case.operator == "accumulate" else lambda xp: partial(function, xp)
    call, _ = guarded(
        backend, prepare, backend, description.native, case, bound, wrt, example, len(inputs)
    )
    return call


def guarded(backend: Backend, method: Callable[..., T], *arguments: Any) -> T:
    """Call, and raise `Unsupported` where the exception is one of the backend's refusals."""
    try:
        return method(*arguments)
    except Unsupported:
        raise
    except Exception as error:
        for kind, pattern in backend.refusals:
            if isinstance(error, kind) and re.search(pattern, str(error)):
                raise Unsupported(str(error).partition("\n")[0]) from error
        raise


def answer(backend: Backend, call: Function, inputs: Sequence[Array]) -> tuple[Array, ...]:
    """Call a prepared callable at a point; look at the device, and at the inputs afterwards."""
    arrays = tuple(backend.put(array) for array in inputs)
    outputs = guarded(backend, call, *arrays)
    if not isinstance(outputs, tuple):
        raise ConformanceError(f"outputs: got a {type(outputs).__name__}, expected a tuple")
    guarded(backend, backend.wait, outputs)
    for number, (array, given) in enumerate(zip(arrays, inputs, strict=True)):
        if not np.array_equal(backend.get(array)[0], given):
            raise ConformanceError(f"input {number}: changed by the call, expected it as it was")
    home = backend.get(backend.put(np.zeros(1)))[1]
    return tuple(fetch(backend, output, home) for output in outputs)


def fetch(backend: Backend, output: Array, home: str) -> Array:
    if output is None:
        raise ConformanceError("an output: got None, expected an array")
    array, device = backend.get(output)
    if device != home:
        raise ConformanceError(f"an output's device: got {device!r}, expected {home!r}")
    return np.asarray(array)


def agree(name: str, got: Sequence[Array], expected: Sequence[Array], tolerance: float) -> None:
    """Hold outputs against expected ones: count, shape, dtype, every element finite and near."""
    if len(got) != len(expected):
        raise ConformanceError(f"{name}: got {len(got)} outputs, expected {len(expected)}")
    for number, (one, other) in enumerate(zip(got, expected, strict=True)):
        compare(name if len(got) == 1 else f"{name}, output {number}", one, other, tolerance)


def compare(name: str, got: Array, expected: Array, tolerance: float) -> None:
    """Compare one array; `tolerance` is max|got - expected| in units of max|expected|.

    Integers and booleans must be equal, of whatever width.
    """
    got, expected = np.asarray(got), np.asarray(expected)
    if got.shape != expected.shape:
        raise ConformanceError(f"{name}: got shape {got.shape}, expected {expected.shape}")
    same = (
        got.dtype == expected.dtype if expected.dtype.kind == "f" else kinds(got) == kinds(expected)
    )
    if not same:
        raise ConformanceError(f"{name}: got dtype {got.dtype}, expected {expected.dtype}")
    if expected.dtype.kind != "f":
        tolerance = 0.0
    wide, aim = got.astype(np.float64), expected.astype(np.float64)
    if not np.isfinite(wide).all():
        raise ConformanceError(f"{name}: got {brief(got)}, expected {brief(expected)}")
    error = float(np.max(np.abs(wide - aim), initial=0.0))
    scale = float(np.max(np.abs(aim), initial=0.0)) or 1.0
    if error > tolerance * scale:
        raise ConformanceError(
            f"{name}: got {brief(got)}, expected {brief(expected)}; "
            f"relative error {error / scale:.1e}, tolerance {tolerance:.1e}"
        )


def kinds(array: Array) -> str:
    return str(array.dtype.kind).replace("u", "i")


def brief(array: Array) -> str:
    return np.array2string(array, threshold=12, edgeitems=2, precision=9, separator=", ").replace(
        "\n", ""
    )
