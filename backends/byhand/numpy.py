"""NumPy by hand, differentiated by our own engine: it is what a user of it would write."""

from backends.engine import grad, replay, vjp
from backends.engine import xp as np

SQUARE, PENALTY = "documented/square-vjp-ones", "documented/gradient-penalty"


def pulled(x, cotangent):
    return vjp(lambda x: x**2, x)[1](cotangent)


def penalty(x, y):
    f_x = grad(lambda x, y: np.sum(x * x * y))(x, y)
    return np.sum((f_x**2 - 1) ** 2)


def square(x, cotangent):
    return lambda: pulled(x, cotangent)


def gradient_penalty(x, y):
    gradient = grad(penalty, argnums=(0, 1))
    return lambda: gradient(x, y)


def replayed_square(x, cotangent):
    replayed = replay(pulled)
    return lambda: replayed(x, cotangent)


def replayed_penalty(x, y):
    gradient = replay(grad(penalty, argnums=(0, 1)))
    return lambda: gradient(x, y)


REPLAY = {SQUARE: replayed_square, PENALTY: replayed_penalty}
EAGER = {SQUARE: square, PENALTY: gradient_penalty}
