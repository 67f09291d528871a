"""The beta function, and the incomplete beta and gamma functions."""

from scenarios.primitive.gamma import gamma, gammaln
from scenarios.primitive.writing import at, chapter, pairs, singles

entry = chapter("special")


def beta(m, a, b):
    return gamma(m, a) * gamma(m, b) / gamma(m, a + b)


def regularized_beta(m, a, b, x):
    """I_x(a, b) for numbers a and b."""
    value = lambda x: m.mp.betainc(a, b, 0, x, regularized=True)  # noqa: E731
    return m.ruled(value, lambda x: x ** (a - 1) * (1 - x) ** (b - 1) / m.mp.beta(a, b))(x)


def gamma_of_three(m, x):
    """The regularized upper incomplete gamma function of 3 and x."""
    return m.exp(-x) * (1 + x + x * x / 2)


def lower_gamma(m, a, x):
    return m.lift(lambda a, x: m.remembered(m.mp.gammainc)(a, 0, x, regularized=True))(a, x)


def upper_gamma(m, a, x):
    return 1 - lower_gamma(m, a, x)


SHAPES = (
    at("generic", 2.5, 1.7),
    at("twice", 2.5, 1.7, form="twice"),
    at("broadcast", ((2.5,), (0.75,)), (1.7, 0.5, 4.0)),
    at("small a", 0.001, 0.5),
    at("near zero", 2.5, 0.0001),
    at("tail", 2.5, 40.0),
    at("middle", 50.0, 50.5),
    at("large", 1000.0, 1030.5),
)

TABLE = (
    entry(
        "beta",
        "gamma(a) gamma(b) / gamma(a + b)",
        beta,
        pairs(
            (1.3, 2.6),
            at("near the pole", 1e-5, 2.0),
            at("negative", -0.5, 1.25),
            at("large", 200.5, 300.25),
            rows=((1.3, 0.5), (2.6, 0.75, 4.0)),
        ),
        jax="jax.scipy.special.beta(a, b)",
        lacks={
            "torch": "PyTorch has no beta function",
            "tensorflow": "TensorFlow has the log of the beta function, and not itself",
        },
        source="DLMF 5.12.1",
    ),
    entry(
        "betaln",
        "log of gamma(a) gamma(b) / gamma(a + b)",
        lambda m, a, b: gammaln(m, a) + gammaln(m, b) - gammaln(m, a + b),
        pairs(
            (1.3, 2.6),
            at("near zero", 1.0, 1.0000001),
            at("near the pole", 1e-8, 2.0),
            at("one of them large", 0.5, 1e10),
            at("both large", 1e8, 3e8),
            at("same", 1.3, form="same"),
            rows=((1.3, 0.5), (2.6, 0.75, 4.0)),
        ),
        jax="jax.scipy.special.betaln(a, b)",
        tensorflow="tf.math.lbeta(tf.stack([a * tf.ones_like(b), b * tf.ones_like(a)], -1))",
        lacks={"torch": "PyTorch has no log of the beta function"},
        source="DLMF 5.12.1",
    ),
    entry(
        "betainc",
        "the regularized incomplete beta function of 2.5, 1.5 and x",
        lambda m, x: regularized_beta(m, 2.5, 1.5, x),
        singles(
            0.3,
            at("near zero", 1e-8),
            at("far tail", 1e-130),
            at("near one", 0.99999999),
            lane=(0.7, 0.5, 0.05, 0.5),
        ),
        jax="jax.scipy.special.betainc(2.5, 1.5, x)",
        tensorflow="tf.math.betainc(2.5 * tf.ones_like(x), 1.5 * tf.ones_like(x), x)",
        lacks={"torch": "PyTorch has no incomplete beta function"},
        source="DLMF 8.17.2",
    ),
    entry(
        "gammainc",
        "the regularized lower incomplete gamma function of 3 and x",
        lambda m, x: 1 - gamma_of_three(m, x),
        singles(
            1.7,
            at("zero", 0.0),
            at("near zero", 1e-8),
            at("far tail", 1e-90),
            at("saturated", 60.0),
            lane=(0.7, 0.5, 12.5, 0.5),
        ),
        torch="torch.special.gammainc(torch.full_like(x, 3.0), x)",
        jax="jax.scipy.special.gammainc(3.0, x)",
        tensorflow="tf.math.igamma(3.0 * tf.ones_like(x), x)",
        source="DLMF 8.2.4, 8.4.9",
    ),
    entry(
        "gammaincc",
        "the regularized upper incomplete gamma function of 3 and x",
        gamma_of_three,
        singles(
            1.7,
            at("zero", 0.0),
            at("near zero", 1e-8),
            at("tail", 60.0),
            at("far tail", 700.0),
            at("underflow", 800.0),
            lane=(0.7, 0.5, 12.5, 0.5),
        ),
        torch="torch.special.gammaincc(torch.full_like(x, 3.0), x)",
        jax="jax.scipy.special.gammaincc(3.0, x)",
        tensorflow="tf.math.igammac(3.0 * tf.ones_like(x), x)",
        source="DLMF 8.2.4, 8.4.10",
    ),
    entry(
        "gammainc_both",
        "the regularized lower incomplete gamma function, of a as of x",
        lower_gamma,
        SHAPES,
        torch="torch.special.gammainc(a, x)",
        jax="jax.scipy.special.gammainc(a, x)",
        tensorflow="tf.math.igamma(a, x)",
        source="DLMF 8.2.4",
    ),
    entry(
        "gammaincc_both",
        "the regularized upper incomplete gamma function, of a as of x",
        upper_gamma,
        SHAPES,
        torch="torch.special.gammaincc(a, x)",
        jax="jax.scipy.special.gammaincc(a, x)",
        tensorflow="tf.math.igammac(a, x)",
        source="DLMF 8.2.4",
    ),
)
