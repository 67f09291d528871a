"""The oracle: draws every case's inputs once, knows the expected answer, and judges.

It lives in a worker process of its own, so that all backends see the same bits whatever their
NumPy. The expected answer comes from the first that exists: the number documented by the source;
the scenario's closed form, evaluated in extended precision; the reference backend in extended
precision; agreement of the backends among themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from harness import agreement, operators, plugins
from harness.arrays import NDArray, fingerprint, from_blob, to_blob
from harness.bind import bind
from harness.case import SECOND_ORDER, Case
from harness.channel import Blob, Reply
from harness.contract import Backend, Settings
from harness.draw import arguments_of, is_documented, seeds_of
from harness.errors import HarnessError
from harness.scenario import Scenario

WIDE = "longdouble"
AFFORDABLE = 4_000_000  # elements of input that the reference computes with in extended precision
AGREED = "other backends"


class Refused(HarnessError):
    """The expected answer could not catch a wrong one."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """An expected answer and where it is from."""

    arrays: tuple[NDArray, ...]
    against: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one backend returned: per part ("answer", "value", or an intermediate's name) the
    arrays and the devices they lay on; `device`
    is where they should have lain."""

    parts: Mapping[str, tuple[NDArray, ...]]
    devices: Mapping[str, tuple[str, ...]]
    device: str


@dataclass
class Oracle:
    """Holds one case at a time: draws it, hears the backends' answers, then judges."""

    backend: Backend
    scenario: Scenario | None = None
    case: Case | None = None
    inputs: tuple[NDArray, ...] = ()
    expected: dict[str, Expected | None] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    def draw(self, scenario: Scenario, case: Case) -> tuple[tuple[NDArray, ...], str]:
        """Return the case's arguments and seeds, and a hash of their dtypes, shapes and bits."""
        self.scenario, self.case = scenario, case
        self.expected, self.answers = {}, {}
        arguments, rng = arguments_of(scenario, case)
        self.inputs = arguments + seeds_of(scenario, case, arguments, rng, self._value)
        return self.inputs, fingerprint(self.inputs)

    def judge(self) -> dict[str, agreement.Verdict]:
        """Return a verdict for every backend's answer; the first part that is wrong decides."""
        return {who: self._verdict(answer) for who, answer in self.answers.items()}

    def _verdict(self, answer: Answer) -> agreement.Verdict:
        assert self.scenario is not None and self.case is not None
        main = None
        for part, got in answer.parts.items():
            second_order = part == "answer" and self.case.operator in SECOND_ORDER
            limit = agreement.tolerance(
                self.case.dtype,
                second_order=second_order,
                conditioning=self.scenario.conditioning,
            )
            known = self._known(part) or _agreed(part, self.answers, limit)
            verdict = agreement.compare(
                got,
                known.arrays,
                dtype=self.case.dtype,
                devices=answer.devices[part],
                device=answer.device,
                against=known.against,
                tolerance=limit,
            )
            main = main or verdict
            if not verdict.right:
                why = verdict.reason if part == "answer" else f"{part}: {verdict.reason}"
                return agreement.Verdict(right=False, reason=why, error=verdict.error)
        assert main is not None
        return main

    def _known(self, part: str) -> Expected | None:
        if part not in self.expected:
            self.expected[part] = self._look_up(part)
        return self.expected[part]

    def _look_up(self, part: str) -> Expected | None:
        assert self.scenario is not None and self.case is not None
        if part == "answer":
            found = self._answer(self.case)
            if found:
                _refuse_blind(found, self.scenario, self.case.dtype)
            return found
        arguments = self.inputs[: len(self.scenario.arguments)]
        if part == "value":
            return self._answer(self.case.of("value"))
        documented = self.scenario.documented
        if self.case.point == "documented" and documented and part in documented.intermediates:
            numbers = np.asarray(documented.intermediates[part], WIDE)
            return Expected(arrays=(numbers,), against="documented number")
        form = self.scenario.intermediates[part].closed_form
        return Expected(arrays=(_wide(form(np, *map(_wide, arguments))),), against="closed form")

    def _answer(self, case: Case) -> Expected | None:
        """The expected answer of the case's operator, from the first source that has it."""
        assert self.scenario is not None
        documented = _documented(self.scenario, case)
        if documented is not None:
            return Expected(arrays=documented, against="documented number")
        count = len(self.inputs) if case.operator != "value" else len(self.scenario.arguments)
        inputs = tuple(_wide(x) for x in self.inputs[:count])
        form = self.scenario.closed_forms.get(case.operator)
        if form is not None:
            arrays = tuple(_wide(a) for a in form(np, *inputs))
            if case.operator in ("gradient", "vjp"):
                arrays = tuple(arrays[i] for i in self.scenario.positions(case.wrt))
            return Expected(arrays=arrays, against="closed form")
        if sum(x.size for x in inputs) > AFFORDABLE:
            return None
        return self._extended(case, inputs)

    def _extended(self, case: Case, inputs: tuple[NDArray, ...]) -> Expected | None:
        """Let the reference backend compute in extended precision, if it can."""
        assert self.scenario is not None
        try:
            arrays = _run(self.backend, self.scenario, case, inputs, WIDE)
        except Exception:  # whatever it is that the reference can't do: the next source is asked
            return None
        return Expected(arrays=arrays, against="reference in extended precision")

    def _value(self, arguments: tuple[NDArray, ...]) -> NDArray:
        assert self.scenario is not None and self.case is not None
        case = self.case.of("value")
        return _run(self.backend, self.scenario, case, arguments, self.case.dtype)[0]


def _documented(scenario: Scenario, case: Case) -> tuple[NDArray, ...] | None:
    documented = scenario.documented
    if documented is None or not is_documented(scenario, case) or case.wrt != documented.wrt:
        return None
    return tuple(_wide(a) for a in documented.answers)


def _run(
    backend: Backend, scenario: Scenario, case: Case, inputs: Sequence[NDArray], dtype: str
) -> tuple[NDArray, ...]:
    """Let a backend compute a case in a dtype of ours."""
    case = Case.from_json({**case.to_json(), "dtype": dtype})
    xp = backend.namespace(case)
    wrt = scenario.positions(case.wrt)
    function = operators.derive(xp, case, bind(scenario, case, xp), wrt, len(scenario.arguments))
    example = tuple(backend.put(_recast(x, dtype)) for x in inputs)
    call = backend.prepare(case.of("value"), function, wrt, example)
    return tuple(np.asarray(backend.get(output)[0]) for output in call(*example))


def _recast(array: NDArray, dtype: str) -> NDArray:
    return array.astype(dtype) if array.dtype.kind == "f" else array


def _wide(numbers: Any) -> NDArray:
    array: NDArray = np.asarray(numbers)
    return array if array.dtype.kind in "iub" and array.ndim else array.astype(WIDE)


def _refuse_blind(expected: Expected, scenario: Scenario, dtype: str) -> None:
    """Refuse an expected answer that is all zeros or not finite: a wrong one would pass too."""
    for array in expected.arrays:
        if not np.isfinite(array.astype(dtype)).all():
            raise Refused(f"the {expected.against} is not finite in {dtype}; choose another point")
    if scenario.zero_expected:
        return
    if not any(array.any() for array in expected.arrays):
        raise Refused(
            f"the {expected.against} is all zeros, so zeros would pass; choose another point, "
            "or say zero_expected=True in the scenario"
        )


def _agreed(part: str, answers: Mapping[str, Answer], limit: float) -> Expected:
    """The answer that most backends share, at least two of them."""
    given = {who: a.parts[part] for who, a in answers.items() if part in a.parts}
    votes = {
        who: sum(_close(mine, other, limit) for other in given.values())
        for who, mine in given.items()
    }
    who = max(votes, key=lambda name: votes[name])
    if votes[who] < 2:
        raise Refused(
            "there is nothing to check against: no documented number, no closed form, nothing from "
            "the reference, and no two backends that agree; give a closed form or a second backend"
        )
    return Expected(arrays=given[who], against=AGREED)


def _close(a: Sequence[NDArray], b: Sequence[NDArray], limit: float) -> bool:
    if [x.shape for x in a] != [y.shape for y in b]:
        return False
    for x, y in zip(a, b, strict=True):
        scale = np.max(np.abs(y), initial=0)
        if not np.max(np.abs(x - y), initial=0) <= limit * (scale or 1):
            return False
    return True


def start(
    adapter: str, variant: str, device: str, settings: dict[str, Any]
) -> tuple[Oracle, dict[str, Any]]:
    reference = plugins.load(adapter)(variant, device, Settings(**settings))
    return Oracle(backend=reference), {}


def draw(oracle: Oracle, arrays: list[Blob], locator: str, case: dict[str, Any]) -> Reply:
    """Draw a case's inputs."""
    asked = Case.from_json(case)
    inputs, fingerprint = oracle.draw(plugins.scenario_at(locator, asked.scenario), asked)
    return {"inputs": fingerprint}, [to_blob(x) for x in inputs]


def hear(
    oracle: Oracle, arrays: list[Blob], who: str, device: str, parts: dict[str, list[str]]
) -> Reply:
    """Take in one backend's answer; `parts` maps each part to the devices of its outputs."""
    outputs = iter([from_blob(blob) for blob in arrays])
    taken = {part: tuple(next(outputs) for _ in places) for part, places in parts.items()}
    places = {part: tuple(names) for part, names in parts.items()}
    oracle.answers[who] = Answer(parts=taken, devices=places, device=device)
    return {}, ()


def judge(oracle: Oracle, arrays: list[Blob], most: int | None) -> Reply:
    """Judge all answers heard; those of at most `most` numbers come back written out."""
    verdicts = oracle.judge()
    written = {}
    for who, answer in oracle.answers.items():
        outputs = answer.parts["answer"]
        short = most is None or sum(x.size for x in outputs) <= most
        written[who] = [x.tolist() for x in outputs] if short else None
    return {"verdicts": {w: asdict(v) for w, v in verdicts.items()}, "values": written}, ()


REQUESTS = {"start": start, "draw": draw, "hear": hear, "judge": judge}
