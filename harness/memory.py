"""Whether a case fits into the machine's memory, estimated before anything is started.

The estimate counts what a gradient keeps (the scenario says how many numbers), for every backend at
once, since all are alive together; a matrix of derivatives, and forward over forward, are computed
for all their rows at a time. It is rough, and only ever refuses what is far out of reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import machine
from harness.case import Case
from harness.errors import UsageError
from harness.options import Selection
from harness.scenario import Scenario

KEPT = 16  # numbers for each variable, where a scenario does not count its elements
BYTES = {"float32": 4, "float64": 8}
UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB", "ZB")


def affordable(
    cases: Sequence[Case], scenarios: Mapping[str, Scenario], selection: Selection, runners: int
) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Return the cases that fit, and a sentence for each kind that is left out of `--operator all`.

    Raises UsageError for one that was asked for by name, unless forced.
    """
    room = machine.memory()
    if selection.force or room is None:
        return tuple(cases), ()
    needs = [runners * estimate(scenarios[case.scenario], case) for case in cases]
    large = [(case, need) for case, need in zip(cases, needs, strict=True) if need > room]
    by_all = "all" in selection.operators and len(large) < len(cases)
    sentences = dict.fromkeys(_sentence(case, need, runners, room) for case, need in large)
    if large and not by_all:
        raise UsageError(f"{next(iter(sentences))}; take a smaller --size, or --force to try")
    refused = {id(case) for case, _ in large}
    kept = tuple(case for case in cases if id(case) not in refused)
    return kept, tuple(f"left out: {sentence}; --force to try" for sentence in sentences)


def estimate(scenario: Scenario, case: Case) -> int:
    """Return roughly how many bytes one backend needs for a case; 0 where the scenario has no
    counts."""
    if scenario.variables is None:
        return 0
    variables = scenario.variables(**case.size)
    kept = scenario.elements(**case.size) if scenario.elements else KEPT * variables
    all_rows = scenario.is_matrix(case.operator) or case.composition == "forward-over-forward"
    rows = variables if all_rows else 1
    return BYTES[case.dtype] * max(kept, variables) * rows


def _sentence(case: Case, need: int, runners: int, room: int) -> str:
    size = ", ".join(f"{name}={number}" for name, number in case.size.items())
    way = f"{case.operator} {case.composition}" if case.composition else case.operator
    backends = "1 backend" if runners == 1 else f"{runners} backends"
    return (
        f"{way} of {case.scenario} at {size} would need about {_shown(need)} for {backends}, and "
        f"this machine has {_shown(room)}"
    )


def _shown(count: float) -> str:
    for unit in UNITS:
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} thousand {UNITS[-1]}"
