"""Cumulative functions, differences and sums of trapezoids.

One convention: a running extremum has no derivative where a later element equals it.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("cumulative")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))
COLUMNS = ((0.5, -1.25), (0.75, 1.5), (2.0, -0.25), (-1.0, 0.25))


def running(m, f, x):
    """f of every beginning of x."""
    return m.np.array([f(x[: n + 1]) for n in range(len(x))], object)


TABLE = (
    entry(
        "cumsum",
        "the sums of all beginnings",
        lambda m, x: m.np.cumsum(x),
        arrays(VECTOR, view=(LANE,), empty=((),)),
        xp="xp.cumulative_sum(x, axis=0)",
        torch="torch.cumsum(x, 0)",
        jax="jnp.cumsum(x)",
        tensorflow="tf.cumsum(x)",
    ),
    entry(
        "cumsum-reverse",
        "the sums of all ends, along the last axis",
        lambda m, x: m.np.cumsum(x[:, ::-1], axis=1)[:, ::-1],
        arrays(ROWS, view=(LANES,)),
        xp="xp.flip(xp.cumulative_sum(xp.flip(x, axis=1), axis=1), axis=1)",
        jax="jax.lax.cumsum(x, 1, reverse=True)",
        tensorflow="tf.cumsum(x, 1, reverse=True)",
        lacks={"torch": "PyTorch's running sum has no direction"},
    ),
    entry(
        "cumprod",
        "the products of all beginnings",
        lambda m, x: m.np.cumprod(x),
        arrays(
            VECTOR,
            view=(LANE,),
            empty=((),),
            others=(
                at("one zero", (0.5, 0.0, 2.0, 0.75)),
                at("first zero", (0.0, -1.25, 2.0, 0.75)),
                at("last zero", (0.5, -1.25, 2.0, 0.0)),
                at("two zeros", (0.5, 0.0, 0.0, 0.75)),
                at("all zeros", (0.0, 0.0, 0.0, 0.0)),
                at("underflow", (1e-200, 1e-150, 3.0, 0.5)),
            ),
        ),
        xp="xp.prod(xp.where(xp.tril(xp.ones(x.shape * 2)) == 1, x, 1.0), axis=1)",
        torch="torch.cumprod(x, 0)",
        jax="jnp.cumprod(x)",
        tensorflow="tf.math.cumprod(x)",
    ),
    entry(
        "cumprod-axis",
        "the products of all beginnings, along the last axis",
        lambda m, x: m.np.cumprod(x, axis=1),
        arrays(
            ROWS,
            others=(
                at("one zero", ((0.5, 0.0, 2.0), (0.75, 1.5, -0.25))),
                at("zeros", ((0.5, 0.0, 2.0), (0.0, 0.0, -0.25))),
            ),
        ),
        xp="xp.scan(lambda c, y: (c * y, c * y), xp.ones(2), x.T)[1].T",
        torch="torch.cumprod(x, 1)",
        jax="jax.lax.cumprod(x, 1)",
        tensorflow="tf.math.cumprod(x, 1)",
    ),
    entry(
        "cummax",
        "the largest elements of all beginnings",
        lambda m, x: running(m, m.np.max, x),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("tie", (0.5, -1.25, 0.5, 0.75)),
                kink("all equal", (0.5, 0.5, 0.5, 0.5)),
                at("tie below", (0.5, -1.25, -1.25, 0.75)),
            ),
        ),
        xp="xp.scan(lambda c, y: (xp.maximum(c, y),) * 2, x[0], x)[1]",
        torch="torch.cummax(x, 0)[0]",
        jax="jax.lax.cummax(x)",
        lacks={"tensorflow": "TensorFlow has no running maximum"},
    ),
    entry(
        "logcumsumexp",
        "log sum exp of all beginnings",
        lambda m, x: m.log(m.np.cumsum(m.exp(x))),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                at("all equal", (0.5, 0.5, 0.5, 0.5)),
                at("zeros", (0.0, 0.0, 0.0, 0.0)),
                at("large", (1000.0, 999.5, 1000.0, 998.0)),
                at("small", (-1000.0, -999.5, -1000.0, -998.0)),
                at("rising", (-700.0, 0.5, 699.0, 700.0)),
                at("falling", (700.0, 699.0, 0.5, -700.0)),
            ),
        ),
        xp=(
            "xp.concat((x[:1], xp.scan("
            "lambda c, y: (c + xp.softplus(y - c),) * 2, x[0], x[1:])[1]))"
        ),
        torch="torch.logcumsumexp(x, 0)",
        jax="jax.lax.cumlogsumexp(x)",
        tensorflow="tf.math.cumulative_logsumexp(x)",
    ),
    entry(
        "diff",
        "the differences of neighbours",
        lambda m, x: x[1:] - x[:-1],
        arrays(VECTOR, view=(LANE,), others=(at("one element", (0.75,)),)),
        xp="x[1:] - x[:-1]",
        torch="torch.diff(x)",
        jax="jnp.diff(x)",
        tensorflow="tf.experimental.numpy.diff(x)",
    ),
    entry(
        "diff-second",
        "the second differences along the first axis",
        lambda m, x: x[2:] - 2 * x[1:-1] + x[:-2],
        arrays(COLUMNS),
        xp="x[2:] - 2 * x[1:-1] + x[:-2]",
        torch="torch.diff(x, 2, 0)",
        jax="jnp.diff(x, 2, 0)",
        tensorflow="tf.experimental.numpy.diff(x, 2, 0)",
    ),
)
