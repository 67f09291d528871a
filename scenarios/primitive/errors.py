"""Error functions and the normal distribution's, and their inverses."""

from scenarios.primitive.writing import at, chapter, scalars, singles

entry = chapter("special")


def erf(m, x):
    return m.ruled(m.mp.erf, lambda x: 2 / m.mp.sqrt(m.pi()) * m.exp(-x * x))(x)


def erfc(m, x):
    return m.ruled(m.mp.erfc, lambda x: -2 / m.mp.sqrt(m.pi()) * m.exp(-x * x))(x)


def erfinv(m, x):
    return m.ruled(
        m.mp.erfinv, lambda x: m.mp.sqrt(m.pi()) / 2 * m.exp(erfinv(m, x) * erfinv(m, x))
    )(x)


def ndtr(m, x):
    return erfc(m, -x / m.mp.sqrt(2)) / 2


def quantile(m, p):
    """By Newton's method on log ndtr, which is nearly a parabola in the lower tail, from what half
    of the digits give."""
    if 2 * p > 1:
        return -quantile(m, 1 - p)
    x, step = -m.mp.sqrt(-2 * m.mp.log(2 * p)), m.mp.one
    if m.mp.dps > 60:
        with m.mp.workdps(m.mp.dps // 2):
            x = quantile(m, p)
    while step * step > m.mp.eps * max(x * x, 1):  # it doubles the digits with every step
        below = m.mp.ncdf(x)
        step = below / m.mp.npdf(x) * m.mp.log(below / p)
        x -= step
    return x


def ndtri(m, p):
    return m.ruled(
        lambda p: m.remembered(quantile)(m, p),
        lambda p: m.mp.sqrt(2 * m.pi()) * m.exp(ndtri(m, p) * ndtri(m, p) / 2),
    )(p)


TABLE = (
    entry(
        "erf",
        "2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x",
        erf,
        scalars(
            0.7,
            at("zero", 0.0),
            at("subnormal", 1e-310),
            at("negative", -1.25),
            at("saturated", 5.5),
            at("far tail", 26.0),
            at("underflow", 30.0),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        xp="xp.erf(x)",
        torch="torch.special.erf(x)",
        jax="jax.scipy.special.erf(x)",
        tensorflow="tf.math.erf(x)",
        source="DLMF 7.2.1",
    ),
    entry(
        "erfc",
        "1 - erf(x)",
        erfc,
        singles(
            0.7,
            at("zero", 0.0),
            at("saturated", -6.0),
            at("tail", 10.0),
            at("far tail", 26.0),
            at("underflow", 30.0),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        numpy="engine.erfc(x)",
        torch="torch.special.erfc(x)",
        jax="jax.scipy.special.erfc(x)",
        tensorflow="tf.math.erfc(x)",
        source="DLMF 7.2.2",
    ),
    entry(
        "erfcx",
        "exp(x^2) (1 - erf(x))",
        lambda m, x: m.exp(x * x) * erfc(m, x),
        singles(
            0.7,
            at("zero", 0.0),
            at("negative", -5.0),
            at("far negative", -26.0),
            at("large", 25.5),
            at("far", 1e8),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        torch="torch.special.erfcx(x)",
        jax="jax.scipy.special.erfcx(x)",
        lacks={"tensorflow": "TensorFlow has no scaled complementary error function"},
        source="DLMF 7.2.3",
    ),
    entry(
        "erfinv",
        "the inverse of erf",
        erfinv,
        singles(
            0.3,
            at("zero", 0.0),
            at("tiny", 1e-300),
            at("negative", -0.95),
            at("near one", 0.99999999),
            lane=(0.5, 0.0, -0.75, 0.0),
        ),
        numpy="engine.erfinv(x)",
        torch="torch.special.erfinv(x)",
        jax="jax.scipy.special.erfinv(x)",
        tensorflow="tf.math.erfinv(x)",
        source="DLMF 7.17.1",
    ),
    entry(
        "ndtr",
        "(1 + erf(x / sqrt(2))) / 2",
        ndtr,
        singles(
            0.7,
            at("zero", 0.0),
            at("saturated", 9.0),
            at("tail", -10.0),
            at("far tail", -35.0),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        numpy="0.5 * engine.erfc(-x * 0.5**0.5)",
        torch="torch.special.ndtr(x)",
        jax="jax.scipy.special.ndtr(x)",
        lacks={"tensorflow": "TensorFlow has ndtri, and no ndtr"},
    ),
    entry(
        "log_ndtr",
        "log((1 + erf(x / sqrt(2))) / 2)",
        lambda m, x: m.log(ndtr(m, x)),
        singles(
            0.7,
            at("zero", 0.0),
            at("saturated", 10.0),
            at("underflow", 40.0),
            at("tail", -5.5),
            at("far tail", -40.0),
            at("farther tail", -100000.0),
            lane=(0.5, 0.0, -20.0, 0.0),
        ),
        torch="torch.special.log_ndtr(x)",
        jax="jax.scipy.special.log_ndtr(x)",
        lacks={"tensorflow": "TensorFlow has no log of the normal distribution function"},
    ),
    entry(
        "ndtri",
        "the inverse of (1 + erf(x / sqrt(2))) / 2",
        ndtri,
        singles(
            0.3,
            at("half", 0.5),
            at("tail", 1e-10),
            at("far tail", 1e-300),
            at("near one", 0.99999999),
            lane=(0.25, 0.5, 0.875, 0.5),
        ),
        torch="torch.special.ndtri(p)",
        jax="jax.scipy.special.ndtri(p)",
        tensorflow="tf.math.ndtri(p)",
    ),
)
