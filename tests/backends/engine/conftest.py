"""What every test of the engine needs: primitives that a test declares are gone after it."""

import pytest

from backends.engine.tracer import OF_UFUNC, PRIMITIVES


@pytest.fixture(autouse=True)
def registers():
    kept = [(register, dict(register)) for register in (PRIMITIVES, OF_UFUNC)]
    yield
    for register, before in kept:
        register.clear()
        register.update(before)
