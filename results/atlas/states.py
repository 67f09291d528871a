"""What a cell of the map says: one state for a primitive's records at all its points.

One convention: the states stand in order and the worst point's is the cell's, so that a convention
never hides what is right, nor what is right what is wrong. Their symbols read without colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from results.schema import BROKEN, Record


@dataclass(frozen=True)
class State:
    """A state, the symbol and colour that stand for it, and what it means."""

    name: str
    symbol: str
    style: str
    meaning: str


STATES = {
    state.name: state
    for state in (
        State("wrong", "X", "bold red", "wrong, and in no ledger"),
        State("raises", "!", "bold magenta", "raises, dies or takes too long or too much"),
        State("known", "k", "red", "wrong or raises, as the ledger lists"),
        State("imprecise", "~", "yellow", "a quarter of the digits at least is right, but not all"),
        State("passes", "p", "bold green", "right, though the ledger lists it as failing"),
        State("not run", "?", "yellow", "interrupted, or not available here"),
        State("unsupported", "-", "dim", "the backend says that it cannot do this"),
        State("right", ".", "green", "right to the tolerance wherever a derivative exists"),
        State("convention", "c", "cyan", "no derivative exists at any point asked for"),
    )
}
ORDER = {name: place for place, name in enumerate(STATES)}
UNJUDGED = ("not run", "unsupported", "convention")
IN_RECORDS = {
    "ok": "right",
    "imprecise": "imprecise",
    "convention": "convention",
    "wrong": "wrong",
    "unsupported": "unsupported",
    "unavailable": "not run",
    "interrupted": "not run",
}


def failing(records: Iterable[Record]) -> frozenset[str]:
    """The listed issues that were seen to fail: what passes beside them is not to be pruned."""
    return frozenset(one.known for one in records if one.known and one.status in BROKEN)


def state_of(record: Record, seen: frozenset[str]) -> str:
    """Name one record's state, where `seen` are the issues that fail."""
    if record.known and record.status in BROKEN:
        return "known"
    if record.known and record.status == "ok" and record.known not in seen:
        return "passes"
    return IN_RECORDS.get(record.status, "raises")


def worst(names: Iterable[str]) -> str:
    """Name the state of a cell whose points have these."""
    return min(names, key=ORDER.__getitem__)
