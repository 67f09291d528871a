"""Bundle adjustment: where p observations say that n cameras see m points, against where they do.

A camera is (r, C, f, u0, v0, k1, k2): rotation, centre, focal length, principal point, distortion.

    X' = R(r) (X - C),    u = X'_{1,2} / X'_3,    proj = f (1 + k1 |u|^2 + k2 |u|^4) u + (u0, v0);
    reprojection error w (proj - feature) in R^2,    weight error 1 - w^2.

Residuals: the reprojection errors of all observations, two each, then their p weight errors. The
Jacobian has 11n + 3m + p columns (cameras, points, weights) and is sparse: `jacobian` returns the
values of its CSR form, 15 + 15 for the two rows of an observation (camera 11, point 3, weight 1),
then one for each weight error; `scenarios.adbench.ba_closed.pattern` tells where they lie.

Source: Srajer, Kukelova and Fitzgibbon (2018), "A benchmark of selected algorithmic differentiation
tools on some problems in computer vision and machine learning"; ADBench, objective BA.
"""

from harness.scenario import Scenario
from scenarios.adbench.ba_closed import entries, errors, jvp, vjp
from scenarios.adbench.rotations import rotate

LEVELS = {
    "S": {"n": 2, "m": 4, "p": 6},
    "M": {"n": 49, "m": 776, "p": 3184},
    "L": {"n": 49, "m": 7776, "p": 31843},
}


def gathered(xp, cameras, points, weights, observations):
    """Each observation's own copy of its 15 parameters: 15 arrays of length p.

    Columns are taken apart while they are short: a slice of the long ones costs its transpose.
    """
    by_camera, by_point = observations[:, 0], observations[:, 1]
    return (
        *(xp.take(cameras[:, j], by_camera, axis=0) for j in range(11)),
        *(xp.take(points[:, j], by_point, axis=0) for j in range(3)),
        weights,
    )


def reprojection(xp, features, parameters):
    """The reprojection errors, shape (2, p), from each observation's own parameters."""
    r1, r2, r3, c1, c2, c3, f, u0, v0, k1, k2, x1, x2, x3, w = parameters
    x, y, z = rotate(xp, (r1, r2, r3), (x1 - c1, x2 - c2, x3 - c3))
    u, v = x / z, y / z
    square = u * u + v * v
    zoom = f * (1 + square * (k1 + k2 * square))
    return xp.stack(
        [w * (zoom * u + u0 - features[:, 0]), w * (zoom * v + v0 - features[:, 1])],
    )


def weight_errors(w):
    return 1 - w * w


def value(xp, cameras, points, weights, features, observations):
    parameters = gathered(xp, cameras, points, weights, observations)
    errors = reprojection(xp, features, parameters)
    return xp.concat([xp.reshape(errors.T, (-1,)), weight_errors(weights)])


def jacobian(xp, cameras, points, weights, features, observations):
    """Pull back two cotangents, of all observations at once, instead of one for every row."""
    parameters = gathered(xp, cameras, points, weights, observations)
    _, pullback = xp.vjp(lambda *parameters: reprojection(xp, features, parameters), *parameters)
    one, zero = xp.ones_like(weights), xp.zeros_like(weights)
    rows = [*pullback(xp.stack([one, zero])), *pullback(xp.stack([zero, one]))]
    _, pullback_of_weights = xp.vjp(weight_errors, weights)
    return xp.concat([xp.reshape(xp.stack(rows, axis=1), (-1,)), *pullback_of_weights(one)])


def cycle(n, m, p):
    """Which camera and which point each observation has, in ADBench's files and in ours."""
    import numpy as np

    return np.stack([np.arange(p) % n, np.arange(p) % m], 1)


def point(rng, n, m, p):
    """Points within a ball of 1 or so, seen from 6 away: none behind a camera or near its plane."""
    import numpy as np

    turns, centres = 0.2 * rng.standard_normal((2, n, 3))
    lenses = [400, 0, 0, 0.1, 0.05] + rng.standard_normal((n, 5)) * [40, 9, 9, 0.05, 0.02]
    cameras = np.concatenate([turns, centres - [0, 0, 6], lenses], 1)
    points, weights = rng.uniform(-1, 1, (m, 3)), rng.uniform(0.2, 0.9, p)
    return cameras, points, weights, 90 * rng.standard_normal((p, 2)), cycle(n, m, p)


scenarios = (
    Scenario(
        name="adbench/ba",
        about="bundle adjustment, with a sparse Jacobian",
        source="ADBench (Srajer et al. 2018)",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        wrt=("cameras", "points", "weights"),
        operator="jacobian",
        operators=("value", "vjp", "jvp", "jacobian"),
        jacobian=jacobian,
        variables=lambda n, m, p: 11 * n + 3 * m + p,
        elements=lambda n, m, p: 150 * p + 11 * n + 3 * m,
        data="scenarios.adbench.ba_files:read",
        conditioning={"value": 16},
        conditioning_reason="a residual is the difference of two image coordinates that can be 400 "
        "times as large: in ADBench's BA1 834 pixels, times the weight, against residuals of 0.8",
        closed_forms={"value": errors, "jacobian": entries, "jvp": jvp, "vjp": vjp},
    ),
)
