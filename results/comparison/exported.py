"""Read a run back from a file: what `harness export RUN --format json` or `run --json FILE` wrote.

One convention: a file that is neither, or of a newer schema, is a StoreError that names the file
and the place in it.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple, NoReturn

from results.errors import StoreError
from results.schema import SERIES, Record, Run

WORDS = ("backends", "exclude", "devices")  # of a selection, those that a comparison reads
DEEPEST = 50  # levels of a header, of which a real one has five; all that writes it recurses
REMEDY = "give a file made by 'harness export RUN --format json' or 'harness run --json FILE'"


def is_file(word: str) -> bool:
    """Say whether a word of the command means a file rather than a stored run."""
    if word.endswith((".json", ".jsonl")):
        return True
    try:
        return S_ISREG(os.stat(word).st_mode)
    except PermissionError:  # whoever reads it is told
        return True
    except OSError:  # as of a word that is too long for a name
        return False


class Exported(NamedTuple):
    """A run and its records. `streamed` says that they were written as they were made: such a file
    does not tell whether the run has ended."""

    run: Run
    records: list[Record]
    streamed: bool


def read(path: Path) -> Exported:
    """Return what the file holds. Raises StoreError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path} can't be read ({error.strerror}); {REMEDY}") from error
    except UnicodeDecodeError as error:
        raise StoreError(f"{path} is no text; {REMEDY}") from error
    header, rows, streamed = parts(text, path)
    try:
        run = Run.from_json(header)
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        refuse(path, "its header is not that of a run", error)
    if not (is_shallow(header, DEEPEST) and is_run(run)):
        refuse(path, "its header is not that of a run")
    return Exported(run, [a_record(row, n, path) for n, row in enumerate(rows, 1)], streamed)


def parts(text: str, path: Path) -> tuple[Mapping[str, Any], Sequence[Any], bool]:
    """Return header and records of either form, one object or an object a line, and whether it is
    the latter."""
    first, _, rest = text.partition("\n")
    try:
        whole = [json.loads(first), *map(json.loads, rest.splitlines())]
    except (ValueError, RecursionError):
        whole = [parsed(text, path)]
    head = whole[0] if whole and isinstance(whole[0], dict) else {}
    streamed = len(whole) > 1 or "records" not in head
    records = whole[1:] if streamed else head["records"]
    if not (isinstance(head.get("header"), dict) and isinstance(records, list)):
        refuse(path, "it has no header")
    return head["header"], records, streamed


def parsed(text: str, path: Path) -> Any:
    """Parse the text as one object; where it fails, name the line."""
    try:
        return json.loads(text)
    except RecursionError as error:
        refuse(path, "it is nested too deeply", error)
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        several = error.msg == "Extra data"  # an object a line, and one further down is broken
        line = next((n for n, one in enumerate(lines, 1) if not is_json(one)), error.lineno)
        refuse(path, f"line {line if several else error.lineno} is no JSON", error)


def is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def a_record(row: Any, number: int, path: Path) -> Record:
    if not isinstance(row, dict):
        refuse(path, f"record {number} is no object")
    try:
        record = Record.from_json(row)
        by_launch = record.seconds.by_launch if record.seconds else {}
        timed = all(is_time(one, name) for name in SERIES for one in by_launch.get(name, ()))
    except StoreError as error:
        raise StoreError(f"{path}: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        refuse(path, f"record {number} is not complete", error)
    if not is_trial(record):
        refuse(path, f"record {number} does not name a trial")
    if not timed:
        refuse(path, f"record {number} has a time that is no number of seconds above 0")
    return record


def is_shallow(data: Any, levels: int) -> bool:
    """Say whether objects and lists lie in each other this many levels deep at most."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return levels > 0 and all(is_shallow(one, levels - 1) for one in inner)


def is_run(run: Run) -> bool:
    """Say whether what is read of a run here has the type it should have."""
    nested = (run.machine, run.versions, run.settings, run.numerics, run.selection)
    return (
        all(isinstance(one, dict) for one in nested)
        and all(are_words(run.selection.get(name, [])) for name in WORDS)
        and all(isinstance(one, dict) for one in run.numerics.values())
        and are_texts(run.id, run.start)
        and are_texts(*known(run.end, run.label, run.commit, run.code))
    )


def is_trial(record: Record) -> bool:
    """Say whether what makes a trial has the type it should have."""
    case = (record.id, record.scenario, record.point, record.dtype, record.operator, *record.wrt)
    options = (record.composition, record.environment, record.reason, record.known, record.version)
    error = record.error
    return (
        isinstance(record.size, dict)
        and are_texts(*case, record.backend, record.variant, record.device, *known(*options))
        and (error is None or are_numbers(error.relative, error.tolerance))
    )


def known(*several: Any) -> list[Any]:
    return [one for one in several if one is not None]


def are_words(one: Any) -> bool:
    return isinstance(one, list) and are_texts(*one)


def are_texts(*several: Any) -> bool:
    return all(isinstance(one, str) for one in several)


def are_numbers(*several: Any) -> bool:
    return all(isinstance(one, int | float) for one in several)


def is_time(one: Any, series: str) -> bool:
    """Say whether it is a number of seconds. A device's clock may be too coarse for a call."""
    return are_numbers(one) and (0 < one < math.inf or (one == 0 and series == "device"))


def refuse(path: Path, why: str, cause: Exception | None = None) -> NoReturn:
    raise StoreError(f"{path} holds no run: {why}; {REMEDY}") from cause
