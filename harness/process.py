"""The parent's side of a worker: start it, ask it with a deadline, and say how it ended.

A worker runs in a process group of its own with stdin closed and stdout and stderr in a file, so
that nothing a framework prints can reach the messages or fill a pipe. The parent's own environment
is never changed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from harness.channel import Blob, Channel
from harness.contract import Declaration, Settings
from harness.environments.interpreter import Interpreter, variables_elsewhere
from harness.errors import TrialEnded, printable
from harness.options import environment

# Dropping the empty entry keeps modules in the user's folder from shadowing installed ones.
ENTER = "import sys; sys.path = [p for p in sys.path if p]; from harness.worker import main; main()"


STARTING = 120.0  # s at least for a framework's import, however short a timeout is


class Process:
    """A worker process. `role` is "bench" or "oracle"; `ended` says how it ended, once it has."""

    def __init__(
        self,
        role: str,
        environment: Mapping[str, str],
        cores: Sequence[int],
        interpreter: Interpreter | None = None,
    ) -> None:
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        self.output: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by kill)
        self.kills_before = kernel_kills()
        self.ended: TrialEnded | None = None
        order = {
            "role": role,
            "cores": list(cores),
            "parent": os.getpid(),
            "channel": theirs.fileno(),
        }
        here = [sys.executable, "-c", ENTER, json.dumps(order)]
        self.popen = subprocess.Popen(
            interpreter.command(order) if interpreter else here,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
            env={**(variables_elsewhere() if interpreter else os.environ), **environment},
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()

    def ask(
        self, do: str, arrays: Sequence[Blob] = (), *, timeout: float, **parameters: Any
    ) -> tuple[dict[str, Any], list[Blob]]:
        """Send a request and return the reply. Raises TrialEnded where there is none."""
        began = time.monotonic()
        self.send(do, arrays, timeout=timeout, **parameters)
        return self.receive(timeout, timeout - (time.monotonic() - began))

    def send(
        self, do: str, arrays: Sequence[Blob] = (), *, timeout: float, **parameters: Any
    ) -> None:
        with self._watched(timeout):
            self.channel.send({"do": do, **parameters}, arrays, timeout)

    def receive(
        self, timeout: float, left: float | None = None
    ) -> tuple[dict[str, Any], list[Blob]]:
        """Return the reply to what was sent; `left` seconds remain of the `timeout` allowed."""
        with self._watched(timeout):
            reply, arrays = self.channel.receive(timeout if left is None else left)
        if "ended" in reply:
            raise TrialEnded(reply["ended"], reply["reason"])
        return reply, arrays

    @contextlib.contextmanager
    def _watched(self, timeout: float) -> Iterator[None]:
        """Turn a deadline that passes and a worker that is gone into TrialEnded."""
        if self.ended:
            raise self.ended
        try:
            yield
        except TimeoutError:
            words = self._last_words()
            self.kill()
            reason = f"no answer within {timeout:g} s; allow more with --timeout{words}"
            self.ended = TrialEnded("timeout", reason)
            raise self.ended from None
        except ConnectionError:
            raise self._died() from None

    def kill(self) -> None:
        """End the worker and everything it started. May be called again."""
        if self.popen.returncode is None or self.ended is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.channel.close()
        self.output.close()

    def _died(self) -> TrialEnded:
        """Say how the worker ended, by the evidence: its exit status and the kernel's count."""
        try:
            code = self.popen.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = None
        status, how = verdict_on_death(code, self.kills_before, kernel_kills())
        words = self._last_words()
        self.kill()
        self.ended = TrialEnded(status, f"{how}{words}")
        return self.ended

    def _last_words(self, most: int = 300) -> str:
        """The last lines that the worker printed."""
        self.output.seek(0, os.SEEK_END)
        self.output.seek(max(0, self.output.tell() - 4 * most))
        lines = self.output.read().decode(errors="replace").split("\n")
        text = printable(" | ".join(line.strip() for line in lines if line.strip()))
        return f"; it last printed: {text[-most:]}" if text else ""


def started(
    role: str,
    declaration: Declaration,
    variant: str,
    device: str,
    *,
    settings: Settings,
    cores: Sequence[int],
    visible: str | None = None,
    interpreter: Interpreter | None = None,
) -> Process:
    """Start a worker and ask it to begin; if it is gone already, the next to ask is told.

    `visible` is the device that its environment is made for, where that is not `device`: "" hides
    none. Without an `interpreter` it runs under this one.
    """
    variables = environment(declaration, settings, device if visible is None else visible)
    process = Process(role, variables, cores, interpreter)
    with contextlib.suppress(TrialEnded):
        process.send(
            "start",
            timeout=STARTING,
            adapter=declaration.adapter,
            variant=variant,
            device=device,
            settings=settings.to_json(),
        )
    return process


def verdict_on_death(code: int | None, before: int | None, after: int | None) -> tuple[str, str]:
    """Classify the end of a worker that the parent did not kill.

    `code` is Popen's return code, `before` and `after` the kernel's counts of out-of-memory kills.
    """
    if code is None:
        return "crashed", "the worker closed its channel and went on running"
    if code >= 0:
        return "crashed", f"the worker exited with status {code}"
    known = {int(one): one.name for one in signal.Signals}
    name = known.get(-code, f"signal {-code}")
    if -code == signal.SIGKILL and before is not None and after is not None:
        if after > before:
            return "out-of-memory", f"the kernel's count of oom_kill rose by {after - before}"
        return "crashed", f"the worker was ended by {name} (the kernel's oom_kill did not rise)"
    return "crashed", f"the worker was ended by {name}"


def kernel_kills() -> int | None:
    """How many processes the kernel has ended for want of memory; None where it doesn't say."""
    try:
        with open("/proc/vmstat") as file:
            counts = dict(line.split() for line in file)
        return int(counts["oom_kill"])
    except (OSError, KeyError):
        return None
