"""Losses of regression: of residuals, rates and likelihoods.

One convention: x is the prediction and t the target, and both are differentiated; losses of vectors
are means.
"""

from scenarios.primitive.writing import at, chapter, kink, several

entry = chapter("losses")

NO_JAX = {"jax": "JAX ships no losses"}
X, T = (0.75, -0.5, 2.0), (0.25, 0.5, -1.5)
BENT = (0.5, 0.5, -1.5)  # no residual of X is 1/2, where the joint is
LANES = ((0.75, 0.0, -0.5, 0.0), (0.25, 0.0, 0.5, 0.0))
BENT_LANES = (LANES[0], (0.5, 0.0, 0.5, 0.0))
EQUAL = at("equal", X, X)
SAME = at("same", X, form="same")
TIE = kink("tie", X, (0.25, -0.5, -1.5))


def mean(m, x):
    return m.np.mean(x, axis=-1)


def huber(m, x, t):
    """With the joint at 1/2, where the first derivative is continuous."""
    return m.either(
        lambda d: m.abs(d) <= 0.5, lambda d: d**2 / 2, lambda d: m.abs(d) / 2 - m.mp.mpf(1) / 8
    )(x - t)


def log_poisson(m, x, t):
    return m.exp(x) - t * x


def entropy_term(m, t, x):
    """t (log(t) - x), and 0 where t is 0."""
    return m.either(lambda t, x: t > 0, lambda t, x: t * (m.log(t) - x), lambda t, x: t * 0)(t, x)


JOINTS = (
    kink("joint", X, (0.25, 0.5, -1.5), exists=1),
    at("far", (0.75, -0.5, 1e200), BENT),
    EQUAL,
    SAME,
)

TABLE = (
    entry(
        "mse_loss",
        "the mean of (x - t)^2",
        lambda m, x, t: mean(m, (x - t) ** 2),
        several((X, T), EQUAL, SAME, at("tiny", (1e-160, 0.0, 0.0), (0.0, 0.0, 0.0)), lane=LANES),
        xp="xp.mean(xp.square(x - t), axis=-1)",
        torch="torch.nn.functional.mse_loss(x, t)",
        tensorflow="tf.keras.losses.MSE(t, x)",
        lacks=NO_JAX,
    ),
    entry(
        "l1_loss",
        "the mean of |x - t|",
        lambda m, x, t: mean(m, m.abs(x - t)),
        several((X, T), TIE, SAME, at("far", (1e300, -0.5, 2.0), T), lane=LANES),
        xp="xp.mean(xp.abs(x - t), axis=-1)",
        torch="torch.nn.functional.l1_loss(x, t)",
        tensorflow="tf.keras.losses.MAE(t, x)",
        lacks=NO_JAX,
    ),
    entry(
        "huber_loss",
        "the mean of d^2 / 2 where |d| <= 1/2, else |d| / 2 - 1/8, d = x - t",
        lambda m, x, t: mean(m, huber(m, x, t)),
        several((X, BENT), *JOINTS, lane=BENT_LANES),
        xp=(
            "xp.mean(xp.where(xp.abs(x - t) <= 0.5, 0.5 * xp.square(x - t), "
            "0.5 * xp.abs(x - t) - 0.125), axis=-1)"
        ),
        torch="torch.nn.functional.huber_loss(x, t, delta=0.5)",
        tensorflow="tf.keras.losses.huber(t, x, 0.5)",
        lacks=NO_JAX,
        source="Huber 1964",
    ),
    entry(
        "log_cosh_loss",
        "the mean of log(cosh(x - t))",
        lambda m, x, t: mean(m, m.log(m.cosh(x - t))),
        several(
            (X, T),
            EQUAL,
            SAME,
            at("cancelling", X, (0.7500152587890625, -0.5, 2.0)),
            at("far", (0.75, -800.0, 800.0), T),
            lane=LANES,
        ),
        xp=(
            "(lambda d, c: xp.mean(xp.where(xp.abs(d) < 1.0, xp.log1p(0.5 * xp.square(xp.expm1(c))"
            " * xp.exp(-c)), d + xp.softplus(-2.0 * d) - 0.6931471805599453), axis=-1))"
            "(x - t, xp.clip(x - t, min=-1.0, max=1.0))"
        ),
        tensorflow="tf.keras.losses.logcosh(t, x)",
        lacks=NO_JAX | {"torch": "PyTorch ships no log-cosh loss"},
    ),
    entry(
        "poisson_nll_loss",
        "exp(x) - t x",
        log_poisson,
        several(
            (0.75, 2.0),
            at("no count", 0.75, 0.0),
            at("rare", -700.0, 0.0),
            at("empty", (), ()),
            lane=LANES,
        ),
        xp="xp.exp(x) - t * x",
        torch="torch.nn.functional.poisson_nll_loss(x, t, reduction='none')",
        tensorflow="tf.nn.log_poisson_loss(t, x)",
        lacks=NO_JAX,
    ),
)
