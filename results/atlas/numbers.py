"""Answers written so shortly that several stand side by side.

One convention: a number is written exactly where it is a whole one or a half, else to three digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

LONGEST = 6  # numbers of an answer that are written out


def brief(number: Any) -> str:
    """Write one number: 0, -1, 1/2, nan, inf, or three digits."""
    if not isinstance(number, int | float) or not math.isfinite(number):
        return str(number)
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    for whole, below in ((1, ""), (2, "/2")):
        if number * whole == round(number * whole) and abs(number) < 1000:
            return f"{round(number * whole)}{below}"
    return f"{number:.3g}"


def precise(expected: Any, got: Any) -> tuple[str, str]:
    """Write two numbers to twelve digits, or to as many as tell them apart."""
    if not (isinstance(expected, int | float) and isinstance(got, int | float)):
        return str(expected), str(got)
    short = (f"{expected:.12g}", f"{got:.12g}")
    return short if short[0] != short[1] else (repr(expected), repr(got))


def written(value: list[Any] | None, most: int = LONGEST) -> str:
    """Write an answer: one array after another, those of one number without brackets."""
    if value is None:
        return ""
    return "; ".join(array(one, most) for one in value)


def array(nested: Any, most: int) -> str:
    """Write an array in the order of its elements; many alike once, of many the first."""
    found = [brief(number) for number in flat(nested)]
    if not isinstance(nested, list):
        return found[0]
    if len(found) > 2 and len(set(found)) == 1:
        return f"[{len(found)} x {found[0]}]"
    if len(found) > most:
        found[most - 1 :] = [f"... {len(found) - most + 1} more"]
    return f"[{', '.join(found)}]"


def flat(nested: Any) -> Iterator[Any]:
    if isinstance(nested, list):
        for one in nested:
            yield from flat(one)
    else:
        yield nested
