"""Carry a plan out, from the first worker's start to the last record."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.atlas.sheets import Sheet
from harness.atlas.survey import Survey
from harness.clock import resolution
from harness.crew import Crew
from harness.earlier import Earlier, demand_idle
from harness.environments.providing import interpreters
from harness.errors import Interrupted, UsageError
from harness.events import Notify
from harness.execution import Execution
from harness.identity import code_of
from harness.machine import facts
from harness.machine.noise import is_disturbed, moment
from harness.options import Options
from harness.outcome import Beginning, Outcome, identity, now
from harness.plan import Plan
from harness.resume import resumed, store_beginning
from results.ceilings import is_measurement, newest
from results.schema import ATLAS, Record, Run
from results.store import Store
from results.summary import left_over, summary_of


def execute(
    plan: Plan,
    options: Options,
    *,
    store: Store,
    command: str,
    notify: Notify,
    earlier: Earlier | None = None,
    sheets: Sequence[Sheet] = (),
) -> list[Record]:
    """Run every trial of the plan; return the records in the plan's order. Where an `earlier` run
    is resumed, do what is left of it; where there are `sheets` of primitives, survey them.

    Raises UsageError where no backend can run at all, Interrupted on Ctrl-C and SIGTERM after every
    trial that was not finished has got its record.
    """
    execution: Execution | None = None
    if earlier is not None:
        demand_idle(store, earlier.run)
    with (
        interpreters(plan, options.wheels, lambda line: print(line, file=sys.stderr)) as elsewhere,
        Crew(plan, options, elsewhere) as crew,
    ):
        before = moment(crew.allowed, (runner.device for runner in plan.runners))
        try:
            crew.start()
            _demand_someone(plan, crew)
            header = _header(plan, options, crew, command, before)
            header = with_ceilings(header, store)
            if sheets:
                header = replace(header, selection={**header.selection, ATLAS: True})
            beginning = _begin(plan, options, crew, store, header, earlier)
            execution = Execution(plan, options, crew, store, beginning, notify)
            if sheets:
                Survey(plan, options, crew, execution, sheets).carry_out()
            else:
                execution.carry_out()
        except BaseException as error:
            crew.kill()
            if execution is not None:
                execution.interrupt()
            if isinstance(error, KeyboardInterrupt):
                raise Interrupted(f"stopped; {_kept(execution)}") from error
            raise
    return execution.records


def _begin(
    plan: Plan, options: Options, crew: Crew, store: Store, header: Run, earlier: Earlier | None
) -> Beginning:
    """Store what a run begins with."""
    if earlier is None:
        store.add_run(header)
        outcomes = {identity(trial): Outcome(trial) for trial in plan.trials}
        return Beginning(run=header, outcomes=outcomes)
    beginning = resumed(plan, options, crew, header, earlier)
    store_beginning(store, beginning, earlier)
    return beginning


def _kept(execution: Execution | None) -> str:
    """Say where the records of a run that was stopped are, and what is left."""
    if execution is None:
        return "nothing was measured"
    left = left_over(summary_of(execution.run, execution.records))
    return f"what was finished is in run {execution.run.id}{left}"


def _demand_someone(plan: Plan, crew: Crew) -> None:
    """Refuse a run in which no backend can do anything, and say why for each."""
    if all(runner in crew.out for runner in plan.runners):
        devices = " or ".join(sorted({runner.device for runner in plan.runners}))
        reasons = [f"  {one.name} on {one.device}: {crew.out[one][1]}" for one in plan.runners]
        raise UsageError("\n".join([f"no backend can use {devices}:", *reasons]))


def _header(
    plan: Plan, options: Options, crew: Crew, command: str, before: Mapping[str, Any]
) -> Run:
    known = {runner: d for runner in plan.runners if (d := crew.descriptions.get(runner))}
    devices = {key: text for d in known.values() for key, text in d.devices.items()}
    found = {f"{runner.backend}{runner.environment}": d.version for runner, d in known.items()}
    pythons = {f"python of {''.join(key)}": one.version for key, one in crew.interpreters.items()}
    return Run(
        id=uuid.uuid4().hex[:12],
        command=command,
        label=options.label,
        seed=options.seed,
        start=now(),
        end=None,
        machine={**facts.describe(crew.allowed), "pinned": crew.pinned, "devices": devices},
        versions=facts.versions() | found | pythons,
        numerics={runner.name: d.numerics for runner, d in known.items()},
        selection=plan.selection.to_json(),
        settings=options.to_json(),
        code=code_of(plan),
        commit=facts.commit(),
        twins=plan.twins(),
        noise={"before": before},
    )


def with_ceilings(run: Run, store: Store) -> Run:
    """Add what the clock can tell apart, and what this machine was found to give at most."""
    known = {} if is_measurement(run) else newest(store, run, is_disturbed)
    found = {"clock": resolution(), **known}
    return replace(run, machine={**run.machine, "ceilings": found})
