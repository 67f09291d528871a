"""D-LSTM in TensorFlow (`adbench/lstm`): compiled as a whole, eight steps a turn of the loop.

All weights are diagonal, so a step is elementwise work on a few numbers, and what a graph costs is
its operations, one by one. Compiled by XLA they are few, but the reverse mode copies its stacks of
intermediates at every turn: a gradient of 1024 characters takes 15 ms (180 as a graph), and 5.5
with an eighth of the turns. 16 steps a turn take three times as long to compile and are no faster.
"""

import tensorflow as tf

STEPS = 8  # of one turn


def value(xp, main, extra, state, sequence):
    w_in, w_out, b_out = tf.unstack(extra)
    o = sequence[:-1] * w_in
    for k in range(state.shape[0] // 2):
        o = layer(main[2 * k], main[2 * k + 1], o, state[2 * k], state[2 * k + 1])
    y = o * w_out + b_out
    normalised = y - tf.math.log(2 + tf.reduce_sum(tf.exp(y), axis=1, keepdims=True))
    return -tf.reduce_mean(sequence[1:] * normalised)


def layer(weights, biases, o, h, c):
    """Return the outputs of a layer, a row a step; what needs no h is computed for all at once."""
    w_f, w_i, w_o, w_c = tf.split(weights, 4)
    b_f, b_i, b_o, b_c = tf.split(biases, 4)

    def advance(h, c, forget, out):
        hs = []
        for f, g in zip(tf.unstack(forget), tf.unstack(out), strict=True):
            c = c * f + tf.sigmoid(h * w_i + b_i) * tf.tanh(h * w_c + b_c)
            h = g * tf.tanh(c)
            hs.append(h)
        return h, c, tf.stack(hs)

    return recur(advance, h, c, tf.sigmoid(o * w_f + b_f), tf.sigmoid(o * w_o + b_o))


def recur(advance, h, c, forget, out):
    """Take all steps: in a loop of whole turns, and what is left over after it."""
    count, b = forget.shape
    turns = count // STEPS
    whole = turns * STEPS
    if turns:
        forgets, outs = listed(forget[:whole], turns), listed(out[:whole], turns)
        stacks = tf.TensorArray(forget.dtype, turns, element_shape=(STEPS, b))

        def turn(t, h, c, stacks):
            h, c, hs = advance(h, c, forgets.read(t), outs.read(t))
            return t + 1, h, c, stacks.write(t, hs)

        _, h, c, stacks = tf.while_loop(
            lambda t, *_: t < turns, turn, (tf.constant(0), h, c, stacks), maximum_iterations=turns
        )
        if whole == count:
            return tf.reshape(stacks.stack(), (whole, b))
    rest = advance(h, c, forget[whole:], out[whole:])[2]
    return tf.concat([tf.reshape(stacks.stack(), (whole, b)), rest], 0) if turns else rest


def listed(x, turns):
    x = tf.reshape(x, (turns, STEPS, x.shape[1]))
    return tf.TensorArray(x.dtype, turns, element_shape=x.shape[1:]).unstack(x)
