"""The conformance suite: what every backend must do, for its author to run.

`samples()` has one check for every name of `harness.xp`, `checks()` the behaviours that adapters
get wrong. Both are lists of (name, check) for `pytest.mark.parametrize`; `check(factory)` calls
`factory()` for a `Backend`, raises `ConformanceError` with what it got and what was expected, or
`Unsupported` with the sentence by which the backend declares that it can't.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from harness.conformance.checking import check_sample
from harness.conformance.closed import closed_checks
from harness.conformance.driving import Factory, case_of, operate
from harness.conformance.elementwise import samples_of_elementwise, samples_of_reductions
from harness.conformance.handling import handlings
from harness.conformance.nesting import nesting_checks
from harness.conformance.sample import Samples
from harness.conformance.shapes import (
    samples_of_creation,
    samples_of_indexing,
    samples_of_manipulation,
)
from harness.conformance.structured import (
    samples_of_arrays,
    samples_of_control,
    samples_of_differentiation,
    samples_of_linear_algebra,
)
from harness.errors import ConformanceError

__all__ = [
    "Check",
    "ConformanceError",
    "Factory",
    "case_of",
    "checks",
    "every_sample",
    "operate",
    "samples",
]

Check = Callable[[Factory], None]


def every_sample() -> Samples:
    """Return all samples by name: those of the table, and a few titles for what arrays do."""
    return {
        **samples_of_arrays(),
        **samples_of_elementwise(),
        **samples_of_reductions(),
        **samples_of_creation(),
        **samples_of_manipulation(),
        **samples_of_indexing(),
        **samples_of_linear_algebra(),
        **samples_of_control(),
        **samples_of_differentiation(),
    }


def samples() -> list[tuple[str, Check]]:
    return [
        (name, partial(check_sample, name=name, sample=sample))
        for name, sample in every_sample().items()
    ]


def checks() -> list[tuple[str, Check]]:
    return [*{**nesting_checks(), **closed_checks(), **handlings()}.items()]
