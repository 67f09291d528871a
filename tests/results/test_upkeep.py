from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from results.summary import Summary
from results.upkeep import outdated
from tests.results.samples import a_run

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
LISTED = [  # newest first
    Summary(run=a_run("still", start="2026-02-28T00:00:00+00:00", end=None), counts={}),
    Summary(run=a_run("new", start="2026-02-27T00:00:00+00:00"), counts={}),
    Summary(run=a_run("stopped", start="2026-02-26T00:00:00+00:00"), counts={"interrupted": 1}),
    Summary(run=a_run("named", start="2026-01-03T00:00:00+00:00", label="v1"), counts={}),
    Summary(run=a_run("killed", start="2026-01-02T00:00:00+00:00", end=None), counts={}),
    Summary(run=a_run("old", start="2026-01-01T00:00:00+00:00"), counts={}),
]


@pytest.mark.parametrize(
    ("asked", "going"),
    [
        ({}, ["still", "new", "stopped", "killed", "old"]),
        ({"keep": 1}, ["new", "stopped", "killed", "old"]),
        ({"keep": 9}, []),
        ({"older_than": timedelta(days=30)}, ["killed", "old"]),
        ({"older_than": timedelta(days=59)}, ["old"]),
        ({"unfinished": True}, ["still", "stopped", "killed"]),
        ({"unfinished": True, "older_than": timedelta(days=30)}, ["killed"]),
        ({"keep": 5, "older_than": timedelta(days=30)}, ["old"]),
        ({"labelled": True, "older_than": timedelta(days=30)}, ["named", "killed", "old"]),
    ],
)
def test_a_run_goes_if_it_meets_every_condition(asked: dict[str, Any], going: list[str]) -> None:
    assert [summary.run.id for summary in outdated(LISTED, now=NOW, **asked)] == going
