"""What the tables of primitives are written with: an entry a function, and its usual points.

One convention: points of one shape share what is compiled for it, so elementwise functions are
tried at single numbers without axes, one a point, and as one vector for views.
"""

from collections.abc import Callable, Mapping
from typing import Any

from harness.primitive import EVERY, Point, Primitive

ENTRY = ("xp", "torch", "jax", "tensorflow")


def chapter(kind: str) -> Callable[..., Primitive]:
    """Return what makes the entries of a chapter:
    `entry(name, formula, define, points, torch="torch.sin(x)", ...)`."""

    def entry(
        name: str,
        formula: str,
        define: Callable[..., Any],
        points: tuple[Point, ...],
        *,
        lacks: Mapping[str, str] | None = None,
        integers: tuple[str, ...] = (),
        source: str = "",
        **calls: str,
    ) -> Primitive:
        return Primitive(
            name=name,
            kind=kind,
            formula=formula,
            define=define,
            points=points,
            calls=calls,
            lacks=lacks or {},
            integers=integers,
            source=source,
        )

    return entry


def at(name: str, *arguments: Any, exists: int = EVERY, form: str = "plain") -> Point:
    """One point: `at("zero", 0.0)`; `exists` is how many derivatives exist there."""
    return Point(name=name, arguments=arguments, exists=exists, form=form)


def kink(name: str, *arguments: Any, exists: int = 0) -> Point:
    """A point where the derivative does not exist: conventions are recorded."""
    return at(name, *arguments, exists=exists)


def scalars(generic: float, *others: Point, lane: tuple[float, ...]) -> tuple[Point, ...]:
    """The points of a function of one number: a generic one, the same with the result used three
    times, a view of every other number of `lane` (which are 4, or another even count), no numbers
    at all, and the `others`."""
    return (
        at("generic", generic),
        at("twice", generic, form="twice"),
        at("view", lane, form="view"),
        at("empty", ()),
        *others,
    )


def pairs(
    generic: tuple[float, float], *others: Point, rows: tuple[tuple[float, ...], tuple[float, ...]]
) -> tuple[Point, ...]:
    """The points of a function of two numbers: as `scalars`; `rows` are a column (n, 1) and a row
    (2 m) that broadcast against each other, and one number for both operands is the point "same"
    where the others have it."""
    column, row = rows
    return (
        at("generic", *generic),
        at("twice", *generic, form="twice"),
        at("broadcast", tuple((number,) for number in column), row),
        at("empty", (), ()),
        *others,
    )
