"""One run being carried out: for one case after another every backend is prepared, checked, and
then timed in interleaved rounds. Every trial leaves exactly one record, whatever happens to it."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from harness.case import Case, Trial
from harness.channel import Blob
from harness.crew import Crew
from harness.errors import TrialEnded, UsageError
from harness.events import Finished, Notify, Started, Working
from harness.options import Options
from harness.plan import Plan
from harness.rounds import Contestant, run_rounds
from results.errors import StoreError
from results.schema import Block, Error, Record, Run
from results.statistics import seconds_of
from results.store import Store

SERIES = ("operator", "value")  # what is timed: the case's own callable, the plain function
INLINE = 64  # numbers of an answer that a record holds
SLOW = 600.0  # s that the oracle may think about one case


@dataclass
class Outcome:
    """What is known of a trial so far, over its launches."""

    trial: Trial
    status: str | None = None
    reason: str | None = None
    origin: str | None = None
    error: Error | None = None
    value: list[Any] | None = None
    inputs: str | None = None
    prepare: float | None = None
    first: float | None = None
    series: tuple[str, ...] = SERIES
    blocks: list[Block] = field(default_factory=list)
    stored: int = 0
    final: Record | None = None

    def end(self, ended: TrialEnded) -> None:
        self.status, self.reason = ended.status, str(ended)

    @property
    def going(self) -> bool:
        return self.status in (None, "ok")


class Execution:
    """One run being carried out."""

    def __init__(
        self, plan: Plan, options: Options, crew: Crew, store: Store, run: Run, notify: Notify
    ) -> None:
        self.plan, self.options, self.crew = plan, options, crew
        self.store, self.run, self.notify = store, run, notify
        self.outcomes = {identity(trial): Outcome(trial) for trial in plan.trials}
        self.rng = random.Random(options.seed)

    def carry_out(self) -> None:
        self.notify(Started(self.run, len(self.outcomes)))
        for launch in range(self.options.launches):
            if launch:
                self.crew.kill()
                self.crew.start()
            for case in self.plan.cases:
                outcomes = [self.outcomes[identity(trial)] for trial in self.plan.trials_of(case)]
                self._case(case, [o for o in outcomes if o.going], launch)
                last = launch == self.options.launches - 1
                for outcome in outcomes:
                    self._keep(outcome, final=last or not outcome.going)
        self.store.finish_run(self.run.id, now())

    def _case(self, case: Case, outcomes: Sequence[Outcome], launch: int) -> None:
        going = [o for o in outcomes if self._allowed(o)]
        if not going:
            return
        try:
            inputs = self._draw(case, going)
            for outcome in going:
                self._check(outcome, inputs)
            del inputs
            self._judge([o for o in going if o.going])
        except TrialEnded as ended:  # of the oracle: nobody can be checked
            status = "out-of-memory" if ended.status == "out-of-memory" else "failed"
            for outcome in (o for o in going if o.going):
                outcome.end(TrialEnded(status, f"the oracle could not answer: {ended}"))
        if not self.options.check:
            self._time([o for o in going if o.status == "ok"], launch)
        for outcome in going:
            self._release(outcome)

    def _allowed(self, outcome: Outcome) -> bool:
        """Settle a trial that is known not to run: no such device, dtype or way."""
        trial = outcome.trial
        if trial.runner in self.crew.out:
            outcome.end(TrialEnded(*self.crew.out[trial.runner]))
            return False
        description = self.crew.descriptions.get(trial.runner)
        if description is None:  # it died while it started, as the next to ask it is told
            return True
        refusal = description.refusal(trial.case.operator, trial.case.composition)
        if refusal is None and trial.case.dtype not in description.dtypes:
            known = ", ".join(description.dtypes)
            refusal = f"{trial.backend} computes in {known} with these settings"
        if refusal:
            outcome.end(TrialEnded("unsupported", refusal))
        return refusal is None

    def _draw(self, case: Case, outcomes: Sequence[Outcome]) -> list[Blob]:
        locator = self.plan.locators[case.scenario]
        reply, inputs = self.crew.oracle().ask(
            "draw", timeout=SLOW, locator=locator, case=case.to_json()
        )
        for outcome in outcomes:
            outcome.inputs = reply["inputs"]
        return inputs

    def _check(self, outcome: Outcome, inputs: list[Blob]) -> None:
        """Let a worker answer, and pass its answer on to the oracle."""
        trial = outcome.trial
        self.notify(Working(trial, "checking"))
        try:
            reply, answers = self.crew.worker(trial.runner).ask(
                "check",
                inputs,
                timeout=self.options.timeout,
                locator=self.plan.locators[trial.case.scenario],
                case=trial.case.to_json(),
            )
        except TrialEnded as ended:
            outcome.end(ended)
            self.crew.note(trial.runner, ended)
            return
        self.crew.proven.add(trial.runner)
        outcome.origin = reply["origin"]
        if outcome.prepare is None:
            outcome.prepare, outcome.first = reply["prepare"], reply["first"]
        self.crew.oracle().ask(
            "hear",
            answers,
            timeout=SLOW,
            who=identity(trial),
            device=trial.device,
            parts=reply["parts"],
        )

    def _judge(self, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        most = None if self.options.values else INLINE
        reply, _ = self.crew.oracle().ask("judge", timeout=SLOW, most=most)
        for outcome in outcomes:
            who = identity(outcome.trial)
            verdict = reply["verdicts"][who]
            outcome.status = "ok" if verdict["right"] else "wrong"
            outcome.reason = verdict["reason"]
            outcome.error = Error(**verdict["error"]) if verdict["error"] else None
            outcome.value = reply["values"][who]
            outcome.series = SERIES if verdict["value_checked"] else SERIES[:1]

    def _time(self, outcomes: Sequence[Outcome], launch: int) -> None:
        contestants = []
        for outcome in outcomes:
            self.notify(Working(outcome.trial, "timing"))
            try:
                contestants.append(self._calibrated(outcome, launch))
            except TrialEnded as ended:
                outcome.end(ended)
                self.crew.note(outcome.trial.runner, ended)
        run_rounds(
            contestants,
            precision=self.options.precision,
            budget=self.options.budget,
            rng=self.rng,
            clock=time.monotonic,
        )
        for contestant in contestants:
            contestant.key.blocks += contestant.blocks
            if contestant.ended:
                contestant.key.end(contestant.ended)
                self.crew.note(contestant.key.trial.runner, contestant.ended)

    def _calibrated(self, outcome: Outcome, launch: int) -> Contestant[Outcome]:
        trial = outcome.trial
        worker = self.crew.worker(trial.runner)
        series = SERIES[:1] if trial.case.operator == "value" else outcome.series
        timeout = self.options.timeout
        calls = {s: worker.ask("calibrate", timeout=timeout, series=s)[0]["calls"] for s in series}

        def time_block(series: str) -> Block:
            count = calls[series]
            reply, _ = worker.ask("block", timeout=timeout, series=series, calls=count)
            return Block(launch=launch, series=series, calls=count, **reply)

        return Contestant(key=outcome, series=series, time_block=time_block)

    def _release(self, outcome: Outcome) -> None:
        """Let the worker go of the case. This trial is done: if the worker dies now, that is told
        to whichever trial asks it next."""
        with suppress(TrialEnded):
            if outcome.trial.runner not in self.crew.down:
                worker = self.crew.worker(outcome.trial.runner)
                worker.ask("release", timeout=self.options.timeout)

    def _keep(self, outcome: Outcome, *, final: bool) -> None:
        """Store what is new; say so where nothing more will come."""
        if outcome.final:
            return
        record = self.record(outcome)
        self.store.put(record, outcome.blocks[outcome.stored :])
        outcome.stored = len(outcome.blocks)
        if final:
            self.notify(Finished(record, tuple(outcome.blocks)))
            outcome.final = record

    def interrupt(self) -> None:
        """Give every trial that is not finished its record; one timed in an earlier launch keeps
        what was measured. If it is the store or the listener that failed, do what can be done."""
        for outcome in self.outcomes.values():
            if outcome.going and not (outcome.final or outcome.stored):
                outcome.end(TrialEnded("interrupted", "the run was stopped before it was finished"))
            try:
                self._keep(outcome, final=True)
            except StoreError:
                return
            except (OSError, ValueError, UsageError):  # the listener's stream is closed or full
                self.notify = lambda event: None
        with suppress(StoreError):
            self.store.finish_run(self.run.id, now())

    def record(self, outcome: Outcome) -> Record:
        trial, case = outcome.trial, outcome.trial.case
        description = self.crew.descriptions.get(trial.runner)
        timed = outcome.status == "ok" and outcome.blocks
        return Record(
            run=self.run.id,
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
            version=description.version if description else None,
            device=trial.device,
            status=outcome.status or "interrupted",
            reason=outcome.reason,
            origin=outcome.origin,
            error=outcome.error,
            value=outcome.value,
            inputs=outcome.inputs,
            seconds=seconds_of(
                outcome.blocks,
                import_=self.crew.importing.get(trial.runner),
                prepare=outcome.prepare,
                first=outcome.first,
            )
            if timed
            else None,
        )


def identity(trial: Trial) -> str:
    """Name a trial by what it is, so that the same trial has the same id in every run."""
    what = [trial.case.to_json(), trial.backend, trial.variant, trial.device]
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]


def now() -> str:
    """The time in UTC, as records hold it."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
