"""What a check of the self-test found, and what it may use to find it out.

One convention: measuring and judging are two functions, so that a judge can be shown measurements
that it has to refuse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSED, FAILED, UNDECIDED = "passed", "failed", "undecided"
CHANCE = 1e-3  # with which a check may fail though nothing is wrong


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a check works: a folder that is removed afterwards, the backends asked for in the words
    of the command, and whom it tells what it is doing."""

    folder: Path
    backends: tuple[str, ...]
    say: Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The outcome of a check: its verdict, a sentence, and a table of evidence with notes below.
    Rows stand under titles, "" for none."""

    verdict: str
    says: str
    header: Sequence[str] = ()
    rows: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    notes: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check. Checks with the same `measure` share what it returns."""

    name: str
    promise: str
    measure: Callable[[Setting], Any]
    judge: Callable[[Any], Finding]


def percent(share: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} %"


def most_by_chance(tries: int, rate: float, chance: float = CHANCE) -> int:
    """Return the number of events that so many independent tries exceed with at most `chance`, each
    happening at most at `rate`: the binomial distribution's upper quantile."""
    tail = 1.0
    for count in range(tries + 1):
        tail -= math.comb(tries, count) * rate**count * (1 - rate) ** (tries - count)
        if tail <= chance:
            return count
    return tries
