"""Cases with a closed form: arguments that are ignored, indexed or reordered, and every operator.

A row says what is computed and what comes out; points are small and dyadic, so that products and
sums of them are exact in either dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from harness.case import COMPOSITIONS
from harness.conformance.driving import Array, Factory, Function, agree, case_of, cast, operate
from harness.contract import Accumulation, BoundPass

Check = Callable[[Factory], None]
ULPS = 512  # the bound of a second-order answer in a run; a wrong derivative is off by a percent

POINT = np.array([0.5, -1.25, 2.0])
OTHER = np.array([1.5, 0.25, -0.75])
TANGENT = np.array([1.0, -0.5, 0.25])
TABLE = np.array([[0.5, 1.0, -1.5], [2.0, -0.25, 0.75]])


@dataclass(frozen=True, kw_only=True)
class Closed:
    """One case with its answer: `function(xp, *inputs)` under an operator gives `answers`.

    float32 alone finds a float64 that creeps in, and a wrong derivative as well as float64 does;
    rows that build arrays of their own (a Jacobian's basis) are asked in float64 too.
    """

    function: Function
    inputs: tuple[Array, ...]
    answers: tuple[Array, ...]
    operator: str = "gradient"
    composition: str | None = None
    wrt: tuple[int, ...] = (0,)
    seeds: tuple[Array, ...] = ()
    dtypes: tuple[str, ...] = ("float32",)
    exact: bool = False


def check_closed(factory: Factory, name: str, closed: Closed) -> None:
    """Hold one case against its closed form, in each of its dtypes."""
    backend = factory()
    for dtype in closed.dtypes:
        inputs, seeds, answers = (
            cast(arrays, dtype) for arrays in (closed.inputs, closed.seeds, closed.answers)
        )
        case = case_of(name, closed.operator, closed.composition, dtype=dtype, wrt=closed.wrt)
        got = operate(backend, case, closed.function, closed.wrt, inputs, seeds)
        tolerance = 0.0 if closed.exact else ULPS * float(np.finfo(dtype).eps)
        agree(f"{name} in {dtype}", got, answers, tolerance)


def argument_closed_forms() -> dict[str, Closed]:
    x, y, v = POINT, OTHER, TANGENT
    return {
        "ignored argument under gradient": Closed(
            function=lambda xp, x, y: xp.sum(x * x),
            inputs=(x, TABLE),
            answers=(2 * x, np.zeros_like(TABLE)),
            wrt=(0, 1),
        ),
        "ignored argument inside": Closed(
            function=lambda xp, x, y: xp.sum(
                xp.grad(lambda x, y: xp.sum(x**3), argnums=(0, 1))(x, y)[0]
                + xp.grad(lambda x, y: xp.sum(x**3), argnums=1)(x, y)
            ),
            inputs=(x, y),
            answers=(6 * x, np.zeros_like(y)),
            wrt=(0, 1),
        ),
        "ignored argument under vjp": Closed(
            function=lambda xp, x, y: y * y,
            inputs=(x, y),
            answers=(np.zeros_like(x), 2 * y * v),
            operator="vjp",
            wrt=(0, 1),
            seeds=(v,),
        ),
        "constant under gradient": Closed(
            function=lambda xp, x: xp.sum(xp.ones((2,))), inputs=(x,), answers=(np.zeros_like(x),)
        ),
        "constant under jvp": Closed(
            function=lambda xp, x: xp.ones((2, 2)),
            inputs=(x,),
            answers=(np.zeros((2, 2)),),
            operator="jvp",
            seeds=(v,),
        ),
        "identity under gradient": Closed(
            function=lambda xp, x: xp.sum(x), inputs=(x,), answers=(np.ones_like(x),)
        ),
        "identity under jvp": Closed(
            function=lambda xp, x: x, inputs=(x,), answers=(v,), operator="jvp", seeds=(v,)
        ),
        "integer index under gradient": Closed(
            function=lambda xp, x: x[1] * x[1] + x[1],
            inputs=(x,),
            answers=(np.array([0, 2 * x[1] + 1, 0]),),
        ),
        "index array under gradient": Closed(
            function=lambda xp, x, i: xp.sum(xp.take(x, i, axis=0)),
            inputs=(TABLE, np.array([1, 1])),
            answers=(np.array([[0.0, 0, 0], [2, 2, 2]]),),
        ),
        "second argument alone": Closed(
            function=lambda xp, x, y: xp.sum(x * x * y), inputs=(x, y), answers=(x * x,), wrt=(1,)
        ),
        "arguments in reverse order": Closed(
            function=lambda xp, x, y: xp.sum(x * x * y),
            inputs=(x, y),
            answers=(x * x, 2 * x * y),
            wrt=(1, 0),
        ),
        "argnums in reverse order": Closed(
            function=lambda xp, x, y: (lambda in_y, in_x: xp.sum(in_y * in_x))(
                *xp.grad(lambda x, y: xp.sum(x**2 * y**3), argnums=(1, 0))(x, y)
            ),
            inputs=(x, y),
            answers=(np.sum(6 * x**3 * y**5),),
            operator="value",
            wrt=(),
        ),
    }


def coupled(xp: Any, x: Array, y: Array) -> Array:
    """f = sum(x^2 y^3) + (sum x)^2, whose Hessian is full."""
    total = xp.sum(x)
    return xp.sum(x**2 * y**3) + total * total


def hessian_of_coupled(x: Array, y: Array) -> Array:
    blocks = [
        [np.diag(2 * y**3) + 2, np.diag(6 * x * y**2)],
        [np.diag(6 * x * y**2), np.diag(6 * x**2 * y)],
    ]
    return np.block(blocks)


def operator_closed_forms() -> dict[str, Closed]:
    x, y, v, w = POINT[:2], OTHER[:2], TANGENT[:2], OTHER[1:]
    hessian = hessian_of_coupled(x, y)
    product = hessian @ np.concatenate([v, w])
    two = partial(Closed, inputs=(x, y), wrt=(0, 1), dtypes=("float64", "float32"))
    rows = {
        "value": two(
            function=coupled,
            operator="value",
            answers=(np.asarray(np.sum(x**2 * y**3) + np.sum(x) ** 2),),
        ),
        "vjp of two arguments": two(
            function=lambda xp, x, y: x**2 * y,
            operator="vjp",
            seeds=(v,),
            answers=(2 * x * y * v, x**2 * v),
        ),
        "jvp of two arguments": two(
            function=lambda xp, x, y: x**2 * y,
            operator="jvp",
            seeds=(v, w),
            answers=(2 * x * y * v + x**2 * w,),
        ),
        "jacobian of two arguments": two(
            function=lambda xp, x, y: xp.stack([x**2 * y, xp.sum(y) * x]),
            operator="jacobian",
            answers=(
                np.block(
                    [
                        [np.diag(2 * x * y), np.diag(x**2)],
                        [np.sum(y) * np.eye(2), np.outer(x, np.ones(2))],
                    ]
                ),
            ),
        ),
    }
    for composition in COMPOSITIONS:
        second = partial(two, composition=composition, dtypes=("float32",))
        rows[f"hvp, {composition}"] = second(
            function=coupled, operator="hvp", seeds=(v, w), answers=(product[:2], product[2:])
        )
        rows[f"hessian, {composition}"] = second(
            function=coupled, operator="hessian", answers=(hessian,)
        )
    rows["hessian in float64"] = two(
        function=coupled,
        operator="hessian",
        composition="forward-over-reverse",
        dtypes=("float64",),
        answers=(hessian,),
    )
    return rows


def check_accumulation(factory: Factory, clear: tuple[int, ...], answer: float) -> None:
    """Backward through x^2 y, then through (x.grad^2 - 1)^2: y.grad is 480, or 481 uncleared."""

    def passes(xp: Any) -> Accumulation:
        first = BoundPass(
            value=lambda inputs, grads: xp.sum(inputs[0] * inputs[0] * inputs[1]), clear=()
        )
        second = BoundPass(
            value=lambda inputs, grads: xp.sum(xp.square(grads[0] * grads[0] - 1)), clear=clear
        )
        return Accumulation(passes=(first, second), read=(1, 0))

    name = "accumulate, cleared" if clear else "accumulate, not cleared"
    inputs = cast((np.array([1.0]), np.array([2.0])), "float32")
    case = case_of(name, "accumulate", dtype="float32", wrt=(0, 1))
    got = operate(factory(), case, passes, (0, 1), inputs)
    agree(name, got, cast((np.array([answer]), np.array([964.0])), "float32"), 0.0)


def checks_of(rows: dict[str, Closed]) -> dict[str, Check]:
    return {name: partial(check_closed, name=name, closed=row) for name, row in rows.items()}


def closed_checks() -> dict[str, Check]:
    """Return the checks by name."""
    return {
        **checks_of(argument_closed_forms()),
        **checks_of(operator_closed_forms()),
        "accumulate, cleared": partial(check_accumulation, clear=(1,), answer=480.0),
        "accumulate, not cleared": partial(check_accumulation, clear=(), answer=481.0),
    }
