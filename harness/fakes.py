"""A backend that is wrong, late or deadly on purpose, to prove that the harness notices.

It wraps the reference backend and spoils what comes out. `--backend fake:nan` runs it; `all` does
not include it. Each variant is one fault of `harness.faults`; `exact` has none. Every listing
imports this module, so it does without NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness import plugins
from harness.case import Case
from harness.contract import (
    Accumulation,
    Array,
    Backend,
    Declaration,
    Description,
    Settings,
)
from harness.faults import FAULTS, PENDING, Asked, Call
from harness.xp import Namespace

fake = Declaration(
    name="fake",
    adapter="harness.fakes:Fake",
    variants={name: meaning for name, (meaning, _) in FAULTS.items()},
    requires="numpy",
    install="pip install autodiff-harness",
    no_device={"cuda": "it computes with the reference backend, on the CPU"},
    listed=False,
)


class Fake(Backend):
    """The reference backend with the fault that its variant names."""

    def __init__(self, variant: str, device: str, settings: Settings) -> None:
        wrapped = next(d for d in plugins.backends().items.values() if d.reference)
        self.inner: Backend = plugins.load(wrapped.adapter)(wrapped.reference, device, settings)
        self.spoil = FAULTS[variant][1]

    def describe(self) -> Description:
        return self.inner.describe()

    def put(self, array: Any) -> Array:
        return self.inner.put(array)

    def get(self, array: Array) -> tuple[Any, str]:
        return self.inner.get(array)

    def wait(self, outputs: Sequence[Array]) -> None:
        while PENDING:
            PENDING.pop().join()

    def namespace(self, case: Case) -> Namespace:
        return self.inner.namespace(case)

    def prepare(
        self,
        case: Case,
        function: Callable[..., Any] | Accumulation,
        wrt: tuple[int, ...],
        example: tuple[Array, ...],
    ) -> Call:
        return self.spoil(Asked(self.inner, case, function, wrt, example))

    def release(self) -> None:
        self.inner.release()
