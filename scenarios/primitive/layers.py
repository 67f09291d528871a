"""Layers: linear ones, dropout and recurrent cells.

One convention: the first axis of x holds examples, and weights are (out, in), as in PyTorch.
"""

from scenarios.primitive.writing import at, chapter

entry = chapter("layers")


def bilinear(m, x, y, weight, bias):
    terms = x[:, None, :, None] * weight * y[:, None, None, :]
    return m.np.sum(terms, axis=(2, 3)) + bias


def sigmoid(m, x):
    return 1 / (1 + m.exp(-x))


def lstm(m, x, h, c, weight, recurrent, bias):
    """One step; gates are, in this order, for the input, to forget, the cell and for the output."""
    into, forget, cell, out = m.np.split(x @ weight.T + h @ recurrent.T + bias, 4, axis=1)
    kept = sigmoid(m, forget) * c + sigmoid(m, into) * m.tanh(cell)
    return m.np.concatenate([sigmoid(m, out) * m.tanh(kept), kept], axis=1)


X, Y = ((0.5, -1.0, 2.0), (1.5, 0.25, -0.5)), ((1.0, 0.5), (-0.75, 2.0))
WEIGHT, BIAS = ((1.5, -0.75, 0.25), (0.5, 2.0, -1.0)), (0.25, -0.5)
CUBE = (((1.5, -0.75), (0.25, 0.5), (2.0, -1.0)), ((0.5, 1.0), (-0.25, 0.75), (-1.5, 0.5)))
ROWS = ((0.5, -1.0), (2.0, 0.25), (1.5, -0.75))
GATES = ((0.5, -1.0), (2.0, 0.25), (1.5, -0.75), (-0.5, 1.0))
LSTM = (((0.5, -1.0),), ((0.25,),), ((1.5,),), GATES)
LSTM_MORE = (((0.5,), (-1.0,), (0.75,), (2.0,)), (0.25, -0.5, 1.0, 0.75))
FULL = (40.0, -40.0, 0.5, 40.0)

NO_CELL = {
    "jax": "JAX has no recurrent cell; Flax, another package, has",
    "tensorflow": "TensorFlow's recurrent cells are Keras's, and its BlockCell takes no float64",
}

TABLE = (
    entry(
        "linear",
        "x weight^T + bias",
        lambda m, x, weight, bias: x @ weight.T + bias,
        (
            at("generic", X, WEIGHT, BIAS),
            at("zeros", ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), WEIGHT, BIAS),
            at("cancellation", ((1e9, 2e9, 2.0), (1.5, 0.25, -0.5)), WEIGHT, BIAS),
            at("twice", X, WEIGHT, BIAS, form="twice"),
            at("view", X, WEIGHT, (0.25, 9.0, -0.5), form="view"),
        ),
        xp="xp.matmul(x, weight.T) + bias",
        torch="torch.nn.functional.linear(x, weight, bias)",
        jax="jnp.dot(x, weight.T) + bias",
        tensorflow="tf.compat.v1.nn.xw_plus_b(x, tf.transpose(weight), bias)",
    ),
    entry(
        "bilinear",
        "sum over i, j of x[i] weight[o, i, j] y[j], + bias[o]",
        bilinear,
        (
            at("generic", X, Y, CUBE, BIAS),
            at("zeros", ((0.0, 0.0, 0.0), (1.5, 0.25, -0.5)), ((0.0, 0.0), (0.0, 0.0)), CUBE, BIAS),
            at("twice", X, Y, CUBE, BIAS, form="twice"),
        ),
        xp='xp.einsum("bi,oij,bj->bo", x, weight, y) + bias',
        torch="torch.nn.functional.bilinear(x, y, weight, bias)",
        jax='jnp.einsum("bi,oij,bj->bo", x, weight, y) + bias',
        tensorflow='tf.einsum("bi,oij,bj->bo", x, weight, y) + bias',
    ),
    entry(
        "dropout_off",
        "x: a share of 0 is dropped",
        lambda m, x: x,
        (
            at("generic", ROWS),
            at("zeros", ((0.0, 0.0), (-0.0, 1e-310), (1e300, -1e300))),
            at("twice", ROWS, form="twice"),
        ),
        xp="xp.reshape(x, x.shape)",
        torch="torch.nn.functional.dropout(x, 0.0, training=True)",
        tensorflow="tf.nn.dropout(x, 0.0)",
        lacks={"jax": "JAX has no dropout; Flax, another package, has"},
    ),
    entry(
        "lstm_cell",
        "(o tanh(k), k), k = f c + i tanh(g), with i, f, g, o of x weight^T + h recurrent^T + bias",
        lstm,
        (
            at("generic", *LSTM, *LSTM_MORE),
            at("saturated", *LSTM, LSTM_MORE[0], FULL),
            at("zeros", ((0.0, 0.0),), ((0.0,),), ((0.0,),), GATES, *LSTM_MORE),
            at("twice", *LSTM, *LSTM_MORE, form="twice"),
        ),
        xp=(
            "(lambda a: (lambda kept: xp.concat([xp.expit(a[:, 3:]) * xp.tanh(kept), kept], "
            "axis=1))(xp.expit(a[:, 1:2]) * c + xp.expit(a[:, :1]) * xp.tanh(a[:, 2:3])))"
            "(xp.matmul(x, weight.T) + xp.matmul(h, recurrent.T) + bias)"
        ),
        torch="torch.cat(torch.lstm_cell(x, (h, c), weight, recurrent, bias, bias * 0), 1)",
        lacks=NO_CELL,
        source="Hochreiter and Schmidhuber, 1997",
    ),
)
