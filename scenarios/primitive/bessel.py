"""Bessel and Airy functions."""

from scenarios.primitive.writing import at, chapter, singles

entry = chapter("special")


def bessel(m, value, below, above):
    """The function of order n, of whose neighbours its derivative is half of `below` times the one
    of order n - 1 and `above` times the one of order n + 1 (DLMF 10.6.1, 10.29.1)."""

    def order(n):
        return m.ruled(
            lambda x: value(n, x),
            lambda x: (below * order(n - 1)(x) + above * order(n + 1)(x)) / 2,
        )

    return order


def first(m, n, x):
    return bessel(m, m.mp.besselj, 1, -1)(n)(x)


def second_zero(m, x):
    return m.ruled(lambda x: m.remembered(m.mp.bessely)(0, x), lambda x: -second_one(m, x))(x)


def second_one(m, x):
    """Y1, whose derivative is Y0 - Y1 / x (DLMF 10.6.2)."""
    return m.ruled(
        lambda x: m.remembered(m.mp.bessely)(1, x),
        lambda x: second_zero(m, x) - second_one(m, x) / x,
    )(x)


def airy(m, x):
    """Ai, whose second derivative is x Ai."""
    slope = m.ruled(lambda x: m.mp.airyai(x, derivative=1), lambda x: x * airy(m, x))
    return m.ruled(m.mp.airyai, slope)(x)


def first_points(root):
    return singles(
        0.7,
        at("zero", 0.0),
        at("near the root", root),
        at("negative", -1.5),
        at("large", 12.25),
        lane=(0.5, 0.0, 2.5, 0.0),
    )


def second_points(root):
    return singles(
        0.7,
        at("near the pole", 1e-8),
        at("near the root", root),
        at("large", 50.25),
        lane=(0.5, 1.0, 2.5, 1.0),
    )


NO_SECOND = {"jax": "JAX has no Bessel functions of the second kind"}

TABLE = (
    entry(
        "bessel_j0",
        "the Bessel function of the first kind, of order 0",
        lambda m, x: first(m, 0, x),
        first_points(2.4048255),
        torch="torch.special.bessel_j0(x)",
        jax="jax.scipy.special.bessel_jn(x, v=0)[0]",
        tensorflow="tf.math.special.bessel_j0(x)",
        source="DLMF 10.2.2",
    ),
    entry(
        "bessel_j1",
        "the Bessel function of the first kind, of order 1",
        lambda m, x: first(m, 1, x),
        first_points(3.8317059),
        torch="torch.special.bessel_j1(x)",
        jax="jax.scipy.special.bessel_jn(x, v=1)[1]",
        tensorflow="tf.math.special.bessel_j1(x)",
        source="DLMF 10.2.2",
    ),
    entry(
        "bessel_y0",
        "the Bessel function of the second kind, of order 0",
        second_zero,
        second_points(0.8935769),
        torch="torch.special.bessel_y0(x)",
        tensorflow="tf.math.special.bessel_y0(x)",
        lacks=NO_SECOND,
        source="DLMF 10.2.3",
    ),
    entry(
        "bessel_y1",
        "the Bessel function of the second kind, of order 1",
        second_one,
        second_points(2.1971413),
        torch="torch.special.bessel_y1(x)",
        tensorflow="tf.math.special.bessel_y1(x)",
        lacks=NO_SECOND,
        source="DLMF 10.2.3",
    ),
    entry(
        "airy_ai",
        "the Airy function Ai",
        airy,
        singles(
            0.7,
            at("near zero", 1e-8),
            at("near the root", -2.3381074),
            at("negative", -20.5),
            at("tail", 10.0),
            at("far tail", 100.0),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        torch="torch.special.airy_ai(x)",
        lacks={
            "jax": "JAX has no Airy functions",
            "tensorflow": "TensorFlow has no Airy functions",
        },
        source="DLMF 9.2",
    ),
)
