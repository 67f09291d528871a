"""Reductions: sums, products, extrema and the logarithm of a sum of exponentials.

One convention: where several elements are the largest (or smallest) there is no derivative, and the
point is a kink; an element that is -inf takes no part and has a derivative of 0.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("reductions")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))
CUBE = (((0.5, -1.25), (2.0, 0.25)), ((0.75, 1.5), (-0.5, 1.0)))
NOTHING = ()
ONE_ZERO = (0.5, 0.0, 2.0, 0.75)
TWO_ZEROS = (0.5, 0.0, 0.0, 0.75)
INF = float("inf")

PEAKS = (
    at("infinite others", (0.5, -INF, 2.0, 0.75)),
    kink("tie", (2.0, -1.25, 2.0, 0.75)),
    kink("all equal", (2.0, 2.0, 2.0, 2.0)),
    kink("zeros of both signs", (0.0, -1.25, -0.0, -0.75)),
)
DIPS = (
    at("infinite others", (0.5, INF, -2.0, 0.75)),
    kink("tie", (-2.0, 1.25, -2.0, 0.75)),
    kink("all equal", (2.0, 2.0, 2.0, 2.0)),
    kink("zeros of both signs", (0.0, 1.25, -0.0, 0.75)),
)
TIED_ROWS = ((2.0, -1.25, 2.0), (0.75, 0.75, 0.75))
TIED_LOW = ((-2.0, 1.25, -2.0), (0.75, 0.75, 0.75))


def logsumexp(m, x, **options):
    return m.log(m.np.sum(m.exp(x), **options))


TABLE = (
    entry(
        "sum",
        "the sum of all elements",
        lambda m, x: m.np.sum(x),
        arrays(
            VECTOR,
            view=(LANE,),
            empty=(NOTHING,),
            others=(
                at("cancelling", (1e10, 1.0, -1e10, 0.5)),
                at("subnormal", (1e-310, 2e-310, -4e-310, 5e-320)),
            ),
        ),
        xp="xp.sum(x)",
        torch="torch.sum(x)",
        jax="jnp.sum(x)",
        tensorflow="tf.reduce_sum(x)",
    ),
    entry(
        "sum-0d",
        "the sum of an array without axes",
        lambda m, x: m.np.sum(x),
        arrays(0.75, others=(at("zero", 0.0),)),
        xp="xp.sum(x)",
        torch="torch.sum(x)",
        jax="jnp.sum(x)",
        tensorflow="tf.reduce_sum(x)",
    ),
    entry(
        "sum-axes",
        "the sums along the first and the last of three axes, which are kept",
        lambda m, x: m.np.sum(x, axis=(0, 2), keepdims=True),
        arrays(CUBE, empty=((((), ()), ((), ())),)),
        xp="xp.sum(x, axis=(0, 2), keepdims=True)",
        torch="torch.sum(x, (0, -1), keepdim=True)",
        jax="jnp.sum(x, (0, -1), keepdims=True)",
        tensorflow="tf.reduce_sum(x, (0, -1), keepdims=True)",
    ),
    entry(
        "mean",
        "the sums along the first axis, by its length",
        lambda m, x: m.np.sum(x, axis=0) / len(x),
        arrays(ROWS, view=(LANES,)),
        xp="xp.mean(x, axis=0)",
        torch="torch.mean(x, 0)",
        jax="jnp.mean(x, 0)",
        tensorflow="tf.reduce_mean(x, 0)",
    ),
    entry(
        "prod",
        "the product of all elements",
        lambda m, x: m.np.prod(x),
        arrays(
            VECTOR,
            view=(LANE,),
            empty=(NOTHING,),
            others=(
                at("one zero", ONE_ZERO),
                at("two zeros", TWO_ZEROS),
                at("three zeros", (0.0, 0.0, 2.0, 0.0)),
                at("all zeros", (0.0, 0.0, 0.0, 0.0)),
                at("subnormal factor", (0.5, 1e-310, 2.0, 0.75)),
                at("underflow", (1e-200, 1e-150, 3.0, 0.5)),
            ),
        ),
        xp="xp.prod(x)",
        torch="torch.prod(x)",
        jax="jnp.prod(x)",
        tensorflow="tf.reduce_prod(x)",
    ),
    entry(
        "prod-axis",
        "the products along the last axis, which is kept",
        lambda m, x: m.np.prod(x, axis=1, keepdims=True),
        arrays(
            ROWS,
            view=(LANES,),
            others=(
                at("one zero", ((0.5, 0.0, 2.0), (0.75, 1.5, 0.0))),
                at("two zeros", ((0.0, 0.0, 2.0), (0.75, 1.5, -0.25))),
                at("all zeros", ((0.0, 0.0, 0.0), (0.75, 0.0, -0.25))),
            ),
        ),
        xp="xp.prod(x, axis=1, keepdims=True)",
        torch="torch.prod(x, 1, keepdim=True)",
        jax="jnp.prod(x, 1, keepdims=True)",
        tensorflow="tf.reduce_prod(x, 1, keepdims=True)",
    ),
    entry(
        "max",
        "the largest element",
        lambda m, x: m.np.max(x),
        arrays(VECTOR, view=(LANE,), others=PEAKS),
        xp="xp.max(x)",
        torch="torch.max(x)",
        jax="jnp.max(x)",
        tensorflow="tf.reduce_max(x)",
    ),
    entry(
        "min",
        "the smallest element",
        lambda m, x: m.np.min(x),
        arrays(VECTOR, view=(LANE,), others=DIPS),
        xp="xp.min(x)",
        torch="torch.min(x)",
        jax="jnp.min(x)",
        tensorflow="tf.reduce_min(x)",
    ),
    entry(
        "amax",
        "the largest elements along the last axis",
        lambda m, x: m.np.max(x, axis=1),
        arrays(ROWS, view=(LANES,), others=(kink("tie", TIED_ROWS),)),
        xp="xp.max(x, axis=1)",
        torch="torch.amax(x, 1)",
        jax="jnp.amax(x, 1)",
        tensorflow="tf.reduce_max(x, 1)",
    ),
    entry(
        "amin",
        "the smallest elements along the last axis",
        lambda m, x: m.np.min(x, axis=1),
        arrays(ROWS, view=(LANES,), others=(kink("tie", TIED_LOW),)),
        xp="xp.min(x, axis=1)",
        torch="torch.amin(x, 1)",
        jax="jnp.amin(x, 1)",
        tensorflow="tf.reduce_min(x, 1)",
    ),
    entry(
        "max-axis",
        "the largest elements along the first axis, which is kept",
        lambda m, x: m.np.max(x, axis=0, keepdims=True),
        arrays(ROWS, others=(kink("tie", ((2.0, -1.25, 0.5), (2.0, -1.25, 0.75))),)),
        xp="xp.max(x, axis=0, keepdims=True)",
        torch="torch.max(x, 0, keepdim=True)[0]",
        jax="jnp.max(x, 0, keepdims=True)",
        tensorflow="tf.reduce_max(x, 0, keepdims=True)",
    ),
    entry(
        "min-axis",
        "the smallest elements along the first axis, which is kept",
        lambda m, x: m.np.min(x, axis=0, keepdims=True),
        arrays(ROWS, others=(kink("tie", ((2.0, -1.25, 0.5), (2.0, -1.25, 0.75))),)),
        xp="xp.min(x, axis=0, keepdims=True)",
        torch="torch.min(x, 0, keepdim=True)[0]",
        jax="jnp.min(x, 0, keepdims=True)",
        tensorflow="tf.reduce_min(x, 0, keepdims=True)",
    ),
    entry(
        "logsumexp",
        "log sum exp x",
        lambda m, x: logsumexp(m, x),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                at("all equal", (0.5, 0.5, 0.5, 0.5)),
                at("zeros", (0.0, 0.0, 0.0, 0.0)),
                at("large", (1000.0, 999.5, 1000.0, 998.0)),
                at("small", (-1000.0, -999.5, -1000.0, -998.0)),
                at("far apart", (700.0, -700.0, 0.5, 699.0)),
                at("dominated", (8.0, 1.0, 2.0, 3.0)),
                at("masked", (0.5, -INF, 2.0, 0.75)),
            ),
        ),
        xp="xp.logsumexp(x)",
        torch="torch.logsumexp(x, 0)",
        jax="jax.nn.logsumexp(x)",
        tensorflow="tf.reduce_logsumexp(x)",
    ),
    entry(
        "logsumexp-axis",
        "log sum exp x along the last axis, which is kept",
        lambda m, x: logsumexp(m, x, axis=1, keepdims=True),
        arrays(
            ROWS,
            view=(LANES,),
            others=(
                at("ties", TIED_ROWS),
                at("far apart", ((700.0, -700.0, 0.5), (-800.0, -800.0, -801.0))),
                at("masked", ((-INF, -INF, 0.5), (0.25, -INF, 1.0))),
            ),
        ),
        xp="xp.logsumexp(x, axis=1, keepdims=True)",
        torch="torch.logsumexp(x, 1, keepdim=True)",
        jax="jax.scipy.special.logsumexp(x, 1, keepdims=True)",
        tensorflow="tf.reduce_logsumexp(x, 1, keepdims=True)",
    ),
)
