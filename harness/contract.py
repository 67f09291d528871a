"""The contract of a backend: a declaration that costs nothing to read, and an adapter of seven
methods that is imported only in a worker process.

An entry point in the group `harness.backends` yields a `Declaration`; it names the adapter class,
so that listing loads no framework. One adapter object serves one variant on one device.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from harness.case import Case
from harness.ledger import KnownFailure
from harness.xp import Namespace

Array = Any
Way = tuple[str, str | None]  # an operator and its composition


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is equalised between backends. `numerics` is "equal" or "shipped" (their defaults)."""

    threads: int = 1
    numerics: str = "equal"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Expert:
    """A backend's own implementation of a scenario, where the portable function is not how an
    expert would write it there: run under `operators`, as the variant "expert".

    `value` and `jacobian` are "module:function"; they stand in for the scenario's own, and take
    `xp` and the arguments as those do. No derivative in them is written by hand.
    """

    operators: tuple[str, ...]
    value: str | None = None
    jacobian: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What is known of a backend without importing its framework.

    `adapter` is "module:Class". `variants` maps each variant to a sentence; the first is the
    default. `requires` is the importable package, `install` the command that brings it; in an
    environment made for one version pip installs `distribution`, where that is named otherwise,
    and the `companions` that the adapter needs beside it and NumPy. `devices`
    maps each kind of device ("cpu", "cuda") that the backend can't use to the reason.
    `environment` holds variables set before the worker starts, `equal` those set as well where
    numeric settings are equalised; "{threads}" and "{device}" (the kind) are filled in.
    `reference` names the variant that computes in extended precision and so serves as an oracle.
    `compiled` maps each compiled variant to its eager twin. `experts` maps names of scenarios to
    own implementations; they run as the variant "expert", which `variants` then holds too.
    `by_hand` maps variants to "module:table", calls written without the adapter by scenario, which
    `harness self-test` holds the adapter's against (see `backends.byhand`).
    `reproducer` is "module:function", which writes what the adapter does in the framework's own
    words, for `harness repro` (see `harness.atlas.reproducer`).
    `ledger` lists failures of the framework itself that its maintainers know of.
    A backend that is not `listed` runs only when it is named.
    """

    name: str
    adapter: str
    variants: Mapping[str, str]
    requires: str
    install: str
    no_device: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    equal: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    compiled: Mapping[str, str] = field(default_factory=dict)
    experts: Mapping[str, Expert] = field(default_factory=dict)
    by_hand: Mapping[str, str] = field(default_factory=dict)
    reproducer: str | None = None
    ledger: tuple[KnownFailure, ...] = ()
    listed: bool = True
    distribution: str | None = None
    companions: tuple[str, ...] = ()

    @property
    def default(self) -> str:
        return next(iter(self.variants))


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a backend says of itself once its framework is loaded.

    `devices` maps every usable device to its name ("cuda:0" to the card and its driver).
    `numerics` holds the settings in force that change answers or speed. `native` lists the ways
    that `prepare` fulfils itself; every other way is derived by the harness from the namespace.
    `refuses` maps a way ("hvp/forward-over-forward", or "hvp" for all its compositions) to the
    reason why it can't be had at all.
    """

    version: str
    devices: Mapping[str, str]
    numerics: Mapping[str, Any]
    native: tuple[Way, ...] = (("value", None), ("gradient", None), ("vjp", None), ("jvp", None))
    refuses: Mapping[str, str] = field(default_factory=dict)
    dtypes: tuple[str, ...] = ("float32", "float64")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Description:
        ways = tuple((operator, composition) for operator, composition in data["native"])
        return cls(**{**data, "native": ways, "dtypes": tuple(data["dtypes"])})

    def refusal(self, operator: str, composition: str | None) -> str | None:
        """Return the sentence for a way that can't be had, or None."""
        return self.refuses.get(f"{operator}/{composition}") or self.refuses.get(operator)


@dataclass(frozen=True, kw_only=True)
class BoundPass:
    """A pass of an accumulation with its `xp` filled in.

    `value(arguments, accumulators)` is a scalar; `clear` holds positions of arguments.
    """

    value: Callable[[tuple[Array, ...], tuple[Array, ...]], Array]
    clear: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Accumulation:
    """What `prepare` gets as its function under the operator `accumulate`.

    Every argument has an accumulator, which begins at zeros. Each pass forms its scalar, then sets
    the accumulators in `clear` to zero, then adds the scalar's gradient (taken through earlier
    accumulators too) to all of them. The answer is the accumulators in `read`.
    """

    passes: tuple[BoundPass, ...]
    read: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What a framework tells of its device beside the clock, as functions of the worker's.

    `used()` is the memory in use, in bytes; `reset()` begins a new peak, `peak()` is the most in
    use since then (since the process began, where `reset` is None). On the CPU they speak of the
    host's memory, for frameworks that keep an allocator of their own there. `elapsed(call, head)`
    keeps the device busy for about `head` seconds, in which the call is to be queued, and returns
    the seconds that the call's work took by the device's own clock; it raises Unsupported where the
    device was through before, and so waited for the host. What is None, or tells more or less than
    its name says, is explained in `lacks`, by the record's names: "bytes.device_peak",
    "seconds.device", on the CPU "bytes.host_peak".
    """

    used: Callable[[], int] | None = None
    reset: Callable[[], None] | None = None
    peak: Callable[[], int] | None = None
    elapsed: Callable[[Callable[[], Any], float], float] | None = None
    lacks: Mapping[str, str] = field(default_factory=dict)


class Backend(ABC):
    """One differentiation system, in one variant, on one device.

    The constructor is called as `Adapter(variant, device, settings)` in a process whose
    environment already holds what the declaration asked for. Exceptions of a kind in `refusals`
    are the framework's way to say that it can't do something; those in `exhaustions`, that memory
    ran out. Both hold pairs of an exception type and a regular expression for its text. `probe`
    is set by an adapter whose framework has more to tell of the device.
    """

    refusals: ClassVar[tuple[tuple[type[BaseException], str], ...]] = ()
    exhaustions: ClassVar[tuple[tuple[type[BaseException], str], ...]] = ((MemoryError, ""),)
    probe: Probe = Probe()

    @abstractmethod
    def describe(self) -> Description:
        """Say version, devices, numeric settings and capabilities."""

    @abstractmethod
    def put(self, array: Any) -> Array:
        """Copy a NumPy array to the device, dtype and shape kept. Never timed."""

    @abstractmethod
    def get(self, array: Array) -> tuple[Any, str]:
        """Copy an output to a NumPy array, and name the device that it lay on. Never timed."""

    @abstractmethod
    def wait(self, outputs: Sequence[Array]) -> None:
        """Return when every output has been computed. Part of every timed call."""

    @abstractmethod
    def namespace(self, case: Case) -> Namespace:
        """Lend the `xp` for a case: its operator and composition decide how `grad`, `vjp` and
        `jvp` inside the scenario nest, its dtype is what creation functions default to."""

    @abstractmethod
    def prepare(
        self,
        case: Case,
        function: Callable[..., Any] | Accumulation,
        wrt: tuple[int, ...],
        example: tuple[Array, ...],
    ) -> Callable[..., tuple[Array, ...]]:
        """Make the callable that is timed: it takes the arguments and then the seeds (cotangent,
        tangents or vectors) as this backend's arrays, and returns a tuple of outputs.

        `function` takes the arguments; where it returns a tuple (operator `value` only, for what
        the harness derives) the outputs are that tuple. `wrt` holds the positions of the
        differentiated arguments. `example` are inputs of the right shapes and dtypes whose values
        mean nothing, so that no answer can be baked in.
        """

    @abstractmethod
    def release(self) -> None:
        """Drop what is cached between cases: memory of allocators, compiled functions."""
