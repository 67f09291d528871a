"""A long short-term memory with diagonal weights (ADBench's D-LSTM), stepped through in a loop, and
its gradient by hand.

The one convention: main parameters are (layers, weight or bias, gate, bits), the gates being
forget, input, output and change; extra parameters are the rows w_in, w_out and b_out; the state is
(layers, h or c, bits); the text has a character a row. The 2 in the loss is ADBench's.
"""

import numpy

from tests.benchmarks.engine.case import Case

LAYERS, BITS = 2, 14
ORDER = [2, 0, 1, 3]  # of the gates by hand: leave, forget, enter, change


def loss(np, main, extra, state, text):
    weights = [[main[k, 0, i] for i in range(4)] for k in range(LAYERS)]
    biases = [[main[k, 1, i] for i in range(4)] for k in range(LAYERS)]
    w_in, w_out, b_out = extra[0], extra[1], extra[2]
    state = [(state[k, 0], state[k, 1]) for k in range(LAYERS)]
    outputs = []
    for t in range(text.shape[0] - 1):
        o = text[t] * w_in
        for k in range(LAYERS):
            state[k] = o, _ = stepped(np, weights[k], biases[k], o, *state[k])
        outputs.append(o)
    y = np.stack(outputs) * w_out + b_out
    return cross_entropy(np, y, text)


def stepped(np, weights, biases, o, h, c):
    """Return a layer's new h and c."""
    forget = np.sigmoid(o * weights[0] + biases[0])
    enter = np.sigmoid(h * weights[1] + biases[1])
    leave = np.sigmoid(o * weights[2] + biases[2])
    change = np.tanh(h * weights[3] + biases[3])
    c = c * forget + enter * change
    return leave * np.tanh(c), c


def cross_entropy(np, y, text):
    count = (text.shape[0] - 1) * BITS
    logs = y - np.log(2 + np.sum(np.exp(y), axis=1, keepdims=True))
    return -np.sum(text[1:] * logs) / count


def scanned(np, main, extra, state, text):
    """The same loss through JAX's scan, as a loop of 128 steps would be compiled step by step."""
    import jax

    def step(state, x):
        o, after = x * extra[0], []
        for k in range(LAYERS):
            o, c = stepped(np, main[k, 0], main[k, 1], o, *state[k])
            after.append((o, c))
        return after, o

    begin = [(state[k, 0], state[k, 1]) for k in range(LAYERS)]
    _, outputs = jax.lax.scan(step, begin, text[:-1])
    return cross_entropy(np, outputs * extra[1] + extra[2], text)


def gradient_by_hand(main, extra, state, text):
    """Return both gradients; only what depends on the step before is done within the loops.

    The four gates of a step are one array, in the order leave, forget (which see o), enter, change
    (which see h), and one tanh: sigmoid(x) = (1 + tanh(x/2)) / 2.
    """
    gates, cells, folded, hidden = run(main, extra, state, text)
    d_y, d_extra = pull_output(extra, hidden[1:, -1], text)
    through, slopes = slopes_of(gates, cells, folded)
    z = pull_steps(main, d_y, gates, through, slopes)
    below = numpy.concatenate([text[:-1, None] * extra[0], hidden[1:, :-1]], axis=1)
    d_main = numpy.empty_like(main)
    for place, gate in enumerate(ORDER):
        seen = below if place < 2 else hidden[:-1]
        numpy.add.reduce(z[:, :, place], axis=0, out=d_main[:, 1, gate])
        numpy.einsum("tkb,tkb->kb", z[:, :, place], seen, out=d_main[:, 0, gate])
    d_first = numpy.einsum("tgb,gb->tb", z[:, 0, :2], main[0, 0, ORDER[:2]])
    numpy.einsum("tb,tb->b", d_first, text[:-1], out=d_extra[0])
    return d_main, d_extra


def run(main, extra, state, text):
    """Run forward; return gates (steps, layers, 4, bits), c, tanh(c) and h, from the first on."""
    steps = len(text) - 1
    halved = main[:, :, ORDER] * numpy.array([0.5, 0.5, 0.5, 1])[:, None]
    layers = [(w[:2], w[2:], b) for w, b in halved]
    gates = numpy.empty((steps, LAYERS, 4, BITS))
    folded = numpy.empty((steps, LAYERS, BITS))
    hidden, cells = numpy.empty((2, steps + 1, LAYERS, BITS))
    hidden[0], cells[0] = state[:, 0], state[:, 1]
    inputs = text[:-1] * extra[0]
    rows = zip(inputs, gates, folded, hidden, hidden[1:], cells, cells[1:], strict=False)
    for o, *step in rows:
        for (w_o, w_h, bias), z, fold, h, new_h, c, new_c in zip(layers, *step, strict=True):
            numpy.multiply(w_o, o, out=z[:2])
            numpy.multiply(w_h, h, out=z[2:])
            z += bias
            numpy.tanh(z, out=z)
            sigmoids = z[:3]
            sigmoids *= 0.5
            sigmoids += 0.5
            leave, forget, enter, change = z
            numpy.multiply(c, forget, out=new_c)
            new_c += enter * change
            numpy.tanh(new_c, out=fold)
            o = numpy.multiply(leave, fold, out=new_h)
    return gates, cells, folded, hidden


def pull_output(extra, last, text):
    """Return the gradient in the last layer's h, a row a step, and space for that in `extra`."""
    wanted = text[1:]
    e = numpy.exp(last * extra[1] + extra[2])
    e *= numpy.add.reduce(wanted, axis=1, keepdims=True) / (
        2 + numpy.add.reduce(e, axis=1, keepdims=True)
    )
    e -= wanted
    e /= wanted.size
    d_extra = numpy.empty_like(extra)
    numpy.einsum("tb,tb->b", e, last, out=d_extra[1])
    numpy.add.reduce(e, axis=0, out=d_extra[2])
    e *= extra[1]
    return e, d_extra


def slopes_of(gates, cells, folded):
    """Return dc/dh and what turns (h's, c's, c's, c's) cotangent into that of the four gates."""
    leave, enter, change = (gates[:, :, i] for i in (0, 2, 3))
    slopes = gates * gates
    slopes[:, :, :3] -= gates[:, :, :3]
    slopes[:, :, 3] -= 1
    for place, factor in enumerate((folded, cells[:-1], change, enter)):
        slopes[:, :, place] *= factor
    numpy.negative(slopes, out=slopes)
    through = folded * folded
    numpy.subtract(1, through, out=through)
    through *= leave
    return through, slopes


def pull_steps(main, d_y, gates, through, slopes):
    """Go back through the steps; return the cotangents of the gates before their sigmoids."""
    z = numpy.empty_like(gates)
    d_h, d_c = numpy.zeros((2, LAYERS, BITS))
    weights = main[:, 0, ORDER][::-1]
    backwards = tuple(a[::-1, ::-1] for a in (gates[:, :, 1], through, slopes, z))
    for g, *step in zip(d_y[::-1], *backwards, strict=True):
        layers = zip(weights, d_h[::-1], d_c[::-1], *step, strict=True)
        for w, h, c, forget, slope_c, slope, out in layers:
            h += g
            numpy.multiply(h, slope[0], out=out[0])
            c += h * slope_c
            numpy.multiply(slope[1:], c, out=out[1:])
            c *= forget
            o_leave, o_forget, h_enter, h_change = out * w
            g = o_leave + o_forget
            numpy.add(h_enter, h_change, out=h)
    return z


def drawn(rng, count):
    """Return parameters as large as initialised ones are, a state, and a text of random bits."""
    return (
        rng.standard_normal((LAYERS, 2, 4, BITS)),
        rng.standard_normal((3, BITS)),
        rng.standard_normal((LAYERS, 2, BITS)),
        rng.integers(0, 2, (count, BITS)).astype(float),
    )


def recurrent_case(count):
    return Case(
        name=f"lstm gradient l={LAYERS} b={BITS} c={count}",
        function=loss,
        operator="gradient",
        argnums=(0, 1),
        draw=lambda rng: drawn(rng, count),
        hand=gradient_by_hand,
        elements=count * BITS,
        loop=True,
        instead={"jax": scanned},
    )
