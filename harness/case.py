"""A case is a question, a trial is one backend's attempt at it. Both are plain data.

Neither holds arrays or functions: they travel to the workers as JSON and end up in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

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
NESTED = ("second", "third")  # operators of primitives alone, see `harness.atlas.ways`
COMPOSITIONS = (
    "forward-over-reverse",
    "reverse-over-reverse",
    "reverse-over-forward",
    "forward-over-forward",
)
SECOND_ORDER = ("hvp", "hessian")
BYTES = {"float32": 4, "float64": 8}  # of a number
DTYPES = tuple(BYTES)


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


class Runner(NamedTuple):
    """What a worker is made for. `environment` is what was written behind the backend's name to run
    it in another Python environment ("==0.9.0", "@/path/to/python"), "" for this one."""

    backend: str
    variant: str
    device: str
    environment: str = ""

    @property
    def name(self) -> str:
        """As a person writes it, such as `torch:eager` or `jax:jit==0.9.0`."""
        return f"{self.backend}:{self.variant}{self.environment}"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One case on one runner."""

    case: Case
    runner: Runner

    @property
    def backend(self) -> str:
        return self.runner.backend

    @property
    def variant(self) -> str:
        return self.runner.variant

    @property
    def device(self) -> str:
        return self.runner.device
