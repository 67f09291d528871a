"""One primitive on one of our engine's variants, from the worker's answers to the verdicts.

One convention: `TABLE` is of the tests alone, one entry for each kind of rule of the engine. Each
is asked at its point twice, and the second answer is told: a replay's first call only records.
"""

from dataclasses import replace

import numpy as np

from backends.numpy import Numpy
from harness.atlas import answers, verdicts
from harness.atlas.scenarios import as_scenarios
from harness.atlas.ways import WAYS
from harness.bench import Bench
from harness.contract import Settings
from tests.harness.atlas.planted import of

MATRIX = ((1.5, -0.5), (0.25, 2.0), (-1.0, 0.75))
ENTRIES = (
    of(lambda m, x: m.sin(x), (0.7, -1.25), name="sine", calls={"xp": "xp.sin(x)"}),
    of(
        lambda m, x, y: x * y,
        ((0.5,), (-1.5,)),
        (2.0, 0.25, -0.75),
        name="product",
        calls={"xp": "x * y"},
    ),
    of(lambda m, x, y: x / y, (0.5, 1.5), (-2.0, 0.75), name="quotient", calls={"xp": "x / y"}),
    of(
        lambda m, x: m.np.roll(x * x, 1),
        (0.5, -1.5, 2.0),
        name="rolled",
        calls={"xp": "xp.roll(x * x, 1, axis=0)"},
    ),
    of(
        lambda m, x, y: x @ (y * y),
        MATRIX,
        ((0.5,), (-1.25,)),
        name="matrix product",
        calls={"xp": "xp.matmul(x, y * y)"},
    ),
    of(
        lambda m, x: m.np.stack([x[0] * x[0], x[1] * x[1], x[0] * x[0]]),
        (0.5, -1.5),
        name="repeated",
        calls={"xp": "xp.take(x * x, xp.asarray([0, 1, 0], dtype=xp.int64), axis=0)"},
    ),
    of(
        lambda m, x: m.np.asarray(x[0, 0] * x[1, 1] - x[0, 1] * x[1, 0]),
        MATRIX[:2],
        name="determinant",
        calls={"xp": "xp.linalg.det(x)"},
    ),
    of(
        lambda m, x: m.exp(-(x * x)),
        (0.7, -1.25),
        name="bell",
        calls={"xp": "xp.exp(-(x * x))"},
    ),
)
POINTS = ("chosen", "again")
TABLE = tuple(
    replace(one, points=tuple(replace(one.points[0], name=name) for name in POINTS))
    for one in ENTRIES
)
scenarios = as_scenarios(TABLE)
LOCATOR = f"{__name__}:scenarios"


def judgements(name, variant="eager", ways=WAYS):
    """What becomes of an entry's answers in every way: {way: judgement}."""
    what = {
        "locator": LOCATOR,
        "scenario": f"primitive/{name}",
        "dtype": "float64",
        "points": list(POINTS),
        "ways": [list(way) for way in ways],
    }
    given = {key: what[key] for key in what if key != "ways"}
    _, inputs = verdicts.lay_out(None, [], **given)
    backend = Numpy(variant, "cpu", Settings())
    bench = Bench(backend, backend.describe().native)
    with np.errstate(all="ignore"):
        reply, arrays = answers.survey(bench, inputs, **what)
        told = {"answers": reply["answers"], "most": None, "device": "cpu"}
        reply, _ = verdicts.appraise(None, list(arrays), **what, **told)
    return dict(zip(ways, reply["judgements"][1::2], strict=True))


def not_ok(name, variant="eager", ways=WAYS):
    """The operators of the ways whose answers are not ok."""
    found = judgements(name, variant, ways)
    return {way.operator for way, told in found.items() if told["status"] != "ok"}
