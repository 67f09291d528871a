"""What may be wrong with a backend: a table of faults, each a sentence and what it makes of a call.

One convention: a fault gets what `Backend.prepare` gets and returns the callable in its place. The
table is read by every listing, so this module does without NumPy.
"""

from __future__ import annotations

import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from harness.case import SECOND_ORDER, Case
from harness.contract import Accumulation, Array, Backend, BoundPass
from harness.errors import Unsupported

LATE = 0.005  # s that the asynchronous fake takes behind the caller's back
NEVER = 600.0  # s: far longer than anybody reads an answer that was not waited for
MORE = 0.05  # of a call's own time that the slower fake takes on top

Call = Callable[..., tuple[Array, ...]]
PENDING: list[threading.Thread] = []  # what the fake's `wait` joins


@dataclass(frozen=True)
class Asked:
    """What the fake was asked to prepare, and the sound backend behind it."""

    inner: Backend
    case: Case
    function: Any
    wrt: tuple[int, ...]
    example: tuple[Array, ...]

    def call(self) -> Call:
        return self.inner.prepare(self.case, self.function, self.wrt, self.example)


Fault = Callable[[Asked], Call]


def _after(spoil: Callable[[Call], Call]) -> Fault:
    """Spoil the sound callable."""
    return lambda asked: spoil(asked.call())


def _first(change: Callable[[Any], Any]) -> Fault:
    """Spoil the first output."""

    def spoil(call: Call) -> Call:
        def spoiled(*inputs: Array) -> tuple[Array, ...]:
            outputs = call(*inputs)
            return (change(outputs[0].copy()), *outputs[1:])

        return spoiled

    return _after(spoil)


def _one_element(array: Any) -> Any:
    array.reshape(-1)[-1] += 1e-3 * (abs(array).max() or 1)
    return array


def _not_a_number(array: Any) -> Any:
    array.reshape(-1)[0] = math.nan
    return array


def _narrow(array: Any) -> Any:
    narrower = {"float64": "float32", "float32": "float16"}[array.dtype.name]
    return array.astype(narrower).astype(array.dtype)


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


def _stale(asked: Asked) -> Call:
    """Answer for the inputs that it was prepared with, whatever it is given."""
    outputs = asked.call()(*asked.example)
    return lambda *inputs: outputs


def _without_cross_term(asked: Asked) -> Call:
    """Keep the function's value, and drop a term of its derivative: the mixed second derivatives,
    in first order the derivative by the last argument, and in an accumulation what goes through
    earlier accumulators."""
    stop = asked.inner.namespace(asked.case).stop_gradient
    function = asked.function
    changed: Any
    if isinstance(function, Accumulation):
        passes = tuple(_apart_from_earlier(one, stop) for one in function.passes)
        changed = replace(function, passes=passes)
    elif asked.case.operator in SECOND_ORDER:
        changed = partial(_separated, function, stop)
    else:
        changed = partial(_last_constant, function, stop)
    return replace(asked, function=changed).call()


def _apart_from_earlier(one: BoundPass, stop: Callable[[Array], Array]) -> BoundPass:
    return replace(one, value=lambda xs, sums: one.value(xs, tuple(stop(a) for a in sums)))


def _last_constant(function: Any, stop: Callable[[Array], Array], *xs: Array) -> Array:
    return function(*xs[:-1], stop(xs[-1]))


def _separated(function: Any, stop: Callable[[Array], Array], *xs: Array) -> Array:
    """The same value and slopes, as a sum of functions of one argument each."""
    fixed = tuple(stop(x) for x in xs)
    alone = [function(*fixed[:i], x, *fixed[i + 1 :]) for i, x in enumerate(xs)]
    return sum(alone[1:], alone[0]) - (len(xs) - 1) * function(*fixed)


def _doing(action: Callable[[], Any]) -> Fault:
    """Do something before each call."""

    def spoil(call: Call) -> Call:
        def acting(*inputs: Array) -> tuple[Array, ...]:
            action()
            return call(*inputs)

        return acting

    return _after(spoil)


def _raise(error: BaseException) -> None:
    raise error


def _print_garbage() -> None:
    sys.stdout.write("\x00garbage {\n" * 100)
    sys.stdout.flush()
    os.write(1, b'{"do": "nothing"}\n' * 100)


def _late(delay: float, started: Callable[[threading.Thread], None]) -> Fault:
    """Return at once; a thread fills the outputs in after `delay` seconds."""

    def spoil(call: Call) -> Call:
        def returning(*inputs: Array) -> tuple[Array, ...]:
            outputs = call(*inputs)
            promises = tuple(x.copy() for x in outputs)
            for promise in promises:
                promise[...] = 0

            def work() -> None:
                time.sleep(delay)
                for promise, output in zip(promises, outputs, strict=True):
                    promise[...] = output

            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            started(thread)
            return promises

        return returning

    return _after(spoil)


def _slower(call: Call) -> Call:
    """Take `MORE` of the call's own time on top, awake, as slower code would."""

    def lingering(*inputs: Array) -> tuple[Array, ...]:
        began = time.perf_counter()
        outputs = call(*inputs)
        now = time.perf_counter()
        until = now + MORE * (now - began)
        while time.perf_counter() < until:
            pass
        return outputs

    return lingering


FAULTS: dict[str, tuple[str, Fault]] = {
    "exact": ("no fault", lambda asked: asked.call()),
    "twin": ("no fault, as exact", lambda asked: asked.call()),
    "slower": (f"right, and takes {MORE:.0%} longer", _after(_slower)),
    "sign": ("the wrong sign", _first(lambda a: -a)),
    "factor": ("twice the right answer", _first(lambda a: 2 * a)),
    "transpose": ("transposed", _first(lambda a: a.T)),
    "cross": ("a cross term of the derivative is dropped", _without_cross_term),
    "stale": ("the answer for inputs it saw before", _stale),
    "zero": ("zeros", _first(lambda a: 0 * a)),
    "element": ("one element is off by a thousandth", _first(_one_element)),
    "nan": ("one element is NaN", _first(_not_a_number)),
    "narrow": ("a narrower precision posing as the right one", _first(_narrow)),
    "shape": ("a dimension too many", _first(lambda a: a[None])),
    "dtype": ("half precision", _first(lambda a: a.astype("float16"))),
    "complex": ("a complex answer", _first(lambda a: a + 0j)),
    "longer": ("extended precision", _first(lambda a: a.astype("longdouble"))),
    "fewer": ("an output is missing", _after(lambda call: lambda *xs: call(*xs)[:-1])),
    "mutates": ("writes into its input", _after(_mutating)),
    "once": ("right the first time only", _after(_first_time_only)),
    "async": ("returns before its work is done", _late(LATE, PENDING.append)),
    "unawaited": ("the same, and its wait does nothing", _late(NEVER, lambda thread: None)),
    "raises": ("raises", _doing(lambda: _raise(ValueError("this fake raises")))),
    "refuses": ("says it can't", _doing(lambda: _raise(Unsupported("this fake can't do it")))),
    "exhausts": ("runs out of memory", _doing(lambda: _raise(MemoryError("no memory left")))),
    "dies": ("its process dies", _doing(lambda: os.kill(os.getpid(), signal.SIGKILL))),
    "hangs": ("never answers", _doing(lambda: time.sleep(10**6))),
    "prints": ("prints garbage to stdout", _doing(_print_garbage)),
}
