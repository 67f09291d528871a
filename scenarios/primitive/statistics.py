"""Statistics: variances, deviations, correlations, and what is picked from the sorted elements.

One convention: "unbiased" means division by n - 1, else it is by n; a variance has derivatives
everywhere, a deviation none where all elements are equal, but if there is only one element both
are 0 whatever it is.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("statistics")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
EQUAL = (0.75, 0.75, 0.75, 0.75)
OFFSET = (1000000.5, 1000000.25, 1000001.0, 999999.75)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
EQUAL_ROWS = ((0.5, 0.5, 0.5), (0.75, 1.5, -0.25))
FIVE = (0.5, -1.25, 2.0, 0.75, 1.5)
NAN = float("nan")


def variance(m, x, axis=None, less=0):
    """The mean of squared distances from the mean, over n - less."""
    count = x.size if axis is None else x.shape[axis]
    mean = m.np.sum(x, axis=axis, keepdims=True) / count
    return m.np.sum((x - mean) * (x - mean), axis=axis) / (count - less)


def deviation(m, x, axis=None, less=0):
    if x.size == 1:
        return m.np.sum(x) * 0
    return m.sqrt(variance(m, x, axis, less))


def present(m, x):
    """The elements that are numbers."""
    return m.np.array([element for element in x if element == element], object)


TABLE = (
    entry(
        "var",
        "the mean squared distance from the mean",
        lambda m, x: variance(m, x),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                at("one element", (0.75,)),
                at("all equal", EQUAL),
                at("large mean", OFFSET),
            ),
        ),
        xp="xp.mean(xp.square(x - xp.mean(x)))",
        torch="torch.var(x, correction=0)",
        jax="jnp.var(x)",
        tensorflow="tf.math.reduce_variance(x)",
    ),
    entry(
        "var-unbiased",
        "the squared distances from the mean along the last axis, over n - 1",
        lambda m, x: variance(m, x, 1, 1),
        arrays(ROWS, others=(at("equal row", EQUAL_ROWS),)),
        xp="xp.sum(xp.square(x - xp.mean(x, axis=1, keepdims=True)), axis=1) / (x.shape[1] - 1)",
        torch="torch.var(x, 1)",
        jax="jnp.var(x, 1, ddof=1)",
        tensorflow="tf.experimental.numpy.var(x, 1, x.dtype, ddof=1)",
    ),
    entry(
        "std",
        "the root of the mean squared distance from the mean",
        lambda m, x: deviation(m, x),
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                at("one element", (0.75,)),
                kink("all equal", EQUAL),
                kink("zeros", (0.0, 0.0, 0.0, 0.0)),
                at("large mean", OFFSET),
                at("nearly equal", (1.0, 1.0000001, 0.9999999, 1.0)),
            ),
        ),
        xp="xp.sqrt(xp.mean(xp.square(x - xp.mean(x)))) if x.shape[0] > 1 else xp.sum(x) * 0.0",
        torch="torch.std(x, correction=0)",
        jax="jnp.std(x)",
        tensorflow="tf.math.reduce_std(x)",
    ),
    entry(
        "average",
        "sum w x / sum w",
        lambda m, x, w: m.np.sum(w * x) / m.np.sum(w),
        arrays(
            VECTOR,
            (0.5, 1.0, 0.25, 2.0),
            others=(at("zero weights", VECTOR, (0.0, 1.0, 0.0, 0.0)),),
        ),
        xp="xp.sum(w * x) / xp.sum(w)",
        jax="jnp.average(x, weights=w)",
        tensorflow="tf.nn.weighted_moments(x, [0], w)[0]",
        lacks={"torch": "PyTorch has no weighted mean"},
    ),
    entry(
        "median",
        "the middle one of an odd number of elements",
        lambda m, x: m.np.sort(x)[len(x) // 2],
        arrays(
            FIVE,
            view=((0.5, 9.0, -1.25, 9.0, 2.0, 9.0),),
            others=(
                at("tie elsewhere", (0.5, 2.0, 2.0, 0.75, -1.25)),
                kink("tie", (0.75, -1.25, 2.0, 0.75, 1.5)),
                kink("all equal", (0.5, 0.5, 0.5, 0.5, 0.5)),
            ),
        ),
        xp="xp.sort(x)[x.shape[0] // 2]",
        torch="torch.median(x)",
        jax="jnp.median(x)",
        lacks={"tensorflow": "TensorFlow has no median but that of Keras"},
    ),
    entry(
        "nansum",
        "the sum of the elements that are numbers",
        lambda m, x: m.np.sum(present(m, x)),
        arrays(VECTOR, others=(at("nan", (0.5, NAN, 2.0, 0.75)), at("all nan", (NAN,) * 4))),
        xp="xp.sum(xp.where(x == x, x, 0.0))",
        torch="torch.nansum(x)",
        jax="jnp.nansum(x)",
        tensorflow="tf.experimental.numpy.nansum(x)",
    ),
    entry(
        "nanmean",
        "the mean of the elements that are numbers",
        lambda m, x: m.np.sum(present(m, x)) / len(present(m, x)),
        arrays(VECTOR, others=(at("nan", (0.5, NAN, 2.0, 0.75)),)),
        xp="xp.sum(xp.where(x == x, x, 0.0)) / xp.sum(xp.where(x == x, 1.0, 0.0))",
        torch="torch.nanmean(x)",
        jax="jnp.nanmean(x)",
        tensorflow="tf.experimental.numpy.nanmean(x)",
    ),
)
