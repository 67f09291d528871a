"""Resume an earlier run: what of it stands, what is left to do, and in which run that goes on.

One convention: a record stands only while code, Python, version, numeric settings and device are
those that it was made with, and none is ever lost. Where all stand, the earlier run itself goes on.
Where one doesn't, or its trial is no longer in the plan, the earlier run stays as it is, and a new
one begins with copies of those that do.

A case is resumed as a whole for what it lacks in a launch: the trials that have no blocks of that
launch are prepared together and timed in interleaved rounds. After a stop that is the whole case,
and its ratios are worth what they always were. Where only one backend's records did not stand, it
is timed at another hour than those it is compared with: what the machine changed in between is then
in the ratios, which interleaving would have kept out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.case import Runner, Trial
from harness.crew import Crew
from harness.earlier import Earlier
from harness.errors import UsageError, counted
from harness.options import Options
from harness.outcome import Beginning, Outcome, identity
from harness.plan import Plan
from results.encoding import encode
from results.schema import Block, Record, Run
from results.store import Store


def resumed(plan: Plan, options: Options, crew: Crew, new: Run, earlier: Earlier) -> Beginning:
    """Say how an earlier run is resumed; `new` is the header that a new run would have. The crew
    has started. Raises UsageError where a backend with trials left can't run any more."""
    trials = {identity(trial): trial for trial in plan.trials}
    made = {id: one for id, one in earlier.records.items() if one.status != "interrupted"}
    differences = {id: list(_differences(one, earlier, crew, new)) for id, one in made.items()}
    standing = {id: one for id, one in made.items() if id in trials and not differences[id]}
    outcomes = {
        id: _outcome(trial, standing.get(id), earlier.blocks.get(id, ()), options)
        for id, trial in trials.items()
    }
    left = [outcome for outcome in outcomes.values() if not outcome.final]
    _demand_runners([outcome.trial for outcome in left], crew, earlier)
    for record in standing.values():
        if record.seconds and record.seconds.import_ is not None:
            crew.importing[_runner_of(record)] = record.seconds.import_
    gone = len(earlier.records.keys() - trials.keys())
    anew = bool(left) and bool(gone or len(standing) < len(made))
    notes = (
        _progress(left, len(trials), earlier.run if anew else None),
        *_reasons(found for id, found in differences.items() if id in trials),
        *_vanished(gone, earlier.run),
    )
    run = _header(new, earlier.run, anew=anew) if left or not earlier.run.end else earlier.run
    _belong(outcomes.values(), run)
    return Beginning(run=run, outcomes=outcomes, blocks=earlier.blocks, notes=notes)


def store_beginning(store: Store, beginning: Beginning, earlier: Earlier) -> None:
    """Store what a run is resumed with. Raises StoreError where another process was first."""
    run = beginning.run
    if run.id != earlier.run.id:
        taken = [id for id, outcome in beginning.outcomes.items() if outcome.status]
        store.add_run_from(earlier.run, run, taken)
    elif run.end is None:
        store.reopen(earlier.run, run)


def _differences(record: Record, earlier: Earlier, crew: Crew, now: Run) -> Iterator[str]:
    """Name what differs between a record's making and now."""
    before, runner = earlier.run, _runner_of(record)
    which = f"python of {runner.backend}{runner.environment}" if runner.environment else "python"
    python, python_now = before.versions.get(which), now.versions.get(which)
    if before.code != now.code:
        yield "the code is another"
    if python != python_now:
        yield f"{which} is {python_now}, not {python}"
    deadline, deadline_now = before.settings["timeout"], now.settings["timeout"]
    if record.status == "timeout" and deadline_now > deadline:
        yield f"an answer may take {deadline_now:g} s, not {deadline:g}"
    description = crew.descriptions.get(runner)
    if description is None:  # who does not run can't differ
        return
    if record.version != description.version:
        yield f"{runner.backend}{runner.environment} is {description.version}, not {record.version}"
    elif before.numerics.get(runner.name) != encode(now.numerics[runner.name]):
        yield f"{runner.name} has other numeric settings"
    card, card_now = _card(runner, before.machine["devices"]), _card(runner, description.devices)
    if card != card_now:
        yield f"{runner.device} is {card_now}, not {card}"


def _card(runner: Runner, devices: Mapping[str, str]) -> str | None:
    """Name the card that a runner's device is; the processor has been compared already."""
    if runner.device == "cpu":
        return None
    return devices.get(runner.device) or devices.get(f"{runner.device}:0")


def _runner_of(record: Record) -> Runner:
    return Runner(record.backend, record.variant, record.device, record.environment or "")


def _outcome(
    trial: Trial, record: Record | None, blocks: Sequence[Block], options: Options
) -> Outcome:
    """What is known of a trial by the record that stands, if one does."""
    if record is None:
        return Outcome(trial)
    done = {block.launch for block in blocks if block.series == "operator"}
    whole = record.status != "ok" or options.check or len(done) == options.launches
    kept = [block for block in blocks if block.launch in done]
    return Outcome(
        trial,
        status=record.status,
        reason=record.reason,
        origin=record.origin,
        error=record.error,
        value=record.value,
        inputs=record.inputs,
        new_shape=record.seconds.new_shape if record.seconds else None,
        dispatch=record.seconds.dispatch if record.seconds else None,
        bytes=record.bytes,
        lacks=record.lacks,
        blocks=kept,
        stored=len(kept),
        done=done,
        final=record if whole else None,
    )


def _belong(outcomes: Iterable[Outcome], run: Run) -> None:
    """Make the records that stand those of the run that goes on."""
    for outcome in outcomes:
        if outcome.final:
            outcome.final = replace(outcome.final, run=run.id)


def _demand_runners(left: Sequence[Trial], crew: Crew, earlier: Earlier) -> None:
    """Refuse where a backend that ran before can't do what is left to it: all it would get are
    records of the reason why."""
    ran = {_runner_of(record) for record in earlier.records.values() if record.version}
    for trial in left:
        runner = trial.runner
        if runner in crew.out and runner in ran:
            raise UsageError(
                f"{runner.name} on {runner.device} ran in run {earlier.run.id} and can't now: "
                f"{crew.out[runner][1]}; bring it back, or start a new run"
            )


def _header(new: Run, earlier: Run, *, anew: bool) -> Run:
    """The header of the run that goes on: what was asked for, and what is true now. The noise of
    each sitting stays by itself: counts of ticks compare within one tree of processes."""
    before = {name: told for name, told in earlier.noise.items() if name != "earlier"}
    sittings = [*earlier.noise.get("earlier", ()), before]
    now = replace(
        new,
        label=earlier.label,
        machine={**earlier.machine, **new.machine},
        versions={**earlier.versions, **new.versions},
        numerics={**earlier.numerics, **new.numerics},
        noise={**new.noise, "earlier": sittings},
    )
    if anew:
        return now
    return replace(
        now,
        id=earlier.id,
        command=earlier.command,
        seed=earlier.seed,
        start=earlier.start,
        selection=earlier.selection,
    )


def _progress(left: Sequence[Outcome], total: int, other: Run | None) -> str:
    """Say how much is left, and which `other` run the records come from."""
    if not left:
        return f"nothing is left to do: {counted(total, 'trial')} stand"
    begun = sum(bool(outcome.done) for outcome in left)
    part = f" ({begun} with launches that stand)" if begun else ""
    how = f"resumed from run {other.id}, which stays as it is" if other else "resumed"
    return f"{how}: {len(left)} of {counted(total, 'trial')} left to do{part}"


def _reasons(differences: Iterable[Sequence[str]]) -> list[str]:
    """Say what differs, and how many trials are done anew for it."""
    counts = Counter(one for several in differences for one in several)
    return [f"{counted(n, 'trial')} done anew, as {why}" for why, n in counts.items()]


def _vanished(gone: int, earlier: Run) -> list[str]:
    if not gone:
        return []
    return [f"{counted(gone, 'record')} of run {earlier.id} left there: no longer in the plan"]
