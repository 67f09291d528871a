"""Sorting, and selecting by rank.

One convention: the points have distinct elements but where they are called ties; a sorted pair has
no derivative where both are equal.
"""

from scenarios.primitive.writing import arrays, at, chapter, kink

entry = chapter("sorting")

VECTOR = (0.5, -1.25, 2.0, 0.75)
LANE = (0.5, 9.0, -1.25, -9.0, 2.0, 9.0, 0.75, -9.0)
ROWS = ((0.5, -1.25, 2.0), (0.75, 1.5, -0.25))
LANES = ((0.5, 9.0, -1.25, 9.0, 2.0, 9.0), (0.75, 9.0, 1.5, 9.0, -0.25, 9.0))
INF = float("inf")
TIES = (
    kink("tie", (0.5, -1.25, 0.5, 0.75)),
    kink("all equal", (0.5, 0.5, 0.5, 0.5)),
    kink("zeros of both signs", (0.0, -1.25, -0.0, 0.75)),
)

TABLE = (
    entry(
        "sort",
        "the elements in ascending order",
        lambda m, x: m.np.sort(x),
        arrays(VECTOR, view=(LANE,), empty=((),), others=TIES),
        xp="xp.sort(x)",
        torch="torch.sort(x)[0]",
        jax="jnp.sort(x)",
        tensorflow="tf.sort(x)",
    ),
    entry(
        "sort-descending",
        "the elements in descending order, along the first axis",
        lambda m, x: m.np.sort(x, axis=0)[::-1],
        arrays(
            ROWS,
            view=(LANES,),
            others=(kink("tie", ((0.5, 0.5, 0.75), (0.5, -1.25, 0.75))),),
        ),
        xp="xp.flip(xp.sort(x, axis=0), axis=0)",
        torch="torch.sort(x, 0, descending=True)[0]",
        jax="jnp.sort(x, 0, descending=True)",
        tensorflow="tf.sort(x, 0, 'DESCENDING')",
    ),
    entry(
        "argsort_gather",
        "the elements taken at the ranks' places",
        lambda m, x: m.np.sort(x),
        arrays(VECTOR, view=(LANE,), others=TIES),
        xp="xp.take(x, xp.argsort(x), axis=0)",
        torch="torch.gather(x, 0, torch.argsort(x))",
        jax="x[jnp.argsort(x)]",
        tensorflow="tf.gather(x, tf.argsort(x))",
    ),
    entry(
        "sort_by_key",
        "y in the order of ascending keys x",
        lambda m, x, y: y[m.np.argsort(m.values(x))],
        arrays(VECTOR, (1.0, -0.5, 0.25, 1.5)),
        xp="xp.take(y, xp.argsort(x), axis=0)",
        torch="torch.gather(y, 0, torch.argsort(x))",
        jax="jax.lax.sort_key_val(x, y)[1]",
        tensorflow="tf.gather(y, tf.argsort(x))",
    ),
    entry(
        "top_k",
        "the two largest elements, in descending order",
        lambda m, x: m.np.sort(x)[::-1][:2],
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("tie for both places", (2.0, -1.25, 2.0, 0.75)),
                kink("tie for the last place", (2.0, 0.75, -1.25, 0.75)),
                at("tie below", (2.0, -1.25, -1.25, 0.75)),
                at("infinite others", (2.0, -INF, -INF, 0.75)),
            ),
        ),
        xp="xp.flip(xp.sort(x)[-2:], axis=0)",
        torch="torch.topk(x, 2)[0]",
        jax="jax.lax.top_k(x, 2)[0]",
        tensorflow="tf.math.top_k(x, 2)[0]",
    ),
    entry(
        "top_k-rows",
        "the two largest elements of each row, in descending order",
        lambda m, x: m.np.sort(x, axis=1)[:, ::-1][:, :2],
        arrays(ROWS, others=(kink("tie", ((2.0, -1.25, 2.0), (0.75, 0.75, 0.75))),)),
        xp="xp.flip(xp.sort(x, axis=1)[:, 1:], axis=1)",
        torch="torch.topk(x, 2, 1)[0]",
        jax="jax.lax.top_k(x, 2)[0]",
        tensorflow="tf.math.top_k(x, 2)[0]",
    ),
    entry(
        "kth_value",
        "the second smallest element",
        lambda m, x: m.np.sort(x)[1],
        arrays(
            VECTOR,
            view=(LANE,),
            others=(
                kink("tie", (0.5, -1.25, 0.5, 0.75)),
                kink("all equal", (0.5, 0.5, 0.5, 0.5)),
                at("tie elsewhere", (0.5, 0.75, 0.75, -1.25)),
            ),
        ),
        xp="xp.sort(x)[1]",
        torch="torch.kthvalue(x, 2)[0]",
        jax="jnp.partition(x, 1)[1]",
        tensorflow="tf.raw_ops.NthElement(input=x, n=1)",
    ),
    entry(
        "argmax_gather",
        "the largest element of each row, taken at its place",
        lambda m, x: m.np.max(x, axis=1, keepdims=True),
        arrays(ROWS, others=(kink("tie", ((2.0, -1.25, 2.0), (0.75, 0.75, 0.75))),)),
        xp="xp.take_along_axis(x, xp.argmax(x, axis=1)[:, None], axis=1)",
        torch="torch.take_along_dim(x, torch.argmax(x, 1, keepdim=True), 1)",
        jax="jnp.take_along_axis(x, jnp.argmax(x, 1, keepdims=True), 1)",
        tensorflow="tf.gather(x, tf.argmax(x, 1)[:, None], batch_dims=1)",
    ),
)
