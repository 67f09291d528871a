"""A survey being carried out: every runner goes through the sheets at its own pace.

One convention: a thread for each runner speaks with its worker, all of them share the oracle one at
a time, and only the main thread stores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from harness.asking import SLOW
from harness.atlas.sheets import Sheet
from harness.atlas.ways import Way
from harness.case import Runner, Trial
from harness.channel import Blob
from harness.crew import Crew
from harness.errors import TrialEnded
from harness.execution import INLINE, Execution
from harness.options import Options
from harness.outcome import Outcome, identity
from harness.plan import Plan
from results.schema import Error

RELEASE = 20  # sheets after which a worker lets go of what it compiled


class Survey:
    """One survey being carried out."""

    def __init__(
        self,
        plan: Plan,
        options: Options,
        crew: Crew,
        execution: Execution,
        sheets: Sequence[Sheet],
    ) -> None:
        self.plan, self.options, self.crew = plan, options, crew
        self.execution, self.sheets = execution, sheets
        self.oracle = threading.Lock()
        self.laid_out: dict[tuple[str, str, str], tuple[list[str], list[Blob]]] = {}
        self.stopping = False

    def carry_out(self) -> None:
        """Go through all sheets on all runners; every trial leaves its record."""
        self.execution.announce()
        done: SimpleQueue[list[Outcome] | BaseException | None] = SimpleQueue()
        pool = ThreadPoolExecutor(len(self.plan.runners))
        try:
            for runner in self.plan.runners:
                pool.submit(self._go, runner, done)
            for outcomes in self._arriving(done):
                self.execution.keep_untimed(outcomes)
            self.execution.end()
        finally:
            self.stopping = True
            if self.execution.run.end is None:
                self.crew.kill()  # what a thread waits for ends
            pool.shutdown()

    def _arriving(
        self, done: SimpleQueue[list[Outcome] | BaseException | None]
    ) -> Iterator[list[Outcome]]:
        """What the threads hand over, until each has said that it is through."""
        left = len(self.plan.runners)
        while left:
            handed = done.get()
            if isinstance(handed, BaseException):
                raise handed
            if handed is None:
                left -= 1
            else:
                yield handed

    def _go(self, runner: Runner, done: SimpleQueue[list[Outcome] | BaseException | None]) -> None:
        try:
            for count, sheet in enumerate(self.sheets, start=1):
                if self.stopping:
                    return
                done.put(self._sheet(runner, sheet))
                if count % RELEASE == 0:
                    self._release(runner)
            done.put(None)
        except BaseException as error:  # the main thread raises it
            done.put(error)

    def _release(self, runner: Runner) -> None:
        """Let a worker go of what it compiled; if it dies of that, the next sheet is told."""
        if runner not in {*self.crew.out, *self.crew.down}:
            try:
                self.crew.worker(runner).ask("release", timeout=self.options.timeout)
            except TrialEnded as ended:
                self.crew.note(runner, ended)

    def _sheet(self, runner: Runner, sheet: Sheet) -> list[Outcome]:
        """Ask for one sheet; where that costs the worker its life, way by way."""
        cells = {
            (way, point.name): self.execution.outcomes[identity(Trial(case=case, runner=runner))]
            for way in sheet.ways
            for point in sheet.points
            for case in (sheet.case(way, point),)
        }
        if not self._ask(runner, sheet, sheet.ways, cells, alone=len(sheet.ways) == 1):
            for way in sheet.ways:
                self._ask(runner, sheet, (way,), cells, alone=True)
        return list(cells.values())

    def _ask(
        self,
        runner: Runner,
        sheet: Sheet,
        ways: Sequence[Way],
        cells: dict[tuple[Way, str], Outcome],
        *,
        alone: bool,
    ) -> bool:
        """Let a worker answer and the oracle judge; return whether all cells of the ways are
        settled, as they are in any case where one way is asked for `alone`."""
        asked = [cells[way, point.name] for way in ways for point in sheet.points]
        points = [point.name for point in sheet.points]
        what: dict[str, Any] = {
            "locator": self.plan.locators[sheet.scenario],
            "scenario": sheet.scenario,
            "dtype": sheet.dtype,
            "points": points,
            "ways": [list(way) for way in ways],
        }
        try:
            self._demand(runner, sheet.dtype)
            prints, inputs = self._inputs(sheet, what)
            worker = self.crew.worker(runner)
            reply, arrays = worker.ask("survey", inputs, timeout=self.options.timeout, **what)
            self.crew.proven.add(runner)
            judgements = self._judgements(runner, what, reply["answers"], arrays)
        except TrialEnded as ended:
            if self.stopping:
                return True
            self.crew.note(runner, ended)
            if not alone and runner in self.crew.down:
                return False
            for outcome in asked:
                outcome.end(ended)
            return True
        for outcome, told in zip(asked, judgements, strict=True):
            outcome.status, outcome.reason = told["status"], told["reason"]
            outcome.error = Error(**told["error"]) if told["error"] else None
            outcome.value = told["value"]
            outcome.inputs = prints[points.index(outcome.trial.case.point)]
        return True

    def _demand(self, runner: Runner, dtype: str) -> None:
        """Raise TrialEnded where the runner is known not to be able."""
        if runner in self.crew.out:
            raise TrialEnded(*self.crew.out[runner])
        description = self.crew.descriptions.get(runner)
        if description and dtype not in description.dtypes:
            known = ", ".join(description.dtypes)
            raise TrialEnded("unsupported", f"{runner.backend} computes in {known} here")

    @contextmanager
    def _asking_the_oracle(self) -> Iterator[None]:
        """Take turns; say whose failure it is."""
        with self.oracle:
            try:
                yield
            except TrialEnded as ended:
                why = f"the oracle could not answer: {ended}"
                raise TrialEnded("failed", why) from ended

    def _inputs(self, sheet: Sheet, what: dict[str, Any]) -> tuple[list[str], list[Blob]]:
        """A sheet's points as arrays, laid out once for all runners."""
        parameters = {name: item for name, item in what.items() if name != "ways"}
        key = (sheet.scenario, sheet.dtype, sheet.points[0].name)
        with self._asking_the_oracle():
            if key not in self.laid_out:
                reply, blobs = self.crew.oracle().ask("lay_out", timeout=SLOW, **parameters)
                self.laid_out[key] = (reply["inputs"], blobs)
            return self.laid_out[key]

    def _judgements(
        self,
        runner: Runner,
        what: dict[str, Any],
        answers: list[dict[str, Any]],
        arrays: list[Blob],
    ) -> list[dict[str, Any]]:
        most = None if self.options.values else INLINE
        with self._asking_the_oracle():
            reply, _ = self.crew.oracle().ask(
                "appraise",
                arrays,
                timeout=SLOW,
                device=runner.device,
                answers=answers,
                most=most,
                **what,
            )
        found: list[dict[str, Any]] = reply["judgements"]
        return found
