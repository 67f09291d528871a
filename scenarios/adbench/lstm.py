"""ADBench's LSTM with diagonal weights, a character of b bits a step and l layers. In a layer with
input o, output h and cell c,

    f = sigmoid(o W_f + B_f),   i = sigmoid(h W_i + B_i),   g = sigmoid(o W_o + B_o),
    a = tanh(h W_c + B_c),      c <- c f + i a,             h <- g tanh(c),

where the first layer's input is x_t w_in, another's the output of the one below, and the last
one's predicts: y_t = h w_out + b_out, yhat = y - log(2 + sum exp y) (the 2 is the source's own),

    loss = - sum_t x_{t+1} . yhat_t / ((c - 1) b)   for c characters x_0 .. x_{c-1}.

Source: Srajer, Kukelova, Fitzgibbon 2018, "A benchmark of selected algorithmic differentiation
tools on some problems in computer vision and machine learning", and ADBench, where D-LSTM is its
name. Rows of `main` alternate W and B, each f, i, o, c; rows of `extra` are w_in, w_out, b_out;
rows of `state` alternate the h and c that a layer begins with.

Layer after layer, as a layer needs nothing of the ones above: so what depends on its input alone,
f and g, is computed for all steps at once, and only i and a remain in the recurrence.
"""

import math

from harness.scenario import Scenario
from scenarios.adbench import lstm_closed

LEVELS = {
    "S": {"l": 1, "c": 3, "b": 1},
    "M": {"l": 2, "c": 128, "b": 14},
    "L": {"l": 2, "c": 1024, "b": 14},
}


def value(xp, main, extra, state, sequence):
    w_in, w_out, b_out = extra[0], extra[1], extra[2]
    o = sequence[:-1] * w_in
    for k in range(state.shape[0] // 2):
        o = layer(xp, main[2 * k], main[2 * k + 1], o, state[2 * k], state[2 * k + 1])
    y = o * w_out + b_out
    y_hat = y - xp.log(2 + xp.sum(xp.exp(y), axis=1, keepdims=True))
    return -xp.sum(sequence[1:] * y_hat) / math.prod(y.shape)


def layer(xp, weights, biases, o, h, c):
    """Return the outputs of a layer, a row a step, from its inputs and what it begins with."""
    b = o.shape[1]
    w_f, w_i, w_o, w_c = (weights[i * b : (i + 1) * b] for i in range(4))
    b_f, b_i, b_o, b_c = (biases[i * b : (i + 1) * b] for i in range(4))

    def step(carry, gates):
        (h, c), (f, g) = carry, gates
        c = c * f + xp.expit(h * w_i + b_i) * xp.tanh(h * w_c + b_c)
        h = g * xp.tanh(c)
        return (h, c), h

    gates = xp.expit(o * w_f + b_f), xp.expit(o * w_o + b_o)
    return xp.scan(step, (h, c), gates)[1]


def point(rng, l, c, b):  # noqa: E741 (the source's names of the sizes)
    return (
        rng.standard_normal((2 * l, 4 * b)),
        rng.standard_normal((3, b)),
        rng.standard_normal((2 * l, b)),
        rng.integers(0, 2, (c, b)).astype(float),
    )


scenarios = (
    Scenario(
        name="adbench/lstm",
        about="LSTM with diagonal weights, predicting characters",
        source="ADBench (Srajer et al. 2018)",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("main", "extra"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": lstm_closed.value, "gradient": lstm_closed.gradient},
        variables=lambda l, c, b: 8 * l * b + 3 * b,  # noqa: E741
        elements=lambda l, c, b: 16 * l * c * b,  # noqa: E741
        data="scenarios.adbench.files:lstm",
    ),
)
