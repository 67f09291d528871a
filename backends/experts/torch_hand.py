"""ADBench's hand tracking in PyTorch: the Jacobians of `adbench/hand-simple` and `-complicated`.

Written for one pose; `torch.func.jacfwd` pushes all 26 tangents forward at once by `torch.vmap`,
for which every operation here has a rule. `scenarios/adbench/hand.py` has the formulas.
"""

import torch


def turns(angles):
    """Rz Rx of the bones 2, 3, 4 of every finger, shape (5, 3, 4, 4), from angles (5, 4)."""
    x = angles[:, [0, 2, 3]]
    z = torch.cat([angles[:, 1:2], angles.new_zeros(5, 2)], 1)
    cx, sx, cz, sz = torch.cos(x), torch.sin(x), torch.cos(z), torch.sin(z)
    o, i = torch.zeros_like(x), torch.ones_like(x)
    entries = [cz, -sz * cx, sz * sx, o, sz, cz * cx, -cz * sx, o, o, sx, cx, o, o, o, o, i]
    return torch.stack(entries, -1).unflatten(-1, (4, 4))


def absolutes(theta, base_relatives):
    wrist, fingers, forearm = base_relatives[0], base_relatives[1:21], base_relatives[21]
    fingers = fingers.unflatten(0, (5, 4))
    relatives = fingers[:, 1:] @ turns(theta[6:].unflatten(0, (5, 4)))
    levels = [wrist @ fingers[:, 0]]
    for relative in relatives.unbind(1):
        levels.append(levels[-1] @ relative)
    bones = torch.stack(levels, 1).flatten(0, 1)
    return torch.cat([wrist[None], bones, (wrist @ forearm)[None]])


def crossing(r):
    """[r]x."""
    x, y, z = r.unbind()
    o = torch.zeros_like(x)
    return torch.stack([o, -z, y, z, o, -x, -y, x, o]).unflatten(0, (3, 3))


def rotation(r):
    """The exponential of [r]x by Rodrigues, of first order where r is 0."""
    square = r @ r
    none = square == 0
    angle = torch.where(none, 1.0, square).sqrt()
    s = torch.where(none, 1.0, torch.sin(angle) / angle)
    q = torch.where(none, 0.0, 2 * (torch.sin(angle / 2) / angle) ** 2)
    k = crossing(r)
    return torch.eye(3, dtype=r.dtype, device=r.device) + s * k + q * (k @ k)


def surface(theta, base_relatives, inverse_base_absolutes, positions, weights):
    """Return the vertices: skinning is linear in the bones' transforms, one product for all."""
    transforms = (absolutes(theta, base_relatives) @ inverse_base_absolutes)[:, :3]
    placed = (rotation(theta[:3]) @ transforms).mT.flatten(0, 1)
    homogeneous = torch.nn.functional.pad(positions, (0, 1), value=1.0)
    weighted = (weights[:, :, None] * homogeneous[:, None]).flatten(1)
    return weighted @ placed + theta[3:6]


def simple(xp, theta, *rest):
    """Return the matrix (3N, 26)."""
    *model, correspondences, measured = rest

    def errors(theta):
        return (measured - surface(theta, *model)[correspondences]).flatten()

    return torch.func.jacfwd(errors)(theta)


def complicated(xp, theta, us, *rest):
    """Return the columns (3N, 2 + 26): two tangents serve the u of all points, as a point's own
    move its own errors only."""
    *model, correspondences, measured, triangles = rest
    corners = triangles[correspondences].T

    def errors(vertices, us):
        a, b, c = vertices[corners]
        u, v = us[:, :1], us[:, 1:]
        return (measured - (u * a + v * b + (1 - u - v) * c)).flatten()

    still = surface(theta, *model)
    columns = torch.eye(2, dtype=us.dtype, device=us.device)[:, None].expand(2, *us.shape)
    by_us = torch.vmap(
        lambda tangent: torch.func.jvp(lambda us: errors(still, us), (us,), (tangent,))[1]
    )(columns)
    by_theta = torch.func.jacfwd(lambda theta: errors(surface(theta, *model), us))(theta)
    return torch.cat([by_us.T, by_theta], 1)
