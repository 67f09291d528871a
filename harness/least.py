"""The least call of all: a function that returns its one number. What it takes is what a backend
needs to be called at all, which no function is under.

One convention: it goes the way of every case, through the adapter's `namespace` and `prepare` and
by the same clock. Before it the gradient of a matrix product is called once, so that what a
framework loads at its first use is neither in the first trial's time nor in its memory: 32 MiB for
cuBLAS on a Hopper card.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np

from harness import clock
from harness.bind import prepare
from harness.case import Case
from harness.contract import Backend, Way
from harness.xp import Namespace
from results.statistics import median

BLOCKS = 5


def least_call(backend: Backend, native: Collection[Way], dtype: str) -> float:
    """Return the median seconds that the least call takes."""
    _rehearse(backend, native, dtype)
    number = backend.put(np.ones((), dtype))
    call = _prepared(backend, native, dtype, "value", lambda xp, x: x, number)
    calls = clock.calibrate(call, backend.wait, (number,))
    spent = []
    for _ in range(BLOCKS):
        clock.warm(call, backend.wait, (number,))
        spent.append(clock.timed(call, backend.wait, (number,), calls) / calls / 1e9)
    backend.release()
    return median(spent)


def _rehearse(backend: Backend, native: Collection[Way], dtype: str) -> None:
    matrix = backend.put(np.ones((2, 2), dtype))
    # What a backend can't do is told by the trials that need it.
    with suppress(Exception):
        squared = _prepared(backend, native, dtype, "gradient", lambda xp, x: xp.sum(x @ x), matrix)
        backend.wait(squared(matrix))


def _prepared(
    backend: Backend,
    native: Collection[Way],
    dtype: str,
    operator: str,
    value: Callable[[Namespace, Any], Any],
    example: Any,
) -> Callable[..., tuple[Any, ...]]:
    case = Case(
        scenario="least", size={}, point="drawn", dtype=dtype, operator=operator,
        composition=None, wrt=("x",), seed=0,
    )  # fmt: skip
    call, _ = prepare(backend, native, case, lambda xp: partial(value, xp), (0,), (example,), 1)
    return call
