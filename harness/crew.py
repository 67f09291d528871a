"""All workers of a launch, alive together: one per backend:variant and device, and the oracle.

A worker that died is replaced when it is next needed; one that died three times without a success
is not, and whoever asks for it gets the reason.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from harness import plugins
from harness.case import Runner
from harness.contract import Declaration, Description
from harness.environments.interpreter import Interpreter
from harness.errors import HarnessError, TrialEnded
from harness.options import Options
from harness.pinning import apart, here, pin, shares
from harness.plan import Plan
from harness.process import STARTING, Process, started

MOST_DEATHS = 3


class Crew:
    """Starts workers, replaces them, and ends them. Use it as a context manager.

    `interpreters` holds one for each backend and environment that runs in another than this.
    """

    def __init__(
        self,
        plan: Plan,
        options: Options,
        interpreters: Mapping[tuple[str, str], Interpreter],
    ) -> None:
        self.plan, self.options, self.interpreters = plan, options, interpreters
        self.allowed = sorted(os.sched_getaffinity(0))
        self.workers_cores, self.parents_cores = places(self.allowed, options)
        self.out: dict[Runner, tuple[str, str]] = dict(plan.beforehand)
        self.descriptions: dict[Runner, Description] = {}
        self.importing: dict[Runner, float] = {}
        self.deaths: Counter[Runner] = Counter()
        self.down: set[Runner] = set()
        self.proven: set[Runner] = set()
        self._workers: dict[Runner, Process] = {}
        self._oracle: Process | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()
        pin(self.allowed)

    def start(self) -> None:
        """Start everybody; they import in parallel on all cores and are pinned afterwards."""
        pin(self.allowed)
        wanted = [runner for runner in self.plan.runners if runner not in self.out]
        self._oracle = self._launch_oracle()
        for runner in wanted:
            self._workers[runner] = self._launch(runner)
        self._greet()
        for runner in wanted:
            self._welcome(runner)
        for runner in wanted:
            self._settle(runner)
        pin(self.parents_cores)

    @property
    def pinned(self) -> dict[str, list[int]]:
        """Who is pinned to which cores; nobody is where nothing is timed."""
        if self.options.check:
            return {}
        return {"workers": self.workers_cores, "parent": self.parents_cores}

    @property
    def processes(self) -> list[int]:
        """The ids of all that are alive."""
        living = [*self._workers.values(), *([self._oracle] if self._oracle else [])]
        return [process.popen.pid for process in living]

    def worker(self, runner: Runner) -> Process:
        """Return the runner's worker, started anew where its death has been noted. Raises
        TrialEnded where there can be none."""
        if runner in self.out:
            raise TrialEnded(*self.out[runner])
        if runner in self.down:
            self.down.discard(runner)
            self._workers[runner] = self._launch(runner)
            self._welcome(runner)
            self._settle(runner)
        return self._workers[runner]

    def oracle(self) -> Process:
        """Return the oracle, started anew where it ended."""
        if self._oracle is None or self._oracle.ended:
            self._oracle = self._launch_oracle()
            self._greet()
        return self._oracle

    def note(self, runner: Runner, ended: TrialEnded) -> None:
        """Take note of how a trial ended: where its worker died it is replaced when it is next
        asked for, or given up where it only ever died."""
        if runner in self.out or self._workers[runner].ended is None:
            return
        self.down.add(runner)
        self.deaths[runner] += 1
        if self.deaths[runner] >= MOST_DEATHS and runner not in self.proven:
            reason = f"its worker died {MOST_DEATHS} times and is not started again; last: {ended}"
            self.out[runner] = (ended.status, reason)

    def kill(self) -> None:
        """End every worker, whatever it is doing."""
        for process in [*self._workers.values(), *([self._oracle] if self._oracle else [])]:
            process.kill()
        self._workers.clear()
        self.down.clear()
        self._oracle = None

    def _launch(self, runner: Runner) -> Process:
        declaration = self.plan.declarations[runner.backend]
        interpreter = self.interpreters.get((runner.backend, runner.environment))
        return self._spawn("bench", declaration, runner.variant, runner.device, interpreter)

    def _launch_oracle(self) -> Process:
        declaration = plugins.reference(self.plan.declarations)
        return self._spawn("oracle", declaration, str(declaration.reference), "cpu")

    def _greet(self) -> None:
        """Wait for the oracle; one that dies while it starts is started again, up to a point."""
        for attempt in range(1, MOST_DEATHS + 1):
            assert self._oracle is not None
            try:
                self._oracle.receive(STARTING)
                return
            except TrialEnded as ended:
                self._oracle.kill()
                if attempt == MOST_DEATHS:
                    raise HarnessError(f"the oracle can't be started: {ended}") from ended
                self._oracle = self._launch_oracle()

    def _spawn(
        self,
        role: str,
        declaration: Declaration,
        variant: str,
        device: str,
        interpreter: Interpreter | None = None,
    ) -> Process:
        return started(
            role,
            declaration,
            variant,
            device,
            settings=self.options.settings,
            cores=self.allowed,
            interpreter=interpreter,
        )

    def _welcome(self, runner: Runner) -> None:
        """Take in what a starting worker says of itself. One that says why it can't is out; one
        that died is like any other that dies, and the next to ask it is told."""
        worker = self._workers[runner]
        try:
            reply, _ = worker.receive(max(STARTING, self.options.timeout))
        except TrialEnded as ended:
            if worker.ended is None:
                worker.kill()
                worker.ended = ended
                self.out[runner] = (ended.status, str(ended))
            return
        self.descriptions[runner] = Description.from_json(reply["description"])
        self.importing.setdefault(runner, reply["import"])

    def _settle(self, runner: Runner) -> None:
        with suppress(TrialEnded):
            self._workers[runner].ask("settle", timeout=STARTING, cores=self.workers_cores)


def places(allowed: list[int], options: Options) -> tuple[list[int], list[int]]:
    """Return the workers' cores and the parent's: where nothing is timed, all that there are."""
    if options.check:
        return allowed, allowed
    if options.isolate:
        return apart(here(allowed), options.threads)
    return shares(allowed, options.threads)
