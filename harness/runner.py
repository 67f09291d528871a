"""Carry a plan out, from the first worker's start to the last record."""

from __future__ import annotations

import uuid

from harness import machine
from harness.crew import Crew
from harness.errors import Interrupted, UsageError
from harness.events import Notify
from harness.execution import Execution
from harness.options import Options
from harness.outcome import now
from harness.plan import Plan
from results.schema import Record, Run
from results.store import Store


def execute(
    plan: Plan,
    options: Options,
    *,
    store: Store,
    command: str,
    notify: Notify,
) -> list[Record]:
    """Run every trial of the plan; return the records in the plan's order.

    Raises UsageError where no backend can run at all, Interrupted on Ctrl-C and SIGTERM after every
    trial that was not finished has got its record.
    """
    execution: Execution | None = None
    with Crew(plan, options) as crew:
        try:
            crew.start()
            _demand_someone(plan, crew)
            run = _header(plan, options, crew, command)
            store.add_run(run)
            execution = Execution(plan, options, crew, store, run, notify)
            execution.carry_out()
        except BaseException as error:
            crew.kill()
            if execution is not None:
                execution.interrupt()
            if isinstance(error, KeyboardInterrupt):
                kept = (
                    f"what was finished is in run {run.id}" if execution else "nothing was measured"
                )
                raise Interrupted(f"stopped; {kept}") from error
            raise
    return [outcome.final for outcome in execution.outcomes.values() if outcome.final]


def _demand_someone(plan: Plan, crew: Crew) -> None:
    """Refuse a run in which no backend can do anything, and say why for each."""
    if all(runner in crew.out for runner in plan.runners):
        devices = " or ".join(sorted({runner.device for runner in plan.runners}))
        reasons = [f"  {one.name} on {one.device}: {crew.out[one][1]}" for one in plan.runners]
        raise UsageError("\n".join([f"no backend can use {devices}:", *reasons]))


def _header(plan: Plan, options: Options, crew: Crew, command: str) -> Run:
    known = {runner: d for runner in plan.runners if (d := crew.descriptions.get(runner))}
    devices = {key: text for d in known.values() for key, text in d.devices.items()}
    found = {f"{runner.backend}{runner.environment}": d.version for runner, d in known.items()}
    return Run(
        id=uuid.uuid4().hex[:12],
        command=command,
        label=options.label,
        seed=options.seed,
        start=now(),
        end=None,
        machine={**machine.describe(), "cores": len(crew.allowed), "devices": devices},
        versions=machine.versions() | found,
        numerics={runner.name: d.numerics for runner, d in known.items()},
        selection=plan.selection.to_json(),
        settings=options.to_json(),
        commit=machine.commit(),
        twins=plan.twins(),
    )
