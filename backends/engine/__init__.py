"""Automatic differentiation of NumPy code, of any order, in both modes.

    from backends.engine import grad, xp

    slope = grad(lambda x: xp.sum(xp.tanh(x) ** 2))
    curvature = grad(lambda x: xp.sum(slope(x)))

README.md here is the chapter on how it works.
"""

from backends.engine import xp
from backends.engine.backward import Variable, backward, variables
from backends.engine.check import check_gradients
from backends.engine.derivatives import hessian, hvp, jacobian, linearize
from backends.engine.replaying.replay import replay
from backends.engine.transforms import grad, jvp, value_and_grad, vjp

__all__ = [
    "Variable",
    "backward",
    "check_gradients",
    "grad",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linearize",
    "replay",
    "value_and_grad",
    "variables",
    "vjp",
    "xp",
]
