"""A user's own file: a function and a point are enough."""

import pytest

import harness
from harness.errors import UsageError
from harness.own import scenarios_in

BUMPS = """
def value(xp, x):
    return xp.sum(xp.exp(-(x**2)))

def point(rng, n=100):
    return (rng.standard_normal(n),)
"""


def written(folder, text, name="my_bumps.py"):
    path = folder / name
    path.write_text(text)
    return path


def test_a_function_and_a_point_make_a_scenario(tmp_path):
    (scenario,) = scenarios_in(written(tmp_path, BUMPS))
    assert scenario.name == "own/my-bumps"
    assert scenario.size == {"n": 100} and scenario.wrt == ("x",)
    assert {"gradient", "hvp", "hessian", "jacobian"} <= set(scenario.operators)


def test_it_runs_on_every_operator_and_composition(tmp_path):
    path = written(tmp_path, BUMPS)
    found = harness.run(
        str(path), backend="numpy", operator="all", composition="all", size=("n=3",), check=True,
        results=tmp_path / "r.db",
    )  # fmt: skip
    assert len(found) == 5 + 2 * 4
    assert {r.status for r in found} == {"ok"}
    assert {r.error.against for r in found} == {"reference in extended precision"}


def test_a_function_of_several_outputs_has_the_operators_of_vectors(tmp_path):
    text = 'def value(xp, x):\n    return x * x\n\n\npoint = [1.0, 2.0]\noperator = "jacobian"\n'
    path = written(tmp_path, text)
    found = harness.run(
        str(path), backend="numpy", operator="all", check=True, results=tmp_path / "r.db"
    )
    assert {r.operator: r.status for r in found} == dict.fromkeys(
        ("value", "vjp", "jvp", "jacobian"), "ok"
    )


@pytest.mark.parametrize(
    ("point", "count"),
    [("[1.0, 2.0]", 1), ("([1.0, 2.0],)", 1), ("3.0", 1), ("(1.0, [2.0, 3.0])", 2)],
)
def test_a_point_may_be_the_numbers_themselves(tmp_path, point, count):
    names = ", ".join("xy"[:count])
    text = f"def value(xp, {names}):\n    return xp.sum({'*'.join(names.split(', '))})\n"
    (scenario,) = scenarios_in(written(tmp_path, f"{text}point = {point}\n"))
    assert len(scenario.point(None)) == count and scenario.size == {}


def test_other_fields_are_names_of_the_module(tmp_path):
    text = f'{BUMPS}\noperators = ("value", "gradient")\nwrt = ("x",)\ndtype = "float32"\n'
    (scenario,) = scenarios_in(written(tmp_path, text))
    assert scenario.operators == ("value", "gradient") and scenario.dtype == "float32"


def test_a_file_with_scenarios_keeps_its_own(tmp_path):
    text = f"""{BUMPS}
from harness.scenario import Scenario
mine = Scenario(name="mine/bumps", value=value, point=point, size={{"n": 5}}, wrt=("x",))
"""
    (scenario,) = scenarios_in(written(tmp_path, text))
    assert scenario.name == "mine/bumps"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n", "holds no scenario; define a function value(xp, x) and a point"),
        ("def value(xp, x):\n    return x\n", "holds no scenario"),
        (BUMPS.replace("n=100", "n"), "a whole number above 0 as its default, as n=100"),
        (BUMPS.replace("n=100", "n='5'"), "a whole number above 0 as its default, as n=100"),
        (BUMPS.replace("n=100", "n=0.5"), "a whole number above 0 as its default, as n=100"),
        ("value = max\npoint = 1.0\n", "value should be a function of xp and arrays"),
        ("def value():\n    return 1\npoint = 1.0\n", "should take xp and at least one array"),
        (
            "def value(xp, x, y):\n    return x\npoint = (1.0, 2.0, 3.0)\n",
            "one entry for each of 2",
        ),
        (f"{BUMPS}wrt = ('z',)\n", "'z' is no argument of its value; mend it first"),
        ("def value(xp, x)\n", "line 1"),
        ("import nothing_such\n", "can't be imported"),
    ],
)
def test_what_is_missing_is_said(tmp_path, text, sentence):
    with pytest.raises(UsageError) as caught:
        scenarios_in(written(tmp_path, text))
    assert sentence in str(caught.value)
