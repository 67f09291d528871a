"""Newton's step for the clustering of `classic/k-means`: its value is made of derivatives,

    (df/dC) / h,    h = (d^2 f / dC^2) 1,

where h, the Hessian times a vector of ones, is the Hessian's diagonal. The step takes every centre
to the mean of its points: it is C_j - mean_{i in j} P_i. Differentiating the step takes third
derivatives. Source: the benchmark of GradBench, after Schenck, Ronning, Henriksen and Oancea
(2022), SC22; the step itself is that of Bottou and Bengio (1995), Convergence Properties of the
K-Means Algorithms, NIPS 7.
"""

from harness.scenario import Scenario
from scenarios.classic import k_means


def value(xp, points, centres):
    slope = xp.grad(lambda centres: k_means.value(xp, points, centres))
    gradient, diagonal = xp.jvp(slope, (centres,), (xp.ones_like(centres),))
    return gradient / diagonal


def means(np, index, counts, points):
    """The mean over the points of every centre."""
    sums = np.zeros((len(counts), points.shape[1]), points.dtype)
    np.add.at(sums, index, points)
    return sums / counts


def step(np, points, centres):
    index, counts = k_means.owners(np, points, centres)
    return (-means(np, index, counts, points - centres[index]),)


def vjp(np, points, centres, cotangent):
    index, counts = k_means.owners(np, points, centres)
    return -(cotangent / counts)[index], cotangent


def jvp(np, points, centres, along_points, along_centres):
    index, counts = k_means.owners(np, points, centres)
    return (along_centres - means(np, index, counts, along_points),)


LEVELS = {
    "S": {"k": 2, "n": 8, "d": 2},
    "M": {"k": 100, "n": 10_000, "d": 8},
    "L": {"k": 1000, "n": 10_000, "d": 16},
}

scenarios = (
    Scenario(
        name="classic/k-means-newton",
        about="Newton's step of a clustering: derivatives in the value",
        source="GradBench, after Schenck et al. 2022",
        value=value,
        point=k_means.point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda k, n, d: (n + k) * d,
        elements=lambda k, n, d: 4 * n * (k + 4 * d),
        wrt=("points", "centres"),
        operator="value",
        operators=("value", "vjp", "jvp", "jacobian"),
        closed_forms={"value": step, "vjp": vjp, "jvp": jvp},
    ),
)
