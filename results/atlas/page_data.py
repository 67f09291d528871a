"""A survey as data for its page: small, as a large one has a hundred thousand answers.

One convention: an answer is null where it is right with no error to tell, one number where it is
right with that relative error, else an array whose places `ENTRY` names, its null end left out;
texts that recur stand once, in `texts`, and are referred to by their place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from results.atlas.findings import RAISING, imprecise, raising, wrong
from results.atlas.findings_list import element, runners
from results.atlas.layers import Atlas, full, short, way
from results.atlas.numbers import precise, written
from results.atlas.states import STATES
from results.encoding import encode
from results.schema import Record, Run

ENTRY = ("state", "status", "reason", "error", "expected", "got", "value", "known", "id")
SHOWN = 24  # numbers of an answer that are written out
REPRODUCED = ("wrong", "imprecise", *RAISING)


class Texts:
    """Texts by their place in a list, each held once."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def place(self, text: str | None) -> int | None:
        return None if text is None else self.places.setdefault(text, len(self.places))


def data_of(run: Run, atlas: Atlas, repro: str) -> dict[str, Any]:
    """Return all that the page shows, as JSON."""
    texts = Texts()
    names = list(STATES)
    primitives = [
        {"chapter": chapter, **primitive(atlas, name, texts)}
        for chapter, several in atlas.chapters.items()
        for name in several
    ]
    return {
        "run": run.id,
        "repro": repro,
        "runners": atlas.runners,
        "backends": [backend_of(atlas, runner) for runner in atlas.runners],
        "ways": [{"name": full(way), "short": short(way)} for way in atlas.ways],
        "states": [[state.name, state.symbol, state.meaning] for state in STATES.values()],
        "entry": ENTRY,
        "right": names.index("right"),
        "primitives": primitives,
        "findings": findings(atlas),
        "texts": list(texts.places),
    }


def backend_of(atlas: Atlas, runner: str) -> str:
    return next(cell[0].backend for key, cell in atlas.cells.items() if key[1] == runner)


def primitive(atlas: Atlas, name: str, texts: Texts) -> dict[str, Any]:
    """One row of the map: `answers[runner][way][point]`, `tolerances[way][point]`."""
    spots = spots_of(atlas, name)
    known = atlas.about.get(name)
    rows = [[atlas.cells.get((name, who, way), ()) for way in atlas.ways] for who in atlas.runners]
    return {
        "name": name,
        "formula": known.formula if known else "",
        "source": known.source if known else "",
        "calls": {key: texts.place(call) for key, call in known.calls.items()} if known else {},
        "lacks": {key: texts.place(why) for key, why in known.lacks.items()} if known else {},
        "points": [[spot, point_words(atlas, name, record)] for spot, record in spots.items()],
        "tolerances": [tolerances(atlas, name, way, spots) for way in atlas.ways],
        "answers": [[answers(atlas, cell, spots, texts) for cell in row] for row in rows],
    }


def spots_of(atlas: Atlas, name: str) -> dict[str, Record]:
    """A record at each point of a primitive, in the table's order."""
    found = {
        atlas.spot(record): record
        for runner in atlas.runners
        for way in atlas.ways
        for record in atlas.cells.get((name, runner, way), ())
    }
    order = list(atlas.about[name].points) if name in atlas.about else []
    place = {point: at for at, point in enumerate(order)}
    return dict(sorted(found.items(), key=lambda item: place.get(item[1].point, len(order))))


def point_words(atlas: Atlas, name: str, record: Record) -> str:
    return atlas.about[name].points.get(record.point, "") if name in atlas.about else ""


def tolerances(
    atlas: Atlas, name: str, way: tuple[str, str | None], spots: Mapping[str, Record]
) -> list[str | None]:
    """The tolerance at each point, which is that of every runner."""
    found: dict[str, str] = {}
    for runner in atlas.runners:
        for record in atlas.cells.get((name, runner, way), ()):
            if record.error:
                found[atlas.spot(record)] = f"{record.error.tolerance:.1e}"
    return [found.get(spot) for spot in spots]


def answers(
    atlas: Atlas, records: Sequence[Record], spots: Mapping[str, Record], texts: Texts
) -> list[Any] | int:
    """The answers of a cell at each point, 0 where none was asked for; a point that was not is
    the number -1."""
    if not records:
        return 0
    found = {atlas.spot(record): entry(atlas, record, texts) for record in records}
    return [found.get(spot, -1) for spot in spots]


def entry(atlas: Atlas, record: Record, texts: Texts) -> Any:
    state = atlas.state(record)
    if state == "right":
        return encode(float(f"{record.error.relative:.1e}")) if record.error else None
    error = record.error
    worst = error.worst if error else None
    expected, got = precise(worst["expected"], worst["got"]) if worst else (None, None)
    whole: list[Any] = [
        list(STATES).index(state),
        texts.place(record.status),
        texts.place(record.reason),
        f"{error.relative:.1e}" if error else None,
        expected,
        f"{got}{element(record)}" if worst else None,
        written(record.value, SHOWN) if record.value is not None else None,
        texts.place(record.known),
        record.id if record.status in REPRODUCED else None,
    ]
    while whole and whole[-1] is None:
        whole.pop()
    return whole


def findings(atlas: Atlas) -> list[list[Any]]:
    """What is wrong, raises or lost digits, the worst first: the cell of the worst answer,
    how many answers there are, and on which runners."""
    row = {name: place for place, name in enumerate(atlas.primitives)}
    column = {name: place for place, name in enumerate(atlas.runners)}
    names = list(STATES)
    return [
        [
            names.index(atlas.state(one.worst)),
            row[one.worst.scenario.partition("/")[2]],
            column[atlas.runner(one.worst)],
            atlas.ways.index(way(one.worst)),
            len(one.records),
            runners(atlas, one),
        ]
        for one in (*wrong(atlas), *raising(atlas), *imprecise(atlas))
    ]
