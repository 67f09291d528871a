"""Derivatives of functions that differentiate: perturbation confusion, closures, higher orders."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from harness.case import COMPOSITIONS
from harness.conformance.closed import OTHER, POINT, TANGENT, Check, Closed, checks_of
from harness.conformance.driving import Array, Function


def confused(xp: Any, x: Array) -> Array:
    """sum(x * d/dy sum(x y)) = sum(x^2): 4x instead of 2x where inner and outer are confused."""
    return xp.sum(x * xp.grad(lambda y: xp.sum(x * y))(x))


def confused_forward(xp: Any, x: Array) -> Array:
    """sum(x * d/dt (x y(t))) along x = sum(x^3), with a forward mode inside."""
    return xp.sum(x * xp.jvp(lambda y: x * y, (x,), (x,))[1])


def closing(xp: Any, x: Array, y: Array) -> Array:
    """The inner gradient is in y alone: d/dy sum(x^2 y^3) = 3 x^2 y^2, which still depends on x."""
    return xp.sum(xp.grad(lambda inner: xp.sum(x * x * inner**3))(y))


def indexed(xp: Any, x: Array) -> Array:
    """An inner gradient that is sparse: of x_1^2 x_0, then its squared norm."""
    inner = xp.grad(lambda y: y[1] * y[1] * y[0])(x)
    return xp.sum(inner * inner)


def nested_closed_forms() -> dict[str, Closed]:
    x, y, v = POINT, OTHER, TANGENT
    row = partial(Closed, inputs=(x,), wrt=(0,))
    return {
        "confusion under gradient": row(function=confused, answers=(2 * x,)),
        "confusion under vjp": row(
            function=confused, answers=(4 * x,), operator="vjp", seeds=(np.array(2.0),)
        ),
        "confusion under jvp": row(
            function=confused, answers=(np.sum(2 * x * v),), operator="jvp", seeds=(v,)
        ),
        "forward confusion under gradient": row(function=confused_forward, answers=(3 * x**2,)),
        "forward confusion under jvp": row(
            function=confused_forward, answers=(np.sum(3 * x**2 * v),), operator="jvp", seeds=(v,)
        ),
        "closure over an outer argument under gradient": Closed(
            function=closing, inputs=(x, y), answers=(6 * x * y**2, 6 * x**2 * y), wrt=(0, 1)
        ),
        "closure over an outer argument under jvp": Closed(
            function=closing,
            inputs=(x, y),
            answers=(np.sum(6 * x * y**2 * v),),
            operator="jvp",
            seeds=(v,),
        ),
        "inner gradient in an argument that is not differentiated": Closed(
            function=closing, inputs=(x, y), answers=(6 * x * y**2,)
        ),
        "inner gradient by an integer index": row(
            function=indexed,
            answers=(np.array([8 * x[0] * x[1] ** 2, 4 * x[1] ** 3 + 8 * x[0] ** 2 * x[1], 0]),),
        ),
        "the same array given twice": row(
            function=lambda xp, x: xp.sum(
                xp.grad(lambda a, b: xp.sum(a * a * b), argnums=(0, 1))(x, x)[0]
            ),
            answers=(4 * x,),
        ),
    }


def fourth_power(x: Array) -> Array:
    """Uses an intermediate twice, which is where nested forward modes have lost terms."""
    square = x * x
    return square * square


def reverse(xp: Any, order: int) -> Function:
    """Sum of the derivatives of x^4, by reverse modes within one another."""
    f: Function = lambda x: xp.sum(fourth_power(x))  # noqa: E731
    for _ in range(order):
        f = partial(lambda f, x: xp.sum(xp.grad(f)(x)), f)
    return f


def forward(xp: Any, order: int) -> Function:
    """The derivatives of x^4, by forward modes within one another."""
    f: Function = fourth_power
    for _ in range(order):
        f = partial(lambda f, x: xp.jvp(f, (x,), (xp.ones_like(x),))[1], f)
    return f


def order_closed_forms() -> dict[str, Closed]:
    x, v = POINT, TANGENT
    row = partial(Closed, inputs=(x,), exact=True)
    along = partial(row, operator="jvp", seeds=(v,))
    return {
        "second order, reverse in reverse": row(
            function=lambda xp, x: reverse(xp, 1)(x), answers=(12 * x**2,)
        ),
        "third order, reverse in reverse": row(
            function=lambda xp, x: reverse(xp, 2)(x), answers=(24 * x,)
        ),
        "second order, forward in forward": along(
            function=lambda xp, x: forward(xp, 1)(x), answers=(12 * x**2 * v,)
        ),
        "third order, forward in forward": along(
            function=lambda xp, x: forward(xp, 2)(x), answers=(24 * x * v,)
        ),
        "third order, reverse in forward": along(
            function=lambda xp, x: reverse(xp, 2)(x), answers=(np.sum(24 * x * v),)
        ),
        "third order, forward in reverse": row(
            function=lambda xp, x: xp.sum(forward(xp, 2)(x)), answers=(24 * x,)
        ),
    }


def confusion_closed_forms() -> dict[str, Closed]:
    return {
        f"confusion under hvp, {composition}": Closed(
            function=confused,
            inputs=(POINT,),
            operator="hvp",
            composition=composition,
            seeds=(TANGENT,),
            answers=(2 * TANGENT,),
        )
        for composition in COMPOSITIONS
    }


def nesting_checks() -> dict[str, Check]:
    """Return the checks by name."""
    return checks_of({**nested_closed_forms(), **confusion_closed_forms(), **order_closed_forms()})
