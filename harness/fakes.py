"""A backend that is wrong, late or deadly on purpose, to prove that the harness notices.

It wraps the reference backend and spoils what comes out. `--backend fake:nan` runs it; `all` does
not include it. Each variant is one fault; `exact` has none. Every listing imports this
module, so it does without NumPy.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from harness import plugins
from harness.case import Case
from harness.contract import (
    Accumulation,
    Array,
    Backend,
    Declaration,
    Description,
    Settings,
)
from harness.errors import Unsupported
from harness.xp import Namespace

LATE = 0.005  # s that the asynchronous fake takes behind the caller's back

Call = Callable[..., tuple[Array, ...]]


def _first(change: Callable[[Any], Any]) -> Callable[[Call], Call]:
    """Spoil the first output."""

    def spoil(call: Call) -> Call:
        def spoiled(*inputs: Array) -> tuple[Array, ...]:
            outputs = call(*inputs)
            return (change(outputs[0].copy()), *outputs[1:])

        return spoiled

    return spoil


def _one_element(array: Any) -> Any:
    array.reshape(-1)[-1] += 1e-3 * (abs(array).max() or 1)
    return array


def _not_a_number(array: Any) -> Any:
    array.reshape(-1)[0] = math.nan
    return array


def _mutating(call: Call) -> Call:
    def mutating(*inputs: Array) -> tuple[Array, ...]:
        outputs = call(*inputs)
        inputs[0][...] += 1
        return outputs

    return mutating


def _first_time_only(call: Call) -> Call:
    """Right at the first call, wrong ever after."""
    calls = iter(range(10**12))

    def degrading(*inputs: Array) -> tuple[Array, ...]:
        outputs = call(*inputs)
        return outputs if next(calls) == 0 else tuple(-x for x in outputs)

    return degrading


def _doing(action: Callable[[], Any]) -> Callable[[Call], Call]:
    """Do something before each call."""

    def spoil(call: Call) -> Call:
        def acting(*inputs: Array) -> tuple[Array, ...]:
            action()
            return call(*inputs)

        return acting

    return spoil


def _raise(error: BaseException) -> None:
    raise error


def _print_garbage() -> None:
    sys.stdout.write("\x00garbage {\n" * 100)
    sys.stdout.flush()
    os.write(1, b'{"do": "nothing"}\n' * 100)


def _late(call: Call) -> Call:
    """Return at once; the outputs are filled in later by a thread that `wait` joins."""

    def returning(*inputs: Array) -> tuple[Array, ...]:
        outputs = call(*inputs)
        promises = tuple(x.copy() for x in outputs)
        for promise in promises:
            promise[...] = 0

        def work() -> None:
            time.sleep(LATE)
            for promise, output in zip(promises, outputs, strict=True):
                promise[...] = output

        thread = threading.Thread(target=work)
        thread.start()
        PENDING.append(thread)
        return promises

    return returning


PENDING: list[threading.Thread] = []

FAULTS: dict[str, tuple[str, Callable[[Call], Call]]] = {
    "exact": ("no fault", lambda call: call),
    "sign": ("the wrong sign", _first(lambda a: -a)),
    "factor": ("twice the right answer", _first(lambda a: 2 * a)),
    "element": ("one element is off by a thousandth", _first(_one_element)),
    "nan": ("one element is NaN", _first(_not_a_number)),
    "shape": ("a dimension too many", _first(lambda a: a[None])),
    "dtype": ("half precision", _first(lambda a: a.astype("float16"))),
    "complex": ("a complex answer", _first(lambda a: a + 0j)),
    "longer": ("extended precision", _first(lambda a: a.astype("longdouble"))),
    "fewer": ("an output is missing", lambda call: lambda *inputs: call(*inputs)[:-1]),
    "mutates": ("writes into its input", _mutating),
    "once": ("right the first time only", _first_time_only),
    "async": ("returns before its work is done", _late),
    "raises": ("raises", _doing(lambda: _raise(ValueError("this fake raises")))),
    "refuses": ("says it can't", _doing(lambda: _raise(Unsupported("this fake can't do it")))),
    "exhausts": ("runs out of memory", _doing(lambda: _raise(MemoryError("no memory left")))),
    "dies": ("its process dies", _doing(lambda: os.kill(os.getpid(), signal.SIGKILL))),
    "hangs": ("never answers", _doing(lambda: time.sleep(10**6))),
    "prints": ("prints garbage to stdout", _doing(_print_garbage)),
}

fake = Declaration(
    name="fake",
    adapter="harness.fakes:Fake",
    variants={name: meaning for name, (meaning, _) in FAULTS.items()},
    requires="numpy",
    install="pip install autodiff-harness",
    no_device={"cuda": "it computes with the reference backend, on the CPU"},
    listed=False,
)


class Fake(Backend):
    """The reference backend with the fault that its variant names."""

    def __init__(self, variant: str, device: str, settings: Settings) -> None:
        wrapped = next(d for d in plugins.backends().items.values() if d.reference)
        self.inner: Backend = plugins.load(wrapped.adapter)(wrapped.reference, device, settings)
        self.spoil = FAULTS[variant][1]

    def describe(self) -> Description:
        return self.inner.describe()

    def put(self, array: Any) -> Array:
        return self.inner.put(array)

    def get(self, array: Array) -> tuple[Any, str]:
        return self.inner.get(array)

    def wait(self, outputs: Sequence[Array]) -> None:
        while PENDING:
            PENDING.pop().join()

    def namespace(self, case: Case) -> Namespace:
        return self.inner.namespace(case)

    def prepare(
        self,
        case: Case,
        function: Callable[..., Any] | Accumulation,
        wrt: tuple[int, ...],
        example: tuple[Array, ...],
    ) -> Call:
        return self.spoil(self.inner.prepare(case, function, wrt, example))

    def release(self) -> None:
        self.inner.release()
