"""Words become trials; what can't be is refused with the nearest name."""

import pytest

from harness import plan, plugins, variants
from harness.case import Runner
from harness.errors import UsageError
from harness.options import Selection


def make(*scenarios, seed=0, **words):
    return plan.make(Selection(scenarios=scenarios, **words), seed=seed)


def names(planned):
    return [case.scenario.partition("/")[2] for case in planned.cases]


def test_no_name_means_the_ten_documented_computations_at_their_points():
    planned = make(backends=("numpy",))
    assert len(planned.cases) == 10
    assert {case.point for case in planned.cases} == {"documented"}
    assert {case.dtype for case in planned.cases} == {"float32"}


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("square", 1),
        ("documented/square", 1),
        ("documented", 10),
        ("all", len([s for s in plugins.scenarios().items.values() if not s.primitive])),
        ("primitive/abs", 1),
        ("square-vjp-*", 3),
        ("documented/gradient*", 3),
    ],
)
def test_a_scenario_is_a_name_a_family_or_a_glob(word, count):
    assert len(make(word).cases) == count


def test_a_scenario_named_twice_runs_once():
    assert names(make("square", "documented/square")) == ["square"]


def test_a_size_leaves_the_documented_point():
    (case,) = make("gradient-penalty", sizes=("n=1",)).cases
    assert case.point == "drawn" and case.wrt == ("x", "y")
    (case,) = make("gradient-penalty", dtypes=("float64",)).cases
    assert case.point == "documented" and case.wrt == ("y",) and case.dtype == "float64"


def test_sizes_dtypes_and_operators_are_crossed():
    planned = make("square", sizes=("n=5,1e3",), dtypes=("float32", "float64"))
    assert [(c.size["n"], c.dtype) for c in planned.cases] == [
        (5, "float32"),
        (5, "float64"),
        (1000, "float32"),
        (1000, "float64"),
    ]


def test_what_is_asked_for_twice_runs_once():
    planned = make("square", sizes=("n=5,5",), dtypes=("float32", "float32"))
    assert len(planned.cases) == 1
    assert len(make("square", backends=("jax",), devices=("cuda", "cuda:0")).runners) == 1


def test_levels_stand_for_sizes():
    planned = make("square", sizes=("S,L",))
    assert [c.size["n"] for c in planned.cases] == [5, 1_000_000]


@pytest.mark.parametrize(
    ("word", "sizes"),
    [
        ("n=10..1e4", [10, 100, 1000, 10_000]),
        ("n=5..1e3", [5, 50, 500, 1000]),
        ("n=2,10..20", [2, 10, 20]),
    ],
)
def test_a_range_holds_its_ends_and_the_tenfolds_between(word, sizes):
    assert [c.size["n"] for c in make("square", sizes=(word,)).cases] == sizes


def test_compiled_variants_have_eager_twins():
    assert make("square", backends=("jax:all",)).twins() == {"jax:jit": "jax:eager"}
    assert make("square", backends=("jax:eager",)).twins() == {}


def test_second_order_operators_have_compositions():
    (case,) = make("square", operators=("hvp",)).cases
    assert case.composition == "forward-over-reverse"
    assert len(make("square", operators=("hvp",), compositions=("all",)).cases) == 4
    assert make("square").cases[0].composition is None


def test_all_operators_are_the_scenarios_own():
    operators = {case.operator for case in make("square-vjp-ones", operators=("all",)).cases}
    assert operators == {"value", "vjp", "jvp", "jacobian"}


def test_a_scenario_without_the_operator_is_left_out():
    assert names(make("square", "square-vjp-ones", operators=("hvp",))) == ["square"]


@pytest.mark.parametrize(
    ("words", "runners"),
    [
        (("numpy",), ["numpy:replay"]),
        (("jax:all",), ["jax:jit", "jax:eager"]),
        (("jax:eager", "jax"), ["jax:eager", "jax:jit"]),
        (("fake:nan",), ["fake:nan"]),
    ],
)
def test_a_backend_is_a_name_a_variant_or_all_variants(words, runners):
    planned = make("square", backends=words)
    assert [r.name for r in planned.runners] == runners


def test_all_backends_are_the_listed_ones_in_their_default_variant():
    runners = [r.name for r in make("square").runners]
    assert set(runners) >= {"jax:jit", "numpy:replay", "tensorflow:function", "torch:eager"}
    assert not any(r.startswith("fake") for r in runners)
    assert "jax:eager" in [r.name for r in make("square", backends=("all:all",)).runners]


def test_exclude_takes_backends_and_variants_away():
    planned = make("square", backends=("jax:all", "numpy"), exclude=("jax:jit",))
    assert [r.name for r in planned.runners] == ["jax:eager", "numpy:replay"]
    assert not any(r.backend == "jax" for r in make("square", exclude=("jax",)).runners)


def test_numpy_on_cuda_is_unsupported_beforehand():
    planned = make("square", backends=("numpy",), devices=("cuda",))
    ((status, reason),) = planned.beforehand.values()
    assert status == "unsupported" and "CPU" in reason


@pytest.mark.parametrize(
    ("scenarios", "words", "sentence"),
    [
        (("sqare",), {}, "no scenario called 'sqare'; did you mean 'square'"),
        (("documented/sqare",), {}, "did you mean 'documented/square'"),
        (("square",), {"backends": ("jxa",)}, "no backend called 'jxa'; did you mean 'jax'"),
        (("square",), {"backends": ("jax:jti",)}, "did you mean 'jit'"),
        (("square",), {"exclude": ("nmpy",)}, "did you mean 'numpy'"),
        (("square",), {"backends": ("numpy",), "exclude": ("numpy",)}, "leaves no backend"),
        (("square",), {"devices": ("gpu",)}, "no device called 'gpu'"),
        (("square",), {"devices": ("cuda:x",)}, "no device called 'cuda:x'"),
        (("square",), {"operators": ("gradiant",)}, "did you mean 'gradient'"),
        (("square",), {"operators": ("accumulate",)}, "no chosen scenario has the operator"),
        (("square",), {"compositions": ("forward",)}, "no composition called 'forward'"),
        (("square",), {"dtypes": ("float46",)}, "no dtype called 'float46'; did you mean"),
        (("square",), {"sizes": ("n=zero",)}, "'zero' is no whole number above 0"),
        (("square",), {"sizes": ("n=0",)}, "above 0"),
        (("square",), {"sizes": ("n=-3",)}, "above 0"),
        (("square",), {"sizes": ("n=1.5",)}, "above 0"),
        (("square",), {"sizes": ("n=",)}, "above 0"),
        (("square",), {"sizes": ("n=nan",)}, "above 0"),
        (("square",), {"sizes": ("n=1e999",)}, "above 0"),
        (("square",), {"sizes": ("m=5",)}, "no chosen scenario has a size 'm'; theirs are: "),
        (("square",), {"sizes": ("n=1000..10",)}, "should rise; try 10..1000"),
        (("square",), {"sizes": ("n=10..",)}, "above 0"),
        (("square",), {"sizes": ("n=1..2..3",)}, "above 0"),
        (("square",), {"sizes": ("XL",)}, "give name=number"),
        (("nowhere.py",), {}, "there is no file nowhere.py"),
    ],
)
def test_what_is_not_there_is_refused_with_a_remedy(scenarios, words, sentence):
    with pytest.raises(UsageError) as caught:
        make(*scenarios, **words)
    assert sentence in str(caught.value)


def test_a_backend_named_outright_has_to_be_installed(monkeypatch):
    monkeypatch.setattr(variants, "installed", lambda declaration: declaration.name != "torch")
    with pytest.raises(UsageError, match=r"pip install 'autodiff-harness\[torch\]'"):
        make("square", backends=("torch",))
    planned = make("square", backends=("all",))
    assert planned.beforehand[Runner("torch", "eager", "cpu")][0] == "unavailable"
    assert "pip install" in planned.beforehand[Runner("torch", "eager", "cpu")][1]
