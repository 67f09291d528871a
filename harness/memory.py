"""Whether a case fits into the machine's memory, estimated before anything is started.

The estimate counts what a gradient keeps (the scenario says how many numbers) and, for a matrix of
derivatives, the matrix; for every backend at once, since all are alive together. It is rough, and
too low where a backend computes all rows of a matrix at a time: it refuses what is out of reach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from harness.case import BYTES, Case
from harness.errors import UsageError
from harness.machine import facts
from harness.options import Selection
from harness.scenario import Scenario
from results import units

COPIES = 3  # of a matrix: the unit vectors, the rows, the answer
KEPT = 16  # numbers for each variable, where a scenario does not count its elements


def affordable(
    cases: Sequence[Case],
    scenarios: Mapping[str, Scenario],
    selection: Selection,
    backends: Callable[[Case], int],
) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """Return the cases that fit, and a sentence for each scenario and size of which something is
    left out of `--operator all`; `backends` tells how many run a case.

    Raises UsageError for one that was asked for by name, unless forced.
    """
    room = facts.memory()
    if selection.force or room is None:
        return tuple(cases), ()
    kept: list[Case] = []
    refused: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for case in cases:
        need = backends(case) * estimate(scenarios[case.scenario], case)
        if need <= room:
            kept.append(case)
        else:
            size = ", ".join(f"{name}={number}" for name, number in case.size.items())
            refused.setdefault((case.scenario, size), []).append((case.operator, need))
    sentences = [_sentence(*place, ways, room) for place, ways in refused.items()]
    if sentences and ("all" not in selection.operators or not kept):
        raise UsageError(f"{sentences[0]}; take a smaller --size, or --force to try")
    return tuple(kept), tuple(f"left out: {text}; --force to try" for text in sentences)


def estimate(scenario: Scenario, case: Case) -> int:
    """Return roughly how many bytes one backend needs for a case; 0 where the scenario has no
    counts."""
    if scenario.variables is None:
        return 0
    variables = scenario.variables(**case.size)
    kept = scenario.elements(**case.size) if scenario.elements else KEPT * variables
    square = scenario.is_matrix(case.operator) or case.composition == "forward-over-forward"
    return BYTES[case.dtype] * (kept + (COPIES * variables**2 if square else 0))


def _sentence(scenario: str, size: str, ways: list[tuple[str, int]], room: int) -> str:
    operators = ", ".join(dict.fromkeys(operator for operator, _ in ways))
    need = max(need for _, need in ways)
    return (
        f"{operators} of {scenario} at {size} would need about {units.size(need)} on all backends "
        f"together, and this machine has {units.size(room)}"
    )
