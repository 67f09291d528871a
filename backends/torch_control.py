"""Control flow for the `xp` of PyTorch: Python's own, which is what eager mode runs anyway.

Compiled, a loop is unrolled, and nothing can depend on values: torch.scan, torch.cond and
torch.while_loop are not differentiated by `torch.func`, nor do they nest.
"""

import torch

from harness.errors import Unsupported

# Every step is compiled by itself: 0.1 to 0.4 s each, for the steps of a gradient.
LONGEST = 64

LACKS = {
    name: f"torch:compile follows no {what} that depends on values, as torch.func can't "
    f"differentiate torch.{name}; torch:eager and torch:func can"
    for name, what in (("cond", "branch"), ("while_loop", "loop"))
}


def cond(predicate, yes, no, *operands):
    return yes(*operands) if predicate else no(*operands)


def scan(f, carry, xs):
    # unbind is one node of the graph; the backward of every xs[i] would fill an array of xs' size.
    several = isinstance(xs, tuple)
    rows = zip(*map(torch.unbind, xs), strict=True) if several else torch.unbind(xs)
    ys = []
    for row in rows:
        carry, y = f(carry, row)
        ys.append(y)
    if isinstance(ys[0], tuple):
        return carry, tuple(torch.stack(column) for column in zip(*ys, strict=True))
    return carry, torch.stack(ys)


def unrolled(f, carry, xs):
    steps = (xs[0] if isinstance(xs, tuple) else xs).shape[0]
    if steps > LONGEST:
        raise Unsupported(
            f"torch.compile unrolls a loop and compiles every step of it, {steps} here; "
            f"torch:compile stops at {LONGEST}, and torch:eager and torch:func do not compile"
        )
    return scan(f, carry, xs)


def while_loop(test, body, carry):
    while test(carry):
        carry = body(carry)
    return carry
