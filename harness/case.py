"""A case is a question, a trial is one backend's attempt at it. Both are plain data.

Neither holds arrays or functions: they travel to the workers as JSON and end up in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

OPERATORS = (
    "value",
    "gradient",
    "vjp",
    "jvp",
    "jacobian",
    "hvp",
    "hessian",
    "accumulate",
)
COMPOSITIONS = (
    "forward-over-reverse",
    "reverse-over-reverse",
    "reverse-over-forward",
    "forward-over-forward",
)
SECOND_ORDER = ("hvp", "hessian")
DTYPES = ("float32", "float64")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One scenario at one size and point, in one dtype, under one operator and composition.

    `wrt` names the differentiated arguments. `data` holds the path of the input file, and that of
    its model where it has one. `composition` is None for first-order operators. `point` is
    "documented" (the source's own numbers), "drawn" (from the seeded generator), or a file's name
    and hash.
    """

    scenario: str
    size: Mapping[str, int]
    point: str
    dtype: str
    operator: str
    composition: str | None
    wrt: tuple[str, ...]
    seed: int
    data: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Case:
        files = tuple(data.get("data", ()))
        return cls(**{**data, "wrt": tuple(data["wrt"]), "data": files})

    def of(self, operator: str) -> Case:
        """Return the same case under another first-order operator."""
        return replace(self, operator=operator, composition=None)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One case on one backend:variant and device."""

    case: Case
    backend: str
    variant: str
    device: str

    @property
    def runner(self) -> tuple[str, str, str]:
        """The worker that this trial belongs to."""
        return (self.backend, self.variant, self.device)
