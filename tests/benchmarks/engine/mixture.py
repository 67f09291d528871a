"""The Gaussian mixture model of ADBench with the corrected prior, and its gradient by hand.

The one convention: a point is a column with a 1 below, x1 = (x, 1). Then Q (x - mu) = [Q, -Q mu] x1
and its squared length is x1' B x1 with B = [Q, -Q mu]' [Q, -Q mu], so that one product of matrices,
B times all products of two coordinates, gives every component at every point, and no array of
points x components x dimensions is made.
"""

import math
from functools import partial

import numpy

from tests.benchmarks.engine.case import Case

GAMMA, M = 1.0, 0  # of the Wishart prior: inverse scale, and extra degrees of freedom


def density(np, alpha, mu, q, l, x1, diagonal, lower):  # noqa: E741 (the source's name)
    """Return log posterior of weights alpha (K,), means mu (K, D) and factors: log diagonals q
    (K, D), lower parts l (K, D(D-1)/2), column by column. The points x1 are (D + 1, N); `diagonal`
    and `lower` are ones and zeros that put diagonals and lower parts into matrices (D * D).
    """
    components, dimension = mu.shape
    count = x1.shape[1]
    scales = np.exp(q)
    logs = np.sum(q, axis=1)
    factor = np.reshape(scales @ diagonal + l @ lower, (components, dimension, dimension))
    moved = factor @ mu[:, :, None]
    whole = np.concat([factor, -moved], axis=2)
    form = np.reshape(np.matrix_transpose(whole) @ whole, (components, (dimension + 1) ** 2))
    pairs = np.reshape(x1[:, None, :] * x1[None, :, :], ((dimension + 1) ** 2, count))
    inner = (alpha + logs)[:, None] + (-0.5 * form) @ pairs
    likelihood = np.sum(np.logsumexp(inner, axis=0)) - count * np.logsumexp(alpha, axis=0)
    prior = GAMMA**2 / 2 * (np.sum(scales**2) + np.sum(l**2)) - M * np.sum(logs)
    return likelihood - prior + constant(components, dimension, count)


def constant(k, d, n):
    """Return what does not depend on the parameters."""
    wishart = d + M + 1
    log_gamma = d * (d - 1) / 4 * math.log(math.pi) + sum(
        math.lgamma((wishart + 1 - j) / 2) for j in range(1, d + 1)
    )
    normaliser = wishart * d * (math.log(GAMMA) - 0.5 * math.log(2)) - log_gamma
    return k * normaliser - n * d / 2 * math.log(2 * math.pi)


def gradient_by_hand(alpha, mu, q, l, x1, diagonal, lower):  # noqa: E741
    """Return the gradient: with responsibilities R (K, N) it is all in C_k = sum_n R_kn x1 x1'."""
    (components, dimension), count = mu.shape, x1.shape[1]
    scales = numpy.exp(q)
    whole = numpy.empty((components, dimension, dimension + 1))
    factor = whole[:, :, :-1]
    flat = numpy.dot(scales, diagonal)
    flat += numpy.dot(l, lower)
    factor[...] = flat.reshape(factor.shape)
    numpy.matmul(factor, mu[:, :, None], out=whole[:, :, -1:])
    numpy.negative(whole[:, :, -1], out=whole[:, :, -1])
    form = numpy.matmul(whole.swapaxes(1, 2), whole).reshape(components, -1)
    form *= -0.5
    form[:, -1] += alpha + numpy.add.reduce(q, axis=1)  # the last pair of coordinates is 1 * 1
    pairs = (x1[:, None] * x1).reshape(-1, count)
    r = numpy.dot(form, pairs)
    r -= numpy.maximum.reduce(r, axis=0)
    numpy.exp(r, out=r)
    r /= numpy.add.reduce(r, axis=0)
    second = numpy.dot(r, pairs.T).reshape(components, dimension + 1, dimension + 1)
    shares = second[:, -1, -1]
    g_whole = numpy.matmul(whole, second)
    numpy.negative(g_whole, out=g_whole)
    g_moved = g_whole[:, :, -1:]
    g_mu = numpy.matmul(factor.swapaxes(1, 2), g_moved)[:, :, 0]
    numpy.negative(g_mu, out=g_mu)
    g_factor = g_whole[:, :, :-1] - g_moved * mu[:, None, :]
    g_flat = g_factor.reshape(components, -1)
    g_q = numpy.dot(g_flat, diagonal.T)
    g_q -= GAMMA**2 * scales
    g_q *= scales
    g_q += shares[:, None] + M
    g_l = numpy.dot(g_flat, lower.T)
    g_l -= GAMMA**2 * l
    weights = numpy.exp(alpha - numpy.maximum.reduce(alpha))
    weights *= -count / numpy.add.reduce(weights)
    weights += shares
    return weights, g_mu, g_q, g_l


def drawn(rng, *, dimension, components, count):
    """Return parameters near each other's size, points, and the two matrices of ones and zeros."""
    below = [(i, j) for j in range(dimension) for i in range(j + 1, dimension)]
    diagonal = numpy.zeros((dimension, dimension, dimension))
    diagonal[(range(dimension),) * 3] = 1
    lower = numpy.zeros((len(below), dimension, dimension))
    for place, (i, j) in enumerate(below):
        lower[place, i, j] = 1
    return (
        rng.standard_normal(components),
        rng.standard_normal((components, dimension)),
        0.3 * rng.standard_normal((components, dimension)),
        0.3 * rng.standard_normal((components, len(below))),
        numpy.vstack([rng.standard_normal((dimension, count)), numpy.ones(count)]),
        diagonal.reshape(dimension, -1),
        lower.reshape(len(below), -1),
    )


def mixture_case(dimension, components, count=1000):
    return Case(
        name=f"gmm gradient d={dimension} K={components} N={count}",
        function=density,
        operator="gradient",
        argnums=(0, 1, 2, 3),
        draw=partial(drawn, dimension=dimension, components=components, count=count),
        hand=gradient_by_hand,
        elements=count * max(components, (dimension + 1) ** 2),
    )
