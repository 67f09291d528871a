"""Hand tracking in plain NumPy: errors, and their derivatives by the product rule along the tree.

The one convention: slopes carry the 26 elements of theta on an axis of their own: of transforms
(26, 4, 4), of the surface (26, vertices, 3). `scenarios.adbench.hand` has the formulas.
"""

from scenarios.adbench.hand_model import ANGLES, PARENTS
from scenarios.adbench.rotations import closed_matrix, closed_slopes

X = ((0, 0, 0, 0), (0, 0, -1, 0), (0, 1, 0, 0), (0, 0, 0, 0))  # generators of the rotations
Z = ((0, -1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
TURNS = {
    bone: factors  # of a bone: generator and place in theta of each factor, left to right
    for f in range(5)
    for bone, factors in (
        (4 * f + 2, ((Z, 4 * f + 7), (X, 4 * f + 6))),
        (4 * f + 3, ((X, 4 * f + 8),)),
        (4 * f + 4, ((X, 4 * f + 9),)),
    )
}


def relative(np, bone, theta, base):
    """A bone's transform relative to its parent, and the slopes."""
    whole, slopes = base, np.zeros((ANGLES, 4, 4), theta.dtype)
    for generator, place in TURNS.get(bone, ()):
        k = np.array(generator, theta.dtype)
        factor = np.eye(4) + np.sin(theta[place]) * k + (1 - np.cos(theta[place])) * (k @ k)
        slopes = slopes @ factor
        slopes[place] += whole @ k @ factor
        whole = whole @ factor
    return whole, slopes


def skeleton(np, theta, base_relatives, inverse_base_absolutes):
    """T of every bone, and the slopes."""
    absolutes, transforms = [], []
    for bone, (parent, base) in enumerate(zip(PARENTS, base_relatives, strict=True)):
        own, own_slopes = relative(np, bone, theta, base)
        if parent >= 0:
            above, above_slopes = absolutes[parent]
            own, own_slopes = above @ own, above_slopes @ own + above @ own_slopes
        absolutes.append((own, own_slopes))
        transforms.append(
            (own @ inverse_base_absolutes[bone], own_slopes @ inverse_base_absolutes[bone])
        )
    return transforms


def surface(np, theta, base_relatives, inverse_base_absolutes, positions, weights):
    """V of all vertices, and the slopes."""
    z, dz = np.zeros_like(positions), np.zeros((ANGLES, *positions.shape), theta.dtype)
    transforms = skeleton(np, theta, base_relatives, inverse_base_absolutes)
    for weight, (transform, slopes) in zip(weights.T, transforms, strict=True):
        z += weight[:, None] * moved(np, positions, transform)
        for place in np.flatnonzero(slopes.any((1, 2))):
            dz[place] += weight[:, None] * moved(np, positions, slopes[place])
    rotation = closed_matrix(np, theta[:3])
    v, dv = z @ rotation.T + theta[3:6], dz @ rotation.T
    dv[:3] = z @ np.swapaxes(closed_slopes(np, theta[:3]), 1, 2)
    dv[3:6] = np.eye(3)[:, None]
    return v, dv


def moved(np, positions, transform):
    return positions @ transform[:3, :3].T + transform[:3, 3]


def simple_parts(np, theta, *rest):
    """Errors (N, 3) and their slopes (26, N, 3)."""
    *model, correspondences, measured = rest
    v, dv = surface(np, theta, *model)
    return measured - v[correspondences], -dv[:, correspondences]


def complicated_parts(np, theta, us, *rest):
    """Errors (N, 3), their slopes by theta (26, N, 3), and by each point's own u (2, N, 3)."""
    *model, correspondences, measured, triangles = rest
    v, dv = surface(np, theta, *model)
    a, b, c = triangles[correspondences].T
    u, w = us[:, :1], us[:, 1:]
    errors = measured - u * v[a] - w * v[b] - (1 - u - w) * v[c]
    by_theta = -u * dv[:, a] - w * dv[:, b] - (1 - u - w) * dv[:, c]
    return errors, by_theta, np.stack([v[c] - v[a], v[c] - v[b]])


def columns(slopes):
    """Slopes as columns of a Jacobian whose rows are the ravelled errors."""
    return slopes.reshape(len(slopes), -1).T


def zeros_beside(np, differentiated, rest):
    return *differentiated, *(np.zeros_like(x) for x in rest)


def simple_errors(np, *arguments):
    return (simple_parts(np, *arguments)[0].ravel(),)


def simple_jacobian(np, *arguments):
    return (columns(simple_parts(np, *arguments)[1]),)


def simple_jvp(np, *inputs):
    *arguments, tangent = inputs
    return (simple_jacobian(np, *arguments)[0] @ tangent,)


def simple_vjp(np, *inputs):
    *arguments, cotangent = inputs
    return zeros_beside(np, (cotangent @ simple_jacobian(np, *arguments)[0],), arguments[1:])


def complicated_errors(np, *arguments):
    return (complicated_parts(np, *arguments)[0].ravel(),)


def complicated_jacobian(np, *arguments):
    _, by_theta, by_us = complicated_parts(np, *arguments)
    return (np.concatenate([columns(by_us), columns(by_theta)], 1),)


def complicated_jvp(np, *inputs):
    *arguments, along_theta, along_us = inputs
    _, by_theta, by_us = complicated_parts(np, *arguments)
    through_us = along_us[:, :1] * by_us[0] + along_us[:, 1:] * by_us[1]
    return (columns(by_theta) @ along_theta + through_us.ravel(),)


def complicated_vjp(np, *inputs):
    *arguments, cotangent = inputs
    _, by_theta, by_us = complicated_parts(np, *arguments)
    to_us = np.sum(by_us * cotangent.reshape(-1, 3), 2).T
    return zeros_beside(np, (cotangent @ columns(by_theta), to_us), arguments[2:])
