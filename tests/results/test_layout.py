from __future__ import annotations

import io

import pytest
from rich.console import Console, RenderableType

from results import tables
from results.agreement_table import agreement
from results.compilation_table import compilation
from results.layout import STYLES
from results.scaling_table import scaling
from results.schema import STATUSES
from results.summary import Summary
from results.timing_table import timing
from tests.results.samples import (
    SCENARIOS,
    a_record,
    a_run,
    a_time,
    an_error,
    broken,
    drawn,
    sample,
)


def sweep_screens() -> list[RenderableType | None]:
    """Every backend at four sizes, with errors, times and names as long as they get."""
    error = an_error(1.2e-16, ulp=3.2e4, against="agreement of the others")
    records = [
        a_record(
            f"{n}{backend}",
            scenario="learning/ridge-hypergradient",
            size={"n": n, "K": 25},
            backend=backend,
            variant="function",
            dtype=dtype,
            error=error,
            seconds=a_time(9.999e-4 * n / number, value=1e-9, blocks=3, new_shape=0.123),
        )
        for n in (10, 1000, 100000, 1000000)
        for number, backend in enumerate(("tensorflow", "torch"), 1)
        for dtype in ("float32", "float64")
    ]
    run = a_run(twins={"tensorflow:function": "torch:function"})
    return [agreement(records), timing(records), compilation(run, records), scaling(records)]


def every_screen() -> list[RenderableType | None]:
    records, blocks = sample(3)
    records[0] = broken(records[0], error=an_error(2.1e-3))
    records[5] = broken(records[5], status="out-of-memory", error=None, reason="no " * 60)
    summary = Summary(run=a_run("3f2a91bc00d1", label="before"), counts={"ok": 10, "wrong": 2})
    return [
        agreement(records),
        timing(records, blocks),
        tables.troubles(records),
        tables.passes([a_record(str(n), operator=f"o{n}", known="issue " * 30) for n in range(9)]),
        *sweep_screens(),
        tables.closing(a_run("3f2a91bc00d1"), records, where=".harness/results.db"),
        tables.listing([summary]),
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_every_screen_fits_the_width_and_cuts_nothing(width: int) -> None:
    text = "".join(drawn(screen, width) for screen in every_screen())
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text and "..." not in text
    for name in (*SCENARIOS, "tensorflow:function", "out-of-memory", "ridge-hypergradient"):
        assert name in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_names_give_way_where_the_numbers_need_the_width(width: int) -> None:
    named = {"backend": "tensorflow", "variant": "function"}
    records = [
        a_record(f"{device}", device=device, seconds=a_time(1.0009, half=1e-4, blocks=3), **named)
        for device in ("cpu", "cuda:0")
    ]
    lines = [line.rstrip() for line in drawn(timing(records), width).splitlines()]
    assert max(map(len, lines)) <= width
    rows = [line for line in lines if "1.001 s" in line]
    assert len(rows) == 2 and all(row.split()[-3:] == ["-", "0", "0"] for row in rows)
    assert sum("tensorflow:function" in line for line in lines) == 2
    assert sum("cuda:0" in line for line in lines) == 1
    assert any(line.startswith("  tensorflow:function cuda:0") for line in lines) == (width != 80)


def test_no_screen_has_colour_when_piped_or_where_colour_is_unwanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "\x1b[" not in "".join(drawn(screen) for screen in every_screen())
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    for screen in every_screen():
        console.print(screen)
    assert isinstance(console.file, io.StringIO)
    for colour in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[1;31m", "\x1b[1;32m"):
        assert colour not in console.file.getvalue()


def test_every_status_has_a_style() -> None:
    assert set(STYLES) == set(STATUSES)
