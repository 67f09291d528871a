"""Primitives as scenarios: what `harness run primitive/NAME` checks and times.

One convention: the function is phi = <w, f(x)> with the atlas's cotangent w, at the first point;
its right answers are those of the atlas.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from harness.atlas.ways import seeds
from harness.errors import Unsupported
from harness.primitive import Primitive
from harness.scenario import Scenario
from harness.xp import Namespace

OPERATORS = ("value", "gradient", "vjp", "jvp", "hvp")


def as_scenarios(primitives: Iterable[Primitive]) -> tuple[Scenario, ...]:
    """Return the family `primitive` of a table."""
    return tuple(as_scenario(primitive) for primitive in primitives)


def as_scenario(primitive: Primitive) -> Scenario:
    first = primitive.points[0]

    def value(xp: Namespace, *arguments: Any) -> Any:
        out = own_function(primitive, xp)(*arguments)
        w = xp.reshape(xp.asarray(seeds(out.shape, 0)), tuple(out.shape))
        return xp.sum(out * w)

    signature = inspect.signature(primitive.define)
    value.__signature__ = signature  # type: ignore[attr-defined]
    return Scenario(
        name=f"primitive/{primitive.name}",
        value=value,
        point=lambda rng: _point(primitive),
        size={},
        wrt=primitive.wrt(first),
        operators=OPERATORS,
        closed_forms={name: partial(_closed_form, primitive, name) for name in OPERATORS},
        zero_expected=True,
        about=primitive.formula,
        source=primitive.source,
        primitive=primitive,
    )


def own_function(primitive: Primitive, xp: Namespace) -> Callable[..., Any]:
    """Return the primitive as the framework behind `xp` calls it. Raises Unsupported where it has
    no such function."""
    expression = primitive.spelled(xp.framework)
    if expression is None:
        why = primitive.lacks.get(xp.framework)
        raise Unsupported(why or f"{primitive.name} can't be written in the portable names")
    code = f"lambda {', '.join(primitive.arguments)}: {expression}"
    function: Callable[..., Any] = eval(code, {**xp.words, "xp": xp})
    return function


def _point(primitive: Primitive) -> tuple[Any, ...]:
    from harness.atlas.evaluation import arguments_of  # which loads NumPy, as listing may not

    return arguments_of(primitive, primitive.points[0], "float64")


def _closed_form(primitive: Primitive, operator: str, np: Any, *inputs: Any) -> tuple[Any, ...]:
    from harness.atlas import closed

    return closed.FORMS[operator](primitive, inputs)
