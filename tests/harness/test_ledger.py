"""Known failures are data: they explain what failed, and speak up where it passes."""

from dataclasses import replace
from fnmatch import fnmatchcase

import pytest

import harness
from harness import plugins
from harness.atlas.ways import WAYS
from harness.case import OPERATORS, Case
from harness.ledger import KnownFailure, find

LINK = "https://example.org/issues/1"
CASE = Case(
    scenario="classic/determinant",
    size={"order": 4},
    point="drawn",
    dtype="float64",
    operator="hvp",
    composition="reverse-over-forward",
    wrt=("a",),
    seed=0,
)


def entry(**fields):
    return KnownFailure(issue=LINK, what="it is wrong", **fields)


@pytest.mark.parametrize(
    ("fields", "covered"),
    [
        ({}, True),
        ({"scenario": "classic/det*"}, True),
        ({"scenario": "classic/rosenbrock"}, False),
        ({"scenario": "classic/rosenbrock,classic/det*"}, True),
        ({"point": "drawn"}, True),
        ({"point": "singular,identity"}, False),
        ({"variant": "func"}, True),
        ({"variant": "eager"}, False),
        ({"operator": "h*"}, True),
        ({"operator": "gradient"}, False),
        ({"composition": "*-over-forward"}, True),
        ({"composition": "*-over-reverse"}, False),
        ({"dtype": "float32"}, False),
        ({"versions": ">=2.13,<2.14"}, True),
        ({"versions": "<2.13"}, False),
    ],
)
def test_an_entry_covers_what_matches_in_every_field(fields, covered):
    found = find([entry(**fields)], "2.13.0+cpu", "func", CASE)
    assert (found is not None) == covered


def test_a_trial_that_never_learnt_its_version_is_covered_by_none():
    assert find([entry()], None, "func", CASE) is None


def test_an_entry_without_composition_covers_first_order_too():
    first = replace(CASE, operator="gradient", composition=None)
    assert find([entry()], "2.13.0", "func", first)
    assert find([entry(composition="reverse-*")], "2.13.0", "func", first) is None


def run_with(monkeypatch, tmp_path, backend, *entries):
    """Run one scenario on a fake whose ledger has these entries."""
    found = plugins.backends()
    items = {**found.items, "fake": replace(found.items["fake"], ledger=entries)}
    monkeypatch.setattr(plugins, "backends", lambda: replace(found, items=items))
    (record,) = harness.run("square", backend=backend, check=True, results=tmp_path / "r.db")
    return record


def test_a_listed_failure_is_known(monkeypatch, tmp_path):
    record = run_with(monkeypatch, tmp_path, "fake:sign", entry(variant="sign"))
    assert record.status == "wrong" and record.known == LINK
    assert record.reason.endswith("; it is wrong")


def test_a_failure_that_is_not_listed_is_news(monkeypatch, tmp_path):
    record = run_with(monkeypatch, tmp_path, "fake:sign", entry(variant="nan"))
    assert record.status == "wrong" and record.known is None


def test_a_listed_failure_that_passes_is_told(monkeypatch, tmp_path):
    record = run_with(monkeypatch, tmp_path, "fake:exact", entry())
    assert record.status == "ok" and record.known == LINK


def test_one_that_fails_only_sometimes_is_no_news_where_it_passes(monkeypatch, tmp_path):
    record = run_with(monkeypatch, tmp_path, "fake:exact", entry(sometimes=True))
    assert record.status == "ok" and record.known is None


def test_a_refusal_is_not_a_known_failure(monkeypatch, tmp_path):
    record = run_with(monkeypatch, tmp_path, "fake:refuses", entry())
    assert record.status == "unsupported" and record.known is None


def test_the_ledgers_that_ship_name_issues_and_what_can_be():
    scenarios = plugins.scenarios().items
    for declaration in plugins.backends().items.values():
        for one in declaration.ledger:
            assert one.issue.startswith("https://")
            named = matching(one.scenario, scenarios)
            matching(one.point, {p for name in named for p in points_of(scenarios[name])})
            matching(one.variant, declaration.variants)
            matching(one.operator, {*OPERATORS, *(way.operator for way in WAYS)})
            matching(one.composition, {"", *(way.composition or "" for way in WAYS)})


def test_an_entry_that_names_what_is_not_there_is_found_out():
    names = {"primitive/det": None, "primitive/sinc": None}
    assert matching("primitive/s*,primitive/det", names) == {"primitive/det", "primitive/sinc"}
    with pytest.raises(AssertionError, match="'primitive/sync' names nothing"):
        matching("primitive/det,primitive/sync", names)


def matching(globs, names):
    """What the globs name; each has to name something."""
    found = {glob: {name for name in names if fnmatchcase(name, glob)} for glob in globs.split(",")}
    for glob, those in found.items():
        assert those, f"{glob!r} names nothing"
    return set().union(*found.values())


def points_of(scenario):
    return {point.name for point in scenario.primitive.points} if scenario.primitive else {"drawn"}
