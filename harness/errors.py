"""Every exception that the harness raises on purpose: one tree, each text a sentence with a remedy.

HarnessError
├── UsageError        the command can't be carried out as it was given (exit status 2)
├── PluginError       an entry point could not be loaded or does not fulfil its contract
├── Unsupported       a backend says that it cannot do this: status `unsupported`, never `failed`
├── TrialEnded        a trial got no answer: its worker raised, died or ran past its deadline
├── Interrupted       Ctrl-C or SIGTERM; what was finished is stored (exit status 130)
└── ConformanceError  a backend does not do what its contract says (an AssertionError as well)
"""

from __future__ import annotations

from collections.abc import Iterable

from results.errors import nearest


class HarnessError(Exception):
    """The root: whatever is caught as this was foreseen, and its text is meant for the user."""

    exit_status = 2


class UsageError(HarnessError):
    """The command can't be carried out: an unknown name, a bad value, a file that can't be read."""


class PluginError(HarnessError):
    """A plugin is broken; everything else runs on."""


class Unsupported(HarnessError):
    """Raised by a backend or its `xp`: the text is the reason that the record shows."""


class TrialEnded(HarnessError):
    """A trial ended without an answer; `status` and the text are what its record shows."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Interrupted(HarnessError):
    """The run was stopped from outside."""

    exit_status = 130


class ConformanceError(HarnessError, AssertionError):
    """A backend does not do what its contract says: which part, what came, what was expected."""


def printable(text: str) -> str:
    """Return the text on one line, with control characters and lone surrogates written out."""
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


def no_device(who: str, device: str, known: Iterable[str]) -> Unsupported:
    """Make the error for a device that a framework doesn't find, with the way to come by it in this
    environment and in any other."""
    return Unsupported(
        f"{who} finds no {device} here, only {', '.join(known) or 'none'}; it needs the device's "
        "driver and a build for it: pip install 'autodiff-harness[cuda]', or in an environment of "
        "its own the framework's, such as 'jax[cuda12]==0.9.0'"
    )


def counted(count: int, noun: str) -> str:
    """Write a number of things, as `1 trial` or `5 trials`."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """Make the error for a name that is not there, with the nearest one that is."""
    known = sorted(known)
    remedy = nearest(name, known, f"known: {', '.join(known) or 'none'}")
    return UsageError(f"no {kind} called {name!r}; {remedy}")
