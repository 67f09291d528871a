"""Trees: their leaves, their order, and how differences between two are told."""

import numpy as np
import pytest

from backends.engine import trees

TREE = {"b": (1.0, [2.0, None]), "a": 3.0, "empty": {}}


def test_leaves_come_in_the_order_in_which_they_are_met():
    assert trees.leaves(TREE) == [1.0, 2.0, 3.0]
    assert trees.places(TREE) == ["['b'][0]", "['b'][1][0]", "['a']"]


def test_a_tree_is_rebuilt_from_its_leaves():
    rebuilt = trees.rebuild(TREE, trees.leaves(TREE))
    assert rebuilt == TREE
    assert list(rebuilt) == ["b", "a", "empty"]
    assert trees.transform(lambda x: -x, TREE)["b"] == (-1.0, [-2.0, None])


def test_an_array_is_its_own_leaf():
    x = np.ones(3)
    assert trees.leaves(x)[0] is x
    assert trees.places(x) == [""]
    assert trees.rebuild(x, [5]) == 5


def test_another_tree_is_matched_by_key_and_not_by_order():
    other = {"empty": {}, "a": 30.0, "b": (10.0, [20.0, None])}
    assert trees.matched(other, TREE, "the tangent", "its argument") == [10.0, 20.0, 30.0]


@pytest.mark.parametrize(
    ("tree", "like", "sentence"),
    [
        (1.0, (1.0,), r"the tangent has one array, but its argument has a tuple of 1; give both"),
        ([1.0], (1.0,), r"has a list of 1, but its argument has a tuple of 1"),
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, r"has a list of 1 at \['a'\], but .* a list of 2"),
        ({"a": 1.0}, {"b": 1.0}, r"has a dict of 'a', but its argument has a dict of 'b'"),
        ({}, {"b": 1.0}, r"has a dict of nothing, but"),
        ([None], [1.0], r"has None at \[0\], but its argument has one array"),
        ([1.0], [None], r"has one array at \[0\], but its argument has None"),
    ],
)
def test_different_structures_are_refused_with_the_place_of_the_difference(tree, like, sentence):
    with pytest.raises(ValueError, match=sentence):
        trees.matched(tree, like, "the tangent", "its argument")
