from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from results.schema import Record, Run
from tests.results.samples import a_record, a_run, a_time, a_timed, an_error


def through_json(record: Record) -> Record:
    return Record.from_json(json.loads(json.dumps(record.to_json(), allow_nan=False)))


def test_a_timed_record_survives_json() -> None:
    record = a_timed("one", 1e-3, size={"n": 3, "K": 10})
    assert through_json(record) == record


def test_a_record_without_error_value_and_seconds_survives_json() -> None:
    record = a_record(status="failed", reason="it fell", error=None, value=None)
    assert through_json(record) == record


def test_numbers_that_are_not_finite_survive_json() -> None:
    worst = {"output": 0, "index": [1], "got": math.nan, "expected": -math.inf}
    error = replace(an_error(math.inf), worst=worst)
    back = through_json(a_record(status="wrong", error=error, value=[[math.nan, -math.inf, 1.5]]))
    assert back.error is not None and back.error.worst is not None and back.value is not None
    assert back.error.relative == math.inf
    assert math.isnan(back.error.worst["got"]) and back.error.worst["expected"] == -math.inf
    assert math.isnan(back.value[0][0]) and back.value[0][1:] == [-math.inf, 1.5]


def test_a_reason_that_reads_like_a_number_stays_text() -> None:
    assert through_json(a_record(status="failed", reason="nan")).reason == "nan"


def test_json_uses_the_key_import_and_puts_the_schema_first() -> None:
    data = a_timed("one", 1e-3).to_json()
    assert next(iter(data)) == "schema"
    assert data["seconds"]["import"] == 1.1


def test_a_run_survives_json() -> None:
    run = a_run(label="before", end=None)
    assert Run.from_json(json.loads(json.dumps(run.to_json()))) == run


def test_the_time_at_a_new_shape_and_the_twins_survive_json() -> None:
    record = a_record(seconds=a_time(1e-3, new_shape=0.25))
    assert through_json(record) == record
    assert record.to_json()["seconds"]["new_shape"] == 0.25
    run = a_run(twins={"jax:jit": "jax:eager"})
    assert Run.from_json(json.loads(json.dumps(run.to_json()))) == run


def test_what_was_written_before_twins_and_new_shapes_still_loads() -> None:
    old = a_record(seconds=a_time(1e-3)).to_json()
    del old["seconds"]["new_shape"]
    back = Record.from_json(old)
    assert back.seconds is not None and back.seconds.new_shape is None
    header = a_run().to_json()
    del header["twins"]
    assert Run.from_json(header).twins == {}


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="no status called 'fine'"):
        a_record(status="fine")
