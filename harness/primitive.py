"""What a primitive is: one function of a framework, its definition, and the points to try it at.

One convention: everything here is plain data that loads no NumPy. A primitive's arguments are named
by its definition, `define(m, x, y)`; arrays are nested tuples or lists of numbers, or one number.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Numbers = Any  # nested sequences of numbers, or one number
EVERY = 99  # derivatives that exist where all do

FORMS = {
    "plain": "f",
    "twice": "(m * m) * m of m = f, so that one intermediate is an operand several times",
    "view": "f of every other number along the last axis, a view that is not contiguous",
    "same": "f of one array in the place of all its arguments",
}


@dataclass(frozen=True, kw_only=True)
class Point:
    """Where a primitive is tried: one entry of `arguments` for each of the primitive's (in the form
    "same": one in all). Derivatives exist up to the order `exists` and no further; of those beyond
    each backend's convention is recorded. Where they do exist but the frameworks' documentation
    says that they are not given, `documented` is a sentence that says why."""

    name: str
    arguments: tuple[Numbers, ...]
    exists: int = EVERY
    form: str = "plain"
    documented: str = ""

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ValueError(f"point {self.name!r}: no form {self.form!r}; use {', '.join(FORMS)}")


@dataclass(frozen=True, kw_only=True)
class Primitive:
    """One function, with all that the atlas needs to tell a right derivative of it from a wrong.

    `define(m, *arguments)` is its definition on numbers of extended precision (see
    `harness.atlas.mathematics`, which is `m`); it returns one array, and never calls what it
    judges. `formula` says the same to a reader, `source` where it is from. `calls` maps a backend's
    name to an expression in that framework's own words and the arguments' names, "xp" to one in
    the portable names; a backend that has neither is refused with its sentence in `lacks`.
    `integers` names the arguments that hold integers and are not differentiated. `kind` is the
    chapter of the table that it stands in.
    """

    name: str
    kind: str
    formula: str
    define: Callable[..., Any]
    points: tuple[Point, ...]
    calls: Mapping[str, str]
    lacks: Mapping[str, str] = field(default_factory=dict)
    integers: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "kind", "formula", "points", "calls"):
            if not getattr(self, name):
                raise ValueError(f"primitive {self.name!r} has no {name}; every one needs it")
        names = [point.name for point in self.points]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"primitive {self.name!r} has two points called {twice[0]!r}")
        for point in self.points:
            count = 1 if point.form == "same" else len(self.arguments)
            if len(point.arguments) != count:
                raise ValueError(
                    f"primitive {self.name!r}: point {point.name!r} has {len(point.arguments)} "
                    f"arguments instead of {count}"
                )
        for name in self.integers:
            if name not in self.arguments:
                raise ValueError(f"primitive {self.name!r}: {name!r} is no argument of define")

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments, in order, without `m`."""
        return tuple(inspect.signature(self.define).parameters)[1:]

    def names(self, point: Point) -> tuple[str, ...]:
        """The names of what a point holds: the arguments, or one for them all."""
        return self.arguments[:1] if point.form == "same" else self.arguments

    def wrt(self, point: Point) -> tuple[str, ...]:
        """Those that are differentiated."""
        return tuple(name for name in self.names(point) if name not in self.integers)

    def at(self, point: Point, f: Callable[..., Any]) -> Callable[..., Any]:
        """Return f, which takes all arguments, as a function of what a point holds."""
        integers = frozenset(self.arguments.index(name) for name in self.integers)
        function: Callable[..., Any] = formed(point.form, f, integers, len(self.arguments))
        return function

    @property
    def groups(self) -> tuple[tuple[Point, ...], ...]:
        """The points of one form and shapes together: what is compiled for one serves all."""
        found: dict[Any, list[Point]] = {}
        for point in self.points:
            key = (point.form, tuple(shape_of(argument) for argument in point.arguments))
            found.setdefault(key, []).append(point)
        return tuple(tuple(points) for points in found.values())

    def spelled(self, framework: str) -> str | None:
        """What a backend calls it, or None where it lacks it."""
        if framework in self.calls:
            return self.calls[framework]
        return None if framework in self.lacks else self.calls.get("xp")


def shape_of(numbers: Numbers) -> tuple[int, ...]:
    """The shape of nested sequences."""
    if not isinstance(numbers, tuple | list):
        return ()
    return (len(numbers), *(shape_of(numbers[0]) if numbers else ()))


def formed(form: str, f: Callable[..., Any], integers: frozenset[int], count: int) -> Any:
    """Return f in a form, as a function of what a point holds. `integers` holds the positions of
    arguments that are indices, `count` is how many arguments f has."""
    if form == "same":
        return lambda x: f(*[x] * count)
    if form == "view":
        return lambda *xs: f(*(x if i in integers else x[..., ::2] for i, x in enumerate(xs)))
    if form == "twice":

        def cubed(*xs: Any) -> Any:
            m = f(*xs)
            return (m * m) * m

        return cubed
    return f
