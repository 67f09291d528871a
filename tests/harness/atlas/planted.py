"""Small primitives for tests, right ones and wrong ones.

One convention: `of(define, ...)` is a primitive of numbers with the one point that is given.
"""

from harness.primitive import EVERY, Point, Primitive


def of(define, *arguments, exists=EVERY, form="plain", **more):
    point = Point(name="chosen", arguments=arguments, exists=exists, form=form)
    given = {
        "name": "planted",
        "kind": "elementwise",
        "formula": "what a test needs",
        "define": define,
        "points": (point,),
        "calls": {"xp": "x"},
    }
    return Primitive(**{**given, **more})


def only(primitive):
    """A primitive of one point, and that."""
    return primitive, primitive.points[0]
