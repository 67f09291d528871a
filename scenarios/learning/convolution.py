"""A small convolutional network in the manner of LeNet-5 (LeCun et al. 1998): twice a convolution,
tanh and the mean over squares of 2 x 2, then a linear map,

    h = pool tanh(X * K_1 + b_1),   h = pool tanh(h * K_2 + b_2),   z = h W + b,

under cross-entropy, differentiated in kernels, weights and biases. Convolutions are not padded, so
that a side s becomes (s - kernel + 1) / 2, which has to come out even both times.
"""

from harness.errors import UsageError
from harness.scenario import Scenario
from scenarios.learning.loss import closed_cross_entropy, cross_entropy, labels, weights

LEVELS = {
    "S": {"batch": 1, "side": 7, "kernel": 2, "first": 1, "second": 1, "classes": 2},
    "M": {"batch": 8, "side": 28, "kernel": 5, "first": 6, "second": 16, "classes": 10},
    "L": {"batch": 128, "side": 28, "kernel": 5, "first": 6, "second": 16, "classes": 10},
}


def pool(xp, x):
    n, maps, rows, columns = x.shape
    return xp.mean(xp.reshape(x, (n, maps, rows // 2, 2, columns // 2, 2)), axis=(3, 5))


def layer(xp, x, K, b):
    return pool(xp, xp.tanh(xp.conv(x, K) + xp.reshape(b, (-1, 1, 1))))


def value(xp, K1, b1, K2, b2, W, b, X, targets):
    h = layer(xp, layer(xp, X, K1, b1), K2, b2)
    return cross_entropy(xp, xp.reshape(h, (X.shape[0], -1)) @ W + b, targets)


def closed_layer(np, x, K, b):
    windows = np.lib.stride_tricks.sliding_window_view(x, K.shape[2:], axis=(2, 3))
    h = np.tanh(np.einsum("nirckl,oikl->norc", windows, K) + b[:, None, None])
    corners = [h[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    return sum(corners) / 4


def closed_value(np, K1, b1, K2, b2, W, b, X, targets):
    h = closed_layer(np, closed_layer(np, X, K1, b1), K2, b2)
    return (closed_cross_entropy(np, h.reshape(len(X), -1) @ W + b, targets),)


def last_side(side, kernel):
    """The side after both layers; raises UsageError where the squares of 2 x 2 don't fit."""
    left = side
    for _ in range(2):
        left, over = divmod(left - kernel + 1, 2)
        if left < 1 or over:
            raise UsageError(
                f"a side of {side} and a kernel of {kernel} leave no even side to pool; "
                "try side=28 and kernel=5"
            )
    return left


def point(rng, batch, side, kernel, first, second, classes):
    flat = second * last_side(side, kernel) ** 2
    return (
        weights(rng, kernel**2, first, 1, kernel, kernel),
        0.1 * rng.standard_normal(first),
        weights(rng, first * kernel**2, second, first, kernel, kernel),
        0.1 * rng.standard_normal(second),
        weights(rng, flat, flat, classes),
        0.1 * rng.standard_normal(classes),
        rng.standard_normal((batch, 1, side, side)),
        labels(rng, batch, classes),
    )


def variables(batch, side, kernel, first, second, classes):
    flat = second * last_side(side, kernel) ** 2
    kernels = (kernel**2 + 1) * first + (first * kernel**2 + 1) * second
    return kernels + (flat + 1) * classes


def elements(batch, side, kernel, first, second, classes):
    """With the windows laid out as a matrix, as is done where convolutions are matrix products."""
    one, two = (side - kernel + 1) ** 2, ((side - kernel + 1) // 2 - kernel + 1) ** 2
    windows = kernel**2 * (one + first * two)
    return batch * (2 * windows + 4 * first * one + 4 * second * two)


scenarios = (
    Scenario(
        name="learning/convolution",
        about="small convolutional network under cross-entropy",
        source="after LeNet-5 (LeCun et al. 1998)",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("K1", "b1", "K2", "b2", "W", "b"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value},
        variables=variables,
        elements=elements,
    ),
)
