"""Samples of special.py."""

from backends.engine import xp
from tests.backends.engine.samples.drawn import POSITIVE, ROW, X, Y, call

SAMPLES = {
    **{name: [call(name, X)] for name in ("erf", "erfc", "expit", "softplus")},
    "erfinv": [call("erfinv", X / 2.5)],
    "logit": [call("logit", 0.5 + X / 6)],
    "logaddexp": [call("logaddexp", X, Y), call("logaddexp", ROW, X)],
    "xlogy": [call("xlogy", X, POSITIVE), call("xlogy", ROW, POSITIVE)],
    "gammaln": [call("gammaln", POSITIVE), call("gammaln", -0.5 - X / 8)],
    "polygamma": [
        *(call("polygamma", POSITIVE, order=order) for order in (0, 1)),
        call("polygamma", -0.5 - X / 8, order=0),
    ],
}
COMPOSITES = {"digamma": [(xp.digamma, (POSITIVE,))]}
DISCRETE = {}
