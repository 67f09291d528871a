"""The scenarios of machine learning: their oracles, and what each formula says of itself."""

import numpy as np
import pytest

from harness.errors import UsageError
from scenarios.learning import scenarios
from scenarios.learning.convolution import closed_layer, last_side
from tests.scenarios.oracles import check_oracles, engine, inputs_of

BY_NAME = {scenario.short: scenario for scenario in scenarios}
UNEQUAL = {  # nothing is 1, and no two sizes that could be confused are the same
    "mlp": {"batch": 4, "features": 3, "hidden": 5, "classes": 2},
    "wgan-gp": {"batch": 4, "features": 3, "hidden": 5},
    "attention": dict(batch=3, tokens=4, width=5, heads=2, channels=3, hidden=7, classes=6),
    "convolution": dict(batch=3, side=13, kernel=4, first=2, second=5, classes=4),
    "ridge-hypergradient": {"batch": 7, "features": 5},
}
PER_EXAMPLE = {  # what holds one row, or one block of rows, an example
    "mlp": ("X", "targets"),
    "wgan-gp": ("real", "fake", "mix"),
    "attention": ("X", "targets"),
    "convolution": ("X", "targets"),
}


def value_of(name, arguments):
    return engine(BY_NAME[name], "value", tuple(arguments))[0]


def drawn(name):
    return list(inputs_of(BY_NAME[name], **UNEQUAL[name])[0])


def test_there_are_five_with_these_names():
    assert list(BY_NAME) == list(UNEQUAL)


@pytest.mark.parametrize("name", BY_NAME)
def test_the_oracles_agree_at_size_s(name):
    check_oracles(BY_NAME[name], **BY_NAME[name].levels["S"])


@pytest.mark.parametrize("name", BY_NAME)
def test_the_oracles_agree_where_no_two_sizes_are_equal(name):
    check_oracles(BY_NAME[name], **UNEQUAL[name])


@pytest.mark.parametrize("name", BY_NAME)
def test_the_oracles_agree_for_a_batch_of_one(name):
    check_oracles(BY_NAME[name], **{**UNEQUAL[name], "batch": 1})


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("level", ["S", "M"])
def test_the_variables_are_as_many_as_are_drawn(name, level):
    scenario = BY_NAME[name]
    size = scenario.levels[level]
    point = scenario.point(np.random.default_rng(0), **size)
    places = scenario.positions(scenario.wrt)
    assert scenario.variables(**size) == sum(point[i].size for i in places)


@pytest.mark.parametrize("name", PER_EXAMPLE)
def test_the_loss_of_a_batch_is_the_mean_over_its_examples(name):
    arguments, batch = drawn(name), UNEQUAL[name]["batch"]
    places = BY_NAME[name].positions(PER_EXAMPLE[name])
    single = []
    for i in range(batch):
        one = list(arguments)
        for place in places:
            rows = len(arguments[place]) // batch
            one[place] = arguments[place][i * rows : (i + 1) * rows]
        single.append(value_of(name, one))
    assert value_of(name, arguments) == pytest.approx(np.mean(single), rel=1e-15)


def test_attention_does_not_know_the_order_of_the_tokens():
    arguments, tokens = drawn("attention"), UNEQUAL["attention"]["tokens"]
    X, targets = arguments[-2:]
    order = np.roll(np.arange(tokens), 1)
    labels = targets.reshape(len(X), tokens, -1)[:, order].reshape(targets.shape)
    moved = value_of("attention", [*arguments[:-2], X[:, order], labels])
    assert moved == pytest.approx(value_of("attention", arguments), rel=1e-15)
    assert value_of("attention", [*arguments[:-2], X[:, order], targets]) != pytest.approx(moved)


def test_attention_mixes_the_tokens_of_a_sequence_and_no_others():
    arguments, tokens = drawn("attention"), UNEQUAL["attention"]["tokens"]
    X, targets = arguments[-2:]
    of_the_first = targets * (np.arange(len(targets)) == 0)[:, None]

    def spread(i, j):
        """How far token j of sequence i reaches into the logits that the first token's label
        picks: its loss less that without any label, which is the same in both."""
        moved = X.copy()
        moved[i, j, 0] += 1
        pair = [
            value_of("attention", [*arguments[:-2], moved, t])
            - value_of("attention", [*arguments[:-2], X, t])
            for t in (of_the_first, 0 * targets)
        ]
        return abs(pair[0] - pair[1])

    assert all(spread(0, j) > 1e-6 for j in range(tokens))
    assert all(spread(1, j) < 1e-17 for j in range(tokens))


def test_a_critic_without_slope_pays_the_whole_penalty_and_a_plane_of_slope_one_none():
    W1, b1, W2, b2, w3, real, fake, mix = drawn("wgan-gp")
    tiny = np.longdouble("1e-6")  # tanh of so little is the identity, up to 1e-12
    W1, W2 = np.eye(*W1.shape, dtype=W1.dtype), np.eye(*W2.shape, dtype=W2.dtype)
    w3 = np.eye(len(w3), dtype=w3.dtype)[0]
    flat = [W1, 0 * b1, W2, 0 * b2, 0 * w3, real, fake, mix]
    assert value_of("wgan-gp", flat) == pytest.approx(10)
    plane = [tiny * W1, 0 * b1, W2, 0 * b2, w3 / tiny, real, fake, mix]
    loss = np.mean(fake[:, 0]) - np.mean(real[:, 0])
    assert value_of("wgan-gp", plane) == pytest.approx(loss, rel=1e-9)


def test_the_ridge_solution_is_where_the_training_loss_is_least():
    """The hypergradient is that of weights found by descent, which never solves for them."""
    a, X, y, V, u = (x.astype(float) for x in drawn("ridge-hypergradient"))

    def validation_loss(a):
        w = np.zeros(len(a))
        for _ in range(4000):
            w -= 0.2 * (X.T @ (X @ w - y) / len(X) + np.exp(a) * w)
        return np.mean((V @ w - u) ** 2) / 2

    (found,) = engine(BY_NAME["ridge-hypergradient"], "gradient", (a, X, y, V, u))
    for j, e in enumerate(np.eye(len(a))):
        difference = (validation_loss(a + 1e-5 * e) - validation_loss(a - 1e-5 * e)) / 2e-5
        assert difference == pytest.approx(found[j], rel=1e-6, abs=1e-9)


def test_a_layer_is_a_convolution_not_turned_around_then_tanh_then_means_of_squares():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 0, 1] = 1
    K = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    found = closed_layer(np, x, K, np.zeros(1))
    assert found.shape == (1, 1, 1, 1)
    assert found[0, 0, 0, 0] == pytest.approx((np.tanh(2) + np.tanh(1)) / 4)


@pytest.mark.parametrize(("side", "kernel"), [(8, 2), (9, 2), (4, 5), (5, 2)])
def test_a_side_that_cannot_be_pooled_is_refused(side, kernel):
    with pytest.raises(UsageError, match="leave no even side to pool"):
        last_side(side, kernel)
