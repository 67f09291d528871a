"""What is asked of the workers and the oracle on behalf of trials, and what becomes of the answers.

One convention: a worker that gives no answer ends its trial; an oracle that gives none raises
TrialEnded, since nobody can be checked then.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from harness.case import Case, Runner, Trial
from harness.channel import Blob
from harness.crew import Crew
from harness.errors import TrialEnded
from harness.events import Notify, Working
from harness.options import Options
from harness.outcome import PHASES, SERIES, Outcome, highest, identity
from harness.plan import Plan
from harness.rounds import Contestant
from results.schema import Block
from results.statistics import median

SLOW = 600.0  # s that the oracle may think about one case
Answer = tuple[dict[str, list[str]], list[Blob]]  # the device of every output by part; the arrays


class Asking:
    """Speaks with the crew of one run."""

    def __init__(self, plan: Plan, options: Options, crew: Crew, notify: Notify) -> None:
        self.plan, self.options, self.crew, self.notify = plan, options, crew, notify
        self.dispatch: dict[Runner, list[float]] = {}  # seconds of the least call in each launch
        self.undispatched: dict[Runner, str] = {}  # why there are none

    def least_calls(self) -> None:
        """Let every worker time the least call. One that can't leaves its time unknown."""
        for runner in self.plan.runners:
            if runner in self.crew.out:
                continue
            try:
                worker = self.crew.worker(runner)
                reply, _ = worker.ask("least", timeout=self.options.timeout)
            except TrialEnded as ended:
                self.crew.note(runner, ended)
                self.undispatched[runner] = str(ended)
            else:
                self.dispatch.setdefault(runner, []).append(reply["seconds"])

    def draw(self, case: Case, outcomes: Sequence[Outcome]) -> list[Blob]:
        locator = self.plan.locators[case.scenario]
        reply, inputs = self.crew.oracle().ask(
            "draw", timeout=SLOW, locator=locator, case=case.to_json()
        )
        for outcome in outcomes:
            outcome.inputs = reply["inputs"]
        return inputs

    def check(self, outcomes: Sequence[Outcome], inputs: list[Blob]) -> None:
        """Let the workers answer, and pass their answers on to the oracle: one after another where
        preparation and first call are timed, all at the same time where nothing is."""
        if not self.options.check:
            for outcome in outcomes:
                if self._ask_to_check(outcome, inputs):
                    self._pass_on(outcome, self._answer(outcome, self.options.timeout))
            return
        asked = [o for o in outcomes if self._ask_to_check(o, inputs)]
        # They share the cores, so each has the time that it would have by itself.
        share = -(-len(asked) // len(self.crew.workers_cores))
        deadline = time.monotonic() + share * self.options.timeout
        failed = None
        for outcome in asked:  # all answers are taken, or they would be taken for the next case's
            answer = self._answer(outcome, max(deadline - time.monotonic(), 0.0))
            try:
                if not failed:
                    self._pass_on(outcome, answer)
            except TrialEnded as ended:
                failed = ended
        if failed:
            raise failed

    @contextmanager
    def ending(self, outcome: Outcome) -> Iterator[None]:
        """Note how a trial ended, where it got no answer from its worker."""
        try:
            yield
        except TrialEnded as ended:
            outcome.end(ended)
            self.crew.note(outcome.trial.runner, ended)

    def _asked(self, trial: Trial) -> dict[str, Any]:
        """What a worker is told of a trial."""
        expert = self.plan.expert(trial)
        return {
            "locator": self.plan.locators[trial.case.scenario],
            "case": trial.case.to_json(),
            "expert": expert and expert.to_json(),
        }

    def _ask_to_check(self, outcome: Outcome, inputs: list[Blob]) -> bool:
        self.notify(Working(outcome.trial, "checking"))
        with self.ending(outcome):
            self.crew.worker(outcome.trial.runner).send(
                "check",
                inputs,
                timeout=self.options.timeout,
                plain=not self.options.check,
                **self._asked(outcome.trial),
            )
        return outcome.going

    def _answer(self, outcome: Outcome, left: float) -> Answer | None:
        """Take a worker's answer, for which it has `left` seconds; None where it gave none."""
        runner = outcome.trial.runner
        with self.ending(outcome):
            reply, answers = self.crew.worker(runner).receive(self.options.timeout, left)
            self.crew.proven.add(runner)
            outcome.origin = reply["origin"]
            outcome.phases = {name: reply[name] for name in PHASES}
            outcome.bytes = highest(outcome.bytes, reply["bytes"])
            outcome.lacks = reply["lacks"]
            return reply["parts"], answers
        return None

    def _pass_on(self, outcome: Outcome, answer: Answer | None) -> None:
        if answer is None:
            return
        parts, arrays = answer
        self.crew.oracle().ask(
            "hear",
            arrays,
            timeout=SLOW,
            who=identity(outcome.trial),
            backend=outcome.trial.backend,
            device=outcome.trial.device,
            parts=parts,
        )

    def call_anew(self, outcomes: Sequence[Outcome]) -> None:
        """Let compiled variants meet a new shape, after everything else was timed. A case without
        a neighbouring size, and a backend that fails or dies there, leave the time unknown."""
        case = outcomes[0].trial.case if outcomes else None
        if case is None or case.data or not case.size:
            return
        larger = neighbour(case)
        try:
            inputs = self.draw(larger, ())
        except TrialEnded:
            return
        for outcome in outcomes:
            trial = replace(outcome.trial, case=larger)
            try:
                reply, _ = self.crew.worker(trial.runner).ask(
                    "again", inputs, timeout=self.options.timeout, **self._asked(trial)
                )
            except TrialEnded as ended:
                self.crew.note(trial.runner, ended)
            else:
                outcome.new_shape = reply["seconds"]

    def calibrated(self, outcome: Outcome, launch: int) -> Contestant[Outcome]:
        runner = outcome.trial.runner
        if runner in self.dispatch:
            outcome.dispatch = median(self.dispatch[runner])
        elif runner in self.undispatched:
            why = {"seconds.dispatch": self.undispatched[runner]}
            outcome.lacks = {**outcome.lacks, **why}
        blocks = [
            Block(launch=launch, series=name, calls=1, seconds=spent, faults=0)
            for name, spent in outcome.phases.items()
        ]
        replies = {
            s: self._ask_time(outcome, blocks, "calibrate", s) for s in self._series(outcome)
        }
        calls = {series: reply["calls"] for series, reply in replies.items() if reply}

        def time_block(series: str) -> Block | None:
            count = calls[series]
            reply = self._ask_time(outcome, blocks, "block", series, calls=count)
            return Block(launch=launch, series=series, calls=count, **reply) if reply else None

        return Contestant(key=outcome, series=tuple(calls), time_block=time_block, blocks=blocks)

    def _ask_time(
        self, outcome: Outcome, blocks: Sequence[Block], do: str, series: str, **parameters: Any
    ) -> dict[str, Any] | None:
        """Ask a worker to calibrate or time a series. None where it is the device's own time and
        that can't be told; the reason is kept unless the trial has some of it already."""
        worker, timeout = self.crew.worker(outcome.trial.runner), self.options.timeout
        try:
            return worker.ask(do, timeout=timeout, series=series, **parameters)[0]
        except TrialEnded as ended:
            if series != "device" or ended.status != "unsupported":
                raise
            if all(block.series != series for block in [*outcome.blocks, *blocks]):
                outcome.lacks = {**outcome.lacks, f"seconds.{series}": str(ended)}
            return None

    def _series(self, outcome: Outcome) -> tuple[str, ...]:
        """What is timed in rounds."""
        series = SERIES[:1] if outcome.trial.case.operator == "value" else outcome.series
        series += ("throughput",) if self.options.throughput else ()
        return series + (() if "seconds.device" in outcome.lacks else ("device",))

    def release(self, outcome: Outcome) -> None:
        """Let the worker go of the case. This trial is done: if the worker dies now, that is told
        to whichever trial asks it next."""
        with suppress(TrialEnded):
            if outcome.trial.runner not in self.crew.down:
                worker = self.crew.worker(outcome.trial.runner)
                worker.ask("release", timeout=self.options.timeout)


def is_compiled(plan: Plan, trial: Trial) -> bool:
    return trial.variant in plan.declarations[trial.backend].compiled


def neighbour(case: Case) -> Case:
    """The same case with one more in its first size; drawn, whatever its own point is."""
    name, count = next(iter(case.size.items()))
    return replace(case, size={**case.size, name: count + 1}, point="drawn")
