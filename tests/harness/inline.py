"""Workers inside the test's own process, so that what is broken in the product is broken there too.

One convention: a worker answers when it is asked, with the functions that a real one has.
"""

import json
import os
from collections import deque
from types import SimpleNamespace

import pytest

from harness import plugins
from harness.errors import TrialEnded
from harness.worker import sentence, status_at_start, status_of


class Inline:
    """Stands in for `harness.process.Process`."""

    def __init__(self, role, declaration, variant, device, settings):
        self.requests = plugins.load(f"harness.{role}:REQUESTS")
        self.state, self.ended, self.replies = None, None, deque()
        self.popen = SimpleNamespace(pid=os.getpid())
        self.send(
            "start",
            timeout=0,
            adapter=declaration.adapter,
            variant=variant,
            device=device,
            settings=settings.to_json(),
        )

    def send(self, do, arrays=(), *, timeout, **parameters):
        self.replies.append(self._answer(do, list(arrays), json.loads(json.dumps(parameters))))

    def _answer(self, do, arrays, parameters):
        try:
            if do == "start":
                self.state, reply = self.requests["start"](**parameters)
                return reply, []
            reply, blobs = self.requests[do](self.state, arrays, **parameters)
            return json.loads(json.dumps(reply)), list(blobs)
        except Exception as error:
            starting = do == "start"
            status = status_at_start(error) if starting else status_of(error, self.state.backend)
            return TrialEnded(status, sentence(error))

    def receive(self, timeout, left=None):
        answer = self.replies.popleft()
        if isinstance(answer, TrialEnded):
            raise answer
        return answer

    def ask(self, do, arrays=(), *, timeout, **parameters):
        self.send(do, arrays, timeout=timeout, **parameters)
        return self.receive(timeout)

    def kill(self):
        pass


def started(role, declaration, variant, device, *, settings, **where):
    return Inline(role, declaration, variant, device, settings)


@pytest.fixture
def inline(monkeypatch):
    """Start no process, and pin none."""
    for module in ("harness.crew", "harness.selftest.peers"):
        monkeypatch.setattr(f"{module}.started", started)
        monkeypatch.setattr(f"{module}.pin", lambda cores: None)
    monkeypatch.setattr("harness.bench.pin", lambda cores: None)
    monkeypatch.setattr("harness.selftest.peers.Process", Inline)
    monkeypatch.setattr("harness.bench.gc.freeze", lambda: None)
