"""A stored run in the formats of others: JSON, CSV, a Markdown table, pytest-benchmark's file.

One convention: each format is a function of the run, its records, and their blocks by record id,
and returns the text; CSV and JSON use the record's own keys. Markdown has a module of its own.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from results.cases import FULL
from results.encoding import encode
from results.markdown import as_markdown
from results.schema import Block, Error, Record, Run, Seconds

Blocks = Mapping[str, Sequence[Block]]

NESTED = {
    "error": [field.name for field in fields(Error)],
    "seconds": ["import", *(field.name for field in fields(Seconds) if field.name != "import_")],
}
SINCE = "5.1.0"  # pytest-benchmark's version whose file this is


def as_json(run: Run, records: Sequence[Record], blocks: Blocks) -> str:
    """Return one object: the run under `header`, and `records`."""
    whole = {"header": encode(run.to_json()), "records": [record.to_json() for record in records]}
    return json.dumps(whole, indent=2, allow_nan=False) + "\n"


def as_csv(run: Run, records: Sequence[Record], blocks: Blocks) -> str:
    """Return a row a record; nested keys are dotted, lists are JSON, null is empty.

    The columns do not depend on what happened, but for one a size and a kind of memory.
    """
    rows = [record.to_json() for record in records]
    columns = [name for key in fields(Record) for name in dotted(key.name, rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row, name) for name in columns] for row in rows)
    return out.getvalue()


def dotted(key: str, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the columns of one key of the record."""
    if key in NESTED:
        return [f"{key}.{name}" for name in NESTED[key]]
    if key in ("size", "bytes"):
        return [
            f"{key}.{name}" for name in dict.fromkeys(name for row in rows for name in row[key])
        ]
    return [key]


def cell(row: Mapping[str, Any], column: str) -> Any:
    key, dot, name = column.partition(".")
    item = (row[key] or {}).get(name) if dot else row[key]
    return json.dumps(item) if isinstance(item, list | dict) else item


def as_pytest_benchmark(run: Run, records: Sequence[Record], blocks: Blocks) -> str:
    """Return a file for `pytest-benchmark compare FILE`: right and timed records, grouped by case.

    A round is a block of the operator's series.
    """
    whole = {
        "machine_info": {**run.machine, "python_version": run.versions.get("python")},
        "commit_info": {
            "id": run.commit or "unknown",
            "time": None,
            "author_time": None,
            "dirty": bool(run.commit and run.commit.endswith("+")),
            "project": "autodiff-harness",
            "branch": "(unknown)",
        },
        "benchmarks": [
            benchmark(run, record, operator_blocks)
            for record in records
            if record.status == "ok"
            and (
                operator_blocks := [b for b in blocks.get(record.id, ()) if b.series == "operator"]
            )
        ],
        "datetime": run.start,
        "version": SINCE,
    }
    return json.dumps(encode(whole), indent=4, allow_nan=False) + "\n"


def benchmark(run: Run, record: Record, blocks: Sequence[Block]) -> dict[str, Any]:
    group, runner = FULL.case(record), FULL.runner(record)  # alike in every run
    asked = {"scenario": record.scenario, "operator": record.operator, **record.size}
    return {
        "group": group,
        "name": runner,
        "fullname": f"{group} {runner}",
        "params": {**asked, "dtype": record.dtype, "backend": record.backend},
        "param": runner,
        "extra_info": {
            "run": run.id,
            "record": record.id,
            "version": record.version,
            "device": record.device,
            "versions": dict(run.versions),
        },
        "options": {},
        "stats": rounds(blocks),
    }


def rounds(blocks: Sequence[Block]) -> dict[str, Any]:
    """Return pytest-benchmark's statistics of blocks, in seconds a call.

    Quartiles are interpolated between blocks; outliers lie beyond one standard deviation from the
    mean, or 1.5 interquartile ranges beyond the quartiles.
    """
    data = [block.seconds / block.calls for block in blocks]
    several = len(data) > 1
    mean, deviation = statistics.fmean(data), statistics.stdev(data) if several else 0.0
    q1, middle, q3 = (
        statistics.quantiles(data, n=4, method="inclusive") if several else [data[0]] * 3
    )
    fence = (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1))
    inside = [one for one in data if fence[0] <= one <= fence[1]]
    far = sum(abs(one - mean) > deviation for one in data)
    return {
        "min": min(data),
        "max": max(data),
        "mean": mean,
        "stddev": deviation,
        "rounds": len(data),
        "median": middle,
        "iqr": q3 - q1,
        "q1": q1,
        "q3": q3,
        "iqr_outliers": len(data) - len(inside),
        "stddev_outliers": far,
        "outliers": f"{far};{len(data) - len(inside)}",
        "ld15iqr": min(inside),
        "hd15iqr": max(inside),
        "ops": 1 / mean,
        "total": sum(data),
        "data": data,
        "iterations": round(statistics.median(block.calls for block in blocks)),
    }


FORMATS: dict[str, Callable[[Run, Sequence[Record], Blocks], str]] = {
    "json": as_json,
    "csv": as_csv,
    "markdown": as_markdown,
    "pytest-benchmark": as_pytest_benchmark,
}
