"""The command `harness`: words in, exit status out. What it does lives in the other modules.

Exit status: 0 everything ran or was skipped with a reason; 1 something was wrong, failed or died;
2 the command can't be carried out; 130 interrupted. Click, and not a layer above it, because the
command has to start in a tenth of a second.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import click

from harness.commands import (
    atlas,
    compare,
    environment,
    machine,
    repro,
    run,
    selftest,
    stored,
    upkeep,
)
from harness.errors import HarnessError
from results.errors import StoreError


def main() -> None:
    """Run the command; what was foreseen becomes a sentence, never a traceback."""
    signal.signal(signal.SIGINT, interrupt_once())
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, signal.getsignal(signal.SIGINT))
    try:
        sys.exit(harness(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        status = complain("stopped", 130)
    except HarnessError as error:
        status = complain(error, error.exit_status)
    except StoreError as error:
        status = complain(error, 2)
    except (OSError, UnicodeError) as error:
        from harness.stream import drop

        drop(sys.stdout)
        status = complain(f"the output can't be written: {error}; what was finished is stored", 2)
    sys.exit(status)


def complain(what: BaseException | str, status: int) -> int:
    """Print the sentence, or with --debug the traceback, of what is being handled."""
    if "--debug" in sys.argv:
        traceback.print_exc()
    with suppress(OSError):  # the terminal may be lost
        click.echo(f"harness: {what}", err=True)
    return status


def interrupt_once() -> Callable[[int, Any], None]:
    """Return a handler that interrupts at the first signal and lets nothing disturb what follows:
    the records of unfinished trials are being stored then."""
    seen: list[int] = []

    def interrupt(number: int, frame: Any) -> None:
        seen.append(number)
        if len(seen) == 1:
            raise KeyboardInterrupt

    return interrupt


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="autodiff-harness", message="harness %(version)s")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
def harness(debug: bool) -> None:
    """Which automatic-differentiation backend gets my derivative right, and which fastest?"""


for one in (
    run.run,
    atlas.atlas,
    repro.repro,
    stored.list_,
    stored.show,
    stored.export,
    environment.environment,
    upkeep.label,
    upkeep.delete,
    upkeep.prune,
    compare.compare,
    compare.history,
    selftest.self_test,
    machine.machine,
):
    harness.add_command(one)
