"""Records of surveys to test with: all right, until a test changes some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from results.atlas.about import About
from results.schema import Error, Record, Run
from tests.results.samples import a_record, a_run, an_error

RUNNERS = (
    ("jax", "eager"),
    ("jax", "jit"),
    ("numpy", "eager"),
    ("tensorflow", "eager"),
    ("tensorflow", "function"),
    ("torch", "compile"),
    ("torch", "eager"),
)
WAYS = (
    ("value", None),
    ("gradient", None),
    ("vjp", None),
    ("jvp", None),
    ("hvp", "forward-over-reverse"),
    ("hvp", "reverse-over-reverse"),
    ("hvp", "reverse-over-forward"),
    ("second", "forward-over-forward"),
)
ABOUT = {
    "abs": About(
        kind="elementwise", formula="|x|", calls={"torch": "torch.abs(x)", "xp": "xp.abs"}
    ),
    "det": About(
        kind="linalg",
        formula="the determinant of A",
        source="Cauchy (1812)",
        calls={"torch": "torch.linalg.det(A)", "jax": "jnp.linalg.det(A)"},
        lacks={"numpy": "the engine has no determinant"},
        points={"generic": "A = [[1, 2], [3, 4]]", "identity": "A = [[1, 0], [0, 1]]"},
    ),
}
ISSUE = "https://example.org/issues/1"


def a_survey(**changes: Any) -> Run:
    return a_run(**{"selection": {"atlas": True}, "command": "harness atlas", **changes})


def answers(
    primitives: Sequence[str] = ("abs", "det"),
    *,
    runners: Sequence[tuple[str, str]] = RUNNERS,
    ways: Sequence[tuple[str, str | None]] = WAYS,
    points: Sequence[str] = ("generic", "identity"),
) -> list[Record]:
    """Make a right answer of every primitive on every runner, in every way, at every point."""
    return list(_answers(primitives, runners, ways, points))


def _answers(
    primitives: Sequence[str],
    runners: Sequence[tuple[str, str]],
    ways: Sequence[tuple[str, str | None]],
    points: Sequence[str],
) -> Iterator[Record]:
    every = enumerate(product(primitives, runners, ways, points))
    for number, (primitive, (backend, variant), (operator, composition), point) in every:
        yield a_record(
            f"{number:012x}",
            scenario=f"primitive/{primitive}",
            size={},
            point=point,
            dtype="float64",
            operator=operator,
            composition=composition,
            wrt=("x",),
            backend=backend,
            variant=variant,
            error=an_error(1e-16, against="definition in extended precision"),
            value=[0.5],
        )


def off(expected: float, got: float, relative: float) -> dict[str, Any]:
    """What a wrong record has in place of a right one's, where one number is not as expected."""
    worst = {"output": 0, "index": [], "got": got, "expected": expected}
    error = Error(
        relative=relative,
        ulp=0.0,
        ulp_q999=0.0,
        against="definition in extended precision",
        tolerance=1.5e-13,
        worst=worst,
    )
    reason = f"output 0 at [] is {got}, right is {expected}"
    return {"status": "wrong", "error": error, "value": [got], "reason": reason}


def convention(value: Any) -> dict[str, Any]:
    """What a record has where no derivative exists."""
    return {"status": "convention", "error": None, "value": [value], "reason": "no derivative"}
