"""Rotations by the vector r that points along their axis and is as long as their angle: Rodrigues,

    R(r) = I + s [r]x + q [r]x^2,    s = sin|r| / |r|,    q = 2 (sin(|r|/2) / |r|)^2.

q is (1 - cos|r|) / |r|^2 without its cancellation. At r = 0 it is the first order, R = I + [r]x.
The slopes of the closed form are those of Gallego and Yezzi (2015), "A compact formula for the
derivative of a 3-D rotation in exponential coordinates", equation 9.
"""


def coefficients(xp, square):
    """Return s and q for |r|^2; in both branches of a `where` value and slope are finite."""
    none = square == 0
    angle = xp.sqrt(xp.where(none, 1.0, square))
    half = xp.sin(angle / 2) / angle
    return xp.where(none, 1.0, xp.sin(angle) / angle), xp.where(none, 0.0, 2 * half * half)


def dot(a, b):
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a, b):
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )


def rotate(xp, r, x):
    """Rotate many points: r and x are triples of coordinates, each an array over the points."""
    s, q = coefficients(xp, dot(r, r))
    once = cross(r, x)
    twice = cross(r, once)
    return tuple(a + s * b + q * c for a, b, c in zip(x, once, twice, strict=True))


def matrices(xp, r):
    """Return R for vectors r, the rows of (count, 3): shape (count, 3, 3)."""
    x, y, z = r[:, 0], r[:, 1], r[:, 2]
    zero = xp.zeros_like(x)
    crossing = xp.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1)
    crossing = xp.reshape(crossing, (r.shape[0], 3, 3))
    s, q = coefficients(xp, dot((x, y, z), (x, y, z)))
    once = s[:, None, None] * crossing
    return xp.eye(3) + once + q[:, None, None] * (crossing @ crossing)


def crossing_matrix(np, v):
    """[v]x for vectors v along the last axis, in plain NumPy; its columns are v x e_j."""
    return np.swapaxes(np.cross(v[..., None, :], np.eye(3, dtype=v.dtype)), -1, -2)


def closed_matrix(np, r):
    """R for vectors r along the last axis, in plain NumPy, in the form of axis and angle."""
    angle = np.sqrt(np.sum(r * r, -1))[..., None, None]
    axis = r[..., None] / angle
    along = axis * np.swapaxes(axis, -1, -2)
    turned = crossing_matrix(np, axis[..., 0])
    return np.cos(angle) * np.eye(3) + np.sin(angle) * turned + (1 - np.cos(angle)) * along


def closed_slopes(np, r):
    """dR/dr_i in plain NumPy, i along the third axis from the end."""
    rotation = closed_matrix(np, r)
    across = np.cross(r[..., None, :], np.swapaxes(np.eye(3) - rotation, -1, -2))
    both = r[..., None, None] * crossing_matrix(np, r)[..., None, :, :]
    square = np.sum(r * r, -1)[..., None, None, None]
    return (both + crossing_matrix(np, across)) / square @ rotation[..., None, :, :]
