"""What a sample is, and the points that samples share.

A form is one call, `form(xp, *inputs)`, written against an `xp`. Made with the namespace of
`harness.conformance.reference` it gives the expected answer; a pair of forms gives the expectation
itself, `expected(np, *inputs)`. Inputs stay away from kinks, ties and poles, so that differences of
the expected answer are its derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
Call = Callable[..., Any]
Form = Call | tuple[Call, Call]
Samples = dict[str, "Sample"]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Inputs in float64 (cast to each dtype) or int64, and forms that take all of them.

    `differentiable` is False where derivatives of the expected answer are not the derivatives that
    are meant (`stop_gradient`) or where there are none.
    """

    inputs: tuple[Array, ...]
    forms: tuple[Form, ...]
    differentiable: bool = True


def spread(low: float, high: float, *shape: int, step: int = 5) -> Array:
    """Distinct, evenly spaced numbers in a scrambled order, exact in float32."""
    count = int(np.prod(shape))
    order = np.arange(count) * step % count
    return np.linspace(low, high, count)[order].reshape(shape).astype(np.float32).astype(np.float64)


X = spread(-1.3, 1.25, 3, 4)
Y = spread(-0.9, 1.4, 3, 4, step=7)
POSITIVE = spread(0.8, 2.9, 3, 4)
ROW = spread(-0.7, 1.1, 4, step=3)
CUBE = spread(-1.2, 1.3, 2, 3, 4)
SQUARE = spread(-0.6, 0.5, 3, 3) + 2 * np.eye(3)
SQUARES = spread(-0.6, 0.5, 2, 3, 3) + np.array([2.0, -2.0]).reshape(2, 1, 1) * np.eye(3)
HUGE = np.array([-1000.0, -50.0, 0.5, 60.0, 1000.0])
TIED = np.array([[2.0, 1.0, 2.0, 1.0], [3.0, 3.0, 0.5, 3.0]])
ONE_ZERO = np.array([[0.5, -1.25, 2.0], [1.5, 0.0, -0.75], [0.0, 0.0, 3.0]])
