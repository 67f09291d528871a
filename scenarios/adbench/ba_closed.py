"""Bundle adjustment in plain NumPy: errors, every observation's 2 x 15 block by the chain rule, and
where the blocks lie in the sparse Jacobian. `scenarios.adbench.ba` has the formulas.

The one convention: the 15 parameters of an observation are its camera's 11 (r, C, f, u0, v0, k1,
k2), its point's 3 and its weight, as are the columns of its block.
"""

from scenarios.adbench.rotations import closed_matrix, closed_slopes


def pattern(n, m, observations):
    """Return `indices` and `indptr` of the Jacobian's CSR form, as scipy.sparse.csr_array takes."""
    import numpy as np

    camera, point = observations[:, :1], observations[:, 1:]
    which = np.arange(len(observations))[:, None]
    weight = 11 * n + 3 * m + which
    row = np.hstack([11 * camera + np.arange(11), 11 * n + 3 * point + np.arange(3), weight])
    reprojections = 15 * np.arange(2 * len(row) + 1)
    indptr = np.hstack([reprojections, reprojections[-1] + 1 + which[:, 0]])
    return np.hstack([np.tile(row, 2).ravel(), weight[:, 0]]), indptr


def seen(np, cameras, points, observations):
    """Return for every observation: its camera, X - C, R, X'_3, u, |u|^2 and the distorted u."""
    camera, point = cameras[observations[:, 0]], points[observations[:, 1]]
    apart, rotation = point - camera[:, 3:6], closed_matrix(np, camera[:, :3])
    turned = (rotation @ apart[:, :, None])[:, :, 0]
    u = turned[:, :2] / turned[:, 2:]
    square = np.sum(u * u, 1, keepdims=True)
    bent = (1 + camera[:, 9:10] * square + camera[:, 10:] * square**2) * u
    return camera, apart, rotation, turned[:, 2], u, square, bent


def errors(np, cameras, points, weights, features, observations):
    camera, *_, bent = seen(np, cameras, points, observations)
    differences = weights[:, None] * (camera[:, 6:7] * bent + camera[:, 7:9] - features)
    return (np.concatenate([differences.ravel(), 1 - weights**2]),)


def blocks(np, cameras, points, weights, features, observations):
    """The 2 x 15 derivatives of every observation's reprojection errors, by the chain rule."""
    camera, apart, rotation, depth, u, square, bent = seen(np, cameras, points, observations)
    f, w = camera[:, 6, None, None], weights[:, None, None]
    straight = np.broadcast_to(np.eye(2, dtype=u.dtype), (len(u), 2, 2))
    k1, k2, square = camera[:, 9, None, None], camera[:, 10, None, None], square[:, :, None]
    bending = (1 + k1 * square + k2 * square**2) * straight
    bending = bending + (2 * k1 + 4 * k2 * square) * u[:, :, None] * u[:, None, :]
    flattening = np.concatenate([straight, -u[:, :, None]], 2) / depth[:, None, None]
    by_turned = f * bending @ flattening
    turning = (closed_slopes(np, camera[:, :3]) @ apart[:, None, :, None])[..., 0]
    by_point = by_turned @ rotation
    by_distortion = f * np.concatenate([square, square**2], 2) * u[:, :, None]
    by_camera = [by_turned @ np.swapaxes(turning, 1, 2), -by_point, bent[:, :, None], straight]
    miss = (f[:, 0] * bent + camera[:, 7:9] - features)[:, :, None]
    return np.concatenate([*(w * d for d in (*by_camera, by_distortion, by_point)), miss], 2)


def entries(np, *arguments):
    return (np.concatenate([blocks(np, *arguments).ravel(), -2 * arguments[2]]),)


def jvp(np, cameras, points, weights, features, observations, *tangents):
    by_camera, by_point, by_weight = tangents
    own = np.concatenate(
        [by_camera[observations[:, 0]], by_point[observations[:, 1]], by_weight[:, None]], 1
    )
    matrices = blocks(np, cameras, points, weights, features, observations)
    pushed = matrices @ own[:, :, None]
    return (np.concatenate([pushed.ravel(), -2 * weights * by_weight]),)


def vjp(np, cameras, points, weights, features, observations, cotangent):
    matrices = blocks(np, cameras, points, weights, features, observations)
    rows, last = cotangent[: features.size].reshape(features.shape), cotangent[features.size :]
    pulled = (rows[:, None, :] @ matrices)[:, 0]
    by_camera, by_point = np.zeros_like(cameras), np.zeros_like(points)
    np.add.at(by_camera, observations[:, 0], pulled[:, :11])
    np.add.at(by_point, observations[:, 1], pulled[:, 11:14])
    by_weight = pulled[:, 14] - 2 * weights * last
    return by_camera, by_point, by_weight, -weights[:, None] * rows, np.zeros_like(observations)
