"""What a record is: what came out of one trial, as frozen data and as one JSON object.

Numbers that are not finite are written as the strings "nan", "inf" and "-inf", which JSON lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 1

STATUSES = {
    "ok": "right (and timed, unless only checking)",
    "wrong": "an answer outside tolerance, or NaN/Inf, wrong structure, shape, dtype or device",
    "unsupported": "the backend says that it cannot do this",
    "unavailable": "framework, device or compiler not here",
    "failed": "an exception",
    "crashed": "the worker process died",
    "timeout": "the worker process ran past its deadline",
    "out-of-memory": "memory ran out",
    "interrupted": "the run was stopped before this trial was finished",
}
SKIPPED = ("unsupported", "unavailable")
BROKEN = ("wrong", "failed", "crashed", "timeout", "out-of-memory")


@dataclass(frozen=True, kw_only=True)
class Error:
    """How far an answer lies from the one that it was held `against`.

    `relative` is max|a-b| / max|b|, or max|a-b| where b is 0. `ulp` counts units in the last place
    at the largest element's scale, `ulp_q999` is its 99.9 % quantile over elements. `worst` says
    where the largest error is: output, index, got, expected.
    """

    relative: float
    ulp: float
    ulp_q999: float
    against: str
    tolerance: float
    worst: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Seconds:
    """Times in seconds. `median`, `low`, `high` and `min` are per call, in the steady state.

    `prepare` and `first` come from the first launch, `import` too. `interval` says what was
    repeated to get `low` and `high`: "within one launch" or "over launches". `value` is the same
    backend's time per call for the plain function, `device` the time on the device's own clock.
    `new_shape` is prepare and first call of the same case at a size one larger, in a process that
    has compiled before.
    """

    import_: float | None
    prepare: float | None
    first: float | None
    median: float
    low: float
    high: float
    min: float
    interval: str
    launches: int
    blocks: int
    calls: int
    value: float | None = None
    device: float | None = None
    new_shape: float | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """One timed block: `calls` calls took `seconds`, with `faults` page faults in all.

    `series` is "operator" for the trial's own callable and "value" for the plain function.
    """

    launch: int
    series: str
    calls: int
    seconds: float
    faults: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """What came out of one trial; the keys are those of the store and of `--json`."""

    run: str
    id: str
    scenario: str
    size: Mapping[str, int]
    point: str
    dtype: str
    operator: str
    composition: str | None
    wrt: tuple[str, ...]
    backend: str
    variant: str
    version: str | None
    device: str
    status: str
    reason: str | None = None
    known: str | None = None
    origin: str | None = None
    error: Error | None = None
    value: list[Any] | None = None
    inputs: str | None = None
    seconds: Seconds | None = None
    bytes: Mapping[str, int | None] = field(
        default_factory=lambda: {"host_peak": None, "device_peak": None}
    )
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"no status called {self.status!r}")

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object of this record, `schema` first."""
        data = asdict(self)
        if data["seconds"]:
            data["seconds"] = {"import": data["seconds"].pop("import_"), **data["seconds"]}
        finite: dict[str, Any] = encode({"schema": data.pop("schema"), **data})
        return finite

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Record:
        fields = dict(decode_numbers(data))
        if fields["seconds"]:
            seconds = dict(fields["seconds"])
            fields["seconds"] = Seconds(import_=seconds.pop("import"), **seconds)
        if fields["error"]:
            fields["error"] = Error(**fields["error"])
        return cls(**{**fields, "wrt": tuple(fields["wrt"])})


@dataclass(frozen=True, kw_only=True)
class Run:
    """One command: what was asked, where and when. `end` is None while it runs.

    `machine` holds CPU, cores, memory, GPU and driver; `versions` the frameworks' and Python's;
    `numerics` the numeric settings by backend:variant; `twins` the eager twin of each compiled
    backend:variant; times are ISO 8601 in UTC.
    """

    id: str
    command: str
    label: str | None
    seed: int
    start: str
    end: str | None
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    numerics: Mapping[str, Any]
    settings: Mapping[str, Any]
    twins: Mapping[str, str] = field(default_factory=dict)
    commit: str | None
    schema: int = SCHEMA

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        encoded: dict[str, Any] = encode({"schema": data.pop("schema"), **data})
        return encoded

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Run:
        return cls(**data)


def encode(data: Any) -> Any:
    """Replace what JSON or UTF-8 can't hold: floats that are not finite become strings, tuples
    lists, and lone surrogates are written out."""
    if isinstance(data, float) and not math.isfinite(data):
        return str(data)
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, Mapping):
        return {key: encode(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [encode(item) for item in data]
    return data


NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def decode_numbers(data: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `encode` where a record holds numbers: in `value`, `error` and `seconds`."""
    numeric = {key: decode(data[key]) for key in ("value", "error", "seconds") if key in data}
    return {**data, **numeric}


def decode(data: Any) -> Any:
    if isinstance(data, str):
        return NOT_FINITE.get(data, data)
    if isinstance(data, Mapping):
        return {key: decode(item) for key, item in data.items()}
    if isinstance(data, list):
        return [decode(item) for item in data]
    return data
