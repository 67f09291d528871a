"""From a scenario's functions to a callable of a backend: fill in the `xp`, then let the backend
prepare the operator itself where it can, else derive it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from harness import operators, plugins
from harness.case import Case
from harness.contract import Accumulation, Array, Backend, BoundPass, Expert, Way
from harness.scenario import Pass, Scenario
from harness.xp import Namespace


@dataclass(frozen=True)
class Program:
    """A scenario's own way to an operator, in the transformations of `xp`: called as it is."""

    call: Callable[..., Any]


def bind(
    scenario: Scenario, case: Case, xp: Namespace
) -> Callable[..., Any] | Accumulation | Program:
    """Return what a case is about: a function of the arguments, the passes, or a program."""
    if case.operator == "jacobian" and scenario.jacobian:
        return Program(partial(scenario.jacobian, xp))
    if case.operator != "accumulate":
        return partial(scenario.value, xp)
    return Accumulation(
        passes=tuple(_bound(scenario, one, xp) for one in scenario.passes),
        read=scenario.positions(scenario.read),
    )


def as_written_by(expert: Expert, scenario: Scenario) -> Scenario:
    """Return the scenario with a backend's own implementation in place of the portable one."""
    value = plugins.load(expert.value) if expert.value else scenario.value
    jacobian = plugins.load(expert.jacobian) if expert.jacobian else scenario.jacobian
    return replace(scenario, value=value, jacobian=jacobian)


def _bound(scenario: Scenario, one: Pass, xp: Namespace) -> BoundPass:
    return BoundPass(value=partial(one.value, xp), clear=scenario.positions(one.clear))


def prepare(
    backend: Backend,
    native: Collection[Way],
    case: Case,
    bind_to: Callable[[Namespace], Any],
    wrt: tuple[int, ...],
    example: tuple[Array, ...],
    arity: int,
) -> tuple[Callable[..., tuple[Array, ...]], str]:
    """Return the callable of a case, and "native" or "derived".

    `native` holds the ways that the backend claims as its own, `bind_to(xp)` gives the function of
    `arity` arguments (or the passes), `wrt` positions of arguments.
    """
    xp = backend.namespace(case)
    function = bind_to(xp)
    if isinstance(function, Program):
        return backend.prepare(case.of("value"), function.call, wrt, example), "derived"
    if (case.operator, case.composition) in native:
        return backend.prepare(case, function, wrt, example), "native"
    derived = operators.derive(xp, case, function, wrt, arity)
    return backend.prepare(case.of("value"), derived, wrt, example), "derived"
