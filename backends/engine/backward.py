"""Gradients accumulated in variables, pass after pass.

The one convention: variables that meet in one computation are made together, by one call of
`variables`, and share a tape. A pass with `create_graph` is on that tape too, so what it left in
`grad` can be computed with and differentiated by the next pass. Such a tape is never over.
"""

from backends.engine import trees
from backends.engine.boundary import differentiable, finished, one_like, unwrap
from backends.engine.tracer import Tracer
from backends.engine.traces import Reverse


class Variable(Tracer):
    """A leaf with an accumulator: `grad` is None until a pass has reached it; set it to clear."""

    __slots__ = ("grad",)

    def __init__(self, value, trace, note):
        super().__init__(value, trace, note)
        self.grad = None


def variables(*arrays):
    """Make one variable per array, all on one new tape; of a tree, a tree of variables.

    Raises TypeError for what is not floating-point.
    """
    trace = Reverse()

    def variable(x):
        return Variable(differentiable(x, "variables"), trace, next(trace.notes))

    return tuple([trees.transform(variable, x) for x in arrays])


def backward(y, leaves, *, create_graph=False):
    """Add the gradient of the scalar y to `grad` of every one of the leaves that y depends on.

    `leaves` is a tree of variables. With `create_graph` the gradients are traced, else they are
    plain arrays. Raises ValueError where y has axes, or the leaves were not made together.
    """
    leaves = trees.leaves(leaves)
    if not leaves:
        raise ValueError("backward needs the variables to accumulate in; got none")
    if not all(isinstance(leaf, Variable) for leaf in leaves):
        raise TypeError("backward accumulates in variables; make them by engine.variables(...)")
    trace = leaves[0].trace
    if any(leaf.trace is not trace for leaf in leaves):
        raise ValueError("backward needs variables made together, by one call of variables")
    y, note = unwrap(y, trace, "backward")
    seed = one_like(y, "backward")
    cotangents = trace.pull({} if note is None else {note: seed}, keep=create_graph)
    for leaf in leaves:
        c = cotangents.get(leaf.note)
        if c is not None:
            c = finished(c, leaf)
            leaf.grad = c if leaf.grad is None else leaf.grad + c
