"""Samples of reductions.py and accumulations.py."""

from backends.engine import xp
from tests.backends.engine.samples.drawn import CUBE, RNG, X, call

SCALAR = X[0, 0, None].reshape(())
HOLED = X * (X > -0.5)  # with zeros in several rows and columns
FOLDING = ("max", "mean", "min", "prod", "sum")
COMPOSED = ("logsumexp", "median", "std", "var")
RUNNING = ("cumulative_max", "cumulative_min")


def of_xp(name, x, **metadata):
    return lambda x: getattr(xp, name)(x, **metadata), (x,)


def folded(sample, name):
    """One sample for all axes, one for one axis, and one for several axes that are kept."""
    several = {"axis": (0, -1), "keepdims": True} if name != "median" else {"keepdims": True}
    return [sample(name, CUBE), sample(name, CUBE, axis=1), sample(name, CUBE, **several)]


SAMPLES = {
    **{name: [*folded(call, name), call(name, SCALAR)] for name in FOLDING},
    "cumulative_sum": [
        call("cumulative_sum", CUBE, axis=1),
        (lambda x: xp.cumulative_sum(x, axis=-2, include_initial=True), (CUBE,)),
        (xp.cumulative_sum, (X[0],)),
    ],
    "cumulative_prod": [
        (lambda x: xp.cumulative_prod(x, axis=0, include_initial=True), (X,)),
        call("cumulative_prod", CUBE, axis=-1),
        call("cumulative_prod", HOLED, axis=0),
    ],
}
SAMPLES["prod"] += [
    call("prod", HOLED),
    call("prod", HOLED, axis=0),
    (lambda x: xp.prod(x - x[0], axis=0), (RNG.uniform(-1, 1, (5, 3)),)),
]
COMPOSITES = {
    **{name: folded(of_xp, name) for name in COMPOSED},
    **{name: [of_xp(name, CUBE), of_xp(name, X, axis=0)] for name in ("log_softmax", "softmax")},
    **{name: [of_xp(name, CUBE, axis=1)] for name in RUNNING},
}
COMPOSITES["logsumexp"] += [of_xp("logsumexp", SCALAR)]
COMPOSITES["var"] += [of_xp("var", CUBE, axis=0, correction=1)]
OF_ONE = ("all", "any", "argmax", "argmin", "count_nonzero", "latest_max", "latest_min", "peak")
DISCRETE = {**{name: (X,) for name in OF_ONE}, "ties": (X, X.max())}
