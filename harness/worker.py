"""The worker side of a run: one process, one backend:variant on one device, or the oracle.

It answers one request at a time: {"do": name, ...} in, {...} or {"ended": status, "reason": ...}
out. It is thin: standard library, NumPy and this package, Python 3.10 or later; the framework comes
with the adapter. The parent holds every deadline; this side never watches the time.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

from harness import plugins
from harness.channel import Channel
from harness.contract import Backend
from harness.errors import HarnessError, TrialEnded, Unsupported, printable

PR_SET_PDEATHSIG = 1
FRAME = r'(?m)^  File ".*", line \d+, in .*\n(    .*\n)*'  # of a stack that is part of a message
LAST = 150  # characters kept of the end of a long message


def main() -> None:
    """Serve the parent until it closes its end. `sys.argv` holds one JSON object."""
    order = json.loads(sys.argv[1])
    os.sched_setaffinity(0, order["cores"])
    die_with_parent(order["parent"])
    volunteer_as_victim()
    channel = Channel(socket.socket(fileno=order["channel"]))
    os.set_inheritable(order["channel"], False)
    serve(channel, plugins.load(f"harness.{order['role']}:REQUESTS"))


def serve(channel: Channel, requests: dict[str, Callable[..., Any]]) -> None:
    """Answer requests with the functions in `requests`; the first, "start", makes the state."""
    state: Any = None
    while True:
        try:
            request, arrays = channel.receive()
        except ConnectionError:
            return
        do = request.pop("do")
        try:
            if do == "start":
                state, described = requests["start"](**request)
                channel.send(described)
            else:
                reply, blobs = requests[do](state, arrays, **request)
                channel.send(reply, blobs)
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            status = status_at_start(error) if do == "start" else status_of(error, state.backend)
            channel.send({"ended": status, "reason": sentence(error)})


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, however that ends."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)


def volunteer_as_victim() -> None:
    """Be killed first where memory runs out, so that the parent lives to tell."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def status_at_start(error: BaseException) -> str:
    """Tell what is not here from what is broken."""
    absent = (ImportError, OSError, Unsupported, TrialEnded)
    return "unavailable" if isinstance(error, absent) else "failed"


def status_of(error: BaseException, backend: Backend) -> str:
    """Classify an exception by what the adapter says of its framework."""
    if isinstance(error, TrialEnded):
        return error.status
    if isinstance(error, Unsupported):
        return "unsupported"
    if _matches(error, backend.exhaustions):
        return "out-of-memory"
    return "unsupported" if _matches(error, backend.refusals) else "failed"


def _matches(error: BaseException, kinds: Sequence[tuple[type[BaseException], str]]) -> bool:
    return any(isinstance(error, kind) and re.search(text, str(error)) for kind, text in kinds)


def sentence(error: BaseException, most: int = 400) -> str:
    """The exception's own words on one line, with its type unless it is one of ours. What is too
    long loses its middle, and before that the stack that TensorFlow writes into its messages: what
    went wrong often stands last."""
    text = printable(re.sub(FRAME, "", str(error)))
    name = "" if isinstance(error, HarnessError) else f"{type(error).__name__}: "
    whole = f"{name}{text}" if text else type(error).__name__
    return whole if len(whole) <= most else f"{whole[: most - LAST]} ... {whole[-LAST:].lstrip()}"
