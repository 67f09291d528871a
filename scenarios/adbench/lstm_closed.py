"""The LSTM in plain NumPy: the loss, and its gradient by backpropagation through time by hand.

The one convention: step by step and in each step layer by layer, as the source has it, where
`scenarios.adbench.lstm` takes a layer's steps together; the four gates of a layer are rows f, i, g,
a of one array (4, b).
"""


def sigmoid(np, x):
    return (1 + np.tanh(x / 2)) / 2


def run(np, main, extra, state, sequence):
    """Return the last layer's h, a row a step; what the derivative of each step and layer needs;
    and the weights, four rows a layer."""
    bits, layers = state.shape[1], range(len(state) // 2)
    weights, biases = main[0::2].reshape(-1, 4, bits), main[1::2].reshape(-1, 4, bits)
    h, c = list(state[0::2]), list(state[1::2])
    rows, trace = [], []
    for x in sequence[:-1]:
        o = x * extra[0]
        for k in layers:
            seen = np.stack([o, h[k], o, h[k]])
            z = seen * weights[k] + biases[k]
            gates = np.concatenate([sigmoid(np, z[:3]), np.tanh(z[3:])])
            f, i, g, a = gates
            before, c[k] = c[k], c[k] * f + i * a
            trace.append((seen, before, gates, np.tanh(c[k])))
            o = h[k] = g * np.tanh(c[k])
        rows.append(o)
    return np.stack(rows), trace, weights


def value(np, main, extra, state, sequence):
    h, _, _ = run(np, main, extra, state, sequence)
    y = h * extra[1] + extra[2]
    y_hat = y - np.log(2 + np.sum(np.exp(y), axis=1, keepdims=True))
    return (-np.sum(sequence[1:] * y_hat) / y.size,)


def gradient(np, main, extra, state, sequence):
    h, trace, weights = run(np, main, extra, state, sequence)
    layers = len(weights)
    e, wanted = np.exp(h * extra[1] + extra[2]), sequence[1:]
    shares = e / (2 + np.sum(e, axis=1, keepdims=True))
    g_y = (np.sum(wanted, axis=1, keepdims=True) * shares - wanted) / h.size
    g_main, g_extra = np.zeros_like(main), np.zeros_like(extra)
    g_extra[1:] = np.sum(g_y * h, axis=0), np.sum(g_y, axis=0)
    g_h, g_c = np.zeros((2, layers, h.shape[1]), h.dtype)
    for t in reversed(range(len(h))):
        g_o = g_y[t] * extra[1]
        for k in reversed(range(layers)):
            seen, before, gates, folded = trace[t * layers + k]
            g_z, g_c[k] = pull(np, g_h[k] + g_o, g_c[k], before, gates, folded)
            g_main[2 * k] += np.ravel(g_z * seen)
            g_main[2 * k + 1] += np.ravel(g_z)
            through = g_z * weights[k]
            g_o, g_h[k] = through[0] + through[2], through[1] + through[3]
        g_extra[0] += g_o * sequence[t]
    return g_main, g_extra, np.zeros_like(state), np.zeros_like(sequence)


def pull(np, g_h, g_c, before, gates, folded):
    """Return the gradients in the gates before their sigmoids, and in the cell before the step."""
    f, i, g, a = gates
    g_c = g_c + g_h * g * (1 - folded**2)
    slopes = np.concatenate([gates[:3] * (1 - gates[:3]), 1 - gates[3:] ** 2])
    return np.stack([g_c * before, g_c * a, g_h * folded, g_c * i]) * slopes, g_c * f
