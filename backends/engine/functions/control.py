"""Control flow: plain Python, as the branch or the number of steps taken is what is differentiated.

The one convention: a carry, the xs of `scan` and its ys are each an array or a tree of arrays (see
trees.py).
"""

from backends.engine import trees
from backends.engine.functions.manipulation import stack


def cond(predicate, yes, no, *operands):
    """Return yes(*operands) or no(*operands)."""
    return yes(*operands) if predicate else no(*operands)


def while_loop(test, body, carry):
    """Return the carry after carry = body(carry) for as long as test(carry)."""
    while test(carry):
        carry = body(carry)
    return carry


def scan(f, carry, xs):
    """Return (carry, ys) after carry, y = f(carry, x) for every x along the first axis of xs.

    The y of all steps are stacked, leaf by leaf. Raises ValueError where the leaves of xs differ in
    length or have no entries, or where y changes its structure.
    """
    leaves = trees.leaves(xs)
    lengths = {x.shape[0] for x in leaves}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(
            f"scan needs xs of one length, with one entry at least; got {sorted(lengths) or 'none'}"
        )
    ys, first = [], None
    for entries in zip(*map(list, leaves), strict=True):
        carry, y = f(carry, trees.rebuild(xs, entries))
        first = first if ys else y
        ys.append(trees.matched(y, first, "a later y of scan", "the first"))
    return carry, trees.rebuild(first, [stack(column) for column in zip(*ys, strict=True)])
