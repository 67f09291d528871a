"""The computations that the promises speak of, written by hand as each framework's users would.

Nothing here comes from an adapter. `CALLS[backend][scenario]` takes the inputs as the framework's
arrays and returns a function without arguments, which computes the answer, waits for it and returns
the outputs as a tuple. Settings (x64, threads, precision) are the process's and made elsewhere.
Frameworks are imported inside, as a process has only one of them. TensorFlow's trace is called and
not the tf.function, which looks its trace up every time: 128 us against 64 for five numbers.
"""


def numpy_square(x, cotangent):
    from backends.engine import replay, vjp

    pulled = replay(lambda x, cotangent: vjp(lambda x: x**2, x)[1](cotangent))
    return lambda: pulled(x, cotangent)


def numpy_penalty(x, y):
    from backends.engine import grad, replay
    from backends.engine import xp as np

    def penalty(x, y):
        f_x = grad(lambda x, y: np.sum(x * x * y))(x, y)
        return np.sum((f_x**2 - 1) ** 2)

    gradient = replay(grad(penalty, argnums=(0, 1)))
    return lambda: gradient(x, y)


def torch_square(x, cotangent):
    import torch

    def once():
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad(leaf**2, leaf, cotangent)

    return once


def torch_penalty(x, y):
    import torch

    def once():
        a, b = x.detach().requires_grad_(), y.detach().requires_grad_()
        (f_x,) = torch.autograd.grad(torch.sum(a * a * b), a, create_graph=True)
        return torch.autograd.grad(torch.sum((f_x**2 - 1) ** 2), (a, b))

    return once


def jax_square(x, cotangent):
    import jax

    @jax.jit
    def pulled(x, cotangent):
        _, pullback = jax.vjp(lambda x: x**2, x)
        return pullback(cotangent)[0]

    return lambda: (pulled(x, cotangent).block_until_ready(),)


def jax_penalty(x, y):
    import jax
    import jax.numpy as jnp

    def penalty(x, y):
        f_x = jax.grad(lambda x, y: jnp.sum(x * x * y))(x, y)
        return jnp.sum((f_x**2 - 1) ** 2)

    gradient = jax.jit(jax.grad(penalty, argnums=(0, 1)))

    def once():
        w_x, w_y = gradient(x, y)
        return w_x.block_until_ready(), w_y.block_until_ready()

    return once


def tensorflow_square(x, cotangent):
    import tensorflow as tf

    @tf.function
    def pulled(x, cotangent):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x**2
        return tape.gradient(y, x, cotangent)

    traced = pulled.get_concrete_function(x, cotangent)
    return lambda: (traced(x, cotangent),)


def tensorflow_penalty(x, y):
    import tensorflow as tf

    @tf.function
    def gradient(x, y):
        with tf.GradientTape() as outer:
            outer.watch((x, y))
            with tf.GradientTape() as inner:
                inner.watch(x)
                f = tf.reduce_sum(x * x * y)
            f_x = inner.gradient(f, x)
            w = tf.reduce_sum((f_x**2 - 1) ** 2)
        return outer.gradient(w, (x, y))

    traced = gradient.get_concrete_function(x, y)
    return lambda: traced(x, y)


CALLS = {
    "numpy": {"square-vjp-ones": numpy_square, "gradient-penalty": numpy_penalty},
    "torch": {"square-vjp-ones": torch_square, "gradient-penalty": torch_penalty},
    "jax": {"square-vjp-ones": jax_square, "gradient-penalty": jax_penalty},
    "tensorflow": {"square-vjp-ones": tensorflow_square, "gradient-penalty": tensorflow_penalty},
}
