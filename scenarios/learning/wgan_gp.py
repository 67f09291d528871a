"""The critic's loss of a Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, equation 3):

    mean D(fake) - mean D(real) + 10 mean (|grad_x D(x)| - 1)^2,   x = e real + (1 - e) fake,

with one e in [0, 1] an example, D(x) = w_3' tanh(W_2' tanh(W_1' x + b_1) + b_2), differentiated in
the critic's weights: through grad_x, by which examples do not mix, so that of the sum over the
batch holds one gradient a row. A bias of D itself would cancel, so there is none.
"""

from harness.scenario import Scenario
from scenarios.learning.loss import weights

PENALTY = 10
LEVELS = {
    "S": {"batch": 4, "features": 2, "hidden": 2},
    "M": {"batch": 64, "features": 32, "hidden": 64},
    "L": {"batch": 512, "features": 784, "hidden": 256},
}


def critic(xp, W1, b1, W2, b2, w3, x):
    return xp.tanh(xp.tanh(x @ W1 + b1) @ W2 + b2) @ w3


def value(xp, W1, b1, W2, b2, w3, real, fake, mix):
    def total(x):
        return xp.sum(critic(xp, W1, b1, W2, b2, w3, x))

    slopes = xp.grad(total)(mix * real + (1 - mix) * fake)
    lengths = xp.sqrt(xp.sum(slopes * slopes, axis=1))
    return (total(fake) - total(real)) / real.shape[0] + PENALTY * xp.mean((lengths - 1) ** 2)


def closed_value(np, W1, b1, W2, b2, w3, real, fake, mix):
    h1 = np.tanh((mix * real + (1 - mix) * fake) @ W1 + b1)
    h2 = np.tanh(h1 @ W2 + b2)
    slopes = (w3 * (1 - h2**2)) @ W2.T * (1 - h1**2) @ W1.T
    scores = [np.mean(critic(np, W1, b1, W2, b2, w3, x)) for x in (fake, real)]
    lengths = np.sqrt(np.sum(slopes**2, axis=1))
    return (scores[0] - scores[1] + PENALTY * np.mean((lengths - 1) ** 2),)


def point(rng, batch, features, hidden):
    """The last layer is small, so that slopes stay below 1 and the penalty rules: the loss can't
    nearly vanish by chance."""
    return (
        weights(rng, features, features, hidden),
        0.1 * rng.standard_normal(hidden),
        weights(rng, hidden, hidden, hidden),
        0.1 * rng.standard_normal(hidden),
        weights(rng, hidden, hidden) / 2,
        rng.standard_normal((batch, features)) + 0.5,
        rng.standard_normal((batch, features)) - 0.5,
        rng.uniform(size=(batch, 1)),
    )


def variables(batch, features, hidden):
    return (features + 1) * hidden + (hidden + 2) * hidden


def elements(batch, features, hidden):
    return 4 * variables(batch, features, hidden) + batch * (8 * features + 32 * hidden)


scenarios = (
    Scenario(
        name="learning/wgan-gp",
        about="critic's loss with gradient penalty",
        source="Gulrajani et al. 2017, equation 3",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("W1", "b1", "W2", "b2", "w3"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value},
        variables=variables,
        elements=elements,
    ),
)
