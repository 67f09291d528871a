"""The list of scenarios: where answers come from, on a screen of 80 columns and as Markdown."""

import subprocess
import sys
from io import StringIO

import pytest
from rich.console import Console

from harness import listing, plugins
from harness.errors import UsageError
from harness.scenario import Documented, Scenario


def parabola(**fields):
    return Scenario(
        name="mine/parabola",
        value=lambda xp, x: xp.sum(x**2),
        point=lambda rng, n: (rng.standard_normal(n),),
        size={"n": 3},
        wrt=("x",),
        **fields,
    )


def found(monkeypatch, *scenarios, broken=()):
    items = {scenario.name: scenario for scenario in scenarios}
    locators = dict.fromkeys(items, "somewhere")
    every = plugins.Found(items=items, locators=locators, broken=broken)
    monkeypatch.setattr(plugins, "scenarios", lambda: every)


def test_the_reference_engine_is_an_oracle_of_everything():
    assert listing.oracles(parabola()) == ["reference engine"]


def test_oracles_come_in_the_order_in_which_they_are_asked():
    number = Documented(point=([1],), wrt=("x",), answers=([2],), source="a book")
    forms = {"gradient": lambda np, x: (2 * x,), "value": lambda np, x: (np.sum(x**2),)}
    assert listing.oracles(parabola(documented=number, closed_forms=forms)) == [
        "documented number",
        "closed form: value, gradient",
        "reference engine",
    ]


def test_a_closed_form_of_an_operator_that_is_not_offered_is_not_listed():
    forms = {"hessian": lambda np, x: (2 * np.eye(len(x)),)}
    scenario = parabola(operators=("value", "gradient"), closed_forms=forms)
    assert listing.oracles(scenario) == ["reference engine"]


def test_bars_do_not_break_the_markdown_table(monkeypatch, capsys):
    found(monkeypatch, parabola(about="|x|^2", source="a book"))
    listing.print_markdown()
    assert capsys.readouterr().out.splitlines()[-1] == (
        r"| `mine/parabola` | \|x\|^2 | a book | value, gradient, vjp, jvp, hvp, hessian "
        "| reference engine |"
    )


def test_a_broken_plugin_is_not_part_of_the_markdown(monkeypatch, capsys):
    found(monkeypatch, parabola(), broken=("plugin 'x' is left out",))
    listing.print_markdown()
    out, err = capsys.readouterr()
    assert "left out" in err and "left out" not in out


def test_brackets_are_no_markup(monkeypatch, tmp_path):
    found(monkeypatch, parabola(about="a point of [bold] intervals"))
    console = Console(width=80, record=True, file=StringIO())
    listing.show_scenarios(console, tmp_path)
    assert "[bold]" in console.export_text()


def test_every_scenario_of_ours_says_what_it_is_and_where_it_comes_from():
    for scenario in listed():
        assert 0 < len(scenario.about) <= 60, scenario.name
        assert scenario.source, scenario.name


def test_four_lines_a_scenario_fit_into_eighty_columns(tmp_path):
    console = Console(width=80, record=True, file=StringIO())
    listing.show_scenarios(console, tmp_path)
    *lines, last = console.export_text().splitlines()
    assert len(lines) == 4 * len(listed())
    assert all(len(line) <= 80 for line in [*lines, last])
    primitives = len(plugins.scenarios().items) - len(listed())
    assert last == f"and {primitives} functions as primitive/NAME: harness atlas maps them"


def listed():
    return [s for s in plugins.scenarios().items.values() if not s.primitive]


@pytest.mark.parametrize("what", ["", "backends", "runs"])
def test_what_has_no_markdown_says_what_has(what, tmp_path):
    with pytest.raises(UsageError, match="harness list scenarios --format markdown"):
        listing.show(what, tmp_path / "r.db", "markdown")


def test_an_unknown_format_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'markdown'"):
        listing.show("scenarios", tmp_path / "r.db", "markdwn")


def test_the_markdown_is_printed_without_numpy_or_a_framework():
    program = (
        "import sys\n"
        "from harness.cli import harness\n"
        "harness(['list', 'scenarios', '--format', 'markdown'], standalone_mode=False)\n"
        "print([m for m in ('numpy', 'torch', 'jax', 'tensorflow') if m in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith("| scenario ") and done.stdout.splitlines()[-1] == "[]"
