"""Scattering: elements added to, multiplied into, or put in the places that indices tell.

One convention: indices that repeat do so on purpose, except where elements are put and the last one
would win; of several equal extrema for one place there is no derivative.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("scattering")

START = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, 9.0, 2.0, 9.0, 0.75, 9.0)
MORE = (1.5, -0.5, 0.25, 3.0)
MORE_LANE = (1.5, 9.0, -0.5, 9.0, 0.25, 9.0, 3.0, 9.0)
REPEATS = (2, 0, 2, 1)
ROWS = ((0.5, -1.25), (2.0, 0.75), (1.5, -0.25))
IDS = (0, 0, 1, 1, 1, 2)
MIXED = (2, 0, 1, 0, 1, 1)
SIX = (0.5, -1.25, 2.0, 0.75, 1.5, -0.25)
SIX_TIED = (0.5, 0.5, 2.0, 0.75, 2.0, -0.25)


def joined(f):
    """Return what joins each y to the x at its index by f."""

    def define(m, x, i, y):
        out = x.copy()
        for place, element in zip(i, y, strict=True):
            out[place] = f(out[place], element)
        return out

    return define


def segments(f):
    """Return what joins the elements of each of three segments by f, of two elements or more."""

    def define(m, x, i):
        return m.np.array([f(m, x[i == s]) for s in range(3)], object)

    return define


def scattered(name, formula, f, *others, **calls):
    """An entry for what joins y to x at repeated indices."""
    points = arrays(START, REPEATS, MORE, view=(LANE, REPEATS, MORE_LANE), others=others)
    return entry(name, formula, joined(f), points, integers=("i",), **calls)


def segmented(name, formula, f, ids, *others, **calls):
    """An entry for what reduces segments."""
    points = arrays(SIX, ids, others=others)
    return entry(name, formula, segments(f), points, integers=("i",), **calls)


TABLE = (
    scattered(
        "scatter_add",
        "x, and each y added at its index",
        lambda a, b: a + b,
        at("one place", START, (1, 1, 1, 1), MORE),
        xp="x + xp.segment_sum(y, i, count=4)",
        torch="torch.scatter_add(x, 0, i, y)",
        jax="x.at[i].add(y)",
        tensorflow="tf.tensor_scatter_nd_add(x, i[:, None], y)",
    ),
    entry(
        "scatter_set",
        "x, and each y put at its index",
        joined(lambda a, b: b),
        arrays(START, (2, 0, 3), MORE[:3], view=(LANE, (2, 0, 3), MORE_LANE[:6])),
        xp="x * (1.0 - xp.segment_sum(xp.ones(3), i, count=4)) + xp.segment_sum(y, i, count=4)",
        torch="torch.scatter(x, 0, i, y)",
        jax="x.at[i].set(y)",
        tensorflow="tf.tensor_scatter_nd_update(x, i[:, None], y)",
        integers=("i",),
    ),
    scattered(
        "scatter_multiply",
        "x, and each y multiplied in at its index",
        lambda a, b: a * b,
        at("one zero", START, REPEATS, (0.0, -0.5, 0.25, 3.0)),
        at("two zeros", START, REPEATS, (0.0, -0.5, 0.0, 3.0)),
        at("zeros of both", (0.0, -1.25, 0.0, 0.75), REPEATS, (0.0, -0.5, 0.25, 3.0)),
        xp="xp.stack([x[s] * xp.prod(xp.where(i == s, y, 1.0)) for s in range(4)])",
        torch="torch.scatter_reduce(x, 0, i, y, 'prod')",
        jax="x.at[i].multiply(y)",
        lacks={"tensorflow": "TensorFlow scatters no products"},
    ),
    scattered(
        "scatter_max",
        "x, or the largest y at its index if that is larger",
        lambda a, b: max(a, b),
        kink("tie of two", START, REPEATS, (3.0, -0.5, 3.0, 0.5)),
        kink("tie with x", START, REPEATS, (2.0, -0.5, 1.0, 0.5)),
        xp="xp.stack([xp.maximum(x[s], xp.max(xp.where(i == s, y, -9.0))) for s in range(4)])",
        torch="torch.scatter_reduce(x, 0, i, y, 'amax')",
        jax="x.at[i].max(y)",
        tensorflow="tf.tensor_scatter_nd_max(x, i[:, None], y)",
    ),
    scattered(
        "scatter_min",
        "x, or the smallest y at its index if that is smaller",
        lambda a, b: min(a, b),
        kink("tie of two", START, REPEATS, (-3.0, -0.5, -3.0, 0.5)),
        kink("tie with x", START, REPEATS, (2.0, -0.5, 3.0, 0.5)),
        xp="xp.stack([xp.minimum(x[s], xp.min(xp.where(i == s, y, 9.0))) for s in range(4)])",
        torch="torch.scatter_reduce(x, 0, i, y, 'amin')",
        jax="x.at[i].min(y)",
        tensorflow="tf.tensor_scatter_nd_min(x, i[:, None], y)",
    ),
    entry(
        "index_add",
        "x, and each row of y added to the row at its index",
        joined(lambda a, b: a + b),
        arrays(ROWS, (1, 1), ((0.25, -0.5), (1.0, 3.0))),
        xp="x + xp.segment_sum(y, i, count=3)",
        torch="torch.index_add(x, 0, i, y)",
        jax="x.at[i].add(y)",
        tensorflow="tf.tensor_scatter_nd_add(x, i[:, None], y)",
        integers=("i",),
    ),
    entry(
        "slice_set",
        "x, with y in its second and third place",
        lambda m, x, y: m.np.concatenate([x[:1], y, x[3:]]),
        arrays(START, (1.5, -0.5)),
        xp="xp.concat((x[:1], y, x[3:]))",
        torch="torch.slice_scatter(x, y, 0, 1, 3)",
        jax="jax.lax.dynamic_update_slice(x, y, (1,))",
        tensorflow="tf.raw_ops.TensorStridedSliceUpdate("
        "input=x, begin=[1], end=[3], strides=[1], value=y)",
    ),
    entry(
        "diagonal_set",
        "x, with y in its diagonal",
        lambda m, x, y: m.np.where(m.np.eye(len(y)) == 1, y, x),
        arrays(((0.5, -1.25), (2.0, 0.75)), (1.5, -0.5)),
        xp="xp.where(xp.eye(2) == 1, y, x)",
        torch="torch.diagonal_scatter(x, y)",
        jax="jnp.fill_diagonal(x, y, inplace=False)",
        tensorflow="tf.linalg.set_diag(x, y)",
    ),
    segmented(
        "segment_sum",
        "the sums of segments",
        lambda m, x: m.np.sum(x),
        IDS,
        at("empty segment", SIX, (0, 0, 0, 2, 2, 2)),
        xp="xp.segment_sum(x, i, count=3)",
        torch="torch.segment_reduce(x, 'sum', lengths=torch.bincount(i, minlength=3))",
        jax="jax.ops.segment_sum(x, i, 3, indices_are_sorted=True)",
        tensorflow="tf.math.segment_sum(x, i)",
    ),
    segmented(
        "segment_mean",
        "the means of segments",
        lambda m, x: m.np.sum(x) / len(x),
        IDS,
        torch="torch.segment_reduce(x, 'mean', lengths=torch.bincount(i, minlength=3))",
        tensorflow="tf.math.segment_mean(x, i)",
        xp="xp.segment_sum(x, i, count=3) / xp.segment_sum(xp.ones_like(x), i, count=3)",
        lacks={"jax": "JAX has no means of segments"},
    ),
    segmented(
        "segment_prod",
        "the products of segments",
        lambda m, x: m.np.prod(x),
        IDS,
        at("one zero", (0.5, -1.25, 2.0, 0.0, 1.5, -0.25), IDS),
        at("two zeros", (0.0, -1.25, 0.0, 0.75, 0.0, -0.25), IDS),
        xp="xp.stack([xp.prod(xp.where(i == s, x, 1.0)) for s in range(3)])",
        torch="torch.segment_reduce(x, 'prod', lengths=torch.bincount(i, minlength=3))",
        jax="jax.ops.segment_prod(x, i, 3, indices_are_sorted=True)",
        tensorflow="tf.math.segment_prod(x, i)",
    ),
    segmented(
        "segment_max",
        "the largest elements of segments",
        lambda m, x: m.np.max(x),
        IDS,
        kink("tie", SIX_TIED, IDS),
        xp="xp.stack([xp.max(xp.where(i == s, x, -9.0)) for s in range(3)])",
        torch="torch.segment_reduce(x, 'max', lengths=torch.bincount(i, minlength=3))",
        jax="jax.ops.segment_max(x, i, 3, indices_are_sorted=True)",
        tensorflow="tf.math.segment_max(x, i)",
    ),
    segmented(
        "segment_sum-unsorted",
        "the sums of segments whose elements are apart",
        lambda m, x: m.np.sum(x),
        MIXED,
        xp="xp.segment_sum(x, i, count=3)",
        torch="x.new_zeros(3).index_add(0, i, x)",
        jax="jax.ops.segment_sum(x, i, 3)",
        tensorflow="tf.math.unsorted_segment_sum(x, i, 3)",
    ),
    segmented(
        "segment_prod-unsorted",
        "the products of segments whose elements are apart",
        lambda m, x: m.np.prod(x),
        MIXED,
        at("one zero", (0.5, -1.25, 2.0, 0.0, 1.5, -0.25), MIXED),
        at("two zeros", (0.0, -1.25, 0.0, 0.75, 0.0, -0.25), MIXED),
        xp="xp.stack([xp.prod(xp.where(i == s, x, 1.0)) for s in range(3)])",
        torch="x.new_ones(3).scatter_reduce(0, i, x, 'prod')",
        jax="jax.ops.segment_prod(x, i, 3)",
        tensorflow="tf.math.unsorted_segment_prod(x, i, 3)",
    ),
    segmented(
        "segment_min-unsorted",
        "the smallest elements of segments whose elements are apart",
        lambda m, x: m.np.min(x),
        MIXED,
        kink("tie", (0.5, -1.25, 0.5, -1.25, 0.5, 0.75), MIXED),
        xp="xp.stack([xp.min(xp.where(i == s, x, 9.0)) for s in range(3)])",
        torch="x.new_full((3,), 9.0).scatter_reduce(0, i, x, 'amin', include_self=False)",
        jax="jax.ops.segment_min(x, i, 3)",
        tensorflow="tf.math.unsorted_segment_min(x, i, 3)",
    ),
    entry(
        "bincount",
        "the sums of the weights w at each index",
        lambda m, w, i: m.np.array([m.np.sum(w[i == s]) for s in range(3)], object),
        arrays(SIX, MIXED),
        xp="xp.segment_sum(w, i, count=3)",
        torch="torch.bincount(i, w, 3)",
        jax="jnp.bincount(i, w, length=3)",
        tensorflow="tf.math.bincount(tf.cast(i, tf.int32), w, 3)",
        integers=("i",),
    ),
)
