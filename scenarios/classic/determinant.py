"""The determinant by a framework's own `linalg.det`, which factorises the matrix.

With B = A^-1, the gradient is det(A) B' (Jacobi 1841), and the derivative of element ij of it by
A_kl is det(A) (B_ji B_lk - B_jk B_li). Source: Magnus and Neudecker (2019), Matrix Differential
Calculus, section 8.3. The points, identity plus noise of norm 1/2, have condition numbers of 3.
"""

from harness.scenario import Scenario
from scenarios.elimination import inverse


def value(xp, a):
    return xp.linalg.det(a)


def total(np, a):
    return (np.prod(inverse(np, a)[1]),)


def gradient(np, a):
    b, pivots = inverse(np, a)
    return (np.prod(pivots) * b.T,)


def hvp(np, a, v):
    b, pivots = inverse(np, a)
    return (np.prod(pivots) * (np.sum(b.T * v) * b.T - (b @ v @ b).T),)


def hessian(np, a):
    b, pivots = inverse(np, a)
    both = np.einsum("ji,lk->ijkl", b, b) - np.einsum("jk,li->ijkl", b, b)
    return (np.prod(pivots) * both.reshape(a.size, a.size),)


def point(rng, order):
    a = rng.standard_normal((order, order)) / (4 * order**0.5)
    a.flat[:: order + 1] += 1
    return (a,)


def factorised(order):
    """Operations of an elimination without the search for pivots, 2/3 n^3 of them, and a product:
    column k divides n - k numbers and updates (n - k)^2, which takes two operations each."""
    divided, updated = order * (order - 1) // 2, (order - 1) * order * (2 * order - 1) // 6
    return divided + 2 * updated + order - 1


LEVELS = {"S": {"order": 4}, "M": {"order": 16}, "L": {"order": 64}}

scenarios = (
    Scenario(
        name="classic/determinant",
        about="determinant by the framework's own factorisation",
        source="Magnus and Neudecker 2019, section 8.3",
        value=value,
        point=point,
        size=LEVELS["M"],
        levels=LEVELS,
        variables=lambda order: order**2,
        wrt=("a",),
        operators=("value", "gradient", "jvp", "hvp", "hessian"),
        closed_forms={"value": total, "gradient": gradient, "hvp": hvp, "hessian": hessian},
        work={"value": lambda order: (order**2 + 1, factorised(order))},
    ),
)
