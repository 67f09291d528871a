"""What a survey covers: names looked up, ways chosen, variants paired with their eager twins."""

import pytest

from harness.atlas.sheets import Chosen, a_tenth, make, ways_of
from harness.atlas.ways import WAYS
from harness.errors import UsageError
from harness.options import Selection


def planned(*words, backends=("numpy",), exclude=(), **chosen):
    selection = Selection(backends=backends, exclude=exclude)
    return make(selection, Chosen(primitives=words, **chosen))


def names(sheets):
    return list(dict.fromkeys(sheet.primitive.name for sheet in sheets))


def test_a_primitive_is_a_name_a_glob_or_a_chapter():
    assert names(planned("abs")[1]) == ["abs"]
    assert names(planned("primitive/abs")[1]) == ["abs"]
    assert {"sin", "sinh"} <= set(names(planned("sin*")[1]))
    kinds = {sheet.primitive.kind for sheet in planned("elementwise")[1]}
    assert kinds == {"elementwise"}


def test_a_sheet_holds_the_points_of_one_form_and_shape():
    _, sheets = planned("abs")
    for sheet in sheets:
        assert len({point.form for point in sheet.points}) == 1
    points = [point.name for sheet in sheets for point in sheet.points]
    assert len(points) == len(set(points)) == len(sheets[0].primitive.points)


def test_every_cell_is_a_case_of_the_plan():
    plan, sheets = planned("abs")
    cells = sum(len(sheet.ways) * len(sheet.points) for sheet in sheets)
    assert len(plan.cases) == len(set(map(str, plan.cases))) == cells


def test_the_default_variant_brings_the_eager_one_that_it_compiles():
    plan, _ = planned("abs")
    assert [runner.name for runner in plan.runners] == ["numpy:replay", "numpy:eager"]


def test_a_variant_that_is_named_comes_alone():
    plan, _ = planned("abs", backends=("numpy:replay",))
    assert [runner.name for runner in plan.runners] == ["numpy:replay"]


def test_an_eager_twin_can_be_excluded():
    plan, _ = planned("abs", exclude=("numpy:eager",))
    assert [runner.name for runner in plan.runners] == ["numpy:replay"]


def test_a_sample_has_a_tenth_of_every_chapter():
    _, every = planned()
    _, some = planned(sample=True)
    assert {s.primitive.kind for s in some} == {s.primitive.kind for s in every}
    assert 0.08 < len(names(some)) / len(names(every)) < 0.2


def test_a_tenth_begins_with_the_first():
    _, sheets = planned("elementwise")
    primitives = list({s.primitive.name: s.primitive for s in sheets}.values())
    assert a_tenth(primitives)[:2] == [primitives[0], primitives[10]]


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        ({}, 8),
        ({"orders": (1,)}, 4),
        ({"orders": (1, 2, 3)}, 10),
        ({"compositions": ("forward-over-forward",)}, 1),
        ({"compositions": ("all",)}, 6),
        ({"operators": ("jvp", "hvp")}, 4),
        ({"operators": ("hvp",), "compositions": ("reverse-over-forward",)}, 1),
    ],
)
def test_ways_are_narrowed_by_order_composition_and_operator(chosen, count):
    found = ways_of(Chosen(**chosen))
    assert len(found) == count and set(found) <= set(WAYS)


def test_what_excludes_every_way_is_refused():
    with pytest.raises(UsageError, match="no way has these"):
        ways_of(Chosen(operators=("jvp",), orders=(2,)))
