"""One run being carried out: for one case after another every backend is prepared, checked, and
then timed in interleaved rounds. Every trial leaves exactly one record, whatever happens to it."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from harness.asking import SLOW, Asking, is_compiled
from harness.case import Case
from harness.crew import Crew
from harness.errors import TrialEnded, UsageError
from harness.events import Ended, Finished, Notify, Started, Working
from harness.machine.noise import moment
from harness.machine.watch import Watch
from harness.options import Options
from harness.outcome import SERIES, Beginning, Outcome, identity, now, record_of
from harness.plan import Plan
from harness.rounds import run_rounds
from results.errors import StoreError
from results.schema import Error, Record
from results.store import Store

INLINE = 64  # numbers of an answer that a record holds


class Execution:
    """One run being carried out."""

    def __init__(
        self,
        plan: Plan,
        options: Options,
        crew: Crew,
        store: Store,
        beginning: Beginning,
        notify: Notify,
    ) -> None:
        self.plan, self.options, self.crew = plan, options, crew
        self.store, self.run, self.notify = store, beginning.run, notify
        self.beginning, self.outcomes = beginning, beginning.outcomes
        self.asking = Asking(plan, options, crew, notify)
        self.rng = random.Random(options.seed)
        self.watch = Watch(runner.device for runner in plan.runners)

    @property
    def records(self) -> list[Record]:
        """Those that are final, in the plan's order."""
        return [outcome.final for outcome in self.outcomes.values() if outcome.final]

    def carry_out(self) -> None:
        self.announce()
        fresh = True  # the crew's workers, which have done nothing yet
        for launch in range(self.options.launches):
            if not any(lacks(outcome, launch) for outcome in self.outcomes.values()):
                continue
            if not fresh:
                self.crew.kill()
                self.crew.start()
            fresh = False
            if not self.options.check:
                self.asking.least_calls()
            for case in self.plan.cases:
                outcomes = [self.outcomes[identity(trial)] for trial in self.plan.trials_of(case)]
                self._measure(case, [o for o in outcomes if lacks(o, launch)], launch)
        self.end()

    def announce(self) -> None:
        """Announce the run, and the records of an earlier one that need nothing more."""
        self.notify(Started(self.run, len(self.outcomes), self.beginning.notes))
        for record in self.records:
            blocks = tuple(self.beginning.blocks.get(record.id, ()))
            self.notify(Finished(record, blocks, earlier=True))

    def _measure(self, case: Case, outcomes: Sequence[Outcome], launch: int) -> None:
        """Do what a case lacks in a launch, and store it."""
        self._case(case, outcomes, launch)
        for outcome in outcomes:
            outcome.done.add(launch)
        for outcome in outcomes:
            whole = len(outcome.done) == self.options.launches
            self._keep(outcome, final=whole or not outcome.going)

    def _case(self, case: Case, outcomes: Sequence[Outcome], launch: int) -> None:
        going = [o for o in outcomes if self._allowed(o)]
        if not going:
            return
        try:
            inputs = self.asking.draw(case, going)
            self.asking.check(going, inputs)
            del inputs
            self._judge([o for o in going if o.going])
        except TrialEnded as ended:  # of the oracle: nobody can be checked
            status = "out-of-memory" if ended.status == "out-of-memory" else "failed"
            for outcome in (o for o in going if o.going):
                outcome.end(TrialEnded(status, f"the oracle could not answer: {ended}"))
        if not self.options.check:
            self._time([o for o in going if o.status == "ok"], launch)
        for outcome in going:
            self.asking.release(outcome)

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
            with self.asking.ending(outcome):
                contestants.append(self.asking.calibrated(outcome, launch))
        run_rounds(
            contestants,
            precision=self.options.precision,
            budget=self.options.budget,
            rng=self.rng,
            clock=time.monotonic,
        )
        self.watch.look(last=any(o.trial.case == self.plan.cases[-1] for o in outcomes))
        for contestant in contestants:
            contestant.key.blocks += contestant.blocks
            if contestant.ended:
                contestant.key.end(contestant.ended)
                self.crew.note(contestant.key.trial.runner, contestant.ended)
        if not launch:
            timed = [o for o in outcomes if o.going]
            self.asking.call_anew([o for o in timed if is_compiled(self.plan, o.trial)])

    def _keep(self, outcome: Outcome, *, final: bool) -> None:
        """Store what is new; say so where nothing more will come."""
        if outcome.final:
            return
        record = record_of(outcome, self.plan, self.crew, self.run)
        self.store.put(record, outcome.blocks[outcome.stored :])
        outcome.stored = len(outcome.blocks)
        if final:
            self._announce(outcome, record)

    def keep_untimed(self, outcomes: Sequence[Outcome]) -> None:
        """Store what is final of many trials at once, none of them timed."""
        records = [record_of(outcome, self.plan, self.crew, self.run) for outcome in outcomes]
        self.store.put_all([(record, ()) for record in records])
        for outcome, record in zip(outcomes, records, strict=True):
            self._announce(outcome, record)

    def _announce(self, outcome: Outcome, record: Record) -> None:
        outcome.final = record  # before the listener, which may raise: it is stored
        self.notify(Finished(record, tuple(outcome.blocks)))

    def interrupt(self) -> None:
        """Give every trial that is not finished its record; one that has a whole launch keeps what
        was measured. If it is the store or the listener that failed, do what can be done."""
        left = [outcome for outcome in self.outcomes.values() if not outcome.final]
        for outcome in left:
            if outcome.going:
                outcome.stop()
        if not any(outcome.blocks for outcome in left):  # a survey's: many, and stored at once
            with suppress(StoreError, OSError, ValueError, UsageError):
                self.keep_untimed(left)
        for outcome in left:
            try:
                self._keep(outcome, final=True)
            except StoreError:
                return
            except (OSError, ValueError, UsageError):  # the listener's stream is closed or full
                continue
        with suppress(StoreError, OSError, ValueError, UsageError):
            self.end()

    def end(self) -> None:
        """Store that the run is over and what the machine did meanwhile, and say so; one of which
        nothing was left is over already."""
        if self.run.end is not None:
            return
        devices = (runner.device for runner in self.plan.runners)
        end, after = now(), moment(self.crew.allowed, devices, self.crew.processes)
        noise = {**self.run.noise, "busy": list(self.watch.worst.values()), "after": after}
        self.run = replace(self.run, end=end, noise=noise)
        self.store.finish_run(self.run.id, end, self.run.noise)
        self.notify(Ended(self.run))


def lacks(outcome: Outcome, launch: int) -> bool:
    """Whether a trial is still to be measured in a launch."""
    return outcome.going and outcome.final is None and launch not in outcome.done
