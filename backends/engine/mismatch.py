"""How far an answer is from what was expected of it, and the sentence that says so.

The one convention: distances are counted in what is allowed, so that more than 1 is wrong.
"""

from typing import NamedTuple

import numpy as np


class Mismatch(NamedTuple):
    """Where an answer is farthest from the reference; `ratio` is counted in what is allowed."""

    ratio: float
    got: float
    expected: float
    allowed: float
    output: str


def compared(got, expected, allowed, output):
    """Make a Mismatch of two numbers; what is not finite is infinitely far."""
    apart = float(abs(got - expected))
    if not np.isfinite(apart):
        return Mismatch(np.inf, float(got), float(expected), float(allowed), output)
    ratio = apart / float(allowed) if apart else 0.0
    return Mismatch(ratio, float(got), float(expected), float(allowed), output)


def sentence(name, taken, where, mismatch):
    """Say which derivative is wrong, where and how far."""
    return (
        f"{described(taken, name)} is wrong at order {len(taken)}, {where}, for "
        f"{mismatch.output}: expected {mismatch.expected:.9g} by differences, got "
        f"{mismatch.got:.9g}, which is {abs(mismatch.got - mismatch.expected):.2g} away where "
        f"{mismatch.allowed:.1g} is allowed"
    )


def described(taken, name):
    """What a function is called once derivatives in these modes, the outermost first, are taken."""
    return f"the {'-over-'.join(taken)} derivative of {name}" if taken else name


def at_index(index):
    """An element's index as one would write it; nothing for an array without axes."""
    return f"[{', '.join(map(str, index))}]" if index else ""
