"""Control flow: plain Python, as the branch or the number of steps taken is what is differentiated.

The one convention: a carry, an x of `scan` or a y of it is one array or a tuple of arrays.
"""

from backends.engine.manipulation import rows, stack


def cond(predicate, yes, no, *operands):
    """Return yes(*operands) or no(*operands)."""
    return yes(*operands) if predicate else no(*operands)


def while_loop(test, body, carry):
    """Return the carry after carry = body(carry) for as long as test(carry)."""
    while test(carry):
        carry = body(carry)
    return carry


def scan(f, carry, xs):
    """Return (carry, ys) after carry, y = f(carry, x) for every x along the first axis of xs."""
    steps = zip(*map(rows, xs), strict=True) if isinstance(xs, tuple) else rows(xs)
    ys = []
    for x in steps:
        carry, y = f(carry, x)
        ys.append(y)
    if not ys:
        raise ValueError("scan needs xs with one entry at least; got none")
    if isinstance(ys[0], tuple):
        return carry, tuple(stack(column) for column in zip(*ys, strict=True))
    return carry, stack(ys)
