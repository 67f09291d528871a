"""Messages between the parent and its workers: JSON and raw arrays over a socket pair.

No framework can print into it. A message is a line of JSON whose `arrays` give dtype and shape of
the raw bytes that follow. The parent passes arrays on as bytes, so it needs no NumPy.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Blob:
    """An array as bytes in C order; `dtype` is NumPy's string for it ("<f4")."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes | bytearray | memoryview


Reply = tuple[dict[str, Any], Sequence[Blob]]


class Channel:
    """One end of the pair. `send` and `receive` raise ConnectionError when the other end is gone,
    TimeoutError when the whole message is not through within `timeout` seconds."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def send(
        self, message: dict[str, Any], arrays: Sequence[Blob] = (), timeout: float | None = None
    ) -> None:
        heads = [{"dtype": a.dtype, "shape": a.shape, "bytes": len(a.data)} for a in arrays]
        text = json.dumps({**message, "arrays": heads}).encode()
        deadline = None if timeout is None else time.monotonic() + timeout
        for data in (struct.pack("<Q", len(text)) + text, *(array.data for array in arrays)):
            self._allow(deadline)
            self.end.sendall(data)

    def receive(self, timeout: float | None = None) -> tuple[dict[str, Any], list[Blob]]:
        deadline = None if timeout is None else time.monotonic() + timeout
        (length,) = struct.unpack("<Q", self._exactly(8, deadline))
        message = json.loads(self._exactly(length, deadline).decode())
        arrays = [
            Blob(head["dtype"], tuple(head["shape"]), self._exactly(head["bytes"], deadline))
            for head in message.pop("arrays")
        ]
        return message, arrays

    def close(self) -> None:
        self.end.close()

    def _exactly(self, count: int, deadline: float | None) -> bytearray:
        buffer = bytearray(count)
        view, done = memoryview(buffer), 0
        while done < count:
            self._allow(deadline)
            received = self.end.recv_into(view[done:])
            if received == 0:
                raise ConnectionResetError("the other end is closed")
            done += received
        return buffer

    def _allow(self, deadline: float | None) -> None:
        """Let the next operation take what is left until the deadline."""
        left = None if deadline is None else max(deadline - time.monotonic(), 1e-6)
        self.end.settimeout(left)
