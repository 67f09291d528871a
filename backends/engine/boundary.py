"""The boundary of a derivative: what is let in, what is handed out, and what is refused.

The one convention: on the way in an argument becomes traced leaves, on the way out a result is
split into its value and its note. A trace whose function has returned is over: what it has recorded
can be used, and its traced arrays can't, so that one kept by mistake is told of instead of silently
counting as a constant.
"""

import numpy as np

from backends.engine import trees
from backends.engine.functions.manipulation import astype
from backends.engine.tracer import Tracer, dtype_of, shape_of
from backends.engine.traces import Forward, Parts, Reverse
from backends.engine.trees import CONTAINERS


class ReverseOver(Reverse):
    """A tape that is complete, as the function has returned: it can be read, and nothing joins it.

    A trace becomes this by assignment to its class, so that traces under way have nothing to test.
    """

    __slots__ = ()

    def process(self, primitive, inputs, metadata):
        raise leaked(primitive.name)

    def read(self, x, convert):
        raise leaked(convert.__name__)


class ForwardOver(Forward):
    """A forward trace whose function has returned."""

    __slots__ = ()

    def process(self, primitive, inputs, metadata):
        raise leaked(primitive.name)

    def read(self, x, convert):
        raise leaked(convert.__name__)


OVER = (ReverseOver, ForwardOver)


def leaked(where):
    """The refusal of a traced array that outlived its derivative."""
    return TypeError(
        f"{where} got a traced array of a derivative that is over; return it from the function "
        "instead of keeping it, or keep what stop_gradient makes of it"
    )


def lifted(x, trace, asked):
    """Make new leaves of a reverse trace from an argument, be it an array or a tree."""
    if type(x) in CONTAINERS:
        new = [trace.leaf(leaf) for leaf in _differentiable_leaves(x, asked)]
        return trees.rebuild(x, new)
    return Tracer(differentiable(x, asked), trace, next(trace.notes))


def pushed(x, v, trace):
    """Make traced arrays with tangents from an argument, be it an array or a tree."""
    if type(x) in CONTAINERS:
        tangents = trees.matched(v, x, "the tangent", "its argument")
        pairs = zip(_differentiable_leaves(x, "jvp"), tangents, strict=True)
        return trees.rebuild(x, [pushed(leaf, t, trace) for leaf, t in pairs])
    x = differentiable(x, "jvp")
    return Tracer(x, trace, matching(v, x, "the tangent", "its argument"))


def _differentiable_leaves(tree, asked):
    found = trees.leaves(tree)
    for i, leaf in enumerate(found):
        try:
            found[i] = differentiable(leaf, asked)
        except TypeError as error:
            raise TypeError(f"{error}; this is at {trees.places(tree)[i]}") from None
    return found


def differentiable(x, asked):
    """Return x as an array, if it is one of floating-point numbers."""
    if not isinstance(x, (np.ndarray, Tracer, np.generic)):
        if isinstance(x, (tuple, list, dict)):
            raise TypeError(
                f"{asked} takes trees of plain tuples, lists and dicts; got {type(x).__name__}; "
                "convert it, and back within the function"
            )
        x = np.asarray(x)
    if x.dtype.kind != "f":
        raise TypeError(f"{asked} needs floating-point inputs; got {x.dtype}; try {_remedy(x)}")
    return x


def _remedy(x):
    if x.dtype.kind == "c":
        return "a function of the real and the imaginary part"
    return "x.astype(float), or pass it by a closure or as another argument if it is a constant"


def one_like(y, asked):
    """The cotangent 1 of a scalar; whatever has axes is refused."""
    if type(y) in CONTAINERS:
        raise TypeError(
            f"{asked} needs a scalar output; got {type(y).__name__}; return one number, or use vjp "
            "or jacobian, which take trees"
        )
    if shape_of(y) != ():
        raise ValueError(
            f"{asked} needs a scalar output; got shape {shape_of(y)}; "
            "sum it, or use vjp with a cotangent"
        )
    return dtype_of(y).type(1)


def gradient_of(x, cotangents):
    """The cotangents of what `lifted` made, as they are handed out."""
    if type(x) is Tracer:
        return finished(cotangents.get(x.note), x.value)
    return trees.transform(lambda leaf: finished(cotangents.get(leaf.note), leaf.value), x)


def finished(c, x):
    """A cotangent or tangent as it is handed out: of x's dtype, writable, zeros for None."""
    if c is None:
        return np.zeros(shape_of(x), dtype_of(x))
    if type(c) is Parts:
        c = c.whole()
    if c.dtype is not x.dtype and c.dtype != x.dtype:
        return converted(c, dtype_of(x))
    if type(c) is np.ndarray and not c.flags.writeable:
        return c.copy()
    return c


def unwrap(y, trace, asked):
    """Split a function's result into values and notes, None for what is not traced here.

    Of one array it is one note; of a tree a list of them, in the order of its leaves.
    """
    if type(y) in CONTAINERS:
        pairs = [unwrap(leaf, trace, asked) for leaf in trees.leaves(y)]
        return trees.rebuild(y, (value for value, _ in pairs)), [note for _, note in pairs]
    while isinstance(y, Tracer):
        if y.trace is trace:
            return y.value, y.note
        if isinstance(y.trace, OVER):
            raise leaked(asked)
        if y.trace.number < trace.number:
            break
        y = y.value  # computed from variables made within, whose gradients have been taken
    return y, None


def seeds_of(g, y, notes):
    """Start from the cotangents of a tree; an array that it holds twice gets their sum."""
    seeds = {}
    given = trees.matched(g, y, "the cotangent", "the output")
    for c, value, note in zip(given, trees.leaves(y), notes, strict=True):
        c = matching(c, value, "the cotangent", "the output")
        if note is not None:
            seeds[note] = seeds[note] + c if note in seeds else c
    return seeds


def matching(c, like, what, whose):
    """A cotangent or tangent given by the caller, as an array of the shape and dtype it needs."""
    if not isinstance(c, (np.ndarray, Tracer, np.generic)):
        if type(c) in CONTAINERS:
            trees.matched(c, like, what, whose)
        c = np.asarray(c)
    if c.shape != shape_of(like):
        raise ValueError(
            f"{what} has shape {c.shape}, but {whose} {shape_of(like)}; make them equal"
        )
    return converted(c, dtype_of(like))


def converted(c, dtype):
    """A cotangent or tangent in the dtype it needs; a complex one of what is real is refused."""
    if c.dtype == dtype:
        return c
    if c.dtype.kind == "c" and dtype.kind != "c":
        raise TypeError(
            "the derivative of a real array came out complex, and would lose its imaginary part; "
            "compute with the real and the imaginary part apart"
        )
    return astype(c, dtype)
