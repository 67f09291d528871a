"""Is every wrong derivative called wrong?

The mutants are variants of the fake, and data, as are the places where a mutant changes nothing;
there it has to be right, as the sound fake has to be everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.options import Options
from harness.selftest.finding import FAILED, PASSED, Check, Finding, Setting
from harness.selftest.running import ANSWERS, records_of
from results.cases import way_of
from results.schema import Record

SOUND = "exact"
MUTANTS = (
    *("sign", "factor", "transpose", "cross", "stale", "zero", "nan", "narrow", "element"),
    *("shape", "dtype", "complex", "longer", "fewer", "mutates", "once", "unawaited"),
)
EQUIVALENT = {
    ("transpose", "hessian"): "a Hessian is symmetric",
    ("cross", "value"): "a dropped term of a derivative leaves the value as it is",
}
SHOWN = 8  # survivors that are named
OPTIONS = Options(check=True, timeout=30.0)


def measure(setting: Setting) -> list[Record]:
    return records_of(
        setting,
        ANSWERS,
        (SOUND, *MUTANTS),
        OPTIONS,
        operators=("all",),
        compositions=("all",),
        dtypes=("float64", "float32"),
    )


def right(record: Record) -> bool:
    """Whether the record's variant has to come out right."""
    return record.variant == SOUND or (record.variant, record.operator) in EQUIVALENT


def judge(records: Sequence[Record]) -> Finding:
    alive = [r for r in records if not right(r)]
    survivors = [r for r in alive if r.status != "wrong"]
    accused = [r for r in records if right(r) and r.status != "ok"]
    killed = f"{len(alive) - len(survivors)} of {len(alive)} mutants killed"
    ways = len({(way_of(r), r.dtype) for r in records})
    says = f"{killed}, in {ways} ways each"
    if accused:
        says += f"; {len(accused)} right answers called wrong"
    return Finding(
        verdict=FAILED if survivors or accused or not alive else PASSED,
        says=says,
        header=("mutant", "killed", "equivalent"),
        rows={"": [row(name, records) for name in dict.fromkeys(r.variant for r in alive)]},
        notes=[
            *named("survived", survivors),
            *named("wrongly accused", accused),
            *(f"{name} is equivalent in a {way}: {why}" for (name, way), why in EQUIVALENT.items()),
        ],
    )


def row(name: str, records: Sequence[Record]) -> tuple[str, str, str]:
    mine = Counter((right(r), r.status) for r in records if r.variant == name)
    equivalent = sum(count for (is_right, _), count in mine.items() if is_right)
    total = sum(mine.values()) - equivalent
    return name, f"{mine[False, 'wrong']} of {total}", str(equivalent or "")


def named(what: str, records: Sequence[Record]) -> list[str]:
    lines = [f"{what}: {r.variant}, {way_of(r)} {r.dtype}: {r.status}" for r in records]
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], *([f"{what}: {rest} more"] if rest > 0 else [])]


CHECK = Check(
    name="mutants",
    promise="every wrong derivative is called wrong, and every right one right",
    measure=measure,
    judge=judge,
)
