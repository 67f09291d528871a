"""The ways, and the seeds that every backend is given."""

from harness.atlas.ways import WAYS, is_scalar, like_arguments, seeds


def test_no_two_ways_are_alike():
    assert len(set(WAYS)) == len(WAYS)


def test_a_way_differentiates_once_more_than_its_composition_has_overs():
    for way in WAYS:
        once = 0 if way.operator == "value" else 1
        assert way.order == (once if way.composition is None else 1 + way.composition.count("over"))


def test_what_pulls_back_answers_like_the_arguments_and_what_pushes_like_the_output():
    operators = {way.operator for way in WAYS if like_arguments(way)}
    assert operators == {"gradient", "vjp", "hvp", "third"}
    pushed = [way.operator for way in WAYS if not like_arguments(way)]
    assert pushed == ["value", "jvp", "second", "third"]


def test_only_functions_of_the_scalar_are_contracted():
    assert {way.operator for way in WAYS if is_scalar(way)} == {"gradient", "hvp", "third"}


def test_seeds_are_fixed_and_exact_in_every_dtype():
    for shape in ((), (1,), (3, 4), (40,)):
        for salt in range(3):
            drawn = seeds(shape, salt)
            assert drawn == seeds(shape, salt)
            assert all((8 * x).is_integer() and 0.5 <= abs(x) <= 1.5 for x in drawn)


def test_seeds_are_one_for_one_number_and_of_both_signs_for_more():
    assert seeds((), 0) == seeds((1, 1), 5) == [1.0]
    assert {x > 0 for x in seeds((4,), 0)} == {True, False}


def test_salts_give_other_seeds():
    assert seeds((6,), 0) != seeds((6,), 1) != seeds((6,), 2)


def test_no_array_has_no_seeds():
    assert seeds((2, 0), 0) == []
