"""What a record is: what came out of one trial, as frozen data and as one JSON object.

Numbers that are not finite are written as the strings "nan", "inf" and "-inf", which JSON lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
SERIES = {
    "operator": "the trial's own callable, every call waited for",
    "value": "the same backend's plain function, every call waited for",
    "prepare": "making the callable, once a launch",
    "first": "the first call, once a launch",
    "throughput": "the trial's own callable, waited for once a block",
    "device": "the trial's own callable by the device's own clock",
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

    `by_launch` holds each launch's median by series (`SERIES`); `median` and `min` speak of the
    series "operator", and `value`, `prepare`, `first`, `throughput` and `device` are the medians
    over launches of the series of that name, None where it was not taken. `interval` says what was
    repeated to get `low` and `high`: "within one launch" or "over launches". `import` comes from
    the first launch. `new_shape` is prepare and first call of the same case at a size one larger,
    in a process that has compiled before. `dispatch` is what the least call of all costs on this
    backend, a function that returns its one number.
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
    throughput: float | None = None
    dispatch: float | None = None
    by_launch: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Block:
    """One timed block: `calls` calls took `seconds`, with `faults` page faults in all.

    `series` is one of `SERIES`.
    """

    launch: int
    series: str
    calls: int
    seconds: float
    faults: int


@dataclass(frozen=True, kw_only=True)
class Record:
    """What came out of one trial; the keys are those of the store and of `--json`.

    `environment` is what was written behind the backend's name to run it in another Python
    environment, "==0.9.0" or "@/path/to/python"; None in this one. `bytes` holds peaks of memory:
    `host_peak` of the worker above the level before the trial, `device_peak` by the framework's own
    counter. `lacks` says by a number's name, as "seconds.device", why it is null.
    """

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
    environment: str | None = None
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
    lacks: Mapping[str, str] = field(default_factory=dict)
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

    `machine` holds CPU, cores, memory, GPU and driver, and its `ceilings` where they were
    measured; `versions` the frameworks' and Python's; `numerics` the numeric settings by
    backend:variant; `twins` the eager twin of each compiled backend:variant. `selection` and
    `settings` are what was asked for, enough to ask for it again; `code` is a hash of the source
    that ran. `noise` holds what a machine does besides (load, clocks, temperatures) `before` and
    `after` the run. Times are ISO 8601 in UTC.
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
    selection: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    noise: Mapping[str, Any] = field(default_factory=dict)
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
