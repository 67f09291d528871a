"""What differs between two runs besides what is compared: machine, settings, versions, code.

One convention: only what both runs recorded is held against each other; what one of them did not
look for is no difference. Of versions and numeric settings only those of the compared runners
matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from results.comparison.runners import parts_of, without_variant
from results.conditions import MACHINE, fact, facts_of, without_driver, written
from results.schema import Run

ASKED = ("threads", "numerics", "isolate", "launches", "budget", "precision", "check")


class Ran(NamedTuple):
    """Who was compared: a runner's name, and the version that its records carry."""

    runner: str
    version: str | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that differs, as the two runs have it. `machine` says that it makes them different
    machines."""

    what: str
    a: str
    b: str
    machine: bool = False

    def __str__(self) -> str:
        return f"{self.what}: {self.a} in A, {self.b} in B"


def differences(a: Run, b: Run, pairs: Collection[tuple[Ran, Ran]]) -> list[Difference]:
    """Name every difference once, those of the machine first; `pairs` are those compared."""
    found = [difference for pair in pairs for difference in versions(a, b, *pair)]
    if a.id != b.id:
        rest = unequal("version of", versions_besides(a), versions_besides(b))
        found = [*machines(a, b), *asked(a, b), *found, *rest, *sources(a, b)]
    for one, other in pairs:
        left, right = a.numerics.get(one.runner, {}), b.numerics.get(other.runner, {})
        name = one.runner if one.runner == other.runner else f"{one.runner}, {other.runner}"
        found += unequal(f"numerics of {name}", left, right)
    return list(dict.fromkeys(found))


def versions(a: Run, b: Run, one: Ran, other: Ran) -> Iterable[Difference]:
    """Name what differs between the versions of a backend that is compared with itself, and of the
    Python that it ran in."""
    backend = parts_of(one.runner).backend
    if parts_of(other.runner).backend == backend and one.version and other.version:
        yield from unequal("version of", {backend: one.version}, {backend: other.version})
    left, right = python_of(a, one.runner), python_of(b, other.runner)
    if left and right:
        yield from unequal("version of", {"python": left}, {"python": right})


def python_of(run: Run, runner: str) -> str | None:
    """Return the version of the Python that a runner's worker ran in, where it is known."""
    home = without_variant(runner) if parts_of(runner).environment else ""
    return run.versions.get(f"python of {home}" if home else "python")


def versions_besides(run: Run) -> dict[str, str]:
    """Return the versions that are of no backend and of none's Python."""
    backends = {without_variant(runner) for runner in run.numerics}
    return {
        name: version
        for name, version in run.versions.items()
        if name not in backends and name.partition(" ")[0] != "python"
    }


def machines(a: Run, b: Run) -> list[Difference]:
    facts, others = facts_of(a.machine), facts_of(b.machine)
    facts.pop("devices cpu", None)  # the processor again
    return [
        Difference(
            what=f"machine {name}",
            a=fact(name, facts[name]),
            b=fact(name, others[name]),
            machine=name in MACHINE or other_card(name, facts[name], others[name]),
        )
        for name in sorted(facts, key=lambda name: name not in MACHINE)
        if name in others and fact(name, facts[name]) != fact(name, others[name])
    ]


def other_card(name: str, one: Any, other: Any) -> bool:
    return name.startswith("devices ") and without_driver(one) != without_driver(other)


def asked(a: Run, b: Run) -> list[Difference]:
    known = [name for name in ASKED if name in a.settings and name in b.settings]
    found = unequal("setting", *({name: run.settings[name] for name in known} for run in (a, b)))
    return found + unequal("seed", {"": a.seed}, {"": b.seed})


def sources(a: Run, b: Run) -> list[Difference]:
    """The harness's own code decides numbers as well. A commit is that of the folder where a run
    was started, and tells a person more than a hash does."""
    found = unequal("commit", {"": a.commit}, {"": b.commit})
    if a.code and b.code:
        found += unequal("code of the harness", {"": brief(a.code)}, {"": brief(b.code)})
    return found


def brief(code: str) -> str:
    return code.rpartition(":")[2][:12]


def unequal(what: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Difference]:
    """Name what both have and have differently."""
    return [
        Difference(what=f"{what} {name}".rstrip(), a=written(one[name]), b=written(other[name]))
        for name in one
        if name in other and one[name] != other[name]
    ]
