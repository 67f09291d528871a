"""The cost of a clustering, f(C) = sum_i min_j |C_j - P_i|^2, of n points in d dimensions.

The Hessian is diagonal: 2 n_j for every coordinate of centre j, to which n_j points are nearest.
Source: the benchmark of GradBench, after Schenck, Ronning, Henriksen and Oancea (2022), SC22. The
nearest centre is that of the least |C_j|^2 - 2 C_j . P_i, a single matrix product. The distance
itself is then taken as it stands: summing the products cancels, and loses 2700 eps at k = n = 1000.
"""

from harness.scenario import Scenario


def nearest(xp, points, centres):
    """The index of every point's nearest centre."""
    points, centres = xp.stop_gradient(points), xp.stop_gradient(centres)
    squares = xp.sum(centres * centres, axis=1, keepdims=True)
    extended = xp.concat([points, xp.ones((points.shape[0], 1))], axis=1)
    scores = xp.matmul(extended, xp.concat([-2 * centres, squares], axis=1).T)
    return xp.argmin(scores, axis=1)


def value(xp, points, centres):
    away = points - xp.take(centres, nearest(xp, points, centres), axis=0)
    return xp.sum(away * away)


def owners(np, points, centres):
    """The index of every point's nearest centre, and how many points each centre has."""
    index = np.argmin(np.sum(centres**2, axis=1) - 2 * points @ centres.T, axis=1)
    counts = np.bincount(index, minlength=len(centres)).astype(centres.dtype)
    return index, counts[:, None]


def total(np, points, centres):
    return (np.sum((points - centres[owners(np, points, centres)[0]]) ** 2),)


def gradient(np, points, centres):
    index, _ = owners(np, points, centres)
    slope = np.zeros_like(centres)
    np.add.at(slope, index, 2 * (centres[index] - points))
    return np.zeros_like(points), slope


def hvp(np, points, centres, v):
    return (2 * owners(np, points, centres)[1] * v,)


def hessian(np, points, centres):
    counts = owners(np, points, centres)[1]
    return (np.diag(np.ravel(2 * counts * np.ones_like(centres))),)


def point(rng, k, n, d):
    points = rng.random((n, d))
    return points, points[-k:] + 0.01 * rng.standard_normal((k, d))


LEVELS = {
    "S": {"k": 3, "n": 20, "d": 4},
    "M": {"k": 100, "n": 10_000, "d": 8},
    "L": {"k": 1000, "n": 10_000, "d": 16},
}

scenarios = (
    Scenario(
        name="classic/k-means",
        about="cost of a clustering",
        source="GradBench, after Schenck et al. 2022",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda k, n, d: k * d,
        elements=lambda k, n, d: 2 * n * (k + 4 * d),
        wrt=("centres",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
    ),
)
