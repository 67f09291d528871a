"""What a worker does with its backend: prepare a case, answer it, and time it in blocks."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from harness import clock, device_clock, footprint, plugins
from harness.arrays import from_blob, to_blob
from harness.atlas import answers
from harness.bind import as_written_by, bind, prepare
from harness.case import Case
from harness.channel import Blob, Reply
from harness.contract import Backend, Description, Expert, Settings, Way
from harness.errors import TrialEnded, no_device
from harness.least import least_call
from harness.pinning import pin
from harness.scenario import Scenario

Arrays = tuple[Any, ...]


class Bench:
    """The state of a worker: its adapter, and what is prepared for the case in hand."""

    def __init__(
        self,
        backend: Backend,
        native: Collection[Way],
        device: str = "cpu",
        dtypes: tuple[str, ...] = ("float32",),
    ) -> None:
        self.backend, self.native = backend, frozenset(native)
        self.dtype = dtypes[0]  # of the least call
        self.meters, self.lacks = footprint.meters(backend.probe, device)
        self.series: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {}
        self.most_held = 1  # calls of the case in hand
        self.queued = 0.0  # seconds that a call of the case in hand takes the host

    def prepare(
        self, scenario: Scenario, case: Case, example: tuple[Any, ...]
    ) -> tuple[Callable[..., Any], str]:
        """Return the callable of a case, and whether it is native or derived."""
        return prepare(
            self.backend,
            self.native,
            case,
            lambda xp: bind(scenario, case, xp),
            scenario.positions(case.wrt),
            example,
            len(scenario.arguments),
        )


def start(
    adapter: str, variant: str, device: str, settings: dict[str, Any]
) -> tuple[Bench, dict[str, Any]]:
    """Import the framework and make the adapter."""
    began = time.perf_counter()
    backend = plugins.load(adapter)(variant, device, Settings(**settings))
    spent = time.perf_counter() - began
    description = Description.from_json(backend.describe().to_json())  # raises where it is none
    if device not in description.devices and f"{device}:0" not in description.devices:
        raise no_device(f"version {description.version}", device, description.devices)
    bench = Bench(backend, description.native, device, description.dtypes)
    gc.collect()
    gc.freeze()  # what the framework made while importing is never garbage
    return bench, {"description": description.to_json(), "import": spent}


def settle(bench: Bench, arrays: list[Blob], cores: list[int]) -> Reply:
    """Pin to the cores that all workers share, after the framework made its threads."""
    pin(cores)
    return {}, ()


def least(bench: Bench, arrays: list[Blob]) -> Reply:
    """Time the least call of all."""
    return {"seconds": least_call(bench.backend, bench.native, bench.dtype)}, ()


def check(
    bench: Bench,
    arrays: list[Blob],
    locator: str,
    case: dict[str, Any],
    expert: dict[str, Any] | None = None,
    plain: bool = True,
) -> Reply:
    """Prepare and call a case once, then again: the second call's answer is judged, since calls
    like it are timed. Intermediates are answered along with it. Where it will be timed too
    (`plain`), so is the plain function, and the second call's memory is measured."""
    asked = Case.from_json(case)
    scenario = _scenario(locator, asked, expert)
    host = tuple(from_blob(blob) for blob in arrays)
    bench.series.clear()
    footprints = {n: footprint.Footprint(m) for n, m in bench.meters.items() if plain}
    inputs = tuple(bench.backend.put(x) for x in host)
    reply = _prepared(bench, scenario, asked, host, inputs)
    for one in footprints.values():
        one.begin()
    answers = {"answer": _called(bench, *bench.series["operator"])}
    reply |= footprint.told(footprints, bench.lacks)
    answers |= _besides(bench, scenario, asked, inputs, _zeros(bench, host), plain)

    for i, (mine, original) in enumerate(zip(inputs, host, strict=True)):
        if bench.backend.get(mine)[0].tobytes() != original.tobytes():
            raise TrialEnded("wrong", f"input {i} was changed by the call; copy before writing")
    got = {part: [bench.backend.get(output) for output in outs] for part, outs in answers.items()}
    bench.most_held = clock.most_held(sum(array.nbytes for array, _ in got["answer"]))
    reply["parts"] = {part: [device for _, device in pairs] for part, pairs in got.items()}
    if expert:
        reply["origin"] = "native"  # it is written in the framework's own ways
    return reply, [to_blob(array) for pairs in got.values() for array, _ in pairs]


def _prepared(
    bench: Bench, scenario: Scenario, case: Case, host: Arrays, inputs: Arrays
) -> dict[str, Any]:
    """Prepare the case in hand and call it once, both timed."""
    example = _zeros(bench, host)
    began = time.perf_counter()
    call, origin = bench.prepare(scenario, case, example)
    prepared = time.perf_counter()
    bench.backend.wait(call(*inputs))
    first = time.perf_counter() - prepared
    bench.series["operator"] = (call, inputs)
    return {"origin": origin, "prepare": prepared - began, "first": first}


def _zeros(bench: Bench, host: Arrays) -> Arrays:
    """Examples of the inputs: the backend's arrays, all zeros."""
    return tuple(bench.backend.put(np.zeros_like(x)) for x in host)


def _besides(
    bench: Bench, scenario: Scenario, case: Case, inputs: Arrays, example: Arrays, plain: bool
) -> dict[str, Arrays]:
    """The answers beside the case's own: the plain function, if asked for, and intermediates."""
    arity = len(scenario.arguments)
    answers = {}
    if plain and case.operator != "value":
        function, _ = bench.prepare(scenario, case.of("value"), example[:arity])
        bench.series["value"] = (function, inputs[:arity])
        answers["value"] = _called(bench, *bench.series["value"])
    for name, intermediate in scenario.intermediates.items():
        answers[name] = _intermediate(bench, case, intermediate.value, inputs[:arity])
    return answers


def _scenario(locator: str, case: Case, expert: dict[str, Any] | None) -> Scenario:
    scenario = plugins.scenario_at(locator, case.scenario)
    return as_written_by(Expert(**expert), scenario) if expert else scenario


def again(
    bench: Bench,
    arrays: list[Blob],
    locator: str,
    case: dict[str, Any],
    expert: dict[str, Any] | None = None,
) -> Reply:
    """Prepare a case of another size than the one in hand and call it once: what a new shape costs
    in a process that has compiled before. The case in hand stays."""
    asked = Case.from_json(case)
    host = tuple(from_blob(blob) for blob in arrays)
    inputs, example = tuple(bench.backend.put(x) for x in host), _zeros(bench, host)
    began = time.perf_counter()
    call, _ = bench.prepare(_scenario(locator, asked, expert), asked, example)
    bench.backend.wait(call(*inputs))
    return {"seconds": time.perf_counter() - began}, ()


def _called(bench: Bench, call: Callable[..., Any], inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    outputs = call(*inputs)
    bench.backend.wait(outputs)
    return tuple(outputs)


def _intermediate(
    bench: Bench, case: Case, value: Callable[..., Any], inputs: tuple[Any, ...]
) -> tuple[Any, ...]:
    plain = case.of("value")
    xp = bench.backend.namespace(plain)
    call = bench.backend.prepare(plain, lambda *xs: value(xp, *xs), (), inputs)
    return _called(bench, call, inputs)


def calibrate(bench: Bench, arrays: list[Blob], series: str) -> Reply:
    """Find out how many calls make a block."""
    call, inputs = _in_hand(bench, series)
    elapsed = bench.backend.probe.elapsed
    if series == "device" and elapsed:
        calls, bench.queued = device_clock.calibrate(elapsed, call, bench.backend.wait, inputs)
        return {"calls": calls}, ()
    together = series == "throughput"
    calls = clock.calibrate(
        call,
        bench.backend.wait,
        inputs,
        measure=clock.throughput if together else clock.timed,
        most=bench.most_held if together else None,
    )
    return {"calls": calls}, ()


def block(bench: Bench, arrays: list[Blob], series: str, calls: int) -> Reply:
    """Warm the caches, then time one block."""
    call, inputs = _in_hand(bench, series)
    clock.warm(call, bench.backend.wait, inputs)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    if series == "device" and bench.backend.probe.elapsed:
        elapsed = bench.backend.probe.elapsed
        spent = device_clock.timed(elapsed, call, inputs, calls, bench.queued)
    else:
        measure = clock.throughput if series == "throughput" else clock.timed
        spent = measure(call, bench.backend.wait, inputs, calls)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return {"seconds": spent / 1e9, "faults": faults}, ()


def _in_hand(bench: Bench, series: str) -> tuple[Callable[..., Any], Arrays]:
    """What a series calls: the plain function, or the case's own callable."""
    return bench.series["value" if series == "value" else "operator"]


def release(bench: Bench, arrays: list[Blob]) -> Reply:
    """Let go of the case."""
    bench.series.clear()
    bench.backend.release()
    return {}, ()


REQUESTS = {
    "start": start,
    "settle": settle,
    "least": least,
    "check": check,
    "again": again,
    "calibrate": calibrate,
    "block": block,
    "release": release,
    "survey": answers.survey,
}
