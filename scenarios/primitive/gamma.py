"""The gamma function and its relatives."""

from scenarios.primitive.writing import at, chapter, scalars, singles

entry = chapter("special")

NO_GAMMA = {
    "torch": "PyTorch has the logarithm of the gamma function, and not itself",
    "tensorflow": "TensorFlow has the logarithm of the gamma function, and not itself",
}


def gamma(m, x):
    return m.ruled(m.mp.gamma, lambda x: gamma(m, x) * polygamma(m, 0, x))(x)


def gammaln(m, x):
    value = lambda x: m.mp.log(abs(m.mp.gamma(x)))  # noqa: E731
    return m.ruled(value, lambda x: polygamma(m, 0, x))(x)


def polygamma(m, n, x):
    value = lambda x: m.mp.psi(n, x)  # noqa: E731
    return m.ruled(value, lambda x: polygamma(m, n + 1, x))(x)


def hurwitz(m, s, q):
    value = lambda q: m.mp.zeta(s, q)  # noqa: E731
    return m.ruled(value, lambda q: -s * hurwitz(m, s + 1, q))(q)


POLYGAMMA = singles(
    2.7,
    at("near the pole", 1e-5),
    at("negative", -2.3),
    at("large", 1e8),
    lane=(0.7, 0.0, 12.5, 0.0),
)

TABLE = (
    entry(
        "gamma",
        "the gamma function",
        gamma,
        singles(
            2.7,
            at("one", 1.0),
            at("negative", -2.3),
            at("near the pole", 1e-8),
            at("large", 150.5),
            lane=(0.7, 0.0, -0.5, 0.0),
        ),
        jax="jax.scipy.special.gamma(x)",
        lacks=NO_GAMMA,
        source="DLMF 5.2",
    ),
    entry(
        "gammaln",
        "log |gamma(x)|",
        gammaln,
        scalars(
            2.7,
            at("near one", 1.0000001),
            at("near two", 1.9999999),
            at("near the pole", 1e-8),
            at("negative", -2.3),
            at("far negative", -100.5),
            at("large", 1e10),
            lane=(0.7, 0.0, -0.5, 0.0),
        ),
        xp="xp.gammaln(x)",
        torch="torch.special.gammaln(x)",
        jax="jax.scipy.special.gammaln(x)",
        tensorflow="tf.math.lgamma(x)",
        source="DLMF 5.2",
    ),
    entry(
        "digamma",
        "the derivative of log gamma(x)",
        lambda m, x: polygamma(m, 0, x),
        singles(
            2.7,
            at("near the root", 1.4616321449),
            at("near the pole", 1e-8),
            at("negative", -2.3),
            at("near a negative pole", -0.99999),
            at("large", 1e10),
            lane=(0.7, 0.0, -0.5, 0.0),
        ),
        xp="xp.digamma(x)",
        torch="torch.special.digamma(x)",
        jax="jax.scipy.special.digamma(x)",
        tensorflow="tf.math.digamma(x)",
        source="DLMF 5.2.2",
    ),
    entry(
        "trigamma",
        "the second derivative of log gamma(x)",
        lambda m, x: polygamma(m, 1, x),
        POLYGAMMA,
        numpy="engine.polygamma(x, order=1)",
        torch="torch.special.polygamma(1, x)",
        jax="jax.scipy.special.polygamma(1, x)",
        tensorflow="tf.math.polygamma(tf.ones_like(x), x)",
        source="DLMF 5.15",
    ),
    entry(
        "polygamma",
        "the third derivative of log gamma(x)",
        lambda m, x: polygamma(m, 2, x),
        POLYGAMMA,
        numpy="engine.polygamma(x, order=2)",
        torch="torch.special.polygamma(2, x)",
        jax="jax.scipy.special.polygamma(2, x)",
        tensorflow="tf.math.polygamma(2 * tf.ones_like(x), x)",
        source="DLMF 5.15",
    ),
    entry(
        "hurwitz_zeta",
        "the sum of 1 / (q + k)^2.5 for k = 0, 1, ...",
        lambda m, q: hurwitz(m, 2.5, q),
        singles(
            1.3,
            at("near the pole", 1e-8),
            at("large", 1e8),
            lane=(0.7, 1.0, 12.5, 1.0),
        ),
        torch="torch.special.zeta(torch.full_like(q, 2.5), q)",
        jax="jax.scipy.special.zeta(2.5, q)",
        tensorflow="tf.math.zeta(2.5 * tf.ones_like(q), q)",
        source="DLMF 25.11.1",
    ),
)
