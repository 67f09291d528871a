"""The conformance suite's own tests: a right backend passes, and every kind of fault is found."""

import re

import numpy as np
import pytest

from harness import conformance
from harness.conformance.checking import STEP, check_sample, differences, expected, scalar
from harness.conformance.driving import cast
from harness.conformance.reference import reference
from harness.conformance.sample import Sample
from harness.contract import Description
from harness.errors import ConformanceError, Unsupported
from harness.xp import TABLE, Namespace
from tests.harness.dual import Small, both, cosine, jvp, linear, names, sine

CHECKS = dict(conformance.checks())
SAMPLES = conformance.every_sample()
DIFFERENTIABLE = [name for name, sample in SAMPLES.items() if sample.differentiable]


def small(name):
    """The sample of one name, cut down to what Small differentiates."""
    return {
        "sin": Sample(inputs=SAMPLES["sin"].inputs, forms=(lambda xp, x: xp.sin(x),)),
        "square": SAMPLES["square"],
        "pair": Sample(
            inputs=SAMPLES["sin"].inputs,
            forms=(lambda xp, x: xp.square(x), lambda xp, x: xp.sin(x)),
        ),
    }[name]


def test_every_name_of_the_table_has_a_sample():
    assert set(TABLE) <= set(SAMPLES)


def test_only_titles_with_a_meaning_of_their_own_are_not_in_the_table():
    assert set(SAMPLES) - set(TABLE) == {
        "arithmetic of arrays",
        "arithmetic with numbers",
        "products of matrices",
        "comparisons",
        "shape, ndim and T",
        "indexing",
    }


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_differences_settle_far_below_the_tolerance(name):
    sample = SAMPLES[name]
    _, weights, coarse = scalar(sample.forms, sample.inputs)
    assert weights, "nothing to differentiate: say differentiable=False"

    def measured(*inputs):
        return sum(
            float(np.sum(y * w)) for y, w in zip(floats(sample.forms, inputs), weights, strict=True)
        )

    for one, other in zip(coarse, differences(measured, sample.inputs, STEP / 2), strict=True):
        assert np.max(np.abs(one - other)) <= 1e-9 * max(np.max(np.abs(one)), 1e-300)


def floats(forms, inputs):
    return [y for y in expected(forms, "float64", inputs) if y.dtype == np.float64]


def test_the_reference_convolves_like_the_defining_sum():
    rng = np.random.default_rng(1)
    x, kernel = rng.standard_normal((1, 2, 4, 5)), rng.standard_normal((3, 2, 2, 3))
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    got = reference("float64").conv(x, kernel, stride=2, padding=1)
    for o, i, j in np.ndindex(got.shape[1:]):
        window = padded[0, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 3]
        assert got[0, o, i, j] == pytest.approx(np.sum(window * kernel[o]), rel=1e-13)


@pytest.mark.parametrize("name", ["sin", "square", "pair"])
def test_a_right_backend_passes_a_sample(name):
    check_sample(Small, name, small(name))


def lending(**replaced):
    """Small with other functions in its namespace."""

    class Lending(Small):
        def namespace(self, case):
            return Namespace({**names(case.dtype), **replaced}, {})

    return Lending


WRONG_NAMES = {
    "a wrong value": (lambda x: both(np.cos, lambda x, t: cosine(x) * t, x), "got .*expected"),
    "a wrong derivative": (lambda x: both(np.sin, lambda x, t: cosine(x) * t * 1.001, x), "grad"),
    "float64 for float32": (lambda x: sine(x * np.float64(1)), "dtype float64, expected float32"),
    "NaN": (lambda x: sine(x) * np.nan, "got \\[+nan"),
    "another shape": (lambda x: linear(lambda x: x[None], sine(x)), "shape \\(1, 3, 4\\)"),
    "None": (lambda x: None, "got None"),
    "another device": (lambda x: Elsewhere(np.sin(x)), "device: got 'moon', expected 'cpu'"),
}


class Elsewhere:
    def __init__(self, array):
        self.array = array


class Moon(Small):
    def get(self, array):
        return (array.array, "moon") if isinstance(array, Elsewhere) else super().get(array)


@pytest.mark.parametrize("fault", WRONG_NAMES)
def test_a_wrong_function_is_found(fault):
    function, sentence = WRONG_NAMES[fault]

    class Wrong(Moon):
        def namespace(self, case):
            return Namespace({**names(case.dtype), "sin": function}, {})

    with pytest.raises(ConformanceError, match=sentence):
        check_sample(Wrong, "sin", small("sin"))


def test_a_jvp_that_differs_from_a_right_gradient_is_found():
    class Twice(Small):
        def describe(self):
            native = (("value", None), ("jvp", None))
            return Description(version="1", devices={"cpu": ""}, numerics={}, native=native)

        def prepare(self, case, function, wrt, example):
            if case.operator != "jvp":
                return super().prepare(case, function, wrt, example)
            return lambda x, w, v: (jvp(lambda x: function(x, w), (x,), (v,))[1] * 2,)

    with pytest.raises(ConformanceError, match="jvp of sin"):
        check_sample(Twice, "sin", small("sin"))


def test_the_form_that_is_wrong_is_named():
    wrong = lending(sin=cosine)
    with pytest.raises(ConformanceError, match=r"pair \(test_conformance\.py, line \d+\)") as error:
        check_sample(wrong, "pair", small("pair"))
    line = int(re.search(r"line (\d+)", str(error.value))[1])
    assert line == small("pair").forms[1].__code__.co_firstlineno


def test_an_integer_answer_must_be_equal():
    sample = Sample(
        inputs=SAMPLES["argmax"].inputs,
        forms=(lambda xp, x, tied: xp.argmax(tied, axis=1),),
        differentiable=False,
    )
    last = lending(argmax=lambda x, *, axis: x.shape[1] - 1 - np.argmax(x[:, ::-1], axis=axis))
    check_sample(Small, "argmax", sample)
    with pytest.raises(ConformanceError, match="argmax"):
        check_sample(last, "argmax", sample)


def test_what_is_declared_lacking_is_unsupported_with_its_sentence():
    class Lacking(Small):
        def namespace(self, case):
            lent = {name: f for name, f in names(case.dtype).items() if name != "sin"}
            return Namespace(lent, {"sin": "this system has no sine"})

    with pytest.raises(Unsupported, match="sin, value: this system has no sine"):
        check_sample(Lacking, "sin", small("sin"))


def test_lacking_without_a_reason_is_found():
    class Mute(Small):
        def namespace(self, case):
            lent = {name: f for name, f in names(case.dtype).items() if name != "sin"}
            return Namespace(lent, {"sin": " "})

    for check in (lambda: check_sample(Mute, "sin", small("sin")), lambda: NAMES_CHECK(Mute)):
        with pytest.raises(ConformanceError, match="sentence"):
            check()


def test_a_wrong_value_is_found_though_the_derivative_is_unsupported():
    class Half(Small):
        def namespace(self, case):
            lent = {**names(case.dtype), "sin": np.cos}
            if case.operator == "value":
                return Namespace(lent, {})
            del lent["sin"]
            return Namespace(lent, {"sin": "no derivative"})

    with pytest.raises(ConformanceError, match="sin in float64"):
        check_sample(Half, "sin", small("sin"))


def test_a_missing_name_is_found():
    class Gap(Small):
        def namespace(self, case):
            lent = {name: f for name, f in names(case.dtype).items() if name != "conv"}
            return Namespace(lent, {})

    with pytest.raises(ConformanceError, match="conv: missing"):
        NAMES_CHECK(Gap)


def test_a_refusal_of_the_framework_is_unsupported():
    class Refusing(Small):
        refusals = ((ArithmeticError, "can't do"),)

        def prepare(self, case, function, wrt, example):
            raise ArithmeticError("can't do this\nand more lines")

    with pytest.raises(Unsupported, match="can't do this"):
        check_sample(Refusing, "sin", small("sin"))


def test_a_refused_way_is_unsupported():
    class Refusing(Small):
        def describe(self):
            refuses = {"hvp/forward-over-forward": "one forward mode at a time"}
            return Description(
                version="1", devices={"cpu": ""}, numerics={}, native=(), refuses=refuses
            )

    with pytest.raises(Unsupported, match="one forward mode at a time"):
        CHECKS["hvp, forward-over-forward"](Refusing)


NAMES_CHECK = CHECKS["the namespace has every name"]


def test_a_dtype_that_the_backend_lacks_is_unsupported():
    class Single(Small):
        def describe(self):
            return Description(
                version="1", devices={"cpu": ""}, numerics={}, native=(), dtypes=("float32",)
            )

    with pytest.raises(Unsupported, match="no float64"):
        CHECKS["value"](Single)


def test_floats_are_cast_and_integers_stay():
    number, index = cast((np.array([1.5]), np.array([1])), "float32")
    assert (number.dtype, index.dtype) == (np.float32, np.int64)
