"""Samples of control.py."""

from backends.engine import xp
from tests.backends.engine.samples.drawn import ROW, X


def _decay(carry, x):
    memory, (total,) = carry["memory"], carry["totals"]
    memory = memory * x["gate"] + x["input"]
    return {"memory": memory, "totals": [total + memory]}, (memory, None, {"square": memory**2})


def _scanned(memory, gates):
    start = {"memory": memory, "totals": [memory]}
    carry, ys = xp.scan(_decay, start, {"gate": gates, "input": gates * gates})
    return carry["totals"][0] + xp.sum(ys[0] * ys[2]["square"], axis=0)


SAMPLES = {}
COMPOSITES = {
    "scan": [
        (lambda c, x: xp.scan(lambda c, x: (c * x, (c + x, c)), c, x)[1][0], (ROW, X)),
        (lambda c, x: xp.scan(lambda c, xs: (c + xs[0] * xs[1], c), c, (x, x))[0], (ROW, X)),
        (_scanned, (ROW, X)),
    ],
    "while_loop": [
        (
            lambda x: xp.while_loop(lambda c: c[0] < 3, lambda c: (c[0] + 1, c[1] * x), (0, x))[1],
            (X,),
        )
    ],
    "cond": [(lambda x: xp.cond(x[0, 0] < 9, xp.sin, xp.cos, x), (X,))],
}
DISCRETE = {}
