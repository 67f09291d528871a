from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from results.comparison.exported import is_file, read
from results.encoding import encode
from results.errors import StoreError
from results.export import as_json
from tests.results.samples import a_record, a_run, a_timed

RUN, RECORDS = a_run("r1", label="before"), [a_timed("a", 1e-3, launches=3), a_record("b")]


def lines_of(header: Any, *records: Any) -> str:
    return "".join(f"{json.dumps(line)}\n" for line in ({"header": header}, *records))


def good() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return encode(RUN.to_json()), [record.to_json() for record in RECORDS]


@pytest.mark.parametrize("form", ["export", "lines"])
def test_a_run_comes_back_from_either_form(form: str, tmp_path: Path) -> None:
    header, records = good()
    text = as_json(RUN, RECORDS, {}) if form == "export" else lines_of(header, *records)
    (tmp_path / "run.json").write_text(text)
    assert read(tmp_path / "run.json") == (RUN, RECORDS, form == "lines")


def test_a_header_alone_is_a_run_without_records(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(lines_of(good()[0]))
    assert read(tmp_path / "run.json") == (RUN, [], True)


def test_a_file_of_before_newer_fields_is_read(tmp_path: Path) -> None:
    header, (record, _) = good()
    for name in ("selection", "code", "noise"):
        del header[name]
    for name in ("environment", "lacks"):
        del record[name]
    del record["seconds"]["by_launch"]
    (tmp_path / "run.json").write_text(lines_of(header, record))
    run, (found,), _ = read(tmp_path / "run.json")
    assert run.id == "r1" and found.seconds and not found.seconds.by_launch


def test_a_device_clock_too_coarse_for_a_call_comes_back(tmp_path: Path) -> None:
    timed = RECORDS[0].seconds
    assert timed is not None
    by_launch = {**timed.by_launch, "device": [0.0, 0.0, 0.0]}
    coarse = replace(RECORDS[0], seconds=replace(timed, device=0.0, by_launch=by_launch))
    (tmp_path / "run.json").write_text(as_json(RUN, [coarse], {}))
    assert read(tmp_path / "run.json").records == [coarse]


def test_an_existing_file_or_an_ending_makes_a_word_a_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    assert is_file(str(tmp_path / "plain")) and is_file("missing.json") and is_file("x.jsonl")
    assert not is_file("latest") and not is_file(str(tmp_path)) and not is_file("a" * 300)


def test_a_file_without_rights_is_one_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*path: Any, **options: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.stat", refused)
    assert is_file("closed/run")
    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(StoreError, match=r"closed/run can't be read \(Permission denied\); give"):
        read(Path("closed/run"))


def without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: item for key, item in data.items() if key != name}


def malformed() -> dict[str, tuple[str, str]]:
    header, (record, other) = good()
    timeless = {**record, "seconds": {**record["seconds"], "by_launch": {"operator": ["1 ms"]}}}
    negative = {**record, "seconds": {**record["seconds"], "by_launch": {"operator": [-1.0]}}}
    instant = {**record, "seconds": {**record["seconds"], "by_launch": {"operator": [0.0]}}}
    whole = json.dumps({"header": header, "records": [record]}, indent=2)
    return {
        "empty": ("", "line 1 is no JSON"),
        "text": ("median\n1 ms\n", "line 1 is no JSON"),
        "a torn line": (lines_of(header, record, other)[:-9], "line 3 is no JSON"),
        "a torn object": (whole[:200], r"line \d+ is no JSON"),
        "another object": ("{}", "it has no header"),
        "a list": ("[1]", "it has no header"),
        "records only": (json.dumps(record), "it has no header"),
        "records of no list": (json.dumps({"header": header, "records": 3}), "it has no header"),
        "an empty header": (lines_of({}), "its header is not that of a run"),
        "a machine of no object": (lines_of({**header, "machine": 3}), "its header is not that"),
        "numerics of no object": (
            lines_of({**header, "numerics": {"jax:jit": 3}}),
            "its header is not that of a run",
        ),
        "numerics of a number": (lines_of({**header, "numerics": 3}), "its header is not that"),
        "a label of no text": (lines_of({**header, "label": 3}), "its header is not that"),
        "an error of no number": (
            lines_of(header, {**other, "error": {**other["error"], "relative": "much"}}),
            "record 1 does not name a trial",
        ),
        "a selection of no object": (lines_of({**header, "selection": 3}), "its header is not"),
        "backends of no list": (
            lines_of({**header, "selection": {"backends": "torch"}}),
            "its header is not that of a run",
        ),
        "a device of no text": (
            lines_of({**header, "selection": {"devices": [0]}}),
            "its header is not that of a run",
        ),
        "brackets without end": ("[" * 100_000, "it is nested too deeply"),
        "a header too deep": (
            lines_of(header).replace('"cores": 2', '"cores": ' + "[" * 900 + "]" * 900),
            "its header is not that of a run",
        ),
        "a start of no text": (lines_of({**header, "start": None}), "its header is not that"),
        "a size of no object": (
            lines_of(header, {**record, "size": 3}),
            "record 1 does not name a trial",
        ),
        "a reason of no text": (
            lines_of(header, {**record, "reason": [1]}),
            "record 1 does not name a trial",
        ),
        "a line of no object": (lines_of(header, 3), "record 1 is no object"),
        "no scenario": (lines_of(header, without(record, "scenario")), "record 1 is not complete"),
        "a key too many": (lines_of(header, {**record, "x": 1}), "record 1 is not complete"),
        "a status": (lines_of(header, {**record, "status": "fine"}), "record 1 is not complete"),
        "seconds": (lines_of(header, {**record, "seconds": 3}), "record 1 is not complete"),
        "a time of words": (lines_of(header, other, timeless), "record 2 has a time that is no"),
        "a time below 0": (lines_of(header, negative), "record 1 has a time that is no number"),
        "a time of 0": (lines_of(header, instant), "record 1 has a time that is no number"),
        "a newer header": (lines_of({**header, "schema": 9}), "newer harness .schema 9"),
        "a newer record": (lines_of(header, {**record, "schema": 9}), "newer harness .schema 9"),
    }


@pytest.mark.parametrize("what", malformed())
def test_a_malformed_file_is_named_with_the_place(what: str, tmp_path: Path) -> None:
    text, sentence = malformed()[what]
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(StoreError, match=rf"run\.json:? .*{sentence}.*(; give a file|; try: pip)"):
        read(tmp_path / "run.json")


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"can't be read \(No such file or directory\); give a"):
        read(tmp_path / "missing.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StoreError, match="is no text; give a file"):
        read(tmp_path / "binary.json")
