"""The functions on which mutants are killed.

Found as a user's own file is, so that no listing shows them. Two arguments, a matrix among them,
and answers that are no symmetric matrices, zeros or numbers exact in a narrower precision: a wrong
answer has nowhere to hide. Second derivatives depend on the point. Expected answers come from the
reference in extended precision.
"""

from typing import Any

from harness.scenario import Pass, Scenario

SIZE = {"n": 3}


def scalar(xp: Any, A: Any, b: Any) -> Any:
    return xp.sum(xp.sin(A @ b) * xp.exp(b / 2)) + xp.sum(A**3)


def matrix(xp: Any, A: Any, b: Any) -> Any:
    return xp.exp(A / 2) @ (A * b) + A * b**2


def point(rng: Any, n: int) -> Any:
    return rng.standard_normal((n, n)), rng.standard_normal(n)


scenarios = (
    Scenario(
        name="selftest/scalar",
        value=scalar,
        point=point,
        size=SIZE,
        wrt=("A", "b"),
        operators=("gradient", "hvp", "hessian"),
    ),
    Scenario(
        name="selftest/matrix",
        value=matrix,
        point=point,
        size=SIZE,
        wrt=("A", "b"),
        operator="vjp",
        operators=("value", "vjp", "jvp", "jacobian"),
    ),
    Scenario(
        name="selftest/passes",
        value=scalar,
        point=point,
        size=SIZE,
        wrt=("A", "b"),
        operator="accumulate",
        operators=("accumulate",),
        passes=(
            Pass(value=lambda xp, arguments, sums: scalar(xp, *arguments)),
            Pass(
                value=lambda xp, arguments, sums: xp.sum(sums[0] ** 2 * arguments[1]),
                clear=("b",),
            ),
        ),
        read=("A", "b"),
    ),
)
