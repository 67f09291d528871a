"""The least call of all, and what is called before it."""

import pytest

from harness.contract import Settings
from harness.least import least_call
from harness.plugins import backends, load


class Wrapped:
    """A backend that remembers the shapes it was given, and may refuse to make anything of a
    matrix."""

    def __init__(self, inner, *, refuses=False):
        self.inner, self.refuses, self.called = inner, refuses, []
        self.wait, self.namespace, self.release = inner.wait, inner.namespace, inner.release

    def put(self, array):
        return self.inner.put(array)

    def prepare(self, case, function, wrt, example):
        if self.refuses and example[0].ndim:
            raise TypeError("no matrices")
        call = self.inner.prepare(case, function, wrt, example)

        def noted(*inputs):
            self.called.append((case.operator, inputs[0].shape))
            return call(*inputs)

        return noted


@pytest.mark.parametrize("refuses", [False, True])
def test_a_matrix_product_is_rehearsed_before_the_least_call_where_there_is_one(refuses):
    inner = load(backends().items["numpy"].adapter)("eager", "cpu", Settings())
    wrapped = Wrapped(inner, refuses=refuses)
    assert least_call(wrapped, [("value", None), ("gradient", None)], "float32") > 0
    rehearsed = [] if refuses else [("gradient", (2, 2))]
    assert list(dict.fromkeys(wrapped.called)) == [*rehearsed, ("value", ())]
