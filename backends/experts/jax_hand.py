"""ADBench's hand tracking in JAX: the Jacobians of `adbench/hand-simple` and `-complicated`.

Written for one pose; `jax.jacfwd` vectorises it over the 26 tangents. `scenarios/adbench/hand.py`
has the formulas.
"""

import jax
import jax.numpy as jnp


def turns(angles):
    """Rz Rx of the bones 2, 3, 4 of every finger, shape (5, 3, 4, 4), from angles (5, 4)."""
    x = angles[:, jnp.array([0, 2, 3])]
    z = jnp.pad(angles[:, 1:2], ((0, 0), (0, 2)))
    cx, sx, cz, sz = jnp.cos(x), jnp.sin(x), jnp.cos(z), jnp.sin(z)
    o, i = jnp.zeros_like(x), jnp.ones_like(x)
    entries = [cz, -sz * cx, sz * sx, o, sz, cz * cx, -cz * sx, o, o, sx, cx, o, o, o, o, i]
    return jnp.stack(entries, -1).reshape(5, 3, 4, 4)


def absolutes(theta, base_relatives):
    wrist, fingers, forearm = base_relatives[0], base_relatives[1:21], base_relatives[21]
    fingers = fingers.reshape(5, 4, 4, 4)
    relatives = fingers[:, 1:] @ turns(theta[6:].reshape(5, 4))
    levels = [wrist @ fingers[:, 0]]
    for k in range(3):
        levels.append(levels[-1] @ relatives[:, k])
    bones = jnp.stack(levels, 1).reshape(20, 4, 4)
    return jnp.concatenate([wrist[None], bones, (wrist @ forearm)[None]])


def rotation(r):
    """The exponential of [r]x by Rodrigues, of first order where r is 0."""
    square = r @ r
    none = square == 0
    angle = jnp.sqrt(jnp.where(none, 1, square))
    s = jnp.where(none, 1, jnp.sin(angle) / angle)
    q = jnp.where(none, 0, 2 * (jnp.sin(angle / 2) / angle) ** 2)
    k = jnp.cross(jnp.eye(3, dtype=r.dtype), r)
    return jnp.eye(3, dtype=r.dtype) + s * k + q * (k @ k)


def surface(theta, base_relatives, inverse_base_absolutes, positions, weights):
    """Return the vertices: skinning is linear in the bones' transforms, one product for all."""
    transforms = (absolutes(theta, base_relatives) @ inverse_base_absolutes)[:, :3]
    placed = jnp.matrix_transpose(rotation(theta[:3]) @ transforms).reshape(-1, 3)
    homogeneous = jnp.pad(positions, ((0, 0), (0, 1)), constant_values=1)
    weighted = (weights[:, :, None] * homogeneous[:, None]).reshape(len(positions), -1)
    return weighted @ placed + theta[3:6]


def simple(xp, theta, *rest):
    """Return the matrix (3N, 26)."""
    *model, correspondences, measured = rest

    def errors(theta):
        return (measured - surface(theta, *model)[correspondences]).ravel()

    return jax.jacfwd(errors)(theta)


def complicated(xp, theta, us, *rest):
    """Return the columns (3N, 2 + 26): two tangents serve the u of all points, as a point's own
    move its own errors only."""
    *model, correspondences, measured, triangles = rest
    corners = triangles[correspondences].T

    def errors(vertices, us):
        a, b, c = vertices[corners]
        u, v = us[:, :1], us[:, 1:]
        return (measured - (u * a + v * b + (1 - u - v) * c)).ravel()

    still = surface(theta, *model)
    columns = jnp.broadcast_to(jnp.eye(2, dtype=us.dtype)[:, None], (2, *us.shape))
    by_us = jax.vmap(
        lambda tangent: jax.jvp(lambda us: errors(still, us), (us,), (tangent,))[1], out_axes=1
    )(columns)
    by_theta = jax.jacfwd(lambda theta: errors(surface(theta, *model), us))(theta)
    return jnp.concatenate([by_us, by_theta], 1)
