"""The oracle: draws every case's inputs once, knows the expected answer, and judges.

It lives in a worker process of its own, so that all backends see the same bits whatever their
NumPy. The expected answer comes from the first that exists: the number documented by the source;
the scenario's closed form, evaluated in extended precision; the reference backend in extended
precision; agreement of the backends among themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from harness import agreement, plugins
from harness.arrays import NDArray, fingerprint, from_blob, to_blob
from harness.atlas import verdicts
from harness.bind import bind, prepare
from harness.case import COMPOSITIONS, SECOND_ORDER, Case
from harness.channel import Blob, Reply
from harness.contract import Backend, Settings
from harness.draw import arguments_of, is_documented, seeds_of
from harness.expected import (
    WIDE,
    Answer,
    Expected,
    Refused,
    agreed,
    checked,
    effort,
    refuse_blind,
    wide,
)
from harness.scenario import Scenario

AFFORDABLE = 4_000_000  # elements that the reference computes with in extended precision


@dataclass
class Oracle:
    """Holds one case at a time: draws it, hears the backends' answers, then judges."""

    backend: Backend
    scenario: Scenario | None = None
    case: Case | None = None
    inputs: tuple[NDArray, ...] = ()
    expected: dict[str, Expected | None] = field(default_factory=dict)
    earlier: dict[tuple[str, str], Expected | None] = field(default_factory=dict)
    fingerprint: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)

    def draw(self, scenario: Scenario, case: Case) -> tuple[tuple[NDArray, ...], str]:
        """Return the case's arguments and seeds, and a hash of their dtypes, shapes and bits."""
        if self.case is None or self.case.scenario != case.scenario:
            self.earlier = {}
        self.scenario, self.case = scenario, case
        self.expected, self.answers = {}, {}
        arguments, rng = arguments_of(scenario, case)
        self.inputs = arguments + seeds_of(
            scenario, case, arguments, rng, self._value, partial(self._slope, arguments)
        )
        self.fingerprint = fingerprint(self.inputs)
        return self.inputs, self.fingerprint

    def judge(self) -> dict[str, agreement.Verdict]:
        """Return a verdict for every backend's answer; the first part that is wrong decides."""
        return {who: self._verdict(answer) for who, answer in self.answers.items()}

    def _verdict(self, answer: Answer) -> agreement.Verdict:
        verdicts = {}
        for part in answer.parts:
            try:
                verdicts[part] = self._compared(part, answer)
            except Refused:
                if part != "value":  # without it the answer is still right, and timed alone
                    raise
            else:
                if not verdicts[part].right:
                    why = verdicts[part].reason
                    return replace(
                        verdicts[part], reason=why if part == "answer" else f"{part}: {why}"
                    )
        return replace(verdicts["answer"], value_checked="value" in verdicts)

    def _compared(self, part: str, answer: Answer) -> agreement.Verdict:
        assert self.scenario is not None and self.case is not None
        operator = self.case.operator if part == "answer" else "value"
        limit = agreement.tolerance(
            self.case.dtype,
            second_order=operator in SECOND_ORDER,
            conditioning=self.scenario.conditioning.get(operator, 1.0),
        )
        known = self._known(part)
        if known is None:
            known = agreed(part, self.answers, limit)
            if part == "answer":
                refuse_blind(known, self.scenario, self.case.dtype)
        return agreement.compare(
            answer.parts[part],
            known.arrays,
            dtype=self.case.dtype,
            devices=answer.devices[part],
            device=answer.device,
            against=known.against,
            tolerance=limit,
        )

    def _known(self, part: str) -> Expected | None:
        if part not in self.expected:
            self.expected[part] = self._look_up(part)
        return self.expected[part]

    def _look_up(self, part: str) -> Expected | None:
        assert self.scenario is not None and self.case is not None
        if part == "answer":
            found = self._answer_once()
            if found:
                refuse_blind(found, self.scenario, self.case.dtype)
            return found
        arguments = self.inputs[: len(self.scenario.arguments)]
        if part == "value":
            return self._answer(self.case.of("value"))
        documented = self.scenario.documented
        if self.case.point == "documented" and documented and part in documented.intermediates:
            numbers = np.asarray(documented.intermediates[part], WIDE)
            return Expected(arrays=(numbers,), against="documented number")
        form = self.scenario.intermediates[part].closed_form
        return Expected(arrays=(wide(form(np, *map(wide, arguments))),), against="closed form")

    def _answer_once(self) -> Expected | None:
        """The expected answer to the case in hand; all compositions have the same."""
        assert self.case is not None
        key = (self.case.operator, self.fingerprint)
        if key not in self.earlier:
            self.earlier[key] = self._answer(self.case)
        return self.earlier[key]

    def _answer(self, case: Case) -> Expected | None:
        """The expected answer of the case's operator, from the first source that has it."""
        assert self.scenario is not None
        documented = _documented(self.scenario, case)
        if documented is not None:
            return Expected(arrays=documented, against="documented number")
        count = len(self.inputs) if case.operator != "value" else len(self.scenario.arguments)
        inputs = tuple(wide(x) for x in self.inputs[:count])
        form = self.scenario.closed_forms.get(case.operator)
        if form is not None:
            return Expected(
                arrays=checked(self.scenario, case, form(np, *inputs), inputs),
                against="closed form",
            )
        if effort(self.scenario, case, inputs) > AFFORDABLE:
            return None
        return self._extended(case, inputs)

    def _extended(self, case: Case, inputs: tuple[NDArray, ...]) -> Expected | None:
        """Let the reference backend compute in extended precision, if it can; of all compositions
        in the one that takes the fewest passes."""
        assert self.scenario is not None
        if case.composition:
            case = replace(case, composition=COMPOSITIONS[0])
        try:
            arrays = _run(self.backend, self.scenario, case, inputs, WIDE)
        except Exception:  # whatever it is that the reference can't do: the next source is asked
            return None
        return Expected(arrays=arrays, against="reference in extended precision")

    def _value(self, arguments: tuple[NDArray, ...]) -> NDArray:
        assert self.scenario is not None and self.case is not None
        case = self.case.of("value")
        return _run(self.backend, self.scenario, case, arguments, self.case.dtype)[0]

    def _slope(self, arguments: tuple[NDArray, ...], tangents: tuple[NDArray, ...]) -> float:
        """The size of the derivative along tangents; 0 where the reference can't tell it."""
        assert self.scenario is not None and self.case is not None
        try:
            inputs = (*arguments, *tangents)
            (found,) = _run(self.backend, self.scenario, self.case, inputs, self.case.dtype)
            return float(abs(found))
        except Exception:  # as in `_extended`: a way that the reference lacks
            return 0.0


def _documented(scenario: Scenario, case: Case) -> tuple[NDArray, ...] | None:
    documented = scenario.documented
    if documented is None or not is_documented(scenario, case) or case.wrt != documented.wrt:
        return None
    return tuple(wide(a) for a in documented.answers)


def _run(
    backend: Backend, scenario: Scenario, case: Case, inputs: Sequence[NDArray], dtype: str
) -> tuple[NDArray, ...]:
    """Let a backend compute a case in a dtype of ours."""
    case = Case.from_json({**case.to_json(), "dtype": dtype})
    example = tuple(backend.put(_recast(x, dtype)) for x in inputs)
    call, _ = prepare(
        backend,
        (),  # derived, so that it is not the very code that it is held against
        case,
        lambda xp: bind(scenario, case, xp),
        scenario.positions(case.wrt),
        example,
        len(scenario.arguments),
    )
    return tuple(np.asarray(backend.get(output)[0]) for output in call(*example))


def _recast(array: NDArray, dtype: str) -> NDArray:
    return array.astype(dtype) if array.dtype.kind == "f" else array


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
    oracle: Oracle,
    arrays: list[Blob],
    who: str,
    backend: str,
    device: str,
    parts: dict[str, list[str]],
) -> Reply:
    """Take in one trial's answer; `parts` maps each part to the devices of its outputs."""
    outputs = iter([from_blob(blob) for blob in arrays])
    taken = {part: tuple(next(outputs) for _ in places) for part, places in parts.items()}
    places = {part: tuple(names) for part, names in parts.items()}
    oracle.answers[who] = Answer(parts=taken, devices=places, device=device, backend=backend)
    return {}, ()


def judge(oracle: Oracle, arrays: list[Blob], most: int | None) -> Reply:
    """Judge all answers heard; those of at most `most` numbers come back written out."""
    verdicts = oracle.judge()
    written = {}
    for who, answer in oracle.answers.items():
        outputs = answer.parts["answer"]
        short = most is None or sum(x.size for x in outputs) <= most
        plain = all(x.dtype.kind in "fiub" and x.dtype.itemsize <= 8 for x in outputs)
        written[who] = [x.tolist() for x in outputs] if short and plain else None
    return {"verdicts": {w: asdict(v) for w, v in verdicts.items()}, "values": written}, ()


REQUESTS = {"start": start, "draw": draw, "hear": hear, "judge": judge} | {
    "lay_out": verdicts.lay_out,
    "appraise": verdicts.appraise,
}
