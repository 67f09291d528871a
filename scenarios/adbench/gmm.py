"""ADBench's mixture of Gaussians: the log posterior of weights alpha (K), means mu (K, D) and
inverse factors Q_k of the covariances, given N points x and a Wishart prior (gamma, m):

    F = sum_n LSE_k(alpha_k + sum_j q_kj - |Q_k (x_n - mu_k)|^2 / 2) - N LSE(alpha)
        - N D/2 log 2 pi + s W,
    W = sum_k [gamma^2/2 (|exp q_k|^2 + |l_k|^2) - m sum_j q_kj]
        - K [n_w D (log gamma - 1/2 log 2) - log Gamma_D(n_w/2)],      n_w = D + m + 1.

Q_k is lower triangular: its diagonal is exp q_k, below it stands l_k column by column; a row of
`icf` is q_k and then l_k. Source: Srajer, Kukelova, Fitzgibbon 2018, "A benchmark of selected
algorithmic differentiation tools on some problems in computer vision and machine learning". ADBench
has s = +1; with s = -1, as GradBench has it, W is a prior: `gmm` and `gmm-adbench-prior`.

The square is not expanded into x'Q'Qx - 2 x'Q'Q mu + mu'Q'Q mu. That would need no array of N x K
x D and a third to all of the time, but it loses the digits in which these terms cancel: a gradient
is then off by 1e-14 at ADBench's own points and by 1e-12 with tight clusters, this one by 2e-15 and
3e-14.
"""

import math
from functools import cache

from harness.scenario import Scenario
from scenarios.adbench import gmm_closed

LEVELS = {
    "S": {"d": 2, "K": 2, "N": 3},
    "M": {"d": 10, "K": 25, "N": 1000},
    "L": {"d": 64, "K": 25, "N": 1000},
}


def posterior(xp, s, alpha, mu, icf, x, gamma, m):
    (k, d), n = mu.shape, x.shape[0]
    q, factor = icf[:, :d], factors(xp, icf, d)
    whole = xp.concat([factor, -(factor @ mu[:, :, None])], axis=2)  # times (x, 1): Q (x - mu)
    points = xp.concat([x, xp.ones((n, 1))], axis=1)
    squares = xp.sum(xp.square(whole @ points.T), axis=1)
    inner = (alpha + xp.sum(q, axis=1))[:, None] - 0.5 * squares
    likelihood = xp.sum(xp.logsumexp(inner, axis=0)) - n * xp.logsumexp(alpha)
    n_w = d + m + 1
    halves = (n_w - xp.arange(d)) / 2
    log_gamma = d * (d - 1) / 4 * math.log(math.pi) + xp.sum(xp.gammaln(halves))
    norm = k * (n_w * d * (xp.log(gamma) - 0.5 * math.log(2)) - log_gamma)
    w = gamma**2 / 2 * xp.sum(xp.square(factor)) - m * xp.sum(q) - norm
    return likelihood - n * d / 2 * math.log(2 * math.pi) + s * w


def factors(xp, icf, d):
    """Gather the lower triangular matrices (K, D, D) from 0, exp q and l."""
    k = icf.shape[0]
    entries = xp.concat([xp.zeros((k, 1)), xp.exp(icf[:, :d]), icf[:, d:]], axis=1)
    sources = xp.asarray(sources_of(d), dtype=xp.int64)
    return xp.reshape(xp.take(entries, sources, axis=1), (k, d, d))


@cache
def sources_of(d):
    """For each place of a matrix, row by row, where it comes from in (0, diagonal, columns)."""
    rows = [[0] * d for _ in range(d)]
    for i in range(d):
        rows[i][i] = 1 + i
    below = [(i, j) for j in range(d) for i in range(j + 1, d)]
    for place, (i, j) in enumerate(below):
        rows[i][j] = 1 + d + place
    return tuple(source for row in rows for source in row)


def point(rng, d, K, N):
    import numpy as np

    return (
        rng.standard_normal(K),
        rng.standard_normal((K, d)),
        rng.standard_normal((K, d * (d + 1) // 2)) / math.sqrt(d),
        rng.standard_normal((N, d)),
        rng.uniform(0.5, 1.5, ()),
        np.array(2.0),
    )


def with_prior(name, about, source, s):
    def value(xp, alpha, mu, icf, x, gamma, m):
        return posterior(xp, s, alpha, mu, icf, x, gamma, m)

    def closed(form):
        return lambda np, *arguments: form(np, s, *arguments)

    return Scenario(
        name=f"adbench/{name}",
        about=about,
        source=source,
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("alpha", "mu", "icf"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed(gmm_closed.value), "gradient": closed(gmm_closed.gradient)},
        variables=lambda d, K, N: K * (1 + d + d * (d + 1) // 2),
        elements=lambda d, K, N: 3 * N * K * (d + 2),
        data="scenarios.adbench.files:gmm",
        conditioning={"hvp": 8},
        conditioning_reason="its part in alpha is what is left of terms some 300 times as large, "
        "and one eps in the inputs moves it by up to 135 eps (12 seeds at S)",
    )


scenarios = (
    with_prior("gmm", "mixture of Gaussians, with a Wishart prior", "GradBench, after ADBench", -1),
    with_prior(
        "gmm-adbench-prior",
        "the same with the prior's sign as published",
        "ADBench (Srajer et al. 2018)",
        +1,
    ),
)
