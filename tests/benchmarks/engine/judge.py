"""Whether an answer is right: against the one by hand, and against the engine in longdouble.

The one convention: an error is the largest of an output's elements, relative to the output's
largest element, as cancellation is the formula's and not the contestant's.
"""

import numpy as np

from tests.benchmarks.engine.case import RTOL
from tests.benchmarks.engine.contestants import enter


def in_extended_precision(case, inputs):
    """Return the engine's answer computed in longdouble."""
    return enter("eager", case, tuple(x.astype(np.longdouble) for x in inputs))()


def differences(answer, expected, rtol):
    """Return a sentence for every output that differs from the expected one."""
    if len(answer) != len(expected):
        return [f"{len(answer)} outputs instead of {len(expected)}"]
    found = []
    for place, (got, want) in enumerate(zip(map(np.asarray, answer), expected, strict=True)):
        if got.shape != want.shape:
            found.append(f"output {place} has shape {got.shape} instead of {want.shape}")
            continue
        error = np.max(np.abs(got - want)) / np.max(np.abs(want))
        if not error <= rtol:
            found.append(f"output {place} is off by {error:.1e}, where {rtol:.0e} is allowed")
    return found


def demand(name, case, call, inputs, references):
    """Raise ValueError, saying where, unless the call's answer agrees with every reference."""
    rtol = RTOL[inputs[0].dtype]
    answer = call()
    for whose, expected in references.items():
        for difference in differences(answer, expected, rtol):
            raise ValueError(f"{name} is wrong in {case.name!r}: against {whose}, {difference}")


def references_of(case, inputs):
    """Return the two answers that all others are held against; they are held against each other."""
    hand = enter("hand", case, inputs)
    references = {"the engine in longdouble": in_extended_precision(case, inputs)}
    demand("the answer by hand", case, hand, inputs, references)
    return {"by hand": hand(), **references}
