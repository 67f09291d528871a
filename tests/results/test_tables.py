from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType

from results import tables
from results.agreement_table import agreement
from results.schema import Record
from results.store import Store
from results.summary import Summary, is_whole, left_over, summary_of
from tests.results.samples import a_record, a_run, a_time, an_error, drawn, drawn_lines


def test_troubles_put_the_broken_before_the_skipped_and_share_a_reason() -> None:
    missing = {"backend": "jax", "status": "unavailable", "reason": "jax is not installed"}
    records = [
        a_record("a", **missing),
        a_record("b", scenario="documented/square", **missing),
        a_record("c", status="interrupted"),
        a_record("d", status="wrong", error=an_error(2e-3), known="https://example.org/1"),
    ]
    lines = [line.rstrip() for line in drawn(tables.troubles(records)).splitlines()]
    assert lines[1:] == [
        "wrong torch:eager: gradient-penalty gradient",
        "    relative error 2.0e-03 against documented, tolerance 7.6e-06 (known:",
        "    https://example.org/1)",
        "interrupted torch:eager: gradient-penalty gradient",
        "    the run was stopped before this trial was finished",
        "unavailable jax:eager: all 2 cases",
        "    jax is not installed",
        "",
    ]


@pytest.mark.parametrize(
    ("records", "text"),
    [
        ([], "0 trials: none; stored as run r1 in results.db"),
        ([a_record()], "1 trial: 1 ok; stored as run r1 in results.db"),
        (
            [a_record("a", status="failed"), a_record("b"), a_record("c")],
            "3 trials: 2 ok, 1 failed; stored as run r1 in results.db",
        ),
        (
            [
                a_record("a", known="issue"),
                a_record("b"),
                *(a_record(known, status="wrong", known=known or None) for known in ("x", "y", "")),
            ],
            "5 trials: 2 ok (1 listed as failing), 3 wrong (2 known); stored as run r1 in "
            "results.db",
        ),
    ],
)
def test_the_closing_line_counts_and_says_where(records: list[Record], text: str) -> None:
    assert tables.closing(a_run(), records, where="results.db").plain == text


LEFT = "; not whole: harness run --resume r1"
PARTLY = a_record(seconds=a_time(1e-3, launches=2))


@pytest.mark.parametrize(
    ("changes", "record"),
    [
        ({"end": None}, a_record()),
        ({}, a_record(status="interrupted")),
        ({"settings": {"launches": 3}}, PARTLY),
    ],
    ids=["no end", "interrupted", "a launch less"],
)
def test_a_run_that_is_not_whole_says_so_wherever_it_is_told(
    tmp_path: Path, changes: dict[str, Any], record: Record
) -> None:
    run = a_run(selection={"scenarios": ["square"]}, **changes)
    with Store(tmp_path / "r.db", writing=True) as store:
        store.add_run(run)
        store.put(record)
        (summary,) = store.runs()
    assert left_over(summary) == left_over(summary_of(run, [record])) == LEFT
    assert tables.closing(run, [record], where="r.db").plain.endswith(f"in r.db{LEFT}")
    assert LEFT in " ".join(drawn(tables.listing([summary])).split())


def test_a_whole_run_says_no_more_and_one_that_can_not_be_resumed_gets_no_such_advice() -> None:
    whole = summary_of(a_run(settings={"launches": 2}), [PARTLY, a_record(status="failed")])
    assert is_whole(whole) and left_over(whole) == ""
    assert left_over(summary_of(a_run(end=None), [])) == "; not whole"


def test_runs_are_listed_with_launches_label_counts_and_command() -> None:
    newer = a_run("r2", label="after [it]", end=None, settings={"launches": 5})
    summaries = [
        Summary(run=newer, counts={"ok": 3, "wrong": 2}, known={"ok": 0, "wrong": 1}),
        Summary(run=a_run("r1", command="/usr/bin/harness run documented"), counts={}),
    ]
    text = " ".join(drawn(tables.listing(summaries)).split())
    assert "r2 2026-01-02 03:04 5 after [it] 3 ok, 2 wrong (1 known); not whole" in text
    assert "r1 2026-01-02 03:04 no record harness run documented" in text


def test_of_many_runs_the_newest_are_listed_and_the_others_counted() -> None:
    summaries = [Summary(run=a_run(f"r{n}"), counts={}) for n in range(30, 0, -1)]
    shown = drawn_lines(tables.listing(summaries, 20))
    assert "r11 " in "".join(shown) and "r10 " not in "".join(shown)
    assert shown[-1] == "and 10 older: harness list runs --all"
    assert "r1 " in drawn(tables.listing(summaries)) and "older" not in drawn(
        tables.listing(summaries, 30)
    )


@pytest.mark.parametrize("screen", [agreement, tables.listing])
def test_nothing_to_show_is_no_error(screen: Callable[[list[object]], RenderableType]) -> None:
    drawn(screen([]))


def test_everything_ok_and_unlisted_leaves_neither_troubles_nor_passes() -> None:
    assert tables.troubles([a_record()]) is None
    assert tables.passes([a_record()]) is None


def test_a_pass_of_a_listed_failure_is_told_with_what_to_do() -> None:
    records = [
        a_record("a", known="https://example.org/1"),
        a_record("b", backend="jax"),
        a_record("c", backend="numpy", status="wrong", known="https://example.org/2"),
    ]
    assert drawn_lines(tables.passes(records)) == [
        "passes, though the ledger lists it",
        "ok torch:eager: gradient-penalty gradient",
        "    take the entry out, or end its versions: https://example.org/1",
        "",
    ]


def unsupported(scenarios: int, *, of: int) -> str:
    """The line that names cases, where some of so many scenarios lack two operators."""
    missing = {"status": "unsupported", "reason": "no"}
    records = [
        a_record(f"{n}{way}", scenario=f"documented/s{n}", operator=way, **changes)
        for n in range(of)
        for way in ("value", "jvp", "hvp")
        for changes in [missing if n < scenarios and way != "value" else {}]
    ]
    return " ".join(drawn_lines(tables.troubles(records))[1:-2])


def test_many_cases_are_named_by_what_they_have_in_common() -> None:
    assert unsupported(3, of=5) == "unsupported torch:eager: 6 cases: jvp, hvp of s0, s1, s2"
    assert unsupported(5, of=5) == "unsupported torch:eager: 10 cases: jvp, hvp of every scenario"
    assert unsupported(1, of=5) == "unsupported torch:eager: s0 jvp, s0 hvp"
