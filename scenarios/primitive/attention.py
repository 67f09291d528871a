"""Attention: weighted means of values, whose weights are a softmax of queries times keys.

One convention: rows are positions and columns are features, of which there are two, so the scores
are divided by sqrt(2); the first axis of three holds heads.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("attention")

KERAS = {"tensorflow": "TensorFlow has no attention; Keras, another package, has"}


def attention(m, q, k, v, bias=None, seen=None):
    """The definition. `bias` is added to the scores; keys where `seen` is 0 have no weight."""
    scores = q @ k.T / m.mp.sqrt(2)
    weights = m.exp(scores if bias is None else scores + bias)
    weights = weights if seen is None else weights * seen
    return weights / m.np.sum(weights, axis=-1, keepdims=True) @ v


def grouped(m, q, k, v):
    """Every head of queries with the one head of keys and values."""
    return m.np.stack([attention(m, head, k[0], v[0]) for head in q])


def portable(scores):
    """Softmax of the scores, times v, in the portable names."""
    weights = "xp.exp(s - xp.logsumexp(s, axis=-1, keepdims=True))"
    return f"xp.matmul((lambda s: {weights})({scores}), v)"


SCORES = "xp.matmul(q, k.T) / 2**0.5"
TORCH = "torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None]{})[0]"
JAX = "jax.nn.dot_product_attention(q[:, None], k[:, None], v[:, None]{})[:, 0]"

Q = ((0.5, -1.0), (1.5, 0.75))
K = ((1.0, 0.25), (-0.5, 2.0), (0.75, -1.5))
V = ((2.0, -0.5), (0.25, 1.0), (-1.5, 3.0))
EQUAL = ((1.0, 0.25), (1.0, 0.25), (0.75, -1.5))
SHARP = ((25.0, -50.0), (1.5, 0.75))
WIDE_Q = ((0.5, 9.0, -1.0, 9.0), (1.5, 9.0, 0.75, 9.0))
WIDE_K = ((1.0, 9.0, 0.25, 9.0), (-0.5, 9.0, 2.0, 9.0), (0.75, 9.0, -1.5, 9.0))
SQUARE = ((0.5, -1.0), (1.5, 0.75), (-0.25, 1.0))
BIAS = ((0.5, -1.0, 0.25), (1.5, 0.0, -0.5))
HEADS = (((0.5, -1.0), (1.5, 0.75)), ((-0.25, 1.0), (2.0, 0.5)))

TABLE = (
    entry(
        "attention",
        "softmax(q k^T / sqrt(2)) v",
        lambda m, q, k, v: attention(m, q, k, v),
        (
            at("generic", Q, K, V),
            at("equal keys", Q, EQUAL, V),
            at("queries of zeros", ((0.0, 0.0), (0.0, 0.0)), K, V),
            at("saturated", SHARP, K, V),
            at("far scores", SHARP, ((1e3, 250.0), (1e3, 250.001), (999.999, 250.0)), V),
            at("twice", Q, K, V, form="twice"),
            at("view", WIDE_Q, WIDE_K, WIDE_K, form="view"),
            at("same", SQUARE, form="same"),
        ),
        xp=portable(SCORES),
        torch=TORCH.format(""),
        jax=JAX.format(""),
        lacks=KERAS,
        source="Vaswani et al., 2017",
    ),
    entry(
        "attention_causal",
        "softmax(q k^T / sqrt(2)) v, every query with the keys up to its own",
        lambda m, q, k, v: attention(m, q, k, v, seen=m.np.tri(3)),
        (
            at("generic", SQUARE, K, V),
            at("equal keys", SQUARE, EQUAL, V),
            at("saturated", ((25.0, -50.0), (1.5, 0.75), (-0.25, 1.0)), K, V),
            at("twice", SQUARE, K, V, form="twice"),
        ),
        xp=portable(f"xp.where(xp.tril(xp.ones((3, 3))) > 0, {SCORES}, -1e300)"),
        torch=TORCH.format(", is_causal=True"),
        jax=JAX.format(", is_causal=True"),
        lacks=KERAS,
    ),
    entry(
        "attention_grouped",
        "softmax(q k^T / sqrt(2)) v, of two heads of queries and one of keys and values",
        grouped,
        (
            at("generic", HEADS, (K,), (V,)),
            at("equal keys", HEADS, (EQUAL,), (V,)),
            at("saturated", (SHARP, SHARP), (K,), (V,)),
            at("twice", HEADS, (K,), (V,), form="twice"),
        ),
        xp=(
            "xp.stack(["
            + ", ".join(
                portable(f"xp.matmul(q[{head}], k[0].T) / 2**0.5").replace("v)", "v[0])")
                for head in (0, 1)
            )
            + "])"
        ),
        torch=(
            "torch.nn.functional.scaled_dot_product_attention("
            "q[None], k[None], v[None], enable_gqa=True)[0]"
        ),
        jax=(
            "jnp.permute_dims(jax.nn.dot_product_attention(jnp.permute_dims(q, (1, 0, 2)), "
            "jnp.permute_dims(k, (1, 0, 2)), jnp.permute_dims(v, (1, 0, 2))), (1, 0, 2))"
        ),
        lacks=KERAS,
        source="Ainslie et al., 2023",
    ),
)
