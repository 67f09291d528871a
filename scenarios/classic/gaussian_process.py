"""The log marginal likelihood of a Gaussian process with a squared-exponential kernel,

    f = -1/2 y' K^-1 y - 1/2 log det K - n/2 log 2 pi,
    K_ij = a^2 exp(-(x_i - x_j)^2 / (2 l^2)) + s^2 [i = j],

in logs = (log l, log a, log s), through the Cholesky factor of K. Source: Rasmussen and Williams
(2006), Gaussian Processes for Machine Learning, equations 2.30, 2.31 and, for the gradient,
1/2 tr((v v' - K^-1) dK) with v = K^-1 y, 5.9. There are two inputs x in every unit of length,
whatever n, so that the condition of K does not grow with it: it is some 25.
"""

from math import log, pi

from harness.scenario import Scenario
from scenarios.elimination import inverse


def value(xp, logs, x, y):
    n = x.shape[0]
    apart = xp.expand_dims(x, axis=1) - x
    signal = xp.exp(2 * logs[1] - 0.5 * xp.exp(-2 * logs[0]) * (apart * apart))
    factor = xp.linalg.cholesky(signal + xp.exp(2 * logs[2]) * xp.eye(n))
    z = xp.solve_triangular(factor, y, lower=True)
    halves = 0.5 * xp.sum(z * z) + xp.sum(xp.log(xp.linalg.diagonal(factor)))
    return -halves - 0.5 * n * log(2 * pi)


def covariance(np, logs, x):
    """K, its three derivatives, and its second derivatives by pairs of parameters."""
    q = (x[:, None] - x) ** 2 * np.exp(-2 * logs[0])
    signal = np.exp(2 * logs[1] - q / 2)
    noise = np.exp(2 * logs[2]) * np.eye(len(x), dtype=x.dtype)
    zero = np.zeros_like(noise)
    second = (
        (signal * (q * q - 2 * q), 2 * signal * q, zero),
        (2 * signal * q, 4 * signal, zero),
        (zero, zero, 4 * noise),
    )
    return signal + noise, (signal * q, 2 * signal, 2 * noise), second


def total(np, logs, x, y):
    k, _, _ = covariance(np, logs, x)
    inverted, pivots = inverse(np, k)
    return (-(y @ inverted @ y + np.sum(np.log(np.abs(pivots))) + len(x) * log(2 * pi)) / 2,)


def gradient(np, logs, x, y):
    k, first, _ = covariance(np, logs, x)
    inverted, _ = inverse(np, k)
    v = inverted @ y
    slopes = [np.sum((np.outer(v, v) - inverted) * dk) / 2 for dk in first]
    return np.stack(slopes), np.zeros_like(x), np.zeros_like(y)


def hessian(np, logs, x, y):
    k, first, second = covariance(np, logs, x)
    inverted, _ = inverse(np, k)
    v = inverted @ y
    moved = [inverted @ dk for dk in first]
    matrix = np.zeros((3, 3), x.dtype)
    for i in range(3):
        for j in range(3):
            matrix[i, j] = (
                np.sum((np.outer(v, v) - inverted) * second[i][j])
                - 2 * v @ first[i] @ moved[j] @ v
                + np.sum(moved[i] * moved[j].T)
            ) / 2
    return (matrix,)


def hvp(np, logs, x, y, v):
    return (hessian(np, logs, x, y)[0] @ v,)


def point(rng, n):
    x = rng.uniform(0, n / 2, n)
    logs = [0.0, 0.0, -0.5] + 0.1 * rng.standard_normal(3)
    return logs, x, (x % 4 - 2) + rng.standard_normal(n) / 3


LEVELS = {"S": {"n": 50}, "M": {"n": 200}, "L": {"n": 500}}

scenarios = (
    Scenario(
        name="classic/gaussian-process",
        about="log marginal likelihood, through a Cholesky factor",
        source="Rasmussen and Williams 2006, equations 2.30 and 5.9",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda n: 3,
        elements=lambda n: 16 * n * n,
        wrt=("logs",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
    ),
)
