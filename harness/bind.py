"""Fill a backend's `xp` into a scenario's functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from harness.case import Case
from harness.contract import Accumulation, BoundPass
from harness.scenario import Pass, Scenario
from harness.xp import Namespace


def bind(scenario: Scenario, case: Case, xp: Namespace) -> Callable[..., Any] | Accumulation:
    """Return what a backend's `prepare` gets: a function of the arguments, or the passes."""
    if case.operator != "accumulate":
        return partial(scenario.value, xp)
    return Accumulation(
        passes=tuple(_bound(scenario, one, xp) for one in scenario.passes),
        read=scenario.positions(scenario.read),
    )


def _bound(scenario: Scenario, one: Pass, xp: Namespace) -> BoundPass:
    return BoundPass(value=partial(one.value, xp), clear=scenario.positions(one.clear))
