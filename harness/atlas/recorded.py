"""From the id of a record to the script that shows it again.

One convention: whatever is missing (the record, its primitive or point, the plugin) is a UsageError
that says so, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness import plugins
from harness.atlas import reproducer
from harness.atlas.evaluation import inputs_of
from harness.atlas.expecting import expected_of
from harness.atlas.ways import WAYS, Way
from harness.errors import UsageError, unknown
from harness.plan import with_files
from harness.primitive import Point, Primitive
from results.by_id import beginning
from results.errors import nearest
from results.schema import ATLAS, BROKEN, Record, Run
from results.store import Store

SHOWN = (*BROKEN, "imprecise")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a record is about, in the tables as they are now."""

    primitive: Primitive
    point: Point
    way: Way
    reproducer: str


def script_of(path: Path, text: str, run: str | None) -> str:
    """Write the script for a record of the store, named by its id or the beginning of that, as of
    the newest run in which it was wrong, or of `run`. Raises UsageError and StoreError."""
    with Store(path) as store:
        record = newest(beginning(store, text, store.find(run).id if run else None))
        header = store.find(record.run)
    return script_for(record, header)


def script_for(record: Record, run: Run) -> str:
    """Write the script for a record that was not right."""
    found = looked_up(record, run)
    primitive, point, way = found.primitive, found.point, found.way
    call = primitive.spelled(record.backend)
    if call is None:
        raise UsageError(f"{record.scenario} is not written for {record.backend} any more")
    inputs = inputs_of(primitive, point, record.dtype)
    expected = expected_of(record, primitive, point, way, inputs)
    write = plugins.load(found.reproducer)
    written = write(reproducer.asked(primitive, point, way, record, inputs, call))
    return reproducer.script(written, record, run, primitive, point, expected)


def newest(records: list[Record]) -> Record:
    """The first that was not right. Raises UsageError."""
    for record in records:
        if record.status in SHOWN:
            return record
    last = records[0]
    raise UsageError(
        f"record {last.id} was {last.status} in run {last.run}, so there is nothing to show; "
        f"'harness show {last.run}' lists those that were wrong"
    )


def looked_up(record: Record, run: Run) -> Found:
    """Find what a record is about in the tables as they are now."""
    locator = reproducer_of(record)
    if not run.selection.get(ATLAS):
        raise UsageError(
            f"record {record.id} is of {record.scenario} in run {run.id}, which is no survey of "
            "primitives; scripts are written of records of 'harness atlas'"
        )
    primitive = primitive_of(record, run)
    points = {point.name: point for point in primitive.points}
    if record.point not in points:
        remedy = nearest(record.point, points, f"it has {', '.join(points)}")
        raise UsageError(
            f"primitive {primitive.name!r} has no point {record.point!r} any more; {remedy}"
        )
    way = next(w for w in WAYS if w[:2] == (record.operator, record.composition))
    return Found(
        primitive=primitive,
        point=points[record.point],
        way=way,
        reproducer=locator,
    )


def reproducer_of(record: Record) -> str:
    """Where the backend's way to write scripts is, if it brings one and has the variant."""
    found = plugins.backends().items
    if record.backend not in found:
        raise unknown("backend", record.backend, found)
    declaration = found[record.backend]
    if record.variant not in declaration.variants:
        raise unknown(f"variant of {record.backend}", record.variant, declaration.variants)
    if declaration.reproducer is None:
        raise UsageError(
            f"backend {record.backend!r} brings no way to write scripts without the harness; see "
            f"its answers again with: {again(record)}"
        )
    return declaration.reproducer


def again(record: Record) -> str:
    """The command that asks for a record's trial once more."""
    name = record.scenario.partition("/")[2]
    words = ["harness atlas", f"--primitive {name}", f"--backend {record.backend}:{record.variant}"]
    words.append(f"--operator {record.operator}")
    return " ".join(
        [*words, *([f"--composition {record.composition}"] if record.composition else [])]
    )


def primitive_of(record: Record, run: Run) -> Primitive:
    """The primitive, from the installed tables or the user's own files that the run named."""
    files = [word for word in run.selection.get("scenarios", ()) if word.endswith(".py")]
    items, _ = with_files(files, plugins.scenarios())
    scenario = items.get(record.scenario)
    if scenario is None or scenario.primitive is None:
        names = [name for name, one in items.items() if one.primitive]
        remedy = nearest(record.scenario, names, "install the plugin whose table had it")
        raise UsageError(f"there is no {record.scenario!r} among the primitives any more; {remedy}")
    return scenario.primitive
