"""Operators built from an `xp`'s transformations, for backends that have no own way to do them.

One convention: a built operator is a function of the scenario's arguments followed by the seeds
(one cotangent for `vjp`, one tangent or vector per differentiated argument otherwise), and returns
a tuple. `jacobian` and `hessian` are matrices over the ravelled, concatenated arguments.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from harness.case import Case
from harness.contract import Accumulation, Array
from harness.errors import Unsupported

Function = Callable[..., Any]


def derive(xp: Any, case: Case, function: Any, wrt: tuple[int, ...], arity: int) -> Function:
    """Build the case's operator from `xp.grad`, `xp.vjp` and `xp.jvp`.

    `function` takes `arity` arguments (or is an `Accumulation` under `accumulate`).
    """
    if case.operator == "accumulate":
        return accumulate(xp, function)

    def operator(*inputs: Array) -> tuple[Array, ...]:
        arguments, seeds = inputs[:arity], inputs[arity:]
        restricted, xs = restrict(function, arguments, wrt)
        return BUILDERS[case.operator](xp, restricted, xs, seeds, case.composition)

    return operator


def restrict(
    function: Function, arguments: Sequence[Array], wrt: tuple[int, ...]
) -> tuple[Function, tuple[Array, ...]]:
    """Fix what is not differentiated; return the function of the rest, and the rest."""
    if wrt == tuple(range(len(arguments))):
        return function, tuple(arguments)

    def restricted(*xs: Array) -> Array:
        filled = list(arguments)
        for position, x in zip(wrt, xs, strict=True):
            filled[position] = x
        return function(*filled)

    return restricted, tuple(arguments[position] for position in wrt)


def restrict_along(
    function: Function, inputs: tuple[Array, ...], wrt: tuple[int, ...]
) -> tuple[Function, tuple[Array, ...], tuple[Array, ...]]:
    """Return the function of what is differentiated, that, and its tangents, the last inputs."""
    return *restrict(function, inputs[: -len(wrt)], wrt), inputs[-len(wrt) :]


def as_tuple(outputs: Any) -> tuple[Array, ...]:
    """Return a function's outputs as operators do: one alone as a tuple of one."""
    return outputs if isinstance(outputs, tuple) else (outputs,)


def value(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    return (f(*xs),)


def gradient(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    return tuple(xp.grad(f, argnums=tuple(range(len(xs))))(*xs))


def vjp(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    _, pullback = xp.vjp(f, *xs)
    return tuple(pullback(seeds[0]))


def jvp(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    _, tangent = xp.jvp(f, xs, seeds)
    return (tangent,)


def jacobian(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    """Row by row, one pullback for every element of the output; or column by column, one tangent
    for every element of the arguments, where these are fewer."""
    y, pullback = xp.vjp(f, *xs)
    count = math.prod(y.shape)
    if sum(math.prod(x.shape) for x in xs) < count:
        columns = [xp.reshape(xp.jvp(f, xs, e)[1], (-1,)) for e in basis_of(xp, xs)]
        return (xp.stack(columns, axis=-1),)
    basis = xp.eye(count)
    rows = [ravel(xp, pullback(xp.reshape(basis[i], tuple(y.shape)))) for i in range(count)]
    return (xp.stack(rows),)


def hvp(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    return HVP[composition](xp, f, xs, seeds)


def hessian(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    """Column by column, which are rows as well: one hvp for every element of the arguments."""
    columns = [ravel(xp, HVP[composition](xp, f, xs, e)) for e in basis_of(xp, xs)]
    return (xp.stack(columns),)


def second(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    """The second derivative along the seeds, of the output's shape: forward over forward."""
    return (along(xp, lambda *xs: along(xp, f, xs, seeds), xs, seeds),)


def third(xp: Any, f: Function, xs: Any, seeds: Any, composition: Any) -> tuple[Array, ...]:
    """The third derivative along the seeds; reverse over reverse over reverse gives what pulls it
    back, the gradient of <v, Hessian v>."""
    if composition.startswith("reverse"):
        curvature = lambda *xs: inner(xp, reverse_over_reverse(xp, f, xs, seeds), seeds)  # noqa: E731
        return tuple(xp.grad(curvature, argnums=tuple(range(len(xs))))(*xs))
    return (along(xp, lambda *xs: second(xp, f, xs, seeds, None)[0], xs, seeds),)


def along(xp: Any, f: Function, xs: Sequence[Array], vs: Sequence[Array]) -> Array:
    """The derivative of f along tangents."""
    return xp.jvp(f, tuple(xs), tuple(vs))[1]


def forward_over_reverse(xp: Any, f: Function, xs: Any, vs: Any) -> tuple[Array, ...]:
    gradient_of_f = xp.grad(f, argnums=tuple(range(len(xs))))
    _, tangents = xp.jvp(lambda *xs: ravel(xp, gradient_of_f(*xs)), tuple(xs), tuple(vs))
    return unravel(xp, tangents, xs)


def reverse_over_reverse(xp: Any, f: Function, xs: Any, vs: Any) -> tuple[Array, ...]:
    every = tuple(range(len(xs)))
    return tuple(
        xp.grad(lambda *xs: inner(xp, xp.grad(f, argnums=every)(*xs), vs), argnums=every)(*xs)
    )


def reverse_over_forward(xp: Any, f: Function, xs: Any, vs: Any) -> tuple[Array, ...]:
    every = tuple(range(len(xs)))
    return tuple(xp.grad(lambda *xs: xp.jvp(f, xs, tuple(vs))[1], argnums=every)(*xs))


def forward_over_forward(xp: Any, f: Function, xs: Any, vs: Any) -> tuple[Array, ...]:
    """One nested forward pass for every element of the arguments."""
    entries = [
        xp.jvp(lambda *xs, e=e: xp.jvp(f, xs, e)[1], tuple(xs), tuple(vs))[1]
        for e in basis_of(xp, xs)
    ]
    return unravel(xp, xp.stack(entries), xs)


def accumulate(xp: Any, accumulation: Accumulation) -> Function:
    """Repeat what accumulating backward passes do, as nested gradients of pure functions."""

    def after(count: int, xs: tuple[Array, ...]) -> tuple[Array, ...]:
        if count == 0:
            return tuple(xp.zeros_like(x) for x in xs)
        latest = accumulation.passes[count - 1]
        scalar = lambda *xs: latest.value(xs, after(count - 1, xs))  # noqa: E731
        added = xp.grad(scalar, argnums=tuple(range(len(xs))))(*xs)
        before = after(count - 1, xs)
        return tuple(
            g if i in latest.clear else a + g
            for i, (a, g) in enumerate(zip(before, added, strict=True))
        )

    def operator(*xs: Array) -> tuple[Array, ...]:
        final = after(len(accumulation.passes), xs)
        return tuple(final[i] for i in accumulation.read)

    return operator


def inner(xp: Any, xs: Sequence[Array], vs: Sequence[Array]) -> Array:
    """The inner product over all arguments, a scalar."""
    products = [xp.sum(x * v) for x, v in zip(xs, vs, strict=True)]
    return sum(products[1:], products[0])


def ravel(xp: Any, xs: Sequence[Array]) -> Array:
    flat = [xp.reshape(x, (-1,)) for x in xs]
    return flat[0] if len(flat) == 1 else xp.concat(flat)


def unravel(xp: Any, flat: Array, like: Sequence[Array]) -> tuple[Array, ...]:
    parts, start = [], 0
    for x in like:
        stop = start + math.prod(x.shape)
        parts.append(xp.reshape(flat[start:stop], tuple(x.shape)))
        start = stop
    return tuple(parts)


def basis_of(xp: Any, xs: Sequence[Array]) -> list[tuple[Array, ...]]:
    """The unit vectors of the arguments' product space, each in the arguments' shapes."""
    count = sum(math.prod(x.shape) for x in xs)
    identity = xp.eye(count)
    return [unravel(xp, identity[i], xs) for i in range(count)]


def complete(names: dict[str, Any]) -> dict[str, Any]:
    """Fill in `grad`, and `vjp` or `jvp` from the other, where a backend has only one of them.

    Forward from reverse differentiates the pullback, which is linear in its cotangent; reverse
    from forward takes one pass for every element of the arguments.
    """
    if "vjp" not in names and "jvp" not in names:
        raise Unsupported("a namespace needs vjp or jvp; this backend lends neither")
    xp = _Names(names)
    names.setdefault("vjp", lambda f, *xs: _vjp_from_jvp(xp, f, xs))
    names.setdefault("jvp", lambda f, xs, vs: _jvp_from_vjp(xp, f, xs, vs))
    names.setdefault("grad", lambda f, argnums=0: _grad_from_vjp(xp, f, argnums))
    return names


class _Names:
    """Attribute access to a dict that is still being filled."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.__dict__ = names


def _vjp_from_jvp(xp: Any, f: Function, xs: tuple[Array, ...]) -> tuple[Array, Function]:
    def pullback(cotangent: Array) -> tuple[Array, ...]:
        entries = [xp.sum(xp.jvp(f, xs, e)[1] * cotangent) for e in basis_of(xp, xs)]
        return unravel(xp, xp.stack(entries), xs)

    return f(*xs), pullback


def _jvp_from_vjp(
    xp: Any, f: Function, xs: tuple[Array, ...], vs: tuple[Array, ...]
) -> tuple[Array, Array]:
    y, _ = xp.vjp(f, *xs)
    linear = lambda cotangent: ravel(xp, xp.vjp(f, *xs)[1](cotangent))  # noqa: E731
    _, transpose = xp.vjp(linear, xp.zeros_like(y))
    return y, transpose(ravel(xp, vs))[0]


def _grad_from_vjp(xp: Any, f: Function, argnums: int | tuple[int, ...]) -> Function:
    wrt = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def gradient_of_f(*arguments: Array) -> Any:
        restricted, xs = restrict(f, arguments, wrt)
        y, pullback = xp.vjp(restricted, *xs)
        if tuple(y.shape):
            raise TypeError(f"grad needs a scalar output; got shape {tuple(y.shape)}")
        cotangents = pullback(xp.ones_like(y))
        return cotangents[0] if isinstance(argnums, int) else cotangents

    return gradient_of_f


BUILDERS = {
    "value": value,
    "gradient": gradient,
    "vjp": vjp,
    "jvp": jvp,
    "jacobian": jacobian,
    "hvp": hvp,
    "hessian": hessian,
    "second": second,
    "third": third,
}
HVP = {
    "forward-over-reverse": forward_over_reverse,
    "reverse-over-reverse": reverse_over_reverse,
    "reverse-over-forward": reverse_over_forward,
    "forward-over-forward": forward_over_forward,
}
