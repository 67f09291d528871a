"""One transformer block under cross-entropy (Vaswani et al. 2017; norms first, as in Xiong et al.
2020): with N the layer norm of each token and softmax over the tokens of its sequence,

    x <- x + [ softmax(q_h k_h' / sqrt(c)) v_h ]_h W_o,   q, k, v = N(x) W_q, N(x) W_k, N(x) W_v,
    x <- x + gelu(N(x) W_1 + b_1) W_2 + b_2,   z = N(x) W_z,

one label a token, differentiated in all weights. The norms' own gains and biases are left out, as
the maps that follow can absorb them; gelu is its tanh form (Hendrycks and Gimpel 2016, section 2).
The tokens of all sequences are the rows of one matrix, but for the softmax.
"""

import math

from harness.scenario import Scenario
from scenarios.learning.loss import closed_cross_entropy, cross_entropy, labels, weights
from scenarios.softmax import softmax

NAMES = ("batch", "tokens", "width", "heads", "channels", "hidden", "classes")
LEVELS = {
    "S": dict(zip(NAMES, (3, 4, 3, 2, 1, 1, 2), strict=True)),
    "M": dict(zip(NAMES, (8, 16, 32, 4, 8, 128, 32), strict=True)),
    "L": dict(zip(NAMES, (32, 64, 128, 8, 16, 512, 256), strict=True)),
}


def norm(xp, x):
    centred = x - xp.mean(x, axis=1, keepdims=True)
    return centred / xp.sqrt(xp.mean(centred * centred, axis=1, keepdims=True) + 1e-5)


def gelu(xp, x):
    return x * (0.5 + 0.5 * xp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def attend(xp, queries, keys, values):
    """Of the shape (sequence, head, token, channel), all three."""
    scores = queries @ xp.matrix_transpose(keys) / queries.shape[3] ** 0.5
    return xp.exp(scores - xp.logsumexp(scores, axis=3, keepdims=True)) @ values


def value(xp, Wq, Wk, Wv, Wo, W1, b1, W2, b2, Wz, X, targets):
    batch, tokens, width = X.shape
    split = (batch, tokens, *Wq.shape[1:])
    x = xp.reshape(X, (-1, width))
    before = norm(xp, x)
    q, k, v = (
        xp.permute_dims(xp.reshape(before @ xp.reshape(W, (width, -1)), split), (0, 2, 1, 3))
        for W in (Wq, Wk, Wv)
    )
    joined = xp.reshape(xp.permute_dims(attend(xp, q, k, v), (0, 2, 1, 3)), (batch * tokens, -1))
    x = x + joined @ xp.reshape(Wo, (-1, width))
    x = x + gelu(xp, norm(xp, x) @ W1 + b1) @ W2 + b2
    return cross_entropy(xp, norm(xp, x) @ Wz, targets)


def closed_value(np, Wq, Wk, Wv, Wo, W1, b1, W2, b2, Wz, X, targets):
    """Sequence by sequence and head by head."""
    rows = []
    for x in X:
        n, new = norm(np, x), x
        for h in range(len(Wo)):
            q, k, v = n @ Wq[:, h], n @ Wk[:, h], n @ Wv[:, h]
            new = new + softmax(np, q @ k.T / k.shape[1] ** 0.5) @ v @ Wo[h]
        rows.append(new + gelu(np, norm(np, new) @ W1 + b1) @ W2 + b2)
    return (closed_cross_entropy(np, norm(np, np.concatenate(rows)) @ Wz, targets),)


def point(rng, batch, tokens, width, heads, channels, hidden, classes):
    return (
        weights(rng, width, width, heads, channels),
        weights(rng, width, width, heads, channels),
        weights(rng, width, width, heads, channels),
        weights(rng, heads * channels, heads, channels, width),
        weights(rng, width, width, hidden),
        0.1 * rng.standard_normal(hidden),
        weights(rng, hidden, hidden, width),
        0.1 * rng.standard_normal(width),
        weights(rng, width, width, classes),
        rng.standard_normal((batch, tokens, width)),
        labels(rng, batch * tokens, classes),
    )


def variables(batch, tokens, width, heads, channels, hidden, classes):
    linear = width * (4 * heads * channels + 2 * hidden + classes)
    return linear + hidden + width


def elements(batch, tokens, width, heads, channels, hidden, classes):
    a_token = 20 * width + 8 * heads * channels + 10 * hidden + 6 * classes + 6 * heads * tokens
    sizes = (batch, tokens, width, heads, channels, hidden, classes)
    return batch * tokens * a_token + 2 * variables(*sizes)


scenarios = (
    Scenario(
        name="learning/attention",
        about="transformer block under cross-entropy",
        source="Vaswani et al. 2017",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("Wq", "Wk", "Wv", "Wo", "W1", "b1", "W2", "b2", "Wz"),
        # No hessian: at S there are 40 weights, and forward-over-forward takes 40^2 nested passes.
        operators=("value", "gradient", "jvp", "hvp"),
        closed_forms={"value": closed_value},
        conditioning={"gradient": 16},
        conditioning_reason="a layer norm divides by the spread of a few numbers, which may be "
        "small: one eps in the inputs moves a gradient at S by up to 630 eps (12 seeds)",
        variables=variables,
        elements=elements,
    ),
)
