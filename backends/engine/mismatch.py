"""How far an answer is from what was expected of it, and the sentence that says so.

The one convention: distances are counted in what is allowed, so that more than 1 is wrong.
"""

from typing import NamedTuple

import numpy as np


class Mismatch(NamedTuple):
    """Where an answer is farthest from the reference; `ratio` is counted in what is allowed.

    Answer and reference are of their own dtypes, as they may differ beyond the digits of float64.
    """

    ratio: float
    got: np.floating
    expected: np.floating
    allowed: float
    output: str


def compared(got, expected, allowed, output):
    """Make a Mismatch of two numbers; what is not finite is infinitely far."""
    apart = float(abs(got - expected))
    ratio = apart / float(allowed) if apart else 0.0
    return Mismatch(ratio if np.isfinite(apart) else np.inf, got, expected, allowed, output)


def sentence(name, taken, where, mismatch):
    """Say which derivative is wrong, where and how far."""
    # !s, as formatting makes a float of a longdouble
    return (
        f"{described(taken, name)} is wrong at order {len(taken)}, {where}, for "
        f"{mismatch.output}: expected {mismatch.expected!s} by differences, got {mismatch.got!s}, "
        f"which is {abs(mismatch.got - mismatch.expected):.2g} away where "
        f"{mismatch.allowed:.1g} is allowed"
    )


def described(taken, name):
    """What a function is called once derivatives in these modes, the outermost first, are taken."""
    return f"the {'-over-'.join(taken)} derivative of {name}" if taken else name


def at_index(index):
    """An element's index as one would write it; nothing for an array without axes."""
    return f"[{', '.join(map(str, index))}]" if index else ""
