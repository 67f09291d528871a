"""The cases of a run: every scenario at every size, dtype, operator and composition asked for.

One convention: an operator that a scenario lacks, or a size name, leaves the scenario out; what all
of them lack is an error.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path

from harness import plugins
from harness.case import COMPOSITIONS, DTYPES, OPERATORS, SECOND_ORDER, Case
from harness.errors import UsageError, unknown
from harness.options import Selection
from harness.scenario import Scenario

LEVELS = ("S", "M", "L")


def cases(scenarios: Sequence[Scenario], selection: Selection, seed: int) -> tuple[Case, ...]:
    """Cross everything that was asked for. Raises UsageError where nothing is left."""
    _check_words(scenarios, selection)
    if selection.model is not None and selection.data is None:
        raise UsageError("--model goes with --data; give the input file too")
    files: tuple[str, ...] = ()
    if selection.data is not None:
        files = (selection.data, selection.model) if selection.model else (selection.data,)
        grids = {s.name: [_size_of(s, files, selection)] for s in scenarios}
    else:
        several = sizes(selection.sizes)
        grids = {s.name: _grid(s, several) for s in scenarios}
    found = [
        case for s in scenarios for case in _cases_of(s, selection, grids[s.name], files, seed)
    ]
    if not found:
        raise UsageError(_why_none(scenarios, sizes(selection.sizes)))
    return tuple(found)


def _check_words(scenarios: Sequence[Scenario], selection: Selection) -> None:
    for operator in _known("operator", selection.operators, (*OPERATORS, "all")):
        if operator != "all" and not any(operator in s.operators for s in scenarios):
            known = sorted({name for s in scenarios for name in s.operators})
            raise UsageError(
                f"no chosen scenario has the operator {operator!r}; theirs are: {', '.join(known)}"
            )
    for dtype in selection.dtypes:
        if dtype not in DTYPES:
            raise unknown("dtype", dtype, DTYPES)
    _known("composition", selection.compositions, (*COMPOSITIONS, "all"))
    if selection.compositions and not {"all", *SECOND_ORDER} & set(selection.operators):
        raise UsageError("--composition is for second order; give --operator hvp or hessian too")


def _known(kind: str, words: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    for word in words:
        if word not in names:
            raise unknown(kind, word, names)
    return words


def _cases_of(
    scenario: Scenario,
    selection: Selection,
    grid: Sequence[Mapping[str, int]],
    files: tuple[str, ...],
    seed: int,
) -> Iterable[Case]:
    drawn = bool(selection.sizes or files) or scenario.documented is None
    point = _name_of(files[0]) if files else "drawn" if drawn else "documented"
    operators = _operators(scenario, selection.operators)
    dtypes = tuple(dict.fromkeys(selection.dtypes)) or (scenario.dtype,)
    wrt = scenario.wrt if drawn or scenario.documented is None else scenario.documented.wrt
    for size, operator, dtype in product(grid, operators, dtypes):
        for composition in _compositions(operator, selection.compositions):
            yield Case(
                scenario=scenario.name,
                size=size,
                point=point,
                dtype=dtype,
                operator=operator,
                composition=composition,
                wrt=wrt,
                seed=seed,
                data=files,
            )


def _name_of(file: str) -> str:
    """A file's name with the beginning of its contents' hash, as others may have the same name."""
    path = Path(file)
    return f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def _size_of(scenario: Scenario, files: tuple[str, ...], selection: Selection) -> dict[str, int]:
    """Read a data file once before anything starts, so that a bad one costs nothing."""
    if scenario.data is None:
        raise UsageError(
            f"{scenario.name} reads no data files; give --data with one scenario that does, such "
            "as adbench/gmm"
        )
    if selection.sizes:
        raise UsageError("a data file has a size of its own; leave out --size or --data")
    if not Path(files[0]).is_file():
        raise UsageError(f"there is no file {files[0]!r}; give --data an input file")
    return plugins.read(scenario.data, files)[0]


def _grid(scenario: Scenario, asked: Mapping[str, list[int]]) -> list[dict[str, int]]:
    """Every size asked for; none where the scenario lacks a name."""
    levels = [name for name in asked if name in LEVELS]
    named = [name for name in asked if name not in LEVELS]
    if any(n not in scenario.size for n in named) or any(n not in scenario.levels for n in levels):
        return []
    bases = [dict(scenario.levels[name]) for name in levels] or [dict(scenario.size)]
    values = [dict(zip(named, v, strict=True)) for v in product(*(asked[n] for n in named))]
    return [{**base, **value} for base in bases for value in values]


def _operators(scenario: Scenario, words: Sequence[str]) -> tuple[str, ...]:
    if "all" in words:
        return scenario.operators
    chosen = tuple(w for w in dict.fromkeys(words) if w in scenario.operators)
    return chosen if words else (scenario.operator,)


def _compositions(operator: str, words: Sequence[str]) -> tuple[str | None, ...]:
    if operator not in SECOND_ORDER:
        return (None,)
    return COMPOSITIONS if "all" in words else tuple(dict.fromkeys(words)) or COMPOSITIONS[:1]


def sizes(words: Sequence[str]) -> dict[str, list[int]]:
    """Read "n=5,1000", "n=10..1e6", "K=10" or "S"; a level stands under its own name with no
    numbers, a range for its ends and every tenfold of its beginning between them."""
    asked: dict[str, list[int]] = {}
    for word in words:
        name, equals, numbers = word.partition("=")
        if not equals:
            for level in word.split(","):
                if level not in LEVELS:
                    raise UsageError(f"--size is {word!r}; give name=number, as n=1000, or S, M, L")
                asked[level] = []
            continue
        if not name.isidentifier():
            raise UsageError(f"--size is {word!r}; give each name a --size of its own")
        counts = (one for part in numbers.split(",") for one in _counts(word, part))
        asked[name] = list(dict.fromkeys([*asked.get(name, []), *counts]))
    return asked


def _counts(word: str, part: str) -> list[int]:
    """One number, or those of a range: 10..1e6 is 10, 100, ..., 1e6."""
    first, dots, last = part.partition("..")
    low = _count(word, first)
    if not dots:
        return [low]
    high = _count(word, last)
    if high <= low:
        remedy = f"{last}..{first}" if high < low else first
        raise UsageError(f"--size {word}: the range {part!r} should rise; try {remedy}")
    between = [low]
    while between[-1] * 10 < high:
        between.append(between[-1] * 10)
    return [*between, high]


def _count(word: str, number: str) -> int:
    """A whole number above zero; 1e6 is one too."""
    try:
        value = float(number)
    except ValueError:
        value = math.nan
    if (
        not 0 < value < math.inf
        or value != int(value)
        or not re.fullmatch(r"[\d.eE+]+", number.strip())
    ):
        raise UsageError(f"--size {word}: {number!r} is no whole number above 0; try n=1000")
    return int(value)


def _why_none(scenarios: Sequence[Scenario], asked: Mapping[str, list[int]]) -> str:
    known = sorted({name for s in scenarios for name in (*s.size, *s.levels)})
    lacking = [name for name in asked if name not in known]
    if lacking:
        return f"no chosen scenario has a size {lacking[0]!r}; theirs are: {', '.join(known)}"
    return "no chosen scenario has all of these sizes and operators; ask for fewer at once"
