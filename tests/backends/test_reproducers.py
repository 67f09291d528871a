"""What the reproducers write computes what the adapters do, and is short.

One convention: one import of each framework serves all scripts, which run in namespaces of their
own.
"""

import ast
from functools import cache

import numpy as np
import pytest

from harness import plugins
from harness.arrays import from_blob, to_blob
from harness.atlas import answers
from harness.atlas.evaluation import inputs_of
from harness.atlas.reproducer import free
from harness.atlas.scripts import MOST_LINES, WIDTH, fitted, literal
from harness.atlas.ways import WAYS
from harness.bench import Bench
from harness.contract import Settings
from harness.errors import UsageError
from harness.primitive import Point
from tests.harness.atlas.planted import of
from tests.harness.atlas.reproducing import asked_of, outputs_of, text_of, written

FOUND = plugins.scenarios()
TABLE = {one.primitive.name: one.primitive for one in FOUND.items.values() if one.primitive}
VARIANTS = {"torch": "compile", "jax": "jit", "tensorflow": "function"}
TOLERANCE = 64 * np.finfo(float).eps
# Its seven arrays, six of them twice as long for a view, take more lines than there is room for.
LONGER = {("tensorflow", "batch_norm_evaluation", "view"): MOST_LINES + 2}


@cache
def longest():
    """Of every primitive and form, the point that takes most room, with its inputs."""
    found = {}
    for primitive in TABLE.values():
        for point in sorted(primitive.points, key=lambda point: len(repr(point.arguments))):
            found[primitive.name, point.form] = (primitive, point)
    return [(*both, inputs_of(*both, "float64")) for both in found.values()]


def variant_of(backend, way):
    """The variant whose script is the longest."""
    return "eager" if backend == "torch" and way.operator == "jvp" else VARIANTS[backend]


@pytest.mark.parametrize("backend", VARIANTS)
def test_every_primitive_way_and_form_has_a_script_that_is_short(backend):
    for primitive, point, inputs in longest():
        if primitive.spelled(backend) is None:
            continue
        most = LONGER.get((backend, primitive.name, point.name), MOST_LINES)
        for way in WAYS:
            text = text_of(primitive, point, way, backend, variant_of(backend, way), inputs)
            lines, what = text.splitlines(), (primitive.name, point.name, way)
            assert len(lines) <= most, what
            assert max(map(len, lines)) <= WIDTH, what
        ast.parse(text)


def answered(backend, variant, primitive, point, ways):
    """What the adapter answers in each way: arrays, or None where it does not."""
    adapter = plugins.load(plugins.backends().items[backend].adapter)
    made = adapter(variant, "cpu", Settings())
    bench = Bench(made, made.describe().native)
    inputs = inputs_of(primitive, point, "float64")
    blobs = [to_blob(x) for x in (*inputs.arguments, inputs.cotangent, *inputs.tangents)]
    name = f"primitive/{primitive.name}"
    asked = [list(way) for way in ways]
    reply, outputs = answers.survey(
        bench, blobs, FOUND.locators[name], name, "float64", [point.name], asked
    )
    left = iter(outputs)
    return [[from_blob(next(left)) for _ in told.get("devices", ())] for told in reply["answers"]]


def as_arrays(backend, outputs):
    if backend == "torch":  # a copy, as what is known to be zero has no memory to be read
        return [(output + 0).numpy(force=True) for output in outputs]
    return [np.array(output) for output in outputs]


SECOND = [way for way in WAYS if way.order < 3]
SAME = (
    ("multiply", "same"),
    ("hypot", "twice"),
    ("det", "view"),
    ("take", "generic"),
)
MORE = (("lstm_cell", "generic"), ("prelu", "generic"), ("embedding", "twice"))


def check(backend, variant, name, point, ways=WAYS):
    primitive = TABLE[name]
    point = next(one for one in primitive.points if one.name == point)
    right = answered(backend, variant, primitive, point, ways)
    for way, theirs in zip(ways, right, strict=True):
        mine = as_arrays(backend, outputs_of(primitive, point, way, backend, variant))
        assert len(mine) == len(theirs), way
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=TOLERANCE, atol=0, err_msg=str(way))


@pytest.mark.parametrize(("name", "point"), [*SAME, *MORE])
@pytest.mark.parametrize("variant", ["eager", "func"])
def test_scripts_for_torch_do_what_its_adapter_does(variant, name, point):
    pytest.importorskip("torch")
    check("torch", variant, name, point)


@pytest.mark.parametrize(
    ("variant", "name", "point"), [("eager", "add", "twice"), ("jit", "multiply", "same")]
)
def test_scripts_for_jax_do_what_its_adapter_does(variant, name, point):
    pytest.importorskip("jax")
    check("jax", variant, name, point, SECOND)


@pytest.mark.parametrize(
    ("variant", "name", "point"),
    [
        ("eager", "hypot", "twice"),
        ("eager", "take", "generic"),
        ("function", "multiply", "same"),
        ("xla", "multiply", "same"),
    ],
)
def test_scripts_for_tensorflow_do_what_its_adapter_does(variant, name, point):
    pytest.importorskip("tensorflow")
    check("tensorflow", variant, name, point, SECOND)


@pytest.mark.parametrize("backend", VARIANTS)
def test_names_of_arguments_are_not_taken_by_what_a_script_calls_its_own(backend):
    """An argument may be called as the script's own slope, value, cotangent or tangent would be."""
    pytest.importorskip(backend)
    primitive = of(
        lambda m, slope, v, g, w: slope * v * g * w,
        *(2.0, 3.0, 5.0, 7.0),
        calls={"xp": "slope * v * g * w"},
    )
    for way in WAYS if backend == "torch" else SECOND[4:]:
        outputs = outputs_of(primitive, primitive.points[0], way, backend, "eager")
        assert all(np.isfinite(as_arrays(backend, outputs)).ravel()), way
        if way.operator == "gradient":
            assert as_arrays(backend, outputs) == [105, 70, 42, 30]
        if way.operator == "hvp":
            asked = asked_of(primitive, primitive.points[0], way, backend, "eager")
            vs = [asked.arrays[name] for name in asked.vs]
            xs, pairs = (2, 3, 5, 7), range(4)
            right = [sum(210 / xs[i] / xs[j] * vs[j] for j in pairs if j != i) for i in pairs]
            np.testing.assert_allclose(as_arrays(backend, outputs), right, rtol=1e-14)


@pytest.mark.parametrize("backend", VARIANTS)
def test_portable_names_are_said_in_the_frameworks_words(backend):
    call = "xp.sum(xp.solve_triangular(xp.linalg.cholesky(xp.matrix_transpose(a)), b, lower=True))"
    primitive = of(lambda m, a, b: b, *(((2.0, 0.0), (0.0, 2.0)), (1.0, 2.0)), calls={"xp": call})
    asked = asked_of(primitive, primitive.points[0], WAYS[1], backend, VARIANTS[backend])
    sections, _ = written(asked, backend)
    assert "xp." not in str(sections)
    outputs = outputs_of(primitive, primitive.points[0], WAYS[0], backend, "eager")
    np.testing.assert_allclose(as_arrays(backend, outputs), [3 / np.sqrt(2)])


@pytest.mark.parametrize("backend", VARIANTS)
def test_a_portable_name_without_a_counterpart_is_refused_with_the_remedy(backend):
    primitive = of(lambda m, x: x, 1.0, calls={"xp": "xp.scan(x)"})
    asked = asked_of(primitive, primitive.points[0], WAYS[1], backend, VARIANTS[backend])
    with pytest.raises(UsageError, match=rf"calls=\{{'{backend}'"):
        written(asked, backend)


def test_a_script_for_a_card_computes_there():
    primitive = of(lambda m, x: x, 1.0)
    for backend, words in {
        "torch": 'device="cuda:1"',
        "jax": 'jax.devices("cuda")[1]',
        "tensorflow": 'list_physical_devices("GPU")[1:2]',
    }.items():
        asked = asked_of(primitive, primitive.points[0], WAYS[1], backend, "eager")
        fields = {**vars(asked), "device": "cuda:1"}
        assert words in str(written(type(asked)(**fields), backend))


def test_numbers_are_written_so_that_they_come_back():
    numbers = (0.1, -0.0, 1e17, 1e-310, 3.0, (1.0, -2.5))
    text = literal(numbers)
    assert text == "[0.1, -0.0, 1e+17, 1e-310, 3, [1, -2.5]]"
    assert np.isnan(eval(literal(float("nan")))) and eval(literal(-float("inf"))) == -np.inf


def test_a_long_line_is_broken_within_brackets_and_outside_of_strings():
    line = f"x = call({', '.join(['abcdefg'] * 12)}, 'a, b, c, d, e, f, g, h', [1, 2])"
    broken = fitted(line)
    assert len(broken) > 1 and max(map(len, broken)) <= WIDTH
    assert ast.dump(ast.parse("\n".join(broken))) == ast.dump(ast.parse(line))


def test_a_name_that_is_taken_is_changed():
    assert free("w", ("x",)) == "w" and free("w", ("w", "w_")) == "w__"


def test_a_point_of_integers_keeps_them():
    primitive = of(lambda m, x, i: x, (1.0, 2.0), (0, 1), calls={"torch": "x[i]"}, integers=("i",))
    asked = asked_of(primitive, primitive.points[0], WAYS[1], "torch", "eager")
    assert "i = torch.tensor([0, 1], dtype=torch.int64)" in str(written(asked, "torch"))
    assert isinstance(primitive.points[0], Point)
