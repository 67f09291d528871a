"""Exponentials and logarithms.

One convention: far points lie where the value is still a number; of those beyond, as log 0, nothing
is asked.
"""

from scenarios.primitive.writing import at, chapter, pairs, scalars

entry = chapter("elementwise")


def scaled(m, x, n):
    return m.np.frompyfunc(lambda x, n: x * m.mp.mpf(2) ** int(n), 2, 1)(x, n)


def log_of_sum(m, x, y):
    """log(e^x + e^y), of the one and of the difference to the other."""
    return x + m.log(1 + m.exp(y - x))


POSITIVE = (0.5, 0.0, 2.0, 0.0)
EITHER = (0.5, 0.0, -2.0, 0.0)

TABLE = (
    entry(
        "exp",
        "e^x",
        lambda m, x: m.exp(x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("large", 700.0),
            at("overflow", 800.0),
            at("small", -700.0),
            at("subnormal", -740.0),
            at("underflow", -800.0),
            lane=EITHER,
        ),
        xp="xp.exp(x)",
        torch="torch.exp(x)",
        jax="jnp.exp(x)",
        tensorflow="tf.exp(x)",
    ),
    entry(
        "exp2",
        "2^x",
        lambda m, x: m.exp(x * m.mp.log(2)),
        scalars(
            0.75,
            at("zero", 0.0),
            at("large", 1000.0),
            at("subnormal", -1060.5),
            at("underflow", -1200.0),
            lane=EITHER,
        ),
        xp="2.0 ** x",
        torch="torch.exp2(x)",
        jax="jnp.exp2(x)",
        tensorflow="tf.experimental.numpy.exp2(x)",
    ),
    entry(
        "expm1",
        "e^x - 1",
        lambda m, x: m.exp(x) - 1,
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("large", 700.0),
            at("saturated", -30.0),
            at("far tail", -100.0),
            at("underflow", -800.0),
            lane=EITHER,
        ),
        xp="xp.expm1(x)",
        torch="torch.expm1(x)",
        jax="jnp.expm1(x)",
        tensorflow="tf.math.expm1(x)",
    ),
    entry(
        "log",
        "the natural logarithm of x",
        lambda m, x: m.log(x),
        scalars(
            0.75,
            at("one", 1.0),
            at("near one", 1.0000001),
            at("tiny", 1e-100),
            at("subnormal", 1e-310),
            at("huge", 1e100),
            lane=POSITIVE,
        ),
        xp="xp.log(x)",
        torch="torch.log(x)",
        jax="jnp.log(x)",
        tensorflow="tf.math.log(x)",
    ),
    entry(
        "log2",
        "the logarithm of x to the base 2",
        lambda m, x: m.log(x) / m.mp.log(2),
        scalars(
            0.75,
            at("one", 1.0),
            at("near one", 1.0000001),
            at("tiny", 1e-100),
            at("huge", 1e100),
            lane=POSITIVE,
        ),
        numpy="engine.log2(x)",
        xp="xp.log(x) / 0.6931471805599453",
        torch="torch.log2(x)",
        jax="jnp.log2(x)",
        tensorflow="tf.experimental.numpy.log2(x)",
    ),
    entry(
        "log10",
        "the logarithm of x to the base 10",
        lambda m, x: m.log(x) / m.mp.log(10),
        scalars(
            0.75,
            at("one", 1.0),
            at("near one", 1.0000001),
            at("tiny", 1e-100),
            at("huge", 1e100),
            lane=POSITIVE,
        ),
        numpy="engine.log10(x)",
        xp="xp.log(x) / 2.302585092994046",
        torch="torch.log10(x)",
        jax="jnp.log10(x)",
        tensorflow="tf.experimental.numpy.log10(x)",
    ),
    entry(
        "log1p",
        "log(1 + x)",
        lambda m, x: m.log(1 + x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("near zero", 1e-9),
            at("subnormal", 1e-310),
            at("near the pole", -0.999999),
            at("huge", 1e100),
            at("far tail", 1e200),
            lane=POSITIVE,
        ),
        xp="xp.log1p(x)",
        torch="torch.log1p(x)",
        jax="jnp.log1p(x)",
        tensorflow="tf.math.log1p(x)",
    ),
    entry(
        "logaddexp",
        "log(e^x + e^y)",
        log_of_sum,
        pairs(
            (0.75, -0.5),
            at("equal", 0.5, 0.5),
            at("large", 1000.0, 1000.5),
            at("small", -1000.0, -1000.5),
            at("far apart", 30.0, -30.0),
            at("underflow", 500.0, -500.0),
            rows=((0.5, -1.5), (0.25, -2.0, 0.5)),
            same=0.75,
        ),
        numpy="engine.logaddexp(x, y)",
        xp="xp.logsumexp(xp.stack([x + 0 * y, y + 0 * x]), axis=0)",
        torch="torch.logaddexp(x, y)",
        jax="jnp.logaddexp(x, y)",
        tensorflow="tf.experimental.numpy.logaddexp(x, y)",
    ),
    entry(
        "logaddexp2",
        "the logarithm of 2^x + 2^y to the base 2",
        lambda m, x, y: log_of_sum(m, x * m.mp.log(2), y * m.mp.log(2)) / m.mp.log(2),
        pairs(
            (0.75, -0.5),
            at("equal", 0.5, 0.5),
            at("large", 2000.0, 2000.5),
            at("small", -2000.0, -2000.5),
            at("far apart", 30.0, -30.0),
            at("underflow", 800.0, -800.0),
            rows=((0.5, -1.5), (0.25, -2.0, 0.5)),
            same=0.75,
        ),
        xp="x + xp.softplus((y - x) * 0.6931471805599453) / 0.6931471805599453",
        torch="torch.logaddexp2(x, y)",
        jax="jnp.logaddexp2(x, y)",
        tensorflow="tf.experimental.numpy.logaddexp2(x, y)",
    ),
    entry(
        "ldexp",
        "x 2^n",
        scaled,
        (
            at("generic", 0.75, 3),
            at("twice", 0.75, 3, form="twice"),
            at("broadcast", ((0.5,), (-1.5,)), (0, -1, 2)),
            at("view", (0.5, 1.0, -2.0, 1.0), (-2, 2), form="view"),
            at("zero", 0.0, 5),
            at("large exponent", 1e-20, 1000),
            at("small exponent", 1e200, -1000),
            at("exponent beyond the range", 1e-20, 1030),
            at("exponent below the range", 1e200, -1090),
        ),
        numpy="x * 2.0 ** (n // 2) * 2.0 ** (n - n // 2)",
        xp="x * 2.0 ** n",
        torch="torch.ldexp(x, n)",
        jax="jnp.ldexp(x, n)",
        lacks={"tensorflow": "TensorFlow has no function that scales by a power of two"},
        integers=("n",),
    ),
)
