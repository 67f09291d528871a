"""Fakes run as any backend is: planned, executed and stored by the product's own machinery."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness import plan
from harness.errors import Interrupted
from harness.events import Event, Working
from harness.options import Options, Selection
from harness.runner import execute
from harness.selftest.finding import Setting
from results.schema import Record
from results.store import Store

COMMAND = "harness self-test"
ANSWERS = str(Path(__file__).with_name("answers.py"))
STEPS = str(Path(__file__).with_name("steps.py"))


def records_of(
    setting: Setting, functions: str, fakes: Sequence[str], options: Options, **chosen: object
) -> list[Record]:
    """Run variants of the fake on the scenarios of a file; `chosen` is more of a selection."""
    words = tuple(f"fake:{name}" for name in fakes)
    selection = Selection(scenarios=(functions,), backends=words, **chosen)  # type: ignore[arg-type]
    planned = plan.make(selection, seed=options.seed)

    def notify(event: Event) -> None:
        if isinstance(event, Working):
            case = event.trial.case
            setting.say(f"{event.phase} {case.operator} {event.trial.runner.name}")

    with Store(setting.folder / "results.db", writing=True) as store:
        try:
            return execute(planned, options, store=store, command=COMMAND, notify=notify)
        except Interrupted as error:
            raise Interrupted("stopped; nothing is kept of a self-test") from error
