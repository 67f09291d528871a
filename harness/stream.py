"""Records as lines of JSON, to a file or to stdout, while the run goes on."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TextIO

from harness.errors import UsageError
from harness.events import Event, Finished, Started


def json_stream(target: str | None, stack: ExitStack) -> Callable[[Event], None]:
    """Return what writes the header, then a record a line, to a file or to stdout."""
    if target is None:
        return lambda event: None
    out: TextIO = sys.stdout
    if target != "-":
        try:
            out = stack.enter_context(open(target, "a"))  # noqa: SIM115 (the stack closes it)
        except OSError as error:
            why = f"{target} can't be written ({error.strerror})"
            raise UsageError(f"{why}; give another file with --json") from error

    def emit(event: Event) -> None:
        if isinstance(event, Started):
            if target != "-" and out.seekable():
                out.truncate(0)  # only now: a run that can't begin leaves an old file alone
            write({"header": event.run.to_json()})
        elif isinstance(event, Finished):
            write(event.record.to_json())

    def write(line: dict[str, Any]) -> None:
        try:
            print(json.dumps(line, allow_nan=False), file=out, flush=True)
        except OSError as error:
            drop(out)
            raise UsageError(
                f"--json can't be written ({error.strerror}); what was finished is stored"
            ) from error

    return emit


def drop(out: TextIO) -> None:
    """Let what is left in a stream's buffer go nowhere: closing it would try to write it again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
