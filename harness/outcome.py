"""What is known of a trial while a run goes on, over all launches, and the record made of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from harness.case import Trial
from harness.crew import Crew
from harness.errors import TrialEnded
from harness.ledger import KnownFailure, find
from harness.plan import Plan
from results.schema import BROKEN, Block, Error, Record, Run
from results.statistics import seconds_of

SERIES = ("operator", "value")  # what is timed in rounds: the case's callable, the function
PHASES = ("prepare", "first")  # what is timed once a launch


@dataclass
class Outcome:
    """What is known of a trial so far, over its launches. `done` holds those behind it."""

    trial: Trial
    status: str | None = None
    reason: str | None = None
    origin: str | None = None
    error: Error | None = None
    value: list[Any] | None = None
    inputs: str | None = None
    phases: Mapping[str, float] = field(default_factory=dict)  # seconds, of the launch in hand
    new_shape: float | None = None
    dispatch: float | None = None  # seconds of its runner's least call
    bytes: Mapping[str, int | None] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    series: tuple[str, ...] = SERIES
    blocks: list[Block] = field(default_factory=list)
    stored: int = 0
    done: set[int] = field(default_factory=set)
    final: Record | None = None

    def end(self, ended: TrialEnded) -> None:
        self.status, self.reason = ended.status, str(ended)

    def stop(self) -> None:
        """Leave off while it is going: what whole launches gave stays, and without one it is
        interrupted."""
        self.blocks = [block for block in self.blocks if block.launch in self.done]
        if not self.done:
            self.end(TrialEnded("interrupted", "the run was stopped before it was finished"))

    @property
    def going(self) -> bool:
        return self.status in (None, "ok")


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a run begins with: its header, and what is known of every trial by its id.

    Where an earlier run is resumed, `blocks` are those of its records by their ids, and `notes`
    tell the user how.
    """

    run: Run
    outcomes: Mapping[str, Outcome]
    blocks: Mapping[str, Sequence[Block]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def record_of(outcome: Outcome, plan: Plan, crew: Crew, run: Run) -> Record:
    """Make the record of what is known of a trial."""
    trial, case = outcome.trial, outcome.trial.case
    description = crew.descriptions.get(trial.runner)
    timed = outcome.status == "ok" and any(b.series == "operator" for b in outcome.blocks)
    version = description.version if description else None
    listed = find(plan.declarations[trial.backend].ledger, version, trial.variant, case)
    return Record(
        run=run.id,
        id=identity(trial),
        scenario=case.scenario,
        size=case.size,
        point=case.point,
        dtype=case.dtype,
        operator=case.operator,
        composition=case.composition,
        wrt=case.wrt,
        backend=trial.backend,
        variant=trial.variant,
        version=version,
        device=trial.device,
        environment=trial.runner.environment or None,
        status=outcome.status or "interrupted",
        reason=explained(outcome, listed),
        known=known(listed, outcome.status),
        origin=outcome.origin,
        error=outcome.error,
        value=outcome.value,
        inputs=outcome.inputs,
        work=plan.scenarios[case.scenario].work_of(case),
        seconds=seconds_of(
            outcome.blocks,
            import_=crew.importing.get(trial.runner),
            new_shape=outcome.new_shape,
            dispatch=outcome.dispatch,
        )
        if timed
        else None,
        bytes={name: outcome.bytes.get(name) for name in ("host_peak", "device_peak")},
        lacks=outcome.lacks,
    )


def highest(
    before: Mapping[str, int | None], now: Mapping[str, int | None]
) -> dict[str, int | None]:
    """Put the peaks of a launch to those of earlier ones; the highest counts."""
    both = {name: (before.get(name), now.get(name)) for name in {**before, **now}}
    return {
        name: max((one for one in pair if one is not None), default=None)
        for name, pair in both.items()
    }


def explained(outcome: Outcome, listed: KnownFailure | None) -> str | None:
    """The reason, and what is known of a listed failure."""
    if listed and outcome.status in BROKEN:
        return f"{outcome.reason}; {listed.what}"
    return outcome.reason


def known(listed: KnownFailure | None, status: str | None) -> str | None:
    """The issue of a listed failure: where it failed, and where it passed unexpectedly."""
    if listed is None:
        return None
    told = status in (*BROKEN, "imprecise") or (status == "ok" and not listed.sometimes)
    return listed.issue if told else None


def identity(trial: Trial) -> str:
    """Name a trial by what it is, so that the same trial has the same id in every run."""
    case = {key: item for key, item in trial.case.to_json().items() if key != "data"}
    what = [case, trial.backend, trial.variant, trial.device]
    what += [trial.runner.environment] if trial.runner.environment else []
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]


def now() -> str:
    """The time in UTC, as records hold it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
