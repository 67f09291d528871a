"""JAX by hand, compiled and one operation after another."""

import jax
import jax.numpy as jnp

SQUARE, PENALTY = "documented/square-vjp-ones", "documented/gradient-penalty"


def pulled(x, cotangent):
    _, pullback = jax.vjp(lambda x: x**2, x)
    return pullback(cotangent)[0]


def penalty(x, y):
    f_x = jax.grad(lambda x, y: jnp.sum(x * x * y))(x, y)
    return jnp.sum((f_x**2 - 1) ** 2)


def square(transformed):
    def prepared(x, cotangent):
        call = transformed(pulled)
        return lambda: (call(x, cotangent).block_until_ready(),)

    return prepared


def gradient_penalty(transformed):
    def prepared(x, y):
        gradient = transformed(jax.grad(penalty, argnums=(0, 1)))

        def once():
            w_x, w_y = gradient(x, y)
            return w_x.block_until_ready(), w_y.block_until_ready()

        return once

    return prepared


def untransformed(function):
    return function


JIT = {SQUARE: square(jax.jit), PENALTY: gradient_penalty(jax.jit)}
EAGER = {SQUARE: square(untransformed), PENALTY: gradient_penalty(untransformed)}
