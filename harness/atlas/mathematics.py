"""`m`: what definitions of primitives are written in. Numbers of extended precision, elementwise.

One convention: arguments are NumPy arrays of `Jet`s (a single one where an array has no axes), and
what moves, adds or compares elements is NumPy's, as `m.np.concatenate` or `x[:, None] * y`. A
definition is the mathematics and nothing else: precision is raised until its answer stands, so no
formula here has to be a stable one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np

from harness.atlas import matrices as matrices
from harness.atlas.jets import Jet, compose, compose_several, exact, mp, power, value_of

Array = Any  # a NumPy array of Jets, or one Jet


def lift(f: Callable[..., Any], derivative: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Make an elementwise function of one of mpmath, of one or several arguments.

    Its derivatives are mpmath's own numerical ones, at raised precision; or, for one argument,
    `derivative(x, k)` is the one of order k.
    """

    def of_jets(*xs: Any) -> Any:
        jets = _alike(xs)
        if derivative is not None:
            (x,) = jets
            return compose(x, [derivative(x.value, k) for k in range(x.order + 1)])
        return compose_several(f, jets)

    def elementwise(*xs: Any) -> Any:
        return np.frompyfunc(of_jets, len(xs), 1)(*xs)

    return elementwise


def ruled(f: Callable[..., Any], *partials: Callable[..., Any]) -> Callable[..., Any]:
    """Make an elementwise function of one of mpmath, and of its partial derivatives: functions of
    single jets, one for each argument, that may call what they are the derivatives of."""

    def of_jets(*xs: Any) -> Any:
        jets = _alike(xs)
        if jets[0].order == 0:
            return Jet([f(*(x.value for x in jets))])
        half = len(jets[0].parts) // 2  # the last direction's parts are the second half
        low = tuple(Jet(x.parts[:half]) for x in jets)
        slope = Jet([mp.zero] * half)
        for x, by_x in zip(jets, partials, strict=True):
            if any(x.parts[half:]):
                slope = slope + Jet(x.parts[half:]) * by_x(*low)
        return Jet((*of_jets(*low).parts, *slope.parts))

    return lambda *xs: np.frompyfunc(of_jets, len(xs), 1)(*xs)


def remembered(f: Callable[..., Any]) -> Callable[..., Any]:
    """Make a slow function of mpmath one that is evaluated once for the same numbers and precision,
    where every pass over a point would evaluate it again."""
    return lambda *numbers, **options: _once_each(f, mp.prec, *numbers, **options)


@lru_cache(maxsize=10_000)
def _once_each(f: Callable[..., Any], precision: int, *numbers: Any, **options: Any) -> Any:
    return f(*numbers, **options)


def filled(
    f: Callable[..., Any], hole: float, derivative: Callable[[int], Any]
) -> Callable[..., Any]:
    """Make an elementwise function that is f but at its removable singularity, where its derivative
    of order k is `derivative(k)`."""

    def of_jet(x: Any) -> Any:
        (jet,) = _alike((x,))
        if jet.value != hole:
            return f(jet)
        return compose(jet, [derivative(k) for k in range(jet.order + 1)])

    return lambda x: np.frompyfunc(of_jet, 1, 1)(x)


def _alike(xs: tuple[Any, ...]) -> tuple[Jet, ...]:
    """Numbers among jets become jets without a derivative."""
    size = max((len(x.parts) for x in xs if isinstance(x, Jet)), default=1)
    return tuple(x if isinstance(x, Jet) else Jet([exact(x), *[mp.zero] * (size - 1)]) for x in xs)


def _cycle(*functions: Callable[[Any], Any]) -> Callable[[Any, int], Any]:
    return lambda x, k: functions[k % len(functions)](x)


def _derivative_of_log(x: Any, k: int) -> Any:
    return mp.log(x) if k == 0 else (-1) ** (k - 1) * mp.factorial(k - 1) / x**k


exp = lift(mp.exp, lambda x, k: mp.exp(x))
log = lift(mp.log, _derivative_of_log)
sin = lift(mp.sin, _cycle(mp.sin, mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x)))
cos = lift(mp.cos, _cycle(mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x), mp.sin))
sinh = lift(mp.sinh, _cycle(mp.sinh, mp.cosh))
cosh = lift(mp.cosh, _cycle(mp.cosh, mp.sinh))
atan = lift(mp.atan)


def pi() -> Any:
    """Pi, at the precision of the moment."""
    return +mp.pi


def sqrt(x: Array) -> Array:
    return np.frompyfunc(partial(power, exponent=0.5), 1, 1)(x)


def tan(x: Array) -> Array:
    return sin(x) / cos(x)


def tanh(x: Array) -> Array:
    return sinh(x) / cosh(x)


def either(
    test: Callable[..., bool], yes: Callable[..., Any], no: Callable[..., Any]
) -> Callable[..., Any]:
    """Make an elementwise function that is `yes` where `test` holds, else `no`; each is called with
    single elements, so neither is evaluated where it has a pole."""

    def elementwise(*xs: Any) -> Any:
        return np.frompyfunc(lambda *x: yes(*x) if test(*x) else no(*x), len(xs), 1)(*xs)

    return elementwise


abs = either(lambda x: x > 0, lambda x: x, lambda x: -x)
maximum = either(lambda x, y: x >= y, lambda x, y: x, lambda x, y: y)
minimum = either(lambda x, y: x <= y, lambda x, y: x, lambda x, y: y)


def values(x: Array) -> Any:
    """The values alone, mpmath's numbers."""
    return np.frompyfunc(value_of, 1, 1)(x)
