"""Roots and powers.

One convention: x^y has no derivative where x <= 0, since its neighbours are not real; derivatives
by x alone, which do exist there, are those of the entries whose exponents are held fixed.
"""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars

entry = chapter("elementwise")


def cube_root(m, x):
    third = m.mp.one / 3
    return m.either(lambda x: x >= 0, lambda x: x**third, lambda x: -((-x) ** third))(x)


def power(m, x, y):
    """x^y = exp(y log x) for x > 0; else there is but a value."""
    return m.either(
        lambda x, y: x > 0,
        lambda x, y: m.exp(y * m.log(x)),
        lambda x, y: x ** m.values(y),
    )(x, y)


def held_power(m, x, n):
    return m.np.frompyfunc(lambda x, n: x ** int(n), 2, 1)(x, n)


FIXED = (
    at("generic", -1.5, 3),
    at("twice", -1.5, 3, form="twice"),
    at("broadcast", ((-1.5,), (0.0,)), (0, 1, 2, 3)),
    at("view", (-1.5, 1.0, 0.75, 1.0), (-2, 2), form="view"),
    at("zero to the 0", 0.0, 0),
    at("zero to the 1", 0.0, 1),
    at("zero to the 2", 0.0, 2),
    at("zero to the 3", 0.0, 3),
    at("negative exponent", -2.0, -3),
)
LANE = (0.5, 1.0, 2.0, 1.0)

TABLE = (
    entry(
        "sqrt",
        "x^(1/2)",
        lambda m, x: m.sqrt(x),
        scalars(
            0.75,
            kink("zero", 0.0),
            at("tiny", 1e-200),
            at("subnormal", 1e-310),
            at("huge", 1e300),
            lane=LANE,
        ),
        xp="xp.sqrt(x)",
        torch="torch.sqrt(x)",
        jax="jnp.sqrt(x)",
        tensorflow="tf.sqrt(x)",
    ),
    entry(
        "rsqrt",
        "x^(-1/2)",
        lambda m, x: 1 / m.sqrt(x),
        scalars(0.75, at("tiny", 1e-100), at("tinier", 1e-200), at("huge", 1e100), lane=LANE),
        xp="1 / xp.sqrt(x)",
        torch="torch.rsqrt(x)",
        jax="jax.lax.rsqrt(x)",
        tensorflow="tf.math.rsqrt(x)",
    ),
    entry(
        "cbrt",
        "the real cube root of x",
        cube_root,
        (  # not in the form "twice", which is x again: a second derivative of nothing but rounding
            at("generic", 0.75),
            at("view", (0.5, 1.0, -2.0, 1.0), form="view"),
            at("empty", ()),
            kink("zero", 0.0),
            at("negative", -8.0),
            at("tiny", 1e-100),
            at("huge", -1e100),
        ),
        xp="xp.sign(x) * xp.abs(x) ** (1 / 3)",
        jax="jnp.cbrt(x)",
        tensorflow="tf.experimental.numpy.cbrt(x)",
        lacks={"torch": "PyTorch has no cube root"},
    ),
    entry(
        "pow-0",
        "x^0 = 1",
        lambda m, x: x**0,
        scalars(0.75, at("zero", 0.0), at("negative", -1.5), lane=(0.5, 1.0, 0.0, 1.0)),
        xp="x ** 0",
        torch="torch.pow(x, 0)",
        jax="jnp.power(x, 0)",
        tensorflow="tf.pow(x, 0)",
    ),
    entry(
        "pow-1",
        "x^1 = x",
        lambda m, x: x**1,
        scalars(0.75, at("zero", 0.0), at("negative", -1.5), lane=(0.5, 1.0, 0.0, 1.0)),
        xp="x ** 1",
        torch="torch.pow(x, 1)",
        jax="jnp.power(x, 1)",
        tensorflow="tf.pow(x, 1)",
    ),
    entry(
        "pow-2",
        "x^2",
        lambda m, x: x**2,
        scalars(
            0.75,
            at("zero", 0.0),
            at("negative", -1.5),
            at("underflow", 1e-200),
            lane=(0.5, 1.0, 0.0, 1.0),
        ),
        xp="x ** 2",
        torch="torch.pow(x, 2)",
        jax="jnp.power(x, 2)",
        tensorflow="tf.pow(x, 2)",
    ),
    entry(
        "pow-3",
        "x^3",
        lambda m, x: x**3,
        scalars(0.75, at("zero", 0.0), at("negative", -1.5), lane=(0.5, 1.0, 0.0, 1.0)),
        xp="x ** 3",
        torch="torch.pow(x, 3)",
        jax="jnp.power(x, 3)",
        tensorflow="tf.pow(x, 3)",
    ),
    entry(
        "pow-half",
        "x^(1/2)",
        lambda m, x: m.sqrt(x),
        scalars(0.75, kink("zero", 0.0), at("tiny", 1e-200), at("huge", 1e200), lane=LANE),
        xp="x ** 0.5",
        torch="torch.pow(x, 0.5)",
        jax="jnp.power(x, 0.5)",
        tensorflow="tf.pow(x, 0.5)",
    ),
    entry(
        "pow-three-halves",
        "x^(3/2)",
        lambda m, x: x**1.5,
        scalars(0.75, kink("zero", 0.0), at("tiny", 1e-200), at("huge", 1e100), lane=LANE),
        xp="x ** 1.5",
        torch="torch.pow(x, 1.5)",
        jax="jnp.power(x, 1.5)",
        tensorflow="tf.pow(x, 1.5)",
    ),
    entry(
        "pow-inverse",
        "x^(-1)",
        lambda m, x: 1 / x,
        scalars(
            0.75,
            at("negative", -1.5),
            at("tiny", 1e-100),
            at("tinier", 1e-150),
            at("huge", 1e100),
            lane=(0.5, 1.0, -2.0, 1.0),
        ),
        xp="x ** -1",
        torch="torch.pow(x, -1)",
        jax="jnp.power(x, -1)",
        tensorflow="tf.pow(x, -1)",
    ),
    entry(
        "pow-of-two",
        "2^x",
        lambda m, x: m.exp(x * m.mp.log(2)),
        scalars(
            0.75,
            at("zero", 0.0),
            at("large", 1000.0),
            at("subnormal", -1060.5),
            at("underflow", -1200.0),
            lane=(0.5, 1.0, -2.0, 1.0),
        ),
        xp="2.0 ** x",
        torch="torch.pow(2.0, x)",
        jax="jnp.power(2.0, x)",
        tensorflow="2.0 ** x",
    ),
    entry(
        "pow-integers",
        "x^n with an array of integers n",
        held_power,
        FIXED,
        xp="x ** n",
        torch="torch.pow(x, n)",
        jax="jnp.power(x, n)",
        lacks={"tensorflow": "TensorFlow takes no power of a float tensor by an integer tensor"},
        integers=("n",),
    ),
    entry(
        "pow-held",
        "x^n with an array of floats n that hold integers and are not differentiated",
        held_power,
        FIXED,
        xp="x ** xp.astype(n, x.dtype)",
        torch="torch.pow(x, n.to(x.dtype))",
        jax="jnp.power(x, n.astype(x.dtype))",
        tensorflow="tf.pow(x, tf.cast(n, x.dtype))",
        integers=("n",),
    ),
    entry(
        "pow",
        "x^y",
        power,
        pairs(
            (1.75, -0.6),
            at("exponent 0", 1.5, 0.0),
            at("exponent 1", 1.5, 1.0),
            at("exponent 2", 1.5, 2.0),
            at("base 1", 1.0, 2.5),
            kink("zero to the 0", 0.0, 0.0),
            kink("zero to the 1/2", 0.0, 0.5),
            kink("zero to the 1", 0.0, 1.0),
            kink("zero to the 2", 0.0, 2.0),
            kink("zero to the 3", 0.0, 3.0),
            kink("negative base", -2.0, 3.0),
            at("small", 0.001, 90.0),
            at("large", 10.0, 300.0),
            rows=((0.5, 1.5), (0.0, -2.0, 1.0)),
            same=0.75,
        ),
        xp="x ** y",
        torch="torch.pow(x, y)",
        jax="jnp.power(x, y)",
        tensorflow="tf.pow(x, y)",
    ),
)
