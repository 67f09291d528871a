"""The surface of the hand in a batch of poses. `scenarios.adbench.hand` has the formulas.

Z is linear in the bones' transforms: with a vertex's homogeneous position, weighted by each
bone, in a row, (vertices, 22 x 4), skinning is one matrix product for all vertices and poses.
"""

from scenarios.adbench.rotations import matrices


def turns(xp, angles):
    """Rz Rx of the bones 2, 3, 4 of every finger, (poses, 5, 3, 4, 4), from (poses, 5, 4)."""
    poses = angles.shape[0]
    x = xp.concat([angles[:, :, :1], angles[:, :, 2:]], axis=2)
    z = xp.concat([angles[:, :, 1:2], xp.zeros((poses, 5, 2))], axis=2)
    cx, sx, cz, sz = xp.cos(x), xp.sin(x), xp.cos(z), xp.sin(z)
    o, i = xp.zeros_like(x), xp.ones_like(x)
    entries = [cz, -sz * cx, sz * sx, o, sz, cz * cx, -cz * sx, o, o, sx, cx, o, o, o, o, i]
    return xp.reshape(xp.stack(entries, axis=3), (poses, 5, 3, 4, 4))


def absolutes(xp, poses, base_relatives):
    """abs of the bones, (poses, 22, 4, 4): level by level of the tree, the five fingers at once."""
    count = poses.shape[0]
    wrist, forearm = base_relatives[0], base_relatives[0] @ base_relatives[-1]
    fingers = xp.reshape(base_relatives[1:-1], (5, 4, 4, 4))
    relatives = fingers[:, 1:] @ turns(xp, xp.reshape(poses[:, 6:], (count, 5, 4)))
    levels = [xp.broadcast_to(wrist @ fingers[:, 0], (count, 5, 4, 4))]
    for k in range(3):
        levels.append(levels[-1] @ relatives[:, :, k])
    bones = xp.reshape(xp.stack(levels, axis=2), (count, 20, 4, 4))
    ends = [xp.broadcast_to(end, (count, 1, 4, 4)) for end in (wrist, forearm)]
    return xp.concat([ends[0], bones, ends[1]], axis=1)


def surface(xp, poses, base_relatives, inverse_base_absolutes, positions, weights):
    """V of all vertices, as the published objective has it, whichever of them correspond: shape
    (vertices, poses, 3)."""
    transforms = absolutes(xp, poses, base_relatives) @ inverse_base_absolutes
    placed = matrices(xp, poses[:, :3])[:, None] @ transforms[:, :, :3]
    count, bones, vertices = poses.shape[0], transforms.shape[1], positions.shape[0]
    homogeneous = xp.concat([positions, xp.ones((vertices, 1))], axis=1)
    weighted = xp.reshape(weights[:, :, None] * homogeneous[:, None], (vertices, 4 * bones))
    columns = xp.reshape(xp.permute_dims(placed, (1, 3, 0, 2)), (4 * bones, 3 * count))
    return xp.reshape(weighted @ columns, (vertices, count, 3)) + poses[:, 3:6]
