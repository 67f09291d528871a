"""Special functions that logarithms, exponentials and sines make."""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars, singles

entry = chapter("special")


def xlogx(m, x):
    """x log x, which is 0 at 0."""
    return m.either(lambda x: x == 0, lambda x: x, lambda x: x * m.log(x))(x)


def xlogy(m, x, y):
    return m.either(lambda x, y: x == 0 and y == 0, lambda x, y: x, lambda x, y: x * m.log(y))(x, y)


def sinpi(m, x):
    """sin(pi x), which is 0 and not nearly 0 at whole numbers."""
    cycle = (m.mp.sinpi, m.mp.cospi, lambda x: -m.mp.sinpi(x), lambda x: -m.mp.cospi(x))
    return m.lift(m.mp.sinpi, lambda x, k: m.pi() ** k * cycle[k % 4](x))(x)


def at_zero(m, k):
    """The derivative of order k of sin(x) / x at 0: of even order 1, -1/3, 1/5, ..."""
    return m.mp.mpf((1, 0, -1, 0)[k % 4]) / (k + 1)


RATIOS = pairs(
    (1.3, 0.6),
    at("no mass", 0.0, 0.6, exists=0),
    at("equal", 0.75, 0.75),
    at("nearly equal", 0.75, 0.751),
    at("ratio underflows", 1e-200, 1e200),
    at("same", 0.7, form="same"),
    rows=((0.5, 1.5), (0.25, 2.0, 1.0)),
)

TABLE = (
    entry(
        "expit",
        "1 / (1 + exp(-x))",
        lambda m, x: 1 / (1 + m.exp(-x)),
        scalars(
            0.7,
            at("zero", 0.0),
            at("saturated", 40.0),
            at("tail", -40.0),
            at("far", 700.0),
            at("far tail", -700.0),
            at("underflow", -800.0),
            lane=(0.5, 0.0, -2.5, 0.0),
        ),
        xp="xp.expit(x)",
        torch="torch.special.expit(x)",
        jax="jax.scipy.special.expit(x)",
        tensorflow="tf.math.sigmoid(x)",
    ),
    entry(
        "logit",
        "log(x / (1 - x))",
        lambda m, x: m.log(x / (1 - x)),
        singles(
            0.3,
            at("half", 0.5),
            at("tiny", 1e-300),
            at("near one", 0.99999999),
            lane=(0.25, 0.5, 0.875, 0.5),
        ),
        numpy="engine.logit(x)",
        torch="torch.special.logit(x)",
        jax="jax.scipy.special.logit(x)",
        lacks={"tensorflow": "TensorFlow has the sigmoid, and no logit"},
    ),
    entry(
        "xlogy",
        "x log(y), which is 0 where x is",
        xlogy,
        pairs(
            (1.3, 0.6),
            at("x is zero", 0.0, 0.6),
            kink("both are zero", 0.0, 0.0),
            at("log is zero", 2.0, 1.0),
            at("tiny", 1e-200, 1e-100),
            at("same", 0.7, form="same"),
            rows=((0.5, -1.5), (0.25, 2.0, 1.0)),
        ),
        numpy="engine.xlogy(x, y)",
        torch="torch.special.xlogy(x, y)",
        jax="jax.scipy.special.xlogy(x, y)",
        tensorflow="tf.math.xlogy(x, y)",
    ),
    entry(
        "xlog1py",
        "x log(1 + y), which is 0 where x is",
        lambda m, x, y: xlogy(m, x, y + 1),
        pairs(
            (1.3, 0.6),
            at("x is zero", 0.0, 0.6),
            kink("pole", 0.0, -1.0),
            at("log is zero", 2.0, 0.0),
            at("near the zero", 1.5, 1e-12),
            at("same", 0.7, form="same"),
            rows=((0.5, -1.5), (0.25, 2.0, 1.0)),
        ),
        torch="torch.special.xlog1py(x, y)",
        jax="jax.scipy.special.xlog1py(x, y)",
        tensorflow="tf.math.xlog1py(x, y)",
    ),
    entry(
        "entr",
        "-x log(x), which is 0 at 0",
        lambda m, x: -xlogx(m, x),
        singles(
            0.3,
            kink("zero", 0.0),
            at("one", 1.0),
            at("tiny", 1e-300),
            at("large", 1e200),
            lane=(0.5, 0.25, 2.5, 0.25),
        ),
        numpy="-engine.xlogy(x, x)",
        torch="torch.special.entr(x)",
        jax="jax.scipy.special.entr(x)",
        lacks={"tensorflow": "TensorFlow has no entropy of numbers"},
    ),
    entry(
        "sinc",
        "sin(pi x) / (pi x), which is 1 at 0",
        lambda m, x: m.filled(
            lambda x: sinpi(m, x) / (m.pi() * x), 0, lambda k: m.pi() ** k * at_zero(m, k)
        )(x),
        singles(
            0.3,
            at("zero", 0.0),
            at("near zero", 1e-5),
            at("tiny", 1e-160),
            at("one", 1.0),
            at("large", -1000.25),
            lane=(0.5, 0.0, 2.25, 0.0),
        ),
        torch="torch.special.sinc(x)",
        jax="jnp.sinc(x)",
        tensorflow="tf.experimental.numpy.sinc(x)",
    ),
)
