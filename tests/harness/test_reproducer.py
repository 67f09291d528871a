"""`harness repro`: which record is meant, what is refused, and a script that runs alone.

One convention: records are put in a store by hand; the survey that makes real ones is tested
elsewhere.
"""

import subprocess
import sys
from dataclasses import replace

import pytest
from click.testing import CliRunner

from harness import plugins
from harness.arrays import fingerprint
from harness.atlas import recorded
from harness.atlas.evaluation import inputs_of
from harness.atlas.expecting import expected_of
from harness.commands.repro import repro
from harness.contract import Declaration
from harness.errors import HarnessError, UsageError
from harness.plugins import Found
from harness.primitive import Primitive
from results.errors import StoreError
from results.store import Store
from tests.harness.atlas.reproducing import BY_OPERATOR, RUN, record_of, run

TABLE = plugins.scenarios().items
IDENTITY = TABLE["primitive/identity"].primitive
TWICE = next(point for point in IDENTITY.points if point.name == "twice")
SECOND = BY_OPERATOR["second"]
ID = "0123456789ab"


def inputs_hash(primitive=IDENTITY, point=TWICE):
    inputs = inputs_of(primitive, point, "float64")
    return fingerprint((*inputs.arguments, inputs.cotangent, *inputs.tangents))


def worst(got, right, index=()):
    error = record_of(IDENTITY, TWICE, SECOND, "torch", "eager").error
    return replace(error, worst={"output": 0, "index": list(index), "got": got, "expected": right})


def a_record(backend="torch", variant="eager", **fields):
    given = {"error": worst(2.4, 4.199999999999999), "inputs": inputs_hash()}
    return replace(record_of(IDENTITY, TWICE, SECOND, backend, variant), **{**given, **fields})


def stored(path, *records, runs=(RUN,)):
    with Store(path, writing=True) as store:
        for one in runs:
            store.add_run(one)
        for record in records:
            store.put(record)
    return path


@pytest.fixture
def store(tmp_path):
    return stored(tmp_path / "r.db", a_record())


def refused(path, text=ID, run=None):
    with pytest.raises((UsageError, StoreError)) as caught:
        recorded.script_of(path, text, run)
    return str(caught.value)


def test_the_script_says_what_where_and_how_it_is_known(store):
    text = recorded.script_of(store, ID[:5], None)
    for words in ("forward-over-forward, of identity at its point 'twice'", "is 2.4 where 4.2",
                  "by its definition, x, in extended precision (mpmath)", "torch 2.13.0+cpu",
                  "Python 3.11.7", "return (m * m) * m"):  # fmt: skip
        assert words in text.replace("\n# ", " ")
    assert "harness" not in text


def test_a_framework_that_is_right_at_hand_ends_the_script_with_zero(store, capsys):
    pytest.importorskip("torch")
    assert run(recorded.script_of(store, ID, None)) == 0
    assert "computed 4.199999999999999: fixed here" in capsys.readouterr().out


@pytest.mark.parametrize("primitive", ["det", "slogdet"])
def test_a_framework_that_is_wrong_at_hand_ends_the_script_with_one(primitive, capsys):
    """pytorch issue 192540."""
    pytest.importorskip("torch")
    one = TABLE[f"primitive/{primitive}"].primitive
    point = next(p for p in one.points if p.name == "generic")
    way = BY_OPERATOR["second"]
    blank = record_of(one, point, way, "torch", "eager", status="failed", error=None, reason="no")
    expected = expected_of(blank, one, point, way, inputs_of(one, point, "float64"))
    record = replace(blank, status="wrong", error=worst(-99.0, expected.number, expected.index))
    text = recorded.script_for(record, RUN)
    assert run(text) == 1
    told = capsys.readouterr().out
    assert "recorded -99.0" in told and told.strip().endswith("wrong")


def test_a_script_for_tensorflow_shows_its_defect_in_a_process_of_its_own(tmp_path):
    """tensorflow issue 127753, which depends on what ran before: nothing did."""
    pytest.importorskip("tensorflow")
    script = tmp_path / "repro.py"
    text = recorded.script_for(a_record("tensorflow", version="2.21.0"), RUN)
    script.write_text(text)
    done = subprocess.run(
        [sys.executable, "-P" if sys.version_info >= (3, 11) else "-s", str(script)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    told = done.stdout.strip()
    assert (done.returncode, told.rpartition(" ")[2]) in ((1, "wrong"), (0, "here")), done.stderr
    assert "recorded 2.4" in told


def test_a_failed_record_raises_again_or_says_that_it_is_fixed():
    record = a_record(status="failed", error=None, reason="RuntimeError: not today")
    text = recorded.script_for(record, RUN)
    assert "ends as failed: RuntimeError: not today" in text.replace("\n# ", " ")
    assert "expected, tolerance = 4.199999999999999" in text


def test_an_answer_without_numbers_is_looked_at_by_its_shape():
    point = next(one for one in IDENTITY.points if one.arguments == ((),))
    record = record_of(
        IDENTITY, point, BY_OPERATOR["gradient"], "torch", "eager",
        status="failed", error=None, reason="IndexError: empty",
    )  # fmt: skip
    text = recorded.script_for(record, RUN)
    assert "expected = (0,)" in text and ".shape)" in text


def test_the_newest_run_in_which_it_was_wrong_is_taken(tmp_path):
    later = replace(RUN, id="f01", start="2026-02-01T00:00:00+00:00")
    latest = replace(RUN, id="f02", start="2026-03-01T00:00:00+00:00")
    path = stored(
        tmp_path / "r.db",
        a_record(),
        a_record(run="f01", error=worst(2.5, 4.199999999999999)),
        a_record(run="f02", status="ok", error=None),
        runs=(RUN, later, latest),
    )
    assert "recorded 2.5" in recorded.script_of(path, ID, None)
    assert "recorded 2.4" in recorded.script_of(path, ID, "f00")
    assert "was ok in run f02" in refused(path, run="f02")


def test_an_unknown_record_is_refused_with_how_to_list_them(store):
    assert "'harness show RUN' lists" in refused(store, "ffff")
    assert "'harness show f00' lists" in refused(store, "ffff", "f00")


def test_an_empty_store_is_refused(tmp_path):
    assert "make one with 'harness run'" in refused(stored(tmp_path / "r.db", runs=()))


def test_an_ambiguous_beginning_is_refused_with_the_ids(tmp_path):
    path = stored(tmp_path / "r.db", a_record(), a_record(id="0123ffffffff"))
    assert refused(path, "0123").startswith("2 records begin with '0123' (0123456789ab")
    assert "recorded" in recorded.script_of(path, ID, None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "ok", "error": None}, "was ok in run f00, so there is nothing to show"),
        ({"status": "convention"}, "was convention in run f00"),
        ({"scenario": "classic/quartic"}, "no 'classic/quartic' among the primitives"),
        ({"scenario": "primitive/identiti"}, "did you mean 'primitive/identity'?"),
        ({"point": "twize"}, "has no point 'twize' any more; did you mean 'twice'?"),
        ({"backend": "gone"}, "no backend called 'gone'"),
        ({"variant": "gone"}, "no variant of torch called 'gone'"),
        ({"backend": "numpy"}, "harness atlas --primitive identity --backend numpy:eager --op"),
        ({"inputs": "sha256:0"}, "the point 'twice' of primitive/identity has changed since"),
        ({"error": worst(2.4, 5.0)}, "the definition of primitive/identity has changed since"),
        ({"error": worst(4.2, 4.2)}, "the tolerance of primitive/identity has changed since"),
        ({"error": None, "reason": "output 0 has shape (2,)"}, "(output 0 has shape (2,))"),
    ],
)
def test_what_there_is_no_script_for_is_refused_in_a_sentence(tmp_path, fields, sentence):
    assert sentence in refused(stored(tmp_path / "r.db", a_record(**fields)))


def test_a_record_of_another_command_is_refused(tmp_path):
    path = stored(tmp_path / "r.db", a_record(), runs=(replace(RUN, selection={}),))
    assert "which is no survey of primitives" in refused(path)


def test_a_primitive_that_the_backend_lacks_today_is_refused():
    lacking = next(
        s.primitive for s in TABLE.values() if s.primitive and s.primitive.spelled("torch") is None
    )
    record = record_of(lacking, lacking.points[0], SECOND, "torch", "eager")
    with pytest.raises(UsageError, match="is not written for torch any more"):
        recorded.script_for(record, RUN)


def test_a_users_own_table_is_read_again(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "from harness.primitive import Point, Primitive\n"
        "mine = Primitive(name='mine', kind='mine', formula='x^3', define=lambda m, x: x * x * x,\n"
        "    points=(Point(name='generic', arguments=(2.0,)),), calls={'xp': 'x**3'})\n"
    )
    mine = plugins.scenarios_at(str(file))[0].primitive
    error = worst(6.0, 12.0)
    record = record_of(mine, mine.points[0], SECOND, "torch", "eager", error=error)
    chosen = replace(RUN, selection={"atlas": True, "scenarios": [str(file)]})
    assert "return x**3" in recorded.script_for(record, chosen)


def test_a_plugin_brings_its_own_reproducer(monkeypatch):
    ours = plugins.backends()
    toy = Declaration(
        name="toy", adapter="toy:Toy", variants={"only": "one"}, requires="toy", install="none",
        reproducer=f"{__name__}:toy_written",
    )  # fmt: skip
    more = Found(items={**ours.items, "toy": toy}, locators=ours.locators, broken=())
    monkeypatch.setattr(plugins, "backends", lambda: more)
    monkeypatch.setattr(Primitive, "spelled", lambda self, framework: "x")
    text = recorded.script_for(a_record("toy", "only"), RUN)
    assert "import toy_framework" in text and "float(second()[0])" in text


def toy_written(asked):
    return [["import toy_framework"], asked.function(asked.call)], f"{asked.way.operator}()"


def test_the_command_writes_to_stdout_or_to_a_file(store, tmp_path):
    said = CliRunner().invoke(repro, [ID, "--results", str(store)])
    file = tmp_path / "repro.py"
    done = CliRunner().invoke(repro, [ID, "--results", str(store), "--output", str(file)])
    assert (said.exit_code, done.exit_code, done.output) == (0, 0, "")
    assert file.read_text() == said.output and "import torch" in said.output


@pytest.mark.parametrize("output", ["no/folder/repro.py", "."])
def test_an_output_that_cannot_be_written_is_refused(store, tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(repro, [ID, "--results", str(store), "--output", output])
    assert isinstance(done.exception, HarnessError) and done.exception.exit_status == 2
    assert "can't be written" in str(done.exception)


def test_the_store_is_not_overwritten(store):
    before = store.read_bytes()
    done = CliRunner().invoke(repro, [ID, "--results", str(store), "--output", str(store)])
    assert "is the store of results" in str(done.exception) and store.read_bytes() == before
