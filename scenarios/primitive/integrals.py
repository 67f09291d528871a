"""Integrals of elementary functions: Dawson's, Fresnel's, exponential, and the dilogarithm."""

from scenarios.primitive.writing import at, chapter, kink, singles

entry = chapter("special")


def dawsn(m, x):
    value = lambda x: m.mp.sqrt(m.pi()) / 2 * m.mp.exp(-x * x) * m.mp.erfi(x)  # noqa: E731
    return m.ruled(value, lambda x: 1 - 2 * x * dawsn(m, x))(x)


def expi(m, x):
    return m.ruled(m.mp.ei, lambda x: m.exp(x) / x)(x)


def log_ratio(m, x):
    """log(x) / (x - 1), which is the sum of (1 - x)^k / (k + 1)."""
    return m.filled(
        lambda x: m.log(x) / (x - 1),
        1,
        lambda k: (-1) ** k * m.mp.factorial(k) / (k + 1),
    )(x)


FRESNEL = singles(
    0.7,
    at("zero", 0.0),
    at("negative", -1.25),
    at("large", 30.25),
    lane=(0.5, 0.0, 2.5, 0.0),
)

TABLE = (
    entry(
        "dawsn",
        "exp(-x^2) times the integral of exp(t^2) from 0 to x",
        dawsn,
        singles(
            0.7,
            at("zero", 0.0),
            at("near the maximum", 0.92413887),
            at("negative", -2.5),
            at("large", 30.5),
            at("far", 1e8),
            lane=(0.5, 0.0, 5.5, 0.0),
        ),
        jax="jax.scipy.special.dawsn(x)",
        tensorflow="tf.math.special.dawsn(x)",
        lacks={"torch": "PyTorch has no Dawson function"},
        source="DLMF 7.2.5",
    ),
    entry(
        "fresnel_sin",
        "the integral of sin(pi t^2 / 2) from 0 to x",
        lambda m, x: m.ruled(m.mp.fresnels, lambda x: m.sin(m.pi() / 2 * x * x))(x),
        FRESNEL,
        jax="jax.scipy.special.fresnel(x)[0]",
        tensorflow="tf.math.special.fresnel_sin(x)",
        lacks={"torch": "PyTorch has no Fresnel integrals"},
        source="DLMF 7.2.8",
    ),
    entry(
        "fresnel_cos",
        "the integral of cos(pi t^2 / 2) from 0 to x",
        lambda m, x: m.ruled(m.mp.fresnelc, lambda x: m.cos(m.pi() / 2 * x * x))(x),
        FRESNEL,
        jax="jax.scipy.special.fresnel(x)[1]",
        tensorflow="tf.math.special.fresnel_cos(x)",
        lacks={"torch": "PyTorch has no Fresnel integrals"},
        source="DLMF 7.2.7",
    ),
    entry(
        "expi",
        "the principal value of the integral of exp(t) / t from minus infinity to x",
        expi,
        singles(
            0.7,
            at("near the root", 0.37250741),
            at("near the pole", 1e-100),
            at("large", 600.0),
            lane=(0.5, 1.0, 2.5, 1.0),
        ),
        jax="jax.scipy.special.expi(x)",
        tensorflow="tf.math.special.expint(x)",
        lacks={"torch": "PyTorch has no exponential integrals"},
        source="DLMF 6.2.5",
    ),
    entry(
        "spence",
        "minus the integral of log(t) / (t - 1) from 1 to x",
        lambda m, x: m.ruled(lambda x: m.mp.re(m.mp.polylog(2, 1 - x)), lambda x: -log_ratio(m, x))(
            x
        ),
        singles(
            0.7,
            kink("zero", 0.0),
            at("one", 1.0),
            at("near one", 1.000000001),
            at("tiny", 1e-10),
            at("large", 1e10),
            lane=(0.5, 1.0, 2.5, 1.0),
        ),
        jax="jax.scipy.special.spence(x)",
        tensorflow="tf.math.special.spence(x)",
        lacks={"torch": "PyTorch has no dilogarithm"},
        source="DLMF 25.12.2",
    ),
)
