"""Hand tracking: the pose theta of a hand of 22 bones against N measured points y_i.

theta in R^26: a rotation (angle-axis 3) and a translation t of the whole hand, then for each finger
four angles: x and z of its second bone, x of its third, x of its last. With the model's constants,

    rel_b = base_rel_b Rz Rx,  abs_b = abs_parent rel_b,  T_b = abs_b inverse_base_abs_b,
    Z_v = sum_b weight_vb (T_b X_v)_{1..3},    V_v = R(theta_{1..3}) Z_v + t.

- hand-simple: e_i = y_i - V_corr(i), with the Jacobian (3N, 26);
- hand-complicated: y_i corresponds to a place in the triangle (a, b, c) = corr(i),
  e_i = y_i - (u_i1 V_a + u_i2 V_b + (1 - u_i1 - u_i2) V_c). The u are independent too, but each
  moves three errors only, so `jacobian` returns (3N, 2 + 26): e_i by its own two, then by theta.

Errors are ravelled, the three of a point together. The tree of bones is the published one.
Source: Srajer, Kukelova and Fitzgibbon (2018), "A benchmark of selected algorithmic differentiation
tools on some problems in computer vision and machine learning"; ADBench, objective HAND.

A batch of poses gives a batch of errors, so that a Jacobian is one forward pass through copies of
the pose, each along a tangent of its own.
"""

from harness.scenario import Scenario
from scenarios.adbench import hand_closed
from scenarios.adbench.hand_model import ANGLES, generate
from scenarios.adbench.hand_surface import surface

LEVELS = {
    "S": {"vertices": 12, "correspondences": 6},
    "M": {"vertices": 544, "correspondences": 100},
    "L": {"vertices": 5000, "correspondences": 5000},
}


def simple_errors(xp, poses, correspondences, measured, *model):
    """e of many poses at once, shape (N, poses, 3)."""
    return measured[:, None] - xp.take(surface(xp, poses, *model), correspondences, axis=0)


def complicated_errors(xp, vertices, us, correspondences, measured, triangles):
    """e, shape (N, poses, 3), of many surfaces and many us (N, poses, 2), or of one of either."""
    corners = xp.take(triangles, correspondences, axis=0)
    a, b, c = (xp.take(vertices, corners[:, k], axis=0) for k in range(3))
    u, v = us[:, :, :1], us[:, :, 1:]
    return measured[:, None] - (u * a + v * b + (1 - u - v) * c)


def as_columns(xp, slopes):
    """Slopes (N, tangents, 3) as a matrix (3N, tangents)."""
    return xp.reshape(xp.permute_dims(slopes, (0, 2, 1)), (-1, slopes.shape[1]))


def simple(
    xp,
    theta,
    base_relatives,
    inverse_base_absolutes,
    positions,
    weights,
    correspondences,
    measured,
):
    model = base_relatives, inverse_base_absolutes, positions, weights
    errors = simple_errors(xp, theta[None], correspondences, measured, *model)
    return xp.reshape(errors, (-1,))


def simple_jacobian(xp, theta, *rest):
    """Push a copy of the pose forward for each angle, along its own tangent."""
    *model, correspondences, measured = rest
    _, slopes = xp.jvp(
        lambda poses: simple_errors(xp, poses, correspondences, measured, *model),
        (xp.ones((ANGLES, 1)) * theta,),
        (xp.eye(ANGLES),),
    )
    return as_columns(xp, slopes)


def complicated(
    xp,
    theta,
    us,
    base_relatives,
    inverse_base_absolutes,
    positions,
    weights,
    correspondences,
    measured,
    triangles,
):
    model = base_relatives, inverse_base_absolutes, positions, weights
    vertices = surface(xp, theta[None], *model)
    errors = complicated_errors(xp, vertices, us[:, None], correspondences, measured, triangles)
    return xp.reshape(errors, (-1,))


def complicated_jacobian(xp, theta, us, *rest):
    """Push copies forward: two of the us, each of all points at once, and one of the pose for
    each angle."""
    *model, correspondences, measured, triangles = rest
    data = correspondences, measured, triangles
    still = surface(xp, theta[None], *model)
    ones = xp.ones((us.shape[0], 2, 1))
    copies, along = ones * us[:, None], ones * xp.eye(2)
    _, by_us = xp.jvp(lambda us: complicated_errors(xp, still, us, *data), (copies,), (along,))
    _, by_theta = xp.jvp(
        lambda poses: complicated_errors(xp, surface(xp, poses, *model), us[:, None], *data),
        (xp.ones((ANGLES, 1)) * theta,),
        (xp.eye(ANGLES),),
    )
    return as_columns(xp, xp.concat([by_us, by_theta], axis=1))


def drawn(rng, vertices, correspondences):
    theta = 0.5 * rng.standard_normal(ANGLES)
    model = generate(rng, vertices)
    return theta, model, rng.integers(0, vertices, correspondences)


def simple_point(rng, vertices, correspondences):
    theta, (*model, _), which = drawn(rng, vertices, correspondences)
    return theta, *model, which, rng.standard_normal((correspondences, 3))


def complicated_point(rng, vertices, correspondences):
    theta, (*model, triangles), which = drawn(rng, vertices, correspondences)
    us = rng.uniform(0.1, 0.5, (correspondences, 2))
    return theta, us, *model, which, rng.standard_normal((correspondences, 3)), triangles


def elements(vertices, correspondences):
    return 400 * vertices + 1000 * correspondences


COMMON = {
    "source": "ADBench (Srajer et al. 2018)",
    "size": LEVELS["M"],
    "levels": LEVELS,
    "operator": "jacobian",
    "operators": ("value", "vjp", "jvp", "jacobian"),
    "elements": elements,
}

scenarios = (
    Scenario(
        name="adbench/hand-simple",
        about="pose of a hand, each measured point of a vertex",
        value=simple,
        point=simple_point,
        wrt=("theta",),
        jacobian=simple_jacobian,
        variables=lambda vertices, correspondences: ANGLES,
        data="scenarios.adbench.hand_files:simple",
        closed_forms={
            "value": hand_closed.simple_errors,
            "jacobian": hand_closed.simple_jacobian,
            "jvp": hand_closed.simple_jvp,
            "vjp": hand_closed.simple_vjp,
        },
        **COMMON,
    ),
    Scenario(
        name="adbench/hand-complicated",
        about="pose of a hand, each measured point within a triangle",
        value=complicated,
        point=complicated_point,
        wrt=("theta", "us"),
        jacobian=complicated_jacobian,
        variables=lambda vertices, correspondences: ANGLES + 2 * correspondences,
        data="scenarios.adbench.hand_files:complicated",
        closed_forms={
            "value": hand_closed.complicated_errors,
            "jacobian": hand_closed.complicated_jacobian,
            "jvp": hand_closed.complicated_jvp,
            "vjp": hand_closed.complicated_vjp,
        },
        **COMMON,
    ),
)
