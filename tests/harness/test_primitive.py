"""What a primitive's record refuses, and what it says of its points."""

import pytest

from harness.primitive import FORMS, Point, Primitive, formed, shape_of


def written(**changed):
    given = {
        "name": "scale",
        "kind": "elementwise",
        "formula": "x y",
        "define": lambda m, x, y: x * y,
        "points": (Point(name="generic", arguments=(0.5, 2.0)),),
        "calls": {"xp": "x * y"},
    }
    return Primitive(**{**given, **changed})


def point(name="generic", arguments=(0.5, 2.0), **more):
    return Point(name=name, arguments=arguments, **more)


@pytest.mark.parametrize("field", ["name", "kind", "formula", "points", "calls"])
def test_a_missing_field_is_named_in_one_sentence(field):
    empty = {"points": (), "calls": {}}.get(field, "")
    with pytest.raises(ValueError, match=f"has no {field}; every one needs it"):
        written(**{field: empty})


def test_two_points_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two points called 'generic'"):
        written(points=(point(), point()))


def test_a_point_needs_one_entry_for_every_argument():
    with pytest.raises(ValueError, match="'short' has 1 arguments instead of 2"):
        written(points=(point("short", (0.5,)),))


def test_a_point_with_the_same_array_everywhere_needs_just_that():
    written(points=(point("same", (0.5,), form="same"),))
    with pytest.raises(ValueError, match="has 2 arguments instead of 1"):
        written(points=(point("same", form="same"),))


def test_integers_have_to_be_arguments():
    with pytest.raises(ValueError, match="'labels' is no argument of define"):
        written(integers=("labels",))


def test_an_unknown_form_is_refused_and_the_known_ones_named():
    with pytest.raises(ValueError, match=r"no form 'thrice'; use plain, twice, view, same"):
        point(form="thrice")


def test_arguments_are_those_of_the_definition():
    assert written().arguments == ("x", "y")


def test_integers_are_not_differentiated():
    primitive = written(integers=("y",))
    assert primitive.wrt(primitive.points[0]) == ("x",)


def test_a_point_with_the_same_array_everywhere_is_differentiated_once():
    primitive = written(points=(point("same", (0.5,), form="same"),))
    assert primitive.wrt(primitive.points[0]) == ("x",)


def test_groups_hold_points_of_one_form_and_shapes_in_order():
    vector = (1.0, 2.0)
    points = (
        point(),
        point("row", (0.5, vector)),
        point("other", (1.0, 2.0)),
        point("twice", form="twice"),
        point("other row", (1.0, vector)),
    )
    found = [[p.name for p in group] for group in written(points=points).groups]
    assert found == [["generic", "other"], ["row", "other row"], ["twice"]]


def test_a_backend_spells_it_its_own_way_or_portably_or_not_at_all():
    primitive = written(calls={"xp": "x * y", "torch": "torch.mul(x, y)"}, lacks={"jax": "None."})
    assert primitive.spelled("torch") == "torch.mul(x, y)"
    assert primitive.spelled("numpy") == "x * y"
    assert primitive.spelled("jax") is None
    assert written(calls={"torch": "x * y"}).spelled("numpy") is None


def test_shapes_are_read_off_nested_sequences():
    assert shape_of(1.0) == ()
    assert shape_of(()) == (0,)
    assert shape_of(((1.0, 2.0, 3.0), [4.0, 5.0, 6.0])) == (2, 3)
    assert shape_of(((), ())) == (2, 0)


def test_every_form_is_made_and_none_is_the_function_itself_but_the_plain():
    def f(x, y):
        return x + y

    made = {form: formed(form, f, frozenset(), 2) for form in FORMS}
    assert [form for form, g in made.items() if g is f] == ["plain"]


def test_twice_uses_one_result_three_times():
    calls = []

    def f(x):
        calls.append(x)
        return x

    assert formed("twice", f, frozenset(), 1)(3.0) == 27.0
    assert len(calls) == 1


def test_the_same_array_stands_for_all_arguments():
    assert formed("same", lambda x, y, z: (x, y, z), frozenset(), 3)(7) == (7, 7, 7)


def test_a_view_leaves_out_every_other_number_but_of_no_index():
    import numpy as np

    seen = formed("view", lambda x, i: (x, i), frozenset({1}), 2)
    x, i = np.arange(8.0).reshape(2, 4), np.arange(3)
    out, index = seen(x, i)
    assert out.tolist() == [[0, 2], [4, 6]]
    assert np.shares_memory(out, x) and not out.flags.c_contiguous
    assert index is i
