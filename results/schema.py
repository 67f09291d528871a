"""What a record is: what came out of one trial, as frozen data and as one JSON object.

One convention: what is read from elsewhere is refused where a newer harness wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from results.encoding import decode_numbers, encode
from results.errors import StoreError

SCHEMA = 1

STATUSES = {
    "ok": "right (and timed, unless only checking)",
    "imprecise": "not right to the tolerance, but in a quarter of its digits (primitives only)",
    "convention": "an answer where no derivative exists, neither right nor wrong (primitives only)",
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
ATLAS = "atlas"  # set in the selection of a run that is a survey of primitives
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

    `by_launch` holds each launch's median by series (`SERIES`). `median` is the geometric mean of
    those of the series "operator", which `min` speaks of too; `value`, `prepare`, `first`,
    `throughput` and `device` are that of the series of that name, None where it was not taken.
    `interval` says what was repeated to get `low` and `high`: "within one launch" or "over
    launches". `import` comes from the first launch. `new_shape` is prepare and first call of the
    same case at a size one larger, in a process that has compiled before. `dispatch` is what the
    least call of all costs on this backend, a function that returns its one number.
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
    counter. `lacks` says by a number's name, as "seconds.device", why it is null, or what it
    tells that others of that name don't. `work` holds the `bytes` that the answer can't do without
    moving and the `operations` of its algorithm, where the scenario states them.
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
    work: Mapping[str, int] | None = None
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
        """Undo `to_json`. Raises StoreError for a record of a newer schema."""
        return cls.from_fields(decode_numbers(data))

    @classmethod
    def from_fields(cls, data: Mapping[str, Any]) -> Record:
        """Make a record of its JSON object in which numbers are decoded already."""
        refuse_newer(data, f"record {data.get('id')!r}")
        fields = {**data, "wrt": tuple(data["wrt"])}
        if fields["seconds"]:
            seconds = dict(fields["seconds"])
            fields["seconds"] = Seconds(import_=seconds.pop("import"), **seconds)
        if fields["error"]:
            fields["error"] = Error(**fields["error"])
        return cls(**fields)


@dataclass(frozen=True, kw_only=True)
class Run:
    """One command: what was asked, where and when. `end` is None while it runs.

    `machine` holds CPU, cores, memory, GPU and driver, and its `ceilings` where they were
    measured; `versions` the frameworks' and Python's; `numerics` the numeric settings by
    backend:variant; `twins` the eager twin of each compiled backend:variant. `selection` and
    `settings` are what was asked for, enough to ask for it again; `code` is a hash of the source
    that ran. `noise` holds what a machine does besides (load, clocks, temperatures) `before` and
    `after` the run, and of a resumed one's `earlier` sittings. Times are ISO 8601 in UTC.
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
        """Undo `to_json`. Raises StoreError for a run of a newer schema."""
        refuse_newer(data, f"run {data.get('id')!r}")
        return cls(**data)


def refuse_newer(data: Mapping[str, Any], what: str) -> None:
    """Raise StoreError, which names `what`, where a newer harness wrote the data."""
    if data.get("schema", SCHEMA) > SCHEMA:
        raise StoreError(
            f"{what} was written by a newer harness (schema {data['schema']}, known here up to "
            f"{SCHEMA}); try: pip install --upgrade autodiff-harness"
        )
