from __future__ import annotations

import csv
import io
import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.stats import Stats

from results.export import FORMATS, rounds
from results.schema import Block, Record, Run
from results.statistics import seconds_of
from tests.results.samples import a_record, a_run, an_error, blocks_of

TIMES = {"torch:eager": 7.9e-5, "jax:jit": 9.1e-6, "tensorflow:function": 2.2e-5}


def sample() -> tuple[Run, list[Record], dict[str, list[Block]]]:
    """Three backends on two scenarios: one is wrong in the second, one is not there at all."""
    records, blocks = [], {}
    for scenario in ("square", "gradient-penalty"):
        for number, (runner, per_call) in enumerate(TIMES.items()):
            name, (backend, variant) = f"{scenario}-{runner}", runner.split(":")
            blocks[name] = blocks_of(per_call, value=per_call / 2, seed=number)
            seconds = seconds_of(blocks[name], import_=1.0)
            named = {"scenario": f"documented/{scenario}", "backend": backend, "variant": variant}
            records.append(a_record(name, seconds=seconds, **named))
    wrong = {"status": "wrong", "seconds": None, "error": an_error(float("inf"))}
    absent = {"status": "unavailable", "seconds": None, "error": None, "value": None}
    records[3] = Record.from_json({**records[3].to_json(), **wrong, "error": None})
    records[4] = Record.from_json({**records[4].to_json(), **absent, "reason": "not, here"})
    return a_run(), records, blocks


def test_the_formats_are_those_of_the_command() -> None:
    assert list(FORMATS) == ["json", "csv", "markdown", "pytest-benchmark"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_run_without_records_has_every_format(form: str) -> None:
    assert FORMATS[form](a_run(), [], {}).endswith("\n")


def test_json_gives_back_the_run_and_its_records() -> None:
    run, records, blocks = sample()
    data = json.loads(FORMATS["json"](run, records, blocks))
    assert list(data) == ["header", "records"]
    assert Run.from_json(data["header"]) == run
    assert [Record.from_json(row) for row in data["records"]] == records


def test_json_holds_numbers_that_are_not_finite_as_strings() -> None:
    record = a_record(status="wrong", error=an_error(float("inf")), value=[[float("nan")]])
    (row,) = json.loads(FORMATS["json"](a_run(), [record], {}))["records"]
    assert (row["error"]["relative"], row["value"]) == ("inf", [["nan"]])


def nested(row: dict[str, str]) -> dict[str, Any]:
    """Undo the dots of a CSV row, leaving every cell text."""
    data: dict[str, Any] = {}
    for name, text in row.items():
        key, dot, rest = name.partition(".")
        if dot:
            data.setdefault(key, {})[rest] = text
        else:
            data[key] = text
    return data


def as_text(item: Any) -> str:
    return json.dumps(item) if isinstance(item, list | dict) else "" if item is None else str(item)


def test_csv_gives_back_every_key_of_every_record() -> None:
    run, records, blocks = sample()
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](run, records, blocks))))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        found = nested(row)
        for key, item in record.to_json().items():
            if isinstance(found[key], str):
                assert found[key] == as_text(item)
            elif item is None:
                assert set(found[key].values()) == {""}
            else:
                assert found[key] == {name: as_text(part) for name, part in item.items()}


def test_csv_numbers_come_back_to_the_last_bit() -> None:
    run, records, blocks = sample()
    first = next(csv.DictReader(io.StringIO(FORMATS["csv"](run, records, blocks))))
    assert records[0].seconds is not None
    assert float(first["seconds.median"]) == records[0].seconds.median


def test_csv_has_a_column_for_every_size_and_the_same_others_when_nothing_was_timed() -> None:
    few = [
        a_record("a", size={"n": 1}, status="failed", error=None),
        a_record("b", size={"K": 2}),
    ]
    header = FORMATS["csv"](a_run(), few, {}).splitlines()[0].split(",")
    full = FORMATS["csv"](*sample()).splitlines()[0].split(",")
    assert [name for name in header if name.startswith("size.")] == ["size.n", "size.K"]
    assert set(header) == set(full) | {"size.K"}
    assert "seconds.import" in header and "error.worst" in header


def test_markdown_has_a_row_a_case_and_a_column_a_backend() -> None:
    header, rule, *rows = FORMATS["markdown"](*sample()).splitlines()
    assert header == "| case | torch:eager | jax:jit | tensorflow:function |"
    assert rule == "| --- | ---: | ---: | ---: |"
    cells = [row.strip("| ").split(" | ") for row in rows if row.startswith("|")]
    assert [row[0] for row in cells] == ["square gradient", "gradient-penalty gradient"]
    medians = [record.seconds.median for record in sample()[1][:3] if record.seconds]
    ratios = [f"({median / min(medians):.2f})" for median in medians]
    assert [cell.rpartition(" ")[2] for cell in cells[0][1:]] == ratios
    assert ratios[1] == "(1.00)"


def test_markdown_names_the_status_of_what_is_not_ok_and_forms_no_ratio_with_it() -> None:
    last = FORMATS["markdown"](*sample()).splitlines()[3]
    _, torch, jax, tensorflow = last.strip("| ").split(" | ")
    assert (torch, jax) == ("wrong", "unavailable")
    assert tensorflow.endswith("us (1.00)")


def test_markdown_says_what_it_was_made_with() -> None:
    note = FORMATS["markdown"](*sample()).splitlines()[-1]
    assert "documented/*, n=1, documented point, float32, cpu" in note
    assert "a CPU; python 3.11.7, torch 2.13.0." in note


def test_a_case_that_was_only_checked_says_ok() -> None:
    assert "| gradient-penalty gradient | ok 0 |" in FORMATS["markdown"](a_run(), [a_record()], {})


def test_only_right_and_timed_records_become_benchmarks() -> None:
    data = json.loads(FORMATS["pytest-benchmark"](*sample()))
    assert [(bench["group"], bench["name"]) for bench in data["benchmarks"]] == [
        (f"documented/{scenario} gradient n=1 documented point float32", f"{runner} cpu")
        for scenario, runner in [
            *(("square", runner) for runner in TIMES),
            ("gradient-penalty", "tensorflow:function"),
        ]
    ]
    assert data["benchmarks"][0]["extra_info"]["versions"]["torch"] == "2.13.0"
    assert data["commit_info"]["id"] == "abc123"


@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_rounds_are_the_statistics_of_pytest_benchmark(count: int) -> None:
    blocks = blocks_of(1e-3, count=count)
    ours, theirs = rounds(blocks), Stats()
    for block in blocks:
        theirs.update(block.seconds / block.calls)
    # Quartiles have several definitions; theirs and what hangs on them need not be ours.
    quartiles = {"q1", "q3", "iqr", "iqr_outliers", "outliers", "ld15iqr", "hd15iqr"}
    for field in set(Stats.fields) - quartiles:
        assert ours[field] == pytest.approx(getattr(theirs, field)), field
    assert quartiles <= set(ours)
    assert ours["iterations"] == 100


@pytest.mark.parametrize("outlier", [0.01, 9.0])
def test_an_outlier_is_counted_and_left_out_of_the_whiskers(outlier: float) -> None:
    blocks = [
        Block(launch=0, series="operator", calls=1, seconds=seconds, faults=0)
        for seconds in (1.0, 1.1, 1.2, 1.3, outlier)
    ]
    found = rounds(blocks)
    assert (found["outliers"], found["ld15iqr"], found["hd15iqr"]) == ("1;1", 1.0, 1.3)


def test_pytest_benchmark_itself_reads_and_shows_the_file(tmp_path: Path) -> None:
    run, records, blocks = sample()
    file = tmp_path / "run.json"
    file.write_text(FORMATS["pytest-benchmark"](run, records, blocks))
    command = [sys.executable, "-m", "pytest_benchmark", "compare", str(file)]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert shown.returncode == 0, shown.stderr
    assert "Failed to load" not in shown.stdout + shown.stderr
    assert "benchmark 'documented/square gradient n=1 documented point float32'" in shown.stdout
    lines = [line.split() for line in shown.stdout.splitlines() if line.startswith("jax:jit cpu")]
    assert len(lines) == 1
    per_call = [b.seconds / b.calls for b in blocks["square-jax:jit"] if b.series == "operator"]
    medians = (f"{statistics.median(per_call) * scale:,.4f}" for scale in (1e6, 1e9))
    assert any(median in lines[0] for median in medians)
