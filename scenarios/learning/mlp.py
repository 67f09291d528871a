"""A multilayer perceptron under cross-entropy: two hidden layers of tanh,

    h_1 = tanh(X W_1 + b_1),   h_2 = tanh(h_1 W_2 + b_2),   z = h_2 W_3 + b_3,
    loss = 1/N sum_i [ LSE(z_i) - z_i,label(i) ],

differentiated in all weights. The closed forms are backpropagation by hand (Rumelhart, Hinton and
Williams 1986) and, for the hvp, Pearlmutter's R-operator (Fast exact multiplication by the Hessian,
1994), which pushes a direction V through both of its passes.
"""

from harness.scenario import Scenario
from scenarios.learning.loss import closed_cross_entropy, cross_entropy, labels, weights
from scenarios.softmax import softmax

LEVELS = {
    "S": {"batch": 3, "features": 2, "hidden": 2, "classes": 2},
    "M": {"batch": 128, "features": 32, "hidden": 64, "classes": 10},
    "L": {"batch": 512, "features": 784, "hidden": 256, "classes": 10},
}


def logits(xp, W1, b1, W2, b2, W3, b3, X):
    return xp.tanh(xp.tanh(X @ W1 + b1) @ W2 + b2) @ W3 + b3


def value(xp, W1, b1, W2, b2, W3, b3, X, targets):
    return cross_entropy(xp, logits(xp, W1, b1, W2, b2, W3, b3, X), targets)


def closed_value(np, W1, b1, W2, b2, W3, b3, X, targets):
    return (closed_cross_entropy(np, logits(np, W1, b1, W2, b2, W3, b3, X), targets),)


def gradient(np, W1, b1, W2, b2, W3, b3, X, targets):
    h1 = np.tanh(X @ W1 + b1)
    h2 = np.tanh(h1 @ W2 + b2)
    d3 = (softmax(np, h2 @ W3 + b3) - targets) / len(X)
    d2 = d3 @ W3.T * (1 - h2**2)
    d1 = d2 @ W2.T * (1 - h1**2)
    per_layer = (X.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0))
    return (*per_layer, np.zeros_like(X), np.zeros_like(targets))


def hvp(np, W1, b1, W2, b2, W3, b3, X, targets, V1, c1, V2, c2, V3, c3):
    """Every line of the gradient is followed by its derivative along (V, c), which R begins."""
    h1 = np.tanh(X @ W1 + b1)
    Rh1 = (1 - h1**2) * (X @ V1 + c1)
    h2 = np.tanh(h1 @ W2 + b2)
    Rh2 = (1 - h2**2) * (Rh1 @ W2 + h1 @ V2 + c2)
    p = softmax(np, h2 @ W3 + b3)
    Rz = Rh2 @ W3 + h2 @ V3 + c3
    d3 = (p - targets) / len(X)
    Rd3 = p * (Rz - np.sum(p * Rz, axis=1, keepdims=True)) / len(X)
    d2 = d3 @ W3.T * (1 - h2**2)
    Rd2 = (Rd3 @ W3.T + d3 @ V3.T) * (1 - h2**2) - 2 * (d3 @ W3.T) * h2 * Rh2
    Rd1 = (Rd2 @ W2.T + d2 @ V2.T) * (1 - h1**2) - 2 * (d2 @ W2.T) * h1 * Rh1
    RW2, RW3 = Rh1.T @ d2 + h1.T @ Rd2, Rh2.T @ d3 + h2.T @ Rd3
    return X.T @ Rd1, Rd1.sum(0), RW2, Rd2.sum(0), RW3, Rd3.sum(0)


def point(rng, batch, features, hidden, classes):
    return (
        weights(rng, features, features, hidden),
        0.1 * rng.standard_normal(hidden),
        weights(rng, hidden, hidden, hidden),
        0.1 * rng.standard_normal(hidden),
        weights(rng, hidden, hidden, classes),
        0.1 * rng.standard_normal(classes),
        rng.standard_normal((batch, features)),
        labels(rng, batch, classes),
    )


def variables(batch, features, hidden, classes):
    return (features + 1) * hidden + (hidden + 1) * hidden + (hidden + 1) * classes


def elements(batch, features, hidden, classes):
    kept = batch * (2 * features + 6 * hidden + 6 * classes)
    return 2 * variables(batch, features, hidden, classes) + kept


def value_work(batch, features, hidden, classes):
    """Weights, X and targets in; a product of an a x b and a b x c matrix takes ac (2b - 1)."""
    moved = variables(batch, features, hidden, classes) + batch * (features + classes) + 1
    return moved, forward(batch, features, hidden, classes) + batch * (5 * classes + 2)


def gradient_work(batch, features, hidden, classes):
    """The forward pass, the softmax and its distance from the targets, two deltas, and what each
    layer's weights and biases sum over the batch."""
    count = variables(batch, features, hidden, classes)
    softmax_work = batch * (6 * classes - 1)
    deltas = batch * hidden * (2 * classes + 2 + 2 * hidden + 2)
    weights_work = (2 * batch - 1) * hidden * (features + hidden + classes)
    biases = (batch - 1) * (2 * hidden + classes)
    whole = forward(batch, features, hidden, classes) + softmax_work + deltas
    return 2 * count + batch * (features + classes), whole + weights_work + biases


def forward(batch, features, hidden, classes):
    return batch * hidden * (2 * features + 2 * hidden + 2) + 2 * batch * hidden * classes


scenarios = (
    Scenario(
        name="learning/mlp",
        about="perceptron of two hidden layers under cross-entropy",
        source="Rumelhart et al. 1986",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("W1", "b1", "W2", "b2", "W3", "b3"),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": closed_value, "gradient": gradient, "hvp": hvp},
        work={"value": value_work, "gradient": gradient_work},
        variables=variables,
        elements=elements,
    ),
)
