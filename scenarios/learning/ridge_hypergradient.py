"""The hypergradient of ridge regression: the loss on validation data as a function of the logarithm
of the regularisation, one for every feature, through the closed-form solution of the training,

    w = A^-1 X'y / N,   A = X'X / N + diag(exp a),   loss = 1 / 2M |V w - u|^2,
    d loss / d a_j = -exp(a_j) w_j s_j,   s = A^-1 V'(V w - u) / M.

Bengio 2000 (Gradient-based optimization of hyperparameters). With w. = -A^-1 (exp(a) w v) and
s. = A^-1 (V'V w. / M - exp(a) s v), both the derivatives along v, the hvp follows by the product
rule.
"""

from harness.scenario import Scenario
from scenarios.elimination import inverse

LEVELS = {
    "S": {"batch": 8, "features": 4},
    "M": {"batch": 256, "features": 64},
    "L": {"batch": 512, "features": 256},
}


def value(xp, a, X, y, V, u):
    n = X.shape[0]
    A = X.T @ X / n + xp.eye(a.shape[0]) * xp.exp(a)
    w = xp.linalg.solve(A, X.T @ y / n)
    return xp.mean((V @ w - u) ** 2) / 2


def solved(np, a, X, y, V, u):
    """A^-1, w and s."""
    inverted, _ = inverse(np, X.T @ X / len(X) + np.diag(np.exp(a)))
    w = inverted @ (X.T @ y) / len(X)
    return inverted, w, inverted @ (V.T @ (V @ w - u)) / len(V)


def closed_value(np, a, X, y, V, u):
    _, w, _ = solved(np, a, X, y, V, u)
    return (np.mean((V @ w - u) ** 2) / 2,)


def gradient(np, a, X, y, V, u):
    _, w, s = solved(np, a, X, y, V, u)
    return (-np.exp(a) * w * s, *map(np.zeros_like, (X, y, V, u)))


def hvp(np, a, X, y, V, u, v):
    inverted, w, s = solved(np, a, X, y, V, u)
    rise = np.exp(a) * v
    w_dot = -inverted @ (rise * w)
    s_dot = inverted @ (V.T @ (V @ w_dot) / len(V) - rise * s)
    return (-rise * w * s - np.exp(a) * (w_dot * s + w * s_dot),)


def hessian(np, a, X, y, V, u):
    rows = [hvp(np, a, X, y, V, u, e)[0] for e in np.eye(len(a), dtype=a.dtype)]
    return (np.stack(rows),)


def point(rng, batch, features):
    X, V = rng.standard_normal((2, batch, features))
    truth = rng.standard_normal(features) / features**0.5
    y, u = X @ truth + rng.standard_normal(batch), V @ truth + rng.standard_normal(batch)
    return rng.uniform(-3, 0, features), X, y, V, u


scenarios = (
    Scenario(
        name="learning/ridge-hypergradient",
        about="validation loss by a ridge, through a linear solve",
        source="Bengio 2000",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("a",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={
            "value": closed_value,
            "gradient": gradient,
            "hvp": hvp,
            "hessian": hessian,
        },
        variables=lambda batch, features: features,
        elements=lambda batch, features: 6 * features**2 + 4 * batch * features,
    ),
)
