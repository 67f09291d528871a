"""What a run was asked to do, as data; the command line and `harness.run` both make one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.contract import Declaration, Settings
from harness.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which trials: the words of the command, not yet looked up. Empty means the default.

    `data` and `model` are paths of an input file and of what belongs to it; `force` goes on where
    memory would not suffice.
    """

    scenarios: tuple[str, ...] = ()
    backends: tuple[str, ...] = ("all",)
    exclude: tuple[str, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    operators: tuple[str, ...] = ()
    compositions: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    data: str | None = None
    model: str | None = None
    force: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def selected(
    *,
    scenarios: tuple[str, ...],
    size: tuple[str, ...],
    backend: Iterable[str],
    exclude: Iterable[str],
    device: Iterable[str],
    operator: Iterable[str],
    composition: Iterable[str],
    dtype: Iterable[str],
    data: str | None,
    model: str | None,
    force: bool,
) -> Selection:
    """Make the selection that the options of `harness run` ask for, by their names."""
    return Selection(
        scenarios=scenarios,
        backends=split(backend),
        exclude=split(exclude),
        devices=split(device),
        operators=split(operator),
        compositions=split(composition),
        sizes=size,
        dtypes=split(dtype),
        data=data,
        model=model,
        force=force,
    )


@dataclass(frozen=True, kw_only=True)
class Options:
    """How trials are run. `precision` is a fraction; `budget` (per backend and case) and `timeout`
    (per answer of a worker) are in seconds. `throughput` times calls that are waited for once a
    block as well. `wheels` is a folder to make environments from. Raises UsageError for values that
    make no sense."""

    threads: int = 1
    launches: int = 1
    precision: float = 0.02
    budget: float = 0.5
    timeout: float = 60.0
    seed: int = 0
    numerics: str = "equal"
    check: bool = False
    values: bool = False
    throughput: bool = False
    isolate: bool = False
    label: str | None = None
    wheels: str | None = None

    def __post_init__(self) -> None:
        for name in ("threads", "launches", "precision", "budget", "timeout"):
            if not getattr(self, name) > 0:
                raise UsageError(f"--{name} is {getattr(self, name):g}; give a number above 0")
        if max(self.budget, self.timeout) > LONGEST:
            raise UsageError(f"--budget and --timeout can be {LONGEST:g} s at most")
        if not 0 <= self.seed < 2**63:
            raise UsageError(f"--seed is {self.seed}; give a whole number from 0 to 2^63 - 1")
        if self.check and self.throughput:
            raise UsageError("--throughput is a time, and --check takes none; leave one out")
        if self.label is not None:
            check_label("--label", self.label)
        if self.numerics not in ("equal", "shipped"):
            raise UsageError(f"--numerics is {self.numerics!r}; give equal or shipped")

    @property
    def settings(self) -> Settings:
        return Settings(threads=self.threads, numerics=self.numerics)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def check_label(what: str, text: str) -> None:
    """Raise UsageError, which begins with `what` was given, for a label that no run can have."""
    if not text.isprintable():
        raise UsageError(f"{what} has characters that can't be printed; leave them out")
    if re.fullmatch(r"latest(~\d+)?|\s*", text):
        raise UsageError(f"{what} {text!r} would mean another run; give another name")


LONGEST = 1e6  # s: the longest wait that may be asked for

EQUAL_ALLOCATOR: Mapping[str, str] = {
    # Keep freed memory: without these torch at n = 1e6 spreads 9 % between launches, with them 1.6.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(2**31 - 1),
    "MALLOC_TOP_PAD_": str(64 * 2**20),
    # Give all freed memory back when asked to: the end of any other arena is kept, and what a trial
    # took there was hidden from the next one's peak (jax at n = 1e6: 17 MB of 33).
    "MALLOC_ARENA_MAX": "1",
}


def environment(declaration: Declaration, settings: Settings, device: str) -> dict[str, str]:
    """Return the variables to set for a worker on `device` ("cpu", "cuda:1", or "" for any)."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    chosen = {name: "{threads}" for name in threads}
    if device == "cpu":
        chosen["CUDA_VISIBLE_DEVICES"] = "-1"
    chosen |= declaration.environment
    if settings.numerics == "equal":
        chosen |= {**EQUAL_ALLOCATOR, **declaration.equal}
    blanks = {"threads": settings.threads, "device": device.partition(":")[0]}
    return {name: text.format(**blanks) for name, text in chosen.items()}


def store_path(given: Path | str | None) -> Path:
    """Return where results are kept: as given, else $HARNESS_RESULTS, else .harness/results.db."""
    return Path(given or os.environ.get("HARNESS_RESULTS") or ".harness/results.db")


def split(words: Iterable[str]) -> tuple[str, ...]:
    """Split comma-separated words; repeated options add up."""
    return tuple(part.strip() for word in words for part in word.split(",") if part.strip())


def fraction(text: str) -> float:
    """Read "2%" or "0.02"; "2" is refused, as it would be 200 %."""
    number = text.strip().removesuffix("%")
    value = _number(text, number, "give a percentage above 0, as 2%")
    if number != text.strip():
        return value / 100
    if value >= 1:
        raise UsageError(f"{text!r} would be {100 * value:g} %; write {number}% for {number} %")
    return value


def duration(text: str) -> float:
    """Read "60s", "500ms", "2m" or a bare number of seconds."""
    for suffix, scale in (("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("", 1.0)):
        if text.strip().endswith(suffix):
            number = text.strip().removesuffix(suffix)
            return _number(text, number, "give a time above 0, as 0.5s or 60s") * scale
    raise AssertionError("every text ends with nothing")


def _number(text: str, number: str, remedy: str) -> float:
    try:
        value = float(number)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise UsageError(f"{text!r} won't do; {remedy}")
    return value
