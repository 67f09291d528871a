"""Smooth activations, as the frameworks ship them.

One convention: hard points stand where a formula of the framework cancels, saturates or overflows
while the function itself is representable.
"""

from scenarios.primitive.writing import at, chapter, kink, scalars, singles

entry = chapter("activations")

LANE = (0.5, 0.0, -2.0, 0.0)
NO_TORCH = "PyTorch ships no {} in torch.nn.functional".format


def sigmoid(m, x):
    return 1 / (1 + m.exp(-x))


def softplus(m, x):
    return m.log(1 + m.exp(x))


def normal_cdf(m, x):
    """The distribution function of the normal law: its derivatives are its density times Hermite's
    polynomials."""

    def derivative(x, k):
        density = m.mp.exp(-x * x / 2) / m.mp.sqrt(2 * m.mp.pi)
        hermite = (lambda: 1, lambda: -x, lambda: x * x - 1)
        return density * hermite[k - 1]() if k else m.mp.ncdf(x)

    return m.lift(m.mp.ncdf, derivative)(x)


def gelu_tanh(m, x):
    """With (1 + tanh(u)) / 2 = sigmoid(2 u), as digits in the number of u's digits will not do."""
    cubic = x + m.mp.mpf("0.044715") * x**3
    return x * sigmoid(m, 2 * m.mp.sqrt(2 / m.mp.pi) * cubic)


TABLE = (
    entry(
        "sigmoid",
        "1 / (1 + exp(-x))",
        sigmoid,
        scalars(
            0.75,
            at("zero", 0.0),
            at("left tail", -700.0),
            at("right tail", 40.0),
            at("underflow", -800.0),
            at("saturated", 800.0),
            lane=LANE,
        ),
        xp="xp.expit(x)",
        torch="torch.sigmoid(x)",
        jax="jax.nn.sigmoid(x)",
        tensorflow="tf.sigmoid(x)",
    ),
    entry(
        "log_sigmoid",
        "-log(1 + exp(-x))",
        lambda m, x: -softplus(m, -x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("right tail", 40.0),
            at("far right", 700.0),
            at("left tail", -40.0),
            at("far left", -800.0),
            lane=LANE,
        ),
        xp="-xp.softplus(-x)",
        torch="torch.nn.functional.logsigmoid(x)",
        jax="jax.nn.log_sigmoid(x)",
        tensorflow="tf.math.log_sigmoid(x)",
    ),
    entry(
        "softplus",
        "log(1 + exp(x))",
        softplus,
        scalars(
            0.75,
            at("zero", 0.0),
            at("left tail", -40.0),
            at("far left", -700.0),
            at("past 20", 21.0),
            at("right tail", 30.0),
            at("far right", 800.0),
            lane=LANE,
        ),
        xp="xp.softplus(x)",
        torch="torch.nn.functional.softplus(x, threshold=40)",
        jax="jax.nn.softplus(x)",
        tensorflow="tf.nn.softplus(x)",
    ),
    entry(
        "silu",
        "x / (1 + exp(-x))",
        lambda m, x: x * sigmoid(m, x),
        singles(
            0.75,
            at("zero", 0.0),
            at("left tail", -40.0),
            at("far left", -700.0),
            at("underflow", -800.0),
            at("far right", 800.0),
            lane=LANE,
        ),
        xp="x * xp.expit(x)",
        torch="torch.nn.functional.silu(x)",
        jax="jax.nn.silu(x)",
        tensorflow="tf.nn.silu(x)",
        source="Elfwing et al. 2018",
    ),
    entry(
        "mish",
        "x tanh(log(1 + exp(x)))",
        lambda m, x: x * m.tanh(softplus(m, x)),
        singles(
            0.75,
            at("zero", 0.0),
            at("left tail", -40.0),
            at("far left", -700.0),
            at("past 20", 21.0),
            at("far right", 800.0),
            lane=LANE,
        ),
        xp=(
            "(lambda p, q: xp.where(x > 0.0, x - 2.0 * x * q * q / (1.0 + 2.0 * q + 2.0 * q * q), "
            "x * p * (p + 2.0) / (p * (p + 2.0) + 2.0)))"
            "(xp.exp(xp.where(x > 0.0, 0.0, x)), xp.exp(xp.where(x > 0.0, -x, 0.0)))"
        ),
        torch="torch.nn.functional.mish(x)",
        jax="jax.nn.mish(x)",
        tensorflow="tf.keras.activations.mish(x)",
        source="Misra 2019",
    ),
    entry(
        "gelu",
        "x times the normal law's distribution function at x",
        lambda m, x: x * normal_cdf(m, x),
        scalars(
            0.75,
            at("zero", 0.0),
            at("left", -5.0),
            at("left tail", -12.0),
            at("far left", -36.0),
            at("right tail", 12.0),
            at("far right", 1000.0),
            lane=LANE,
        ),
        numpy="0.5 * x * engine.erfc(-x * 0.5**0.5)",
        torch="torch.nn.functional.gelu(x)",
        jax="jax.nn.gelu(x, approximate=False)",
        tensorflow="tf.nn.gelu(x)",
        source="Hendrycks and Gimpel 2016",
    ),
    entry(
        "gelu_tanh",
        "x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))",
        gelu_tanh,
        singles(
            0.75,
            at("zero", 0.0),
            at("left", -5.0),
            at("left tail", -12.0),
            at("right tail", 12.0),
            at("far right", 100.0),
            lane=LANE,
        ),
        xp="x * xp.expit(1.5957691216057308 * (x + 0.044715 * x * x * x))",
        torch="torch.nn.functional.gelu(x, approximate='tanh')",
        jax="jax.nn.gelu(x)",
        tensorflow="tf.nn.gelu(x, approximate=True)",
        source="Hendrycks and Gimpel 2016",
    ),
    entry(
        "softsign",
        "x / (1 + |x|)",
        lambda m, x: x / (1 + m.abs(x)),
        scalars(
            0.75,
            at("negative", -0.75),
            kink("zero", 0.0, exists=1),
            at("subnormal", 1e-310),
            at("far", 1e8),
            lane=LANE,
        ),
        xp=(
            "xp.where(xp.abs(x) > 1.0, xp.sign(x) * (1.0 - 1.0 / (1.0 + xp.abs(x))), "
            "x / (1.0 + xp.abs(x)))"
        ),
        torch="torch.nn.functional.softsign(x)",
        jax="jax.nn.soft_sign(x)",
        tensorflow="tf.nn.softsign(x)",
    ),
    entry(
        "tanhshrink",
        "x - tanh(x)",
        lambda m, x: x - m.tanh(x),
        singles(
            0.75,
            at("zero", 0.0),
            at("cancelling", 1e-3),
            at("tiny", 1e-9),
            at("saturated", 40.0),
            at("far", -800.0),
            lane=LANE,
        ),
        xp=(
            "(lambda c: xp.where(xp.abs(x) < 1.0, x * c / (1.0 + c), "
            "x + 1.0 - 2.0 * xp.expit(2.0 * x)))((lambda s: s / (3.0 + s / (5.0 + s / (7.0 + s "
            "/ (9.0 + s / (11.0 + s / (13.0 + s / (15.0 + s / 17.0))))))))(xp.square(x)))"
        ),
        torch="torch.nn.functional.tanhshrink(x)",
        tensorflow="tf.keras.activations.tanh_shrink(x)",
        lacks={"jax": "JAX ships no tanh shrinkage among jax.nn's activations"},
    ),
    entry(
        "squareplus",
        "(x + sqrt(x^2 + 4)) / 2",
        lambda m, x: (x + m.sqrt(x**2 + 4)) / 2,
        singles(
            0.75,
            at("zero", 0.0),
            at("cancelling", -1e4),
            at("far left", -1e10),
            at("far right", 1e10),
            lane=LANE,
        ),
        xp=(
            "(lambda a: xp.where(x > 0.0, x, 0.0) + 2.0 / (xp.sqrt(a * a + 4.0) + a))"
            "(xp.where(x > 0.0, x, -x))"
        ),
        jax="jax.nn.squareplus(x)",
        tensorflow="tf.keras.activations.squareplus(x)",
        lacks={"torch": NO_TORCH("squareplus")},
        source="Barron 2021",
    ),
)
