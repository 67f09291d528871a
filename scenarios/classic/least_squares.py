"""The sign function fitted by a polynomial of degree m - 1, in least squares:

    y(x) = 1/2 sum_i (sign(t_i) - sum_{j<m} x_j t_i^j)^2,    t_i = -1 + 2i/(n-1).

Source: the benchmark LLSQ of GradBench, after cmpad's llsq_obj (Bell). The powers belong to the
function. They are split in the manner of Paterson and Stockmeyer (1973), SIAM Journal on Computing
2: with j = 16 a + b, the sum over b is one matrix product with 16 powers of t, that over a has m/16
powers of t^16.
"""

from harness.scenario import Scenario

WIDTH = 16


def powers(xp, t, count):
    """The powers 0 .. count - 1 of t, one row each."""
    rows = [xp.ones_like(t)]
    while len(rows) < count:
        rows.append(rows[-1] * t)
    return xp.stack(rows)


def polynomial(xp, x, t):
    missing = -x.shape[0] % WIDTH
    if missing:
        x = xp.concat([x, xp.zeros((missing,))])
    low = powers(xp, t, WIDTH)
    inner = xp.matmul(xp.reshape(x, (-1, WIDTH)), low)
    return xp.sum(inner * powers(xp, low[-1] * t, inner.shape[0]), axis=0)


def value(xp, x, t):
    return 0.5 * xp.sum((xp.sign(t) - polynomial(xp, x, t)) ** 2)


def vandermonde(np, x, t):
    return t[:, None] ** np.arange(len(x))


def residual(np, x, t):
    return vandermonde(np, x, t) @ x - np.sign(t)


def total(np, x, t):
    return (np.sum(residual(np, x, t) ** 2) / 2,)


def gradient(np, x, t):
    return vandermonde(np, x, t).T @ residual(np, x, t), np.zeros_like(t)


def hvp(np, x, t, v):
    w = vandermonde(np, x, t)
    return (w.T @ (w @ v),)


def hessian(np, x, t):
    w = vandermonde(np, x, t)
    return (w.T @ w,)


def point(rng, m, n):
    return rng.standard_normal(m), [-1 + 2 * i / (n - 1) for i in range(n)]


LEVELS = {"S": {"m": 18, "n": 32}, "M": {"m": 128, "n": 4096}, "L": {"m": 128, "n": 16384}}

scenarios = (
    Scenario(
        name="classic/least-squares",
        about="polynomial fitted to the sign function",
        source="GradBench, after cmpad",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda m, n: m,
        elements=lambda m, n: 8 * (WIDTH + m // WIDTH) * n,
        wrt=("x",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
    ),
)
