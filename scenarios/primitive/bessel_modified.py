"""Modified Bessel functions, plain and scaled."""

from scenarios.primitive.bessel import NO_SECOND, bessel
from scenarios.primitive.writing import at, chapter, kink, singles

entry = chapter("special")


def modified(m, n, x):
    return bessel(m, lambda n, x: m.mp.re(m.mp.besseli(abs(n), x)), 1, 1)(n)(x)


def second_zero(m, x):
    return m.ruled(lambda x: m.remembered(m.mp.besselk)(0, x), lambda x: -second_one(m, x))(x)


def second_one(m, x):
    """K1, whose derivative is -K0 - K1 / x (DLMF 10.29.2)."""
    return m.ruled(
        lambda x: m.remembered(m.mp.besselk)(1, x),
        lambda x: -second_zero(m, x) - second_one(m, x) / x,
    )(x)


MODIFIED = singles(
    0.7,
    at("zero", 0.0),
    at("near zero", 1e-8),
    at("negative", -1.5),
    at("large", 50.5),
    at("far", 700.0),
    lane=(0.5, 0.0, 9.5, 0.0),
)


def scaled_points(exists):
    """`exists` derivatives exist at 0, by exp(-|x|)."""
    return singles(
        0.7,
        kink("zero", 0.0, exists=exists),
        at("near zero", 1e-8),
        at("negative", -1.5),
        at("large", 50.5),
        at("far", 1e8),
        lane=(0.5, 1.0, 9.5, 1.0),
    )


MODIFIED_SECOND = singles(
    0.7,
    at("near the pole", 1e-8),
    at("two", 2.0),
    at("tail", 200.5),
    at("far tail", 690.0),
    lane=(0.5, 1.0, 9.5, 1.0),
)
SCALED_SECOND = singles(
    0.7,
    at("near the pole", 1e-8),
    at("two", 2.0),
    at("large", 200.5),
    at("far", 1e8),
    lane=(0.5, 1.0, 9.5, 1.0),
)

TABLE = (
    entry(
        "bessel_i0",
        "the modified Bessel function of the first kind, of order 0",
        lambda m, x: modified(m, 0, x),
        MODIFIED,
        torch="torch.special.i0(x)",
        jax="jax.scipy.special.i0(x)",
        tensorflow="tf.math.bessel_i0(x)",
        source="DLMF 10.25.2",
    ),
    entry(
        "bessel_i1",
        "the modified Bessel function of the first kind, of order 1",
        lambda m, x: modified(m, 1, x),
        MODIFIED,
        torch="torch.special.i1(x)",
        jax="jax.scipy.special.i1(x)",
        tensorflow="tf.math.bessel_i1(x)",
        source="DLMF 10.25.2",
    ),
    entry(
        "bessel_i0e",
        "exp(-|x|) times the modified Bessel function of the first kind, of order 0",
        lambda m, x: m.exp(-m.abs(x)) * modified(m, 0, x),
        scaled_points(0),
        torch="torch.special.i0e(x)",
        jax="jax.scipy.special.i0e(x)",
        tensorflow="tf.math.bessel_i0e(x)",
        source="DLMF 10.25.2",
    ),
    entry(
        "bessel_i1e",
        "exp(-|x|) times the modified Bessel function of the first kind, of order 1",
        lambda m, x: m.exp(-m.abs(x)) * modified(m, 1, x),
        scaled_points(1),
        torch="torch.special.i1e(x)",
        jax="jax.scipy.special.i1e(x)",
        tensorflow="tf.math.bessel_i1e(x)",
        source="DLMF 10.25.2",
    ),
    entry(
        "bessel_k0",
        "the modified Bessel function of the second kind, of order 0",
        second_zero,
        MODIFIED_SECOND,
        torch="torch.special.modified_bessel_k0(x)",
        tensorflow="tf.math.special.bessel_k0(x)",
        lacks=NO_SECOND,
        source="DLMF 10.27.4",
    ),
    entry(
        "bessel_k1",
        "the modified Bessel function of the second kind, of order 1",
        second_one,
        MODIFIED_SECOND,
        torch="torch.special.modified_bessel_k1(x)",
        tensorflow="tf.math.special.bessel_k1(x)",
        lacks=NO_SECOND,
        source="DLMF 10.27.4",
    ),
    entry(
        "bessel_k0e",
        "exp(x) times the modified Bessel function of the second kind, of order 0",
        lambda m, x: m.exp(x) * second_zero(m, x),
        SCALED_SECOND,
        torch="torch.special.scaled_modified_bessel_k0(x)",
        tensorflow="tf.math.special.bessel_k0e(x)",
        lacks=NO_SECOND,
        source="DLMF 10.27.4",
    ),
    entry(
        "bessel_k1e",
        "exp(x) times the modified Bessel function of the second kind, of order 1",
        lambda m, x: m.exp(x) * second_one(m, x),
        SCALED_SECOND,
        torch="torch.special.scaled_modified_bessel_k1(x)",
        tensorflow="tf.math.special.bessel_k1e(x)",
        lacks=NO_SECOND,
        source="DLMF 10.27.4",
    ),
)
