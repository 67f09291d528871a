"""Plugins: ours and anybody's come through the same door; a broken one costs one sentence."""

from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from harness import plugins
from harness.errors import UsageError


@pytest.fixture
def points(monkeypatch):
    """Entry points made up for one test, by group."""
    made = {}
    monkeypatch.setattr(plugins, "entry_points", lambda group: made.get(group, []))
    return made


def backend(name, value):
    return EntryPoint(name=name, value=value, group="harness.backends")


def test_ours_are_found():
    assert set(plugins.backends().items) >= {"numpy", "torch", "jax", "tensorflow", "fake"}
    assert plugins.backends().broken == () and len(plugins.scenarios().items) >= 10


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("no.such.module:thing", "ModuleNotFoundError"),
        ("backends.declarations:no_such_thing", "AttributeError"),
        ("harness.case:Case", "not a harness Declaration"),
    ],
)
def test_a_broken_backend_is_one_sentence_and_the_rest_is_found(points, value, words):
    points["harness.backends"] = [
        backend("broken", value),
        backend("numpy", "backends.declarations:numpy"),
    ]
    found = plugins.backends()
    assert list(found.items) == ["numpy"]
    (sentence,) = found.broken
    assert "'broken'" in sentence and words in sentence


def test_a_plugin_that_exits_while_it_is_imported_is_just_broken(points, tmp_path, monkeypatch):
    (tmp_path / "exiting_plugin.py").write_text("raise SystemExit(3)")
    monkeypatch.syspath_prepend(tmp_path)
    points["harness.backends"] = [backend("exits", "exiting_plugin:x")]
    assert "SystemExit: 3" in plugins.backends().broken[0]


@pytest.mark.parametrize(
    ("declared", "words"), [({"variants": {}}, "no variant"), ({"requires": "a.b"}, "a.b")]
)
def test_a_declaration_that_cannot_work_is_just_broken(points, monkeypatch, declared, words):
    from backends import declarations

    monkeypatch.setattr(declarations, "odd", replace(declarations.numpy, **declared), raising=False)
    points["harness.backends"] = [backend("odd", "backends.declarations:odd")]
    assert words in plugins.backends().broken[0]


def test_a_name_that_is_taken_stays_with_the_first(points):
    points["harness.backends"] = [
        backend("one", "backends.declarations:numpy"),
        backend("two", "backends.declarations:numpy"),
    ]
    found = plugins.backends()
    assert list(found.items) == ["numpy"]
    assert "the name 'numpy' is taken" in found.broken[0]


def test_a_broken_scenario_is_one_sentence(points):
    points["harness.scenarios"] = [
        EntryPoint(name="odd", value="backends.declarations:numpy", group="harness.scenarios")
    ]
    assert "not a harness Scenario" in plugins.scenarios().broken[0]


FILE = """
from harness.scenario import Scenario

def value(xp, x):
    return xp.sum(x**3)

cube = Scenario(
    name="mine/cube", value=value, point=lambda rng, n: (rng.standard_normal(n),),
    size={"n": 3}, wrt=("x",), closed_forms={"gradient": lambda np, x: (3 * x**2,)},
)
"""


def test_a_users_own_file_is_loaded(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    (scenario,) = plugins.scenarios_at(str(path))
    assert scenario.name == "mine/cube"
    assert scenario.arguments == ("x",)
    again = plugins.scenario_at(str(path), "mine/cube")
    assert again.name == "mine/cube" and again.arguments == ("x",)


def test_a_worker_executes_a_users_file_once(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    first = plugins.scenario_at(str(path), "mine/cube")
    path.write_text("x = 1")
    assert plugins.scenario_at(str(path), "mine/cube") is first


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "there is no file"),
        ("def value(", "line 1"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("x = 1", "holds no scenario"),
        ("raise SystemError('no')", "SystemError: no"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_remedy(tmp_path, text, sentence):
    path = tmp_path / "mine.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=sentence):
        plugins.scenarios_at(str(path))
