"""What the tables of primitives are written with: an entry a function, and its usual points.

One convention: points of one shape share what is compiled for it, so elementwise functions are
tried at single numbers without axes, one a point, and as one vector for views.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from harness.primitive import EVERY, Point, Primitive


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


def documented(why: str, exists: int, *points: Point) -> tuple[Point, ...]:
    """The points with the remark that frameworks document why they give no derivatives of an order
    above `exists`, which mathematics does."""
    return tuple(replace(point, exists=exists, documented=why) for point in points)


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


def singles(generic: float, *others: Point, lane: tuple[float, ...]) -> tuple[Point, ...]:
    """As `scalars`, without the point that holds no numbers: for functions that a framework makes
    of the same code as their neighbour, where one of them is tried with none."""
    return tuple(p for p in scalars(generic, *others, lane=lane) if p.name != "empty")


def pairs(
    generic: tuple[float, float],
    *others: Point,
    rows: tuple[tuple[float, ...], tuple[float, ...]],
    same: float | None = None,
) -> tuple[Point, ...]:
    """The points of a function of two numbers: as `scalars`; `rows` are a column (n, 1) and a row
    (2 m) that broadcast against each other, and `same` is one number for both operands, in the
    place of no numbers at all."""
    column, row = rows
    return (
        at("generic", *generic),
        at("twice", *generic, form="twice"),
        at("broadcast", tuple((number,) for number in column), row),
        at("empty", (), ()) if same is None else at("same", same, form="same"),
        *others,
    )


def arrays(
    *generic: Any,
    others: tuple[Point, ...] = (),
    view: tuple[Any, ...] | None = None,
    empty: tuple[Any, ...] | None = None,
) -> tuple[Point, ...]:
    """The points of a function of arrays: generic arguments, the same with the result used three
    times, the `others`, and where they are given the arguments of a view (twice as many numbers
    along every last axis but those of integers) and arguments without numbers."""
    return (
        at("generic", *generic),
        at("twice", *generic, form="twice"),
        *([at("view", *view, form="view")] if view is not None else []),
        *([at("empty", *empty)] if empty is not None else []),
        *others,
    )


def several(generic: tuple[Any, ...], *others: Point, lane: tuple[Any, ...]) -> tuple[Point, ...]:
    """`arrays` written in the manner of `scalars`: `generic` and `lane` hold one entry an
    argument."""
    return arrays(*generic, others=others, view=lane)
