"""Drawing expressions with hypothesis, from the shape of the result down to the inputs.

The one convention: a way to make a result of some shape is `way(draft, shape)`, which draws its
metadata and asks the draft for parts of the shapes that it needs. An input comes first among the
ways, so that is what hypothesis shrinks every part towards.

Left out are `stop_gradient`, by which a Hessian need not be symmetric, and gammaln and digamma,
which longdouble lacks.
"""

import math

from hypothesis import strategies as st

from tests.backends.engine import ways_by_element, ways_by_matrix, ways_by_shape
from tests.backends.engine.expressions import Expression, Input
from tests.backends.engine.parts import call

SHAPES = ((), (3,), (2, 3), (3, 1), (3, 3), (2, 1, 3))
WAYS = ways_by_element.WAYS + ways_by_shape.WAYS + ways_by_matrix.WAYS
SEEDS = st.integers(0, 999)


class Draft:
    """An expression in the making: how deep it may still grow, its inputs, and parts to share."""

    def __init__(self, draw, depth):
        self.draw = draw
        self.depth = depth
        self.inputs = []
        self.parts = []

    def choose(self, options):
        return self.draw(st.sampled_from(options))

    def part(self, shape):
        """Draw a part of this shape: an input, one that is there already, or a new one."""
        ways = [leaf]
        if any(made.shape == shape for made in self.parts):
            ways += [again] * 3  # what is shared has cotangents to add, and lines to merge
        if self.depth > 0:
            ways += [way for fits, way in WAYS if fits(shape)]
        self.depth -= 1
        made = self.choose(ways)(self, shape)
        self.depth += 1
        self.parts.append(made)
        return made

    def tame(self, shape, limit=2):
        """Draw a part whose elements are at most `limit` in size; powers of two scale exactly."""
        made = self.part(shape)
        if made.bound <= limit:
            return made
        factor = 2.0 ** -math.ceil(math.log2(made.bound / limit))
        return call("*", made, factor, shape=shape, bound=made.bound * factor)


def leaf(draft, shape):
    chosen = draft.choose([*(x for x in draft.inputs if x.shape == shape), None])
    if chosen is None:
        chosen = Input(len(draft.inputs), shape)
        draft.inputs.append(chosen)
    return chosen


def again(draft, shape):
    return draft.choose([part for part in draft.parts if part.shape == shape])


@st.composite
def expressions(draw, shapes=SHAPES, depth=4):
    """Draw an expression whose result has one of the shapes."""
    draft = Draft(draw, depth)
    root = draft.part(draft.choose(shapes))
    return Expression(root, tuple(x.shape for x in draft.inputs), draw(SEEDS))


def scalars(depth=4):
    """Draw an expression whose result is a scalar."""
    return expressions(shapes=((),), depth=depth)
