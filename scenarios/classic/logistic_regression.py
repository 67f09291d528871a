"""Logistic regression with a ridge, for labels y_i of -1 and 1 and rows x_i:

    f(w) = 1/n sum_i log(1 + exp(-y_i x_i . w)) + |w|^2 / (2n).

With s_i = 1 / (1 + exp(y_i x_i . w)), the gradient is (w - X' (y s)) / n and the Hessian
(X' diag(s (1 - s)) X + I) / n. Source: Hastie, Tibshirani and Friedman (2009), The Elements of
Statistical Learning, section 4.4. The weights behind the labels fall as 1/j: with equal ones every
element of the gradient would be small beside the n terms of both signs that it sums.
"""

from harness.scenario import Scenario


def value(xp, w, x, y):
    losses = xp.softplus(-y * xp.matmul(x, w))
    return (xp.sum(losses) + 0.5 * xp.sum(w * w)) / x.shape[0]


def total(np, w, x, y):
    return ((np.sum(np.log1p(np.exp(-y * (x @ w)))) + np.sum(w**2) / 2) / len(x),)


def doubt(np, w, x, y):
    return 1 / (1 + np.exp(y * (x @ w)))


def gradient(np, w, x, y):
    return (w - x.T @ (y * doubt(np, w, x, y))) / len(x), np.zeros_like(x), np.zeros_like(y)


def hvp(np, w, x, y, v):
    s = doubt(np, w, x, y)
    return ((x.T @ (s * (1 - s) * (x @ v)) + v) / len(x),)


def hessian(np, w, x, y):
    s = doubt(np, w, x, y)
    return ((x.T @ ((s * (1 - s))[:, None] * x) + np.eye(len(w), dtype=w.dtype)) / len(x),)


def point(rng, n, d):
    x, truth = rng.standard_normal((n, d)), [3 / (1 + j) for j in range(d)]
    noisy = x @ truth + rng.logistic(size=n)
    return rng.standard_normal(d) / d**0.5, x, 2.0 * (noisy > 0) - 1


LEVELS = {"S": {"n": 20, "d": 6}, "M": {"n": 4096, "d": 64}, "L": {"n": 100_000, "d": 200}}

scenarios = (
    Scenario(
        name="classic/logistic-regression",
        about="logistic regression with a ridge",
        source="Hastie et al. 2009, section 4.4",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n, d: d,
        elements=lambda n, d: 2 * n * d + 16 * n,
        wrt=("w",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
        work={
            # X, y and w in; X w takes 2nd - n, a row 5 more less one, the ridge and the ends 2d + 2
            "value": lambda n, d: (n * d + n + d + 1, 2 * n * d + 4 * n + 2 * d + 1),
            # X w and X' (y s) take 4nd - n - d, a row of s and its product 5, the ends 2d
            "gradient": lambda n, d: (n * d + n + 2 * d, 4 * n * d + 4 * n + d),
        },
    ),
)
