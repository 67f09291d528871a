"""What the map tells of primitives beside their records, taken from the table.

One convention: nothing here loads NumPy; arguments are written as the table has them, the long cut.
"""

from __future__ import annotations

from harness import plugins
from harness.primitive import EVERY, FORMS, Numbers, Point, Primitive, shape_of
from results.atlas.about import About

LONGEST = 100  # characters of one argument
ORDINALS = ("no", "the first", "the first two", "the first three")


def described() -> dict[str, About]:
    """Return what is known of every primitive that is installed, in the table's order."""
    found = plugins.scenarios().items.values()
    return {one.primitive.name: about(one.primitive) for one in found if one.primitive}


def about(primitive: Primitive) -> About:
    return About(
        kind=primitive.kind,
        formula=primitive.formula,
        source=primitive.source,
        calls=dict(primitive.calls),
        lacks=dict(primitive.lacks),
        points={point.name: point_of(primitive, point) for point in primitive.points},
    )


def point_of(primitive: Primitive, point: Point) -> str:
    """Describe a point: its arguments, its form, and how many derivatives exist."""
    pairs = zip(primitive.names(point), point.arguments, strict=True)
    told = ["; ".join(f"{name} = {numbers(value)}" for name, value in pairs)]
    told += [FORMS[point.form]] if point.form != "plain" else []
    if point.documented:
        told.append(f"derivatives above order {point.exists} are not given: {point.documented}")
    elif point.exists < EVERY:
        count = "derivative exists" if point.exists < 2 else "derivatives exist"
        told.append(f"only {ORDINALS[point.exists]} {count}".replace("only no", "no"))
    return " · ".join(told)


def numbers(value: Numbers) -> str:
    """Write an argument; a long one by its shape and beginning."""
    text = repr(value).replace("(", "[").replace(",)", "]").replace(")", "]")
    if len(text) <= LONGEST:
        return text
    shape = " x ".join(map(str, shape_of(value)))
    return f"{text[:LONGEST].rpartition(',')[0]}, ... ({shape})"
