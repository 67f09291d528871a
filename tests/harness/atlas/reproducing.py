"""Records and scripts for tests of the reproducers, made without a store.

One convention: `text_of` writes a script for numbers that nobody computed; what it does is told by
running it.
"""

from harness import plugins
from harness.atlas import reproducer
from harness.atlas.evaluation import inputs_of
from harness.atlas.reproducer import Expected
from harness.atlas.ways import WAYS
from results.schema import Error, Record, Run

DECLARED = plugins.backends().items
VERSIONS = {"torch": "2.13.0+cpu", "jax": "0.10.2", "tensorflow": "2.21.0"}
ISSUE = "https://github.com/tensorflow/tensorflow/issues/127753"
RUN = Run(
    id="f00",
    command="harness atlas",
    label=None,
    seed=0,
    start="2026-01-01T00:00:00+00:00",
    end=None,
    machine={},
    versions={"python": "3.11.7"},
    numerics={},
    settings={},
    commit=None,
    selection={"atlas": True},
)
WORST = {"output": 0, "index": [1, 0], "got": -536.4624023437502, "expected": -945.941162109375}
EXPECTED = Expected(
    output=0, index=(1, 0), number=WORST["expected"], within=9.744580142828945e-10, relative=1e-12
)
BY_OPERATOR = {way.operator: way for way in reversed(WAYS)}


def record_of(primitive, point, way, backend, variant, **fields):
    given = {
        "status": "wrong",
        "error": Error(
            relative=1.0, ulp=1.0, ulp_q999=1.0, against="", tolerance=1e-12, worst=WORST
        ),
        "run": RUN.id,
        "id": "0123456789ab",
    }
    return Record(
        scenario=f"primitive/{primitive.name}",
        size={},
        point=point.name,
        dtype="float64",
        operator=way.operator,
        composition=way.composition,
        wrt=primitive.wrt(point),
        backend=backend,
        variant=variant,
        version=VERSIONS.get(backend),
        device="cpu",
        **{**given, **fields},
    )


def asked_of(primitive, point, way, backend, variant, inputs=None):
    record = record_of(primitive, point, way, backend, variant)
    inputs = inputs or inputs_of(primitive, point, "float64")
    return reproducer.asked(primitive, point, way, record, inputs, primitive.spelled(backend))


def written(asked, backend):
    """What a backend's reproducer returns: sections, and the expression of the answer."""
    return plugins.load(DECLARED[backend].reproducer)(asked)


def text_of(primitive, point, way, backend, variant, inputs=None):
    asked = asked_of(primitive, point, way, backend, variant, inputs)
    record = record_of(primitive, point, way, backend, variant, known=ISSUE)
    return reproducer.script(written(asked, backend), record, RUN, primitive, point, EXPECTED)


def outputs_of(primitive, point, way, backend, variant):
    """Run a script up to its answer."""
    sections, answer = written(asked_of(primitive, point, way, backend, variant), backend)
    names = {}
    exec("\n".join(line for section in sections for line in section), names)
    return eval(answer, names)


def run(text, capsys=None):
    """Run a script in this process; return its exit status."""
    try:
        exec(compile(text, "repro.py", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        return int(ended.code)
    return None
