"""The function on which fakes are timed: as much work as is asked for.

Found as a user's own file is, so that no listing shows it. Only its value is asked for, so that
nothing but one series is timed.
"""

from typing import Any

from harness.scenario import Scenario


def halved(xp: Any, x: Any, steps: Any) -> Any:
    """x <- x^2 - 1/2, again and again: stays bounded, whatever the number of steps."""
    for _ in range(steps.shape[0]):
        x = x * x - 0.5
    return xp.sum(x)


def thousands(rng: Any, n: int, work: int) -> Any:
    """`work` thousands of elements are computed, in at least one step."""
    steps = max(1, 1000 * work // n)
    return rng.uniform(-1, 1, n), rng.integers(0, 1, steps)


scenarios = (
    Scenario(
        name="selftest/steps",
        value=halved,
        point=thousands,
        size={"n": 1000, "work": 100},
        wrt=("x",),
        operator="value",
        operators=("value",),
    ),
)
