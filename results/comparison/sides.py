"""What stands on either side of a comparison: a stored run or a file, or one runner of it.

One convention: of every record only a `Timing` is read, since a run may hold 100 000 of them; the
few that are named on the screen are looked up afterwards, with `details`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from results.cases import runner_name
from results.comparison import exported
from results.comparison.runners import plain, without_variant
from results.database import sentences
from results.errors import StoreError, nearest
from results.launches import launches_of
from results.rows import as_json
from results.schema import Record, Run
from results.store import Store

TRIAL = (
    *("run", "id", "scenario", "size", "point", "dtype", "operator", "composition", "wrt"),
    *("backend", "variant", "environment", "version", "device", "status", "reason", "known"),
    *("error", "schema"),
)
# The error of a right record is not shown, most are right, and parsing it took a third of the time.
COLUMNS = ", ".join(
    "CASE WHEN status = 'ok' THEN NULL ELSE error END" if name == "error" else f'"{name}"'
    for name in TRIAL
)
AT_ONCE = 500  # ids in one question; SQLite bounds how many


class Timing(NamedTuple):
    """What a comparison needs of a record: its runner's name, device and version, how it ended, and
    the launch medians of one series, empty where that was not timed."""

    runner: str
    device: str
    version: str | None
    status: str
    known: str | None
    launches: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a comparison: what was written for it, its run, and its timings by record id.

    `runner` names the one whose records these are, "" for all. `details` returns the records of
    some ids, with neither times nor values. `broken_off` says that the run is known not to have
    ended.
    """

    word: str
    run: Run
    timings: Mapping[str, Timing]
    details: Callable[[Collection[str]], Mapping[str, Record]]
    runner: str = ""
    broken_off: bool = False

    @property
    def runners(self) -> list[str]:
        return list(dict.fromkeys(timing.runner for timing in self.timings.values()))


def find(word: str, store: Callable[[], Store], series: str) -> Side:
    """Return the side meant by RUN, FILE, RUN@NAME or FILE@NAME. Raises StoreError.

    `store` opens the store, and is called only where a word is not a file. The whole word is tried
    first, for a label or a path may hold an @; NAME may hold one too.
    """
    ends = [len(word), *(place for place, letter in enumerate(word) if letter == "@" and place)]
    for end in ends:
        if exported.is_file(word[:end]):
            return only(from_file(word[:end], series), word, end)
    errors = []
    for end in ends:
        try:
            side = from_store(word[:end], store(), series)
        except StoreError as error:
            errors.append(error)
        else:
            return only(side, word, end)
    raise errors[min(1, len(errors) - 1)]  # of a word with an @, what is wrong before it


def from_file(word: str, series: str) -> Side:
    found = exported.read(Path(word))
    by_id = {record.id: record for record in found.records}
    timings = {id: timing_of(record, series) for id, record in by_id.items()}
    return Side(
        word=word,
        run=found.run,
        timings=timings,
        details=partial(among, by_id),
        broken_off=found.run.end is None and not found.streamed,
    )


def from_store(word: str, store: Store, series: str) -> Side:
    run = store.find(word)
    timings = read_timings(store, run.id, series)
    return Side(
        word=word,
        run=run,
        timings=timings,
        details=partial(read_trials, store, run.id),
        broken_off=run.end is None,
    )


def among(records: Mapping[str, Record], ids: Collection[str]) -> dict[str, Record]:
    return {id: records[id] for id in ids}


def timing_of(record: Record, series: str) -> Timing:
    launches = launches_of(record.seconds, series) if record.seconds else ()
    return Timing(
        runner_name(record),
        record.device,
        record.version,
        record.status,
        record.known,
        list(launches),
    )


def only(side: Side, word: str, end: int) -> Side:
    """Return the side with the records of the runner that is named behind the @ at `end`, if one
    is."""
    if end == len(word):
        return side
    name = word[end + 1 :]
    meant = [
        one for one in side.runners if plain(name) in (plain(one), plain(without_variant(one)))
    ]
    if len(meant) > 1:
        raise StoreError(f"{word!r} could be {' or '.join(meant)}; give one of them behind the @")
    if not meant:
        remedy = nearest(name, side.runners, f"it has {', '.join(side.runners)}")
        raise StoreError(f"{side.word} has nothing of {name!r}; {remedy}")
    chosen = {id: one for id, one in side.timings.items() if one.runner == meant[0]}
    return replace(side, word=word, timings=chosen, runner=meant[0])


def read_timings(store: Store, run: str, series: str) -> dict[str, Timing]:
    """Read what a comparison needs of every record of a run: SQLite takes the launches out of the
    JSON, and all of them are parsed at once, which together is six times as fast as `records`."""
    launches = "json_extract(seconds, ?)"
    if series == "operator":  # as in `launches_of`
        launches = f"coalesce({launches}, json_array(json_extract(seconds, '$.median')))"
    question = (
        "SELECT id, backend || ':' || variant || coalesce(environment, ''), device, version, "
        f"status, known, CASE WHEN seconds IS NULL THEN NULL ELSE {launches} END "
        "FROM records WHERE run = ? ORDER BY number"
    )
    with sentences(store.path, store.patience):
        rows = store.connection.execute(question, (f"$.by_launch.{series}", run)).fetchall()
        medians = json.loads(f"[{','.join(row[-1] or '[]' for row in rows)}]")
        return {
            id: Timing(runner, device, version, status, known, taken)
            for (id, runner, device, version, status, known, _), taken in zip(
                rows, medians, strict=True
            )
        }


def read_trials(store: Store, run: str, ids: Collection[str]) -> dict[str, Record]:
    """Read records with neither times nor values, and errors only of what is not right."""
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        question = f"SELECT {COLUMNS} FROM records WHERE run = ? AND id IN ({marks})"
        with sentences(store.path, store.patience):
            for row in store.connection.execute(question, (run, *some)):
                record = Record.from_fields({**as_json(row, TRIAL), "seconds": None})
                found[record.id] = record
    return {id: found[id] for id in wanted}
