"""A configuration file: the options of `harness run` as TOML, so that a run can be repeated.

One convention: keys are the names of the long options, and `scenarios`; what stands on the command
line wins. Paths are relative to the folder where the command runs, as on the command line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from harness.errors import UsageError, unknown
from results.errors import StoreError
from results.schema import Block, Record, Run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NOT_IN_FILES = ("config", "resume", "dry-run", "help")
KEYS = {  # of fields whose options have other names
    "backends": "backend",
    "devices": "device",
    "operators": "operator",
    "compositions": "composition",
    "sizes": "size",
    "dtypes": "dtype",
}
TEXTS = {"precision": "{!r}", "budget": "{!r}s", "timeout": "{!r}s"}  # of numbers with a unit


def read(file: str, command: click.Command) -> dict[str, Any]:
    """Return the defaults that a file gives to a command's parameters, by their names.

    Raises UsageError where the file can't be read or says what the command doesn't know.
    """
    known = {key_of(parameter): parameter for parameter in command.params}
    known = {key: parameter for key, parameter in known.items() if key not in NOT_IN_FILES}
    given = _parsed(file)
    for key in given:
        if key not in known:
            raise unknown(f"key of {file}", key, known)
    return {str(known[key].name): _checked(file, key, known[key], given[key]) for key in given}


def key_of(parameter: click.Parameter) -> str:
    """Name a parameter as a file does: by its long option, or an argument by its own name."""
    long = [word for word in parameter.opts if word.startswith("--")]
    return long[0].removeprefix("--") if long else str(parameter.name)


def _parsed(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{file} can't be read ({error.strerror}); give a TOML file with --config"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}; mend it first") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UsageError(f"{file} is not UTF-8 (at line {line}); mend it first") from error


def _checked(file: str, key: str, parameter: click.Parameter, value: Any) -> Any:
    """Return the value that click expects. Raises UsageError for one of another type."""
    expected, fits = "text, in quotes", isinstance(value, str)
    if parameter.multiple or parameter.nargs == -1:
        value = [value] if isinstance(value, str) else value
        expected = "text or a list of texts, in quotes"
        fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
    elif isinstance(parameter, click.Option) and parameter.is_flag:
        expected, fits = "true or false", isinstance(value, bool)
    elif isinstance(parameter.type, click.types.IntParamType):
        expected, fits = "a whole number", type(value) is int
    if not fits:
        raise UsageError(f"{key} in {file} should be {expected}; got {value!r}")
    return value


def as_toml(run: Run, records: Sequence[Record], blocks: Mapping[str, Sequence[Block]]) -> str:
    """Write the file that repeats a stored run. Raises StoreError where the run is of a time when
    what was asked for was not kept."""
    if not run.selection:
        raise StoreError(
            f"run {run.id} was stored before runs kept what they were asked for; it was: "
            f"{run.command}"
        )
    asked = {**run.selection, **run.settings}
    asked.pop("label", None)  # a label means one run; repeated, it would mean another
    lines = [
        f"{KEYS.get(name, name).replace('_', '-')} = {_written(name, value)}\n"
        for name, value in asked.items()
        if value is not None and value is not False and value != []
    ]
    return "".join([f"# harness run --config FILE repeats run {run.id}\n", *lines])


def _written(name: str, value: Any) -> str:
    """Write a value as TOML; JSON's texts, lists, whole numbers and truths are TOML's too."""
    return json.dumps(TEXTS[name].format(value) if name in TEXTS else value, ensure_ascii=False)
