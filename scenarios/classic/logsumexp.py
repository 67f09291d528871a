"""The logarithm of a sum of exponentials, LSE(x) = log sum_i exp x_i, shifted by the maximum.

Its gradient is s = softmax(x), its Hessian diag(s) - s s'. Source: Boyd and Vandenberghe (2004),
Convex Optimization, section 3.1.5; the shift is analysed by Blanchard, Higham and Higham (2021),
IMA Journal of Numerical Analysis 41. Points are uniform on [-100, 100] from n = 1000 on. With fewer
the interval shrinks in proportion: on the whole of it a single element would have all the weight.
"""

from harness.scenario import Scenario
from scenarios.softmax import log_sum_exp, softmax


def value(xp, x):
    return xp.logsumexp(x)


def total(np, x):
    return (log_sum_exp(np, x),)


def gradient(np, x):
    return (softmax(np, x),)


def hvp(np, x, v):
    s = softmax(np, x)
    return (s * (v - np.sum(s * v)),)


def hessian(np, x):
    s = softmax(np, x)
    return (np.diag(s) - np.outer(s, s),)


def point(rng, n):
    reach = 100 * min(1.0, n / 1000)
    return (rng.uniform(-reach, reach, n),)


LEVELS = {"S": {"n": 12}, "M": {"n": 1000}, "L": {"n": 1_000_000}}

scenarios = (
    Scenario(
        name="classic/logsumexp",
        about="logarithm of a sum of exponentials",
        source="Boyd and Vandenberghe 2004, section 3.1.5",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n: n,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
    ),
)
