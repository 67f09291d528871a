"""Ways to draw a part of an expression by folding, moving, joining and picking elements.

The one convention: `WAYS` lists (does it fit this shape?, way); see drawing.py.
"""

import math

from tests.backends.engine.parts import apart, call, integers

AXES = 3  # as many as a part may have
FOLDS = ("sum", "mean", "logsumexp", "prod", "max", "min")


def an_axis(draft, shape):
    """An axis counted from 0, and the same counted from either end."""
    axis = draft.choose(range(len(shape)))
    return axis, draft.choose((axis, axis - len(shape)))


def with_axis(shape, axis, n):
    """The shape with one axis of another length."""
    return (*shape[:axis], n, *shape[axis + 1 :])


def without_axis(shape, axis):
    return (*shape[:axis], *shape[axis + 1 :])


def fold(draft, shape):
    """A reduction over one, two or all axes."""
    place = draft.choose(range(len(shape) + 1))
    folded = [(2,), (3,), (1,), (2, 3), (3, 1)]
    folded = draft.choose([lengths for lengths in folded if len(lengths) + len(shape) <= AXES])
    longer = (*shape[:place], *folded, *shape[place:])
    axes = [tuple(range(place, place + len(folded)))]
    if len(folded) == 1:
        axes += [place, place - len(longer)]
    if not shape:
        axes.append(None)
    return _folded(draft, shape, longer, {"axis": draft.choose(axes)})


def fold_and_keep(draft, shape):
    """A reduction that leaves an axis of length 1."""
    axis = shape.index(1)
    longer = with_axis(shape, axis, draft.choose((3, 2)))
    return _folded(draft, shape, longer, {"axis": axis, "keepdims": True})


def _folded(draft, shape, longer, options):
    name = draft.choose(FOLDS)
    if name == "prod" and isinstance(options["axis"], tuple):
        name = "sum"  # xp.prod takes one axis or all
    if name in ("max", "min"):
        x = apart(draft, longer)
        return call(name, x, shape=shape, bound=x.bound, **options)
    x = draft.tame(longer)
    count = math.prod(longer) // math.prod(shape)
    bound = {"sum": 2 * count, "mean": 2, "logsumexp": 5, "prod": 2**count}[name]
    return call(name, x, shape=shape, bound=bound, **options)


def running(draft, shape):
    axis, named = an_axis(draft, shape)
    x = draft.part(shape)
    return call("cumulative_sum", x, shape=shape, bound=x.bound * shape[axis], axis=named)


def reshaped(draft, shape):
    others = [(math.prod(shape),), (1, *shape), (*shape, 1), shape[::-1]]
    x = draft.part(draft.choose([other for other in others if len(other) <= AXES]))
    wanted = draft.choose((shape, (-1, *shape[1:]))) if shape else shape
    return call("reshape", x, wanted, shape=shape, bound=x.bound)


def permuted(draft, shape):
    axes = tuple(draft.choose(ORDERS[len(shape)]))
    before = [0] * len(shape)
    for axis, n in zip(axes, shape, strict=True):
        before[axis] = n
    x = draft.part(tuple(before))
    return call("permute_dims", x, axes, shape=shape, bound=x.bound)


ORDERS = {2: [(1, 0)], 3: [(0, 2, 1), (1, 0, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)]}


def moved(draft, shape):
    _, named = an_axis(draft, shape)
    x = draft.part(shape)
    if draft.choose((True, False)):
        return call("flip", x, shape=shape, bound=x.bound, axis=named)
    shift = draft.choose((1, -1, 2))
    return call("roll", x, shift, shape=shape, bound=x.bound, axis=named)


def expanded(draft, shape):
    axis = shape.index(1)
    x = draft.part(without_axis(shape, axis))
    if draft.choose((True, False)):
        return call("expand_dims", x, shape=shape, bound=x.bound, axis=axis)
    key = (*(slice(None),) * axis, None)
    return call("[]", x, key, shape=shape, bound=x.bound)


def squeezed(draft, shape):
    axis = draft.choose(range(len(shape) + 1))
    x = draft.part((*shape[:axis], 1, *shape[axis:]))
    return call("squeeze", x, shape=shape, bound=x.bound, axis=axis)


def stretched(draft, shape):
    leading = draft.choose(range(len(shape) + 1))
    narrow = tuple(draft.choose((1, n)) for n in shape[leading:])
    x = draft.part(narrow)
    return call("broadcast_to", x, shape, shape=shape, bound=x.bound)


def entry(draft, shape):
    """One index of an axis."""
    axis, n = draft.choose(range(len(shape) + 1)), draft.choose((2, 3))
    x = draft.part((*shape[:axis], n, *shape[axis:]))
    at = draft.choose((0, -1, 1))
    keys = [(*(slice(None),) * axis, at)]
    if axis == len(shape):
        keys.append((Ellipsis, at))
    return call("[]", x, draft.choose(keys), shape=shape, bound=x.bound)


def sliced(draft, shape):
    axis = draft.choose(range(len(shape)))
    n = shape[axis]
    longer, part = draft.choose(
        ((n + 1, slice(1, None)), (n + 2, slice(0, n)), (2 * n, slice(None, None, 2)))
    )
    x = draft.part(with_axis(shape, axis, longer))
    key = (*(slice(None),) * axis, part)
    return call("[]", x, key, shape=shape, bound=x.bound)


def joined(draft, shape):
    axis, named = an_axis(draft, shape)
    first = draft.choose(range(1, shape[axis])) if shape[axis] > 1 else 1
    lengths = [n for n in (first, shape[axis] - first) if n]
    parts = tuple(draft.part(with_axis(shape, axis, n)) for n in lengths)
    bound = max(part.bound for part in parts)
    return call("concat", parts, shape=shape, bound=bound, axis=named)


def stacked(draft, shape):
    axis, named = an_axis(draft, shape)
    parts = tuple(draft.part(without_axis(shape, axis)) for _ in range(shape[axis]))
    bound = max(part.bound for part in parts)
    return call("stack", parts, shape=shape, bound=bound, axis=named)


def taken(draft, shape):
    axis, n = draft.choose(range(len(shape))), draft.choose((2, 3))
    x = draft.part(with_axis(shape, axis, n))
    where = integers(draft, (shape[axis],), n)
    return call("take", x, where, shape=shape, bound=x.bound, axis=axis)


def taken_along(draft, shape):
    axis, n = draft.choose(range(len(shape))), draft.choose((2, 3))
    x = draft.part(with_axis(shape, axis, n))
    where = integers(draft, shape, n)
    return call("take_along_axis", x, where, shape=shape, bound=x.bound, axis=axis)


def by_segment(draft, shape):
    n = draft.choose((3, 2))
    x = draft.part((n, *shape[1:]))
    segments = integers(draft, (n,), shape[0])
    return call("segment_sum", x, segments, shape=shape, bound=n * x.bound, count=shape[0])


def ordered(draft, shape):
    x = apart(draft, shape)
    _, named = an_axis(draft, shape)
    return call("sort", x, shape=shape, bound=x.bound, axis=named)


def roomy(shape):
    return len(shape) < AXES


def some(shape):
    return len(shape) > 0


def thin(shape):
    return 1 in shape


def always(shape):
    return True


WAYS = [
    (roomy, fold),
    (roomy, fold),
    (thin, fold_and_keep),
    (some, running),
    (always, reshaped),
    (lambda shape: len(shape) > 1, permuted),
    (some, moved),
    (thin, expanded),
    (roomy, squeezed),
    (always, stretched),
    (roomy, entry),
    (some, sliced),
    (some, joined),
    (some, stacked),
    (some, taken),
    (some, taken_along),
    (some, by_segment),
    (some, ordered),
]
