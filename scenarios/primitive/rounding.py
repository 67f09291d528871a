"""Rounding, remainders and signs: functions that are straight between their jumps.

One convention: at a jump there is a value and no derivative; beside it the derivative is that of
the straight piece, which for a rounded number is 0.
"""

from scenarios.primitive.writing import at, chapter, kink, pairs, scalars

entry = chapter("elementwise")


def step(name):
    """mpmath's function of that name, with derivatives that are 0."""

    def define(m, x):
        function = getattr(m.mp, name)
        return m.lift(function, lambda x, k: m.mp.zero if k else function(x))(x)

    return define


def truncated(m, x):
    return m.either(lambda x: x < 0, lambda x: step("ceil")(m, x), lambda x: step("floor")(m, x))(x)


def quotient(m, x, y, toward_zero=False):
    """x / y, rounded to an integer; divided as numbers, whose quotient is exact where it is one."""

    def rounded(x, y):
        ratio = x.value / y.value
        whole = m.mp.ceil(ratio) if toward_zero and ratio < 0 else m.mp.floor(ratio)
        return 0 * x + 0 * y + whole

    return m.np.frompyfunc(rounded, 2, 1)(x, y)


def sign(m, x):
    return m.np.frompyfunc(lambda x: x * 0 + ((x > 0) - (x < 0)), 1, 1)(x)


NO_JUMPS = (0.25, 0.0, -1.75, 0.0)
JUMPS = (
    kink("zero", 0.0),
    kink("integer", 3.0),
    kink("negative integer", -2.0),
    at("just below", 2.9999999),
    at("just above", -1.9999999),
    kink("huge, an integer", 1e17),
)
HALVES = (
    at("zero", 0.0),
    kink("half, down to even", 2.5),
    kink("half, up to even", -1.5),
    at("just below a half", 0.4999999),
    at("huge", 1e17),
)
RATIOS = ((5.25, -3.5), (2.0, -1.25, 1.5))

TABLE = (
    entry(
        "floor",
        "the greatest integer that is no greater than x",
        step("floor"),
        scalars(1.75, *JUMPS, lane=NO_JUMPS),
        numpy="engine.floor(x)",
        torch="torch.floor(x)",
        jax="jnp.floor(x)",
        tensorflow="tf.floor(x)",
    ),
    entry(
        "ceil",
        "the least integer that is no less than x",
        step("ceil"),
        scalars(1.75, *JUMPS, lane=NO_JUMPS),
        numpy="engine.ceil(x)",
        torch="torch.ceil(x)",
        jax="jnp.ceil(x)",
        tensorflow="tf.math.ceil(x)",
    ),
    entry(
        "trunc",
        "x without what follows the point",
        truncated,
        scalars(1.75, at("zero", 0.0), *JUMPS[1:], lane=NO_JUMPS),
        numpy="engine.trunc(x)",
        torch="torch.trunc(x)",
        jax="jnp.trunc(x)",
        tensorflow="tf.experimental.numpy.fix(x)",
    ),
    entry(
        "round",
        "the integer next to x, of two the even one",
        step("nint"),
        scalars(1.75, *HALVES, lane=NO_JUMPS),
        numpy="engine.round(x)",
        torch="torch.round(x)",
        jax="jnp.round(x)",
        tensorflow="tf.round(x)",
    ),
    entry(
        "sign",
        "1 where x > 0, -1 where x < 0, else 0",
        sign,
        scalars(-0.75, kink("zero", 0.0), at("subnormal", 1e-310), lane=NO_JUMPS),
        xp="xp.sign(x)",
        torch="torch.sign(x)",
        jax="jnp.sign(x)",
        tensorflow="tf.sign(x)",
    ),
    entry(
        "heaviside",
        "0 where x < 0, 1 where x > 0, and h where x is 0",
        lambda m, x, h: m.either(
            lambda x, h: x == 0, lambda x, h: h, lambda x, h: 0 * h + (1 if x > 0 else 0)
        )(x, h),
        pairs(
            (0.75, 0.25),
            kink("zero", 0.0, 0.25),
            at("negative", -0.75, 0.25),
            rows=((0.5, -1.5), (0.25, -2.0, 1.0)),
        ),
        torch="torch.heaviside(x, h)",
        jax="jnp.heaviside(x, h)",
        tensorflow="tf.experimental.numpy.heaviside(x, h)",
        lacks={"numpy": "the engine has no step function whose value at the step is given"},
    ),
    entry(
        "floor-divide",
        "the greatest integer that is no greater than x / y",
        lambda m, x, y: quotient(m, x, y),
        pairs(
            (5.25, 1.5),
            kink("multiple", 3.0, 1.5),
            kink("zero", 0.0, 1.5),
            at("negative", -5.25, 1.5),
            at("next to a multiple", 0.3, 0.1),
            rows=RATIOS,
        ),
        numpy="engine.floor_divide(x, y)",
        torch="torch.floor_divide(x, y)",
        jax="jnp.floor_divide(x, y)",
        tensorflow="tf.math.floordiv(x, y)",
    ),
    entry(
        "remainder",
        "x - y floor(x / y)",
        lambda m, x, y: x - y * quotient(m, x, y),
        pairs(
            (5.25, 1.5),
            kink("multiple", 3.0, 1.5),
            kink("zero", 0.0, 1.5),
            at("negative", -5.25, 1.5),
            at("negative divisor", 5.25, -1.5),
            at("next to a multiple", 0.3, 0.1),
            at("great quotient", 1e7, 3.0),
            rows=RATIOS,
            same=0.75,
        ),
        numpy="engine.remainder(x, y)",
        torch="torch.remainder(x, y)",
        jax="jnp.remainder(x, y)",
        tensorflow="tf.math.floormod(x, y)",
    ),
    entry(
        "fmod",
        "x - y trunc(x / y)",
        lambda m, x, y: x - y * quotient(m, x, y, toward_zero=True),
        pairs(
            (5.25, 1.5),
            kink("multiple", 3.0, 1.5),
            at("zero", 0.0, 1.5),
            at("negative", -5.25, 1.5),
            at("negative divisor", 5.25, -1.5),
            at("next to a multiple", 0.3, 0.1),
            at("great quotient", 1e7, 3.0),
            rows=RATIOS,
            same=0.75,
        ),
        torch="torch.fmod(x, y)",
        jax="jnp.fmod(x, y)",
        tensorflow="tf.truncatemod(x, y)",
        lacks={"numpy": "the engine has no remainder of a quotient that is cut towards zero"},
    ),
    entry(
        "nan-to-num",
        "x, where it is a number",
        lambda m, x: x,
        scalars(0.75, at("zero", 0.0), at("huge", 1e308), at("subnormal", 1e-310), lane=NO_JUMPS),
        torch="torch.nan_to_num(x)",
        jax="jnp.nan_to_num(x)",
        lacks={
            "numpy": "the engine has no function that replaces what is no number",
            "tensorflow": "TensorFlow has no function that replaces what is no number",
        },
    ),
)
