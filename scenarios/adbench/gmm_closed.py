"""The mixture of Gaussians in plain NumPy: log posterior and gradient, component by component.

The one convention: nothing is shared with `scenarios.adbench.gmm`, not even the way to lay out Q_k
or the log gamma function, so that the two can catch each other's mistakes.
"""

PI = "3.14159265358979323846264338327950288"


def parts(np, alpha, mu, icf, x):
    """Return for each component Q, x - mu, Q (x - mu); then the terms of the inner sum (K, N)."""
    k, d = mu.shape
    q = np.zeros((k, d, d), icf.dtype)
    q[below(np, d)] = icf[:, d:]
    q[:, range(d), range(d)] = np.exp(icf[:, :d])
    z = [x - mean for mean in mu]
    y = [z_k @ q_k.T for z_k, q_k in zip(z, q, strict=True)]
    squares = np.stack([np.sum(y_k**2, axis=1) for y_k in y])
    return q, z, y, (alpha + np.sum(icf[:, :d], axis=1))[:, None] - squares / 2


def below(np, d):
    """Return the key of what lies below the diagonals of (K, D, D), column by column."""
    columns, rows = np.triu_indices(d, 1)
    return slice(None), rows, columns


def log_sum_exp(np, a):
    return np.max(a, axis=0) + np.log(np.sum(np.exp(a - np.max(a, axis=0)), axis=0))


def log_gamma(np, twice):
    """Of half an integer: Gamma(a + 1) = a Gamma(a), from Gamma(1) = 1 and Gamma(1/2)^2 = pi."""
    steps = np.arange(2 - int(twice) % 2, int(twice), 2) * np.longdouble(0.5)
    return np.sum(np.log(steps)) + int(twice) % 2 * np.log(np.longdouble(PI)) / 2


def value(np, s, alpha, mu, icf, x, gamma, m):
    (k, d), n, pi, q = mu.shape, len(x), np.longdouble(PI), icf[:, : mu.shape[1]]
    inner = parts(np, alpha, mu, icf, x)[-1]
    n_w = d + int(m) + 1
    log_gamma_d = np.log(pi) * d * (d - 1) / 4 + sum(log_gamma(np, n_w - j) for j in range(d))
    w = gamma**2 / 2 * (np.sum(np.exp(2 * q)) + np.sum(icf[:, d:] ** 2)) - m * np.sum(q)
    w = w - k * (n_w * d * np.log(gamma / np.sqrt(np.longdouble(2))) - log_gamma_d)
    likelihood = np.sum(log_sum_exp(np, inner)) - n * log_sum_exp(np, alpha)
    return (likelihood - np.log(2 * pi) * n * d / 2 + s * w,)


def gradient(np, s, alpha, mu, icf, x, gamma, m):
    """With shares r_kn of the points: all but the prior's part is in sums of r y z' and r y."""
    q, z, y, inner = parts(np, alpha, mu, icf, x)
    d = mu.shape[1]
    r = np.exp(inner - log_sum_exp(np, inner))
    count = np.sum(r, axis=1)
    g_alpha = count - len(x) * np.exp(alpha - log_sum_exp(np, alpha))
    pulled = zip(r, y, z, strict=True)
    g_q = s * gamma**2 * q - np.stack([(r_k[:, None] * y_k).T @ z_k for r_k, y_k, z_k in pulled])
    g_mu = np.stack([r_k @ y_k @ q_k for r_k, y_k, q_k in zip(r, y, q, strict=True)])
    diagonal = np.diagonal(g_q, axis1=1, axis2=2) * np.exp(icf[:, :d]) + count[:, None] - s * m
    g_icf = np.concatenate([diagonal, g_q[below(np, d)]], axis=1)
    return g_alpha, g_mu, g_icf, *(np.zeros_like(a) for a in (x, gamma, m))
