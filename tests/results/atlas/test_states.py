"""What a cell says: the worst of its points, and never a convention in place of anything."""

from __future__ import annotations

import pytest

from results.atlas.states import STATES, failing, state_of, worst
from results.schema import STATUSES
from tests.results.atlas.survey import ISSUE
from tests.results.samples import a_record


@pytest.mark.parametrize(
    ("points", "cell"),
    [
        (("right", "convention"), "right"),
        (("convention", "convention"), "convention"),
        (("wrong", "convention", "right"), "wrong"),
        (("raises", "wrong"), "wrong"),
        (("known", "wrong"), "wrong"),
        (("known", "imprecise", "right"), "known"),
        (("imprecise", "right"), "imprecise"),
        (("unsupported", "right"), "unsupported"),
    ],
)
def test_the_worst_point_is_the_cells(points: tuple[str, ...], cell: str) -> None:
    assert worst(points) == cell


def test_every_status_has_a_state() -> None:
    states = {state_of(a_record(status=status), frozenset()) for status in STATUSES}
    assert states == set(STATES) - {"known", "passes"}


def test_a_listed_failure_is_known() -> None:
    for status in ("wrong", "failed", "crashed", "timeout"):
        assert state_of(a_record(status=status, known=ISSUE), frozenset({ISSUE})) == "known"


def test_a_listed_failure_passes_only_where_nothing_of_its_issue_fails() -> None:
    right, bad = a_record(known=ISSUE), a_record(status="wrong", known=ISSUE)
    assert state_of(right, failing([right])) == "passes"
    assert state_of(right, failing([right, bad])) == "right"


def test_symbols_differ_without_their_colours() -> None:
    symbols = [state.symbol for state in STATES.values()]
    assert len(set(symbols)) == len(symbols) and all(len(s) == 1 and s.isascii() for s in symbols)
