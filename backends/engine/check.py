"""Anyone's function, its derivatives in both modes and of any order checked against differences.

The one convention: every floating-point leaf of the arguments is an input, everything else is a
constant, and inputs are moved all at once in one random direction, drawn from a fixed seed. A
derivative is itself a function, of the inputs and of the tangents or cotangents, so that it is
checked as the function was (as in HIPS Autograd's check_grads).
"""

from dataclasses import dataclass

import numpy as np

from backends.engine import trees
from backends.engine.derivatives import MODES
from backends.engine.differences import (
    derivative_along,
    drawn,
    eps_of,
    length_of,
    magnitude_of,
    next_to,
)
from backends.engine.mismatch import Mismatch, at_index, compared, described, sentence
from backends.engine.tracer import Tracer
from backends.engine.transforms import jvp, vjp

ERRORS = 10  # estimated errors that answer and reference may be apart
ROUNDINGS = 100  # of eps each, which grow as a root: a derivative computed in 10 000 steps
NEARBY = 3  # points a rounding away; at one alone the answer may by chance move too little
ONE_BY_ONE = 64  # inputs looked at singly for the one that is wrong; more are first halved


class WrongDerivative(AssertionError):
    """A derivative is not what differences say."""


class Unsettled(AssertionError):
    """Differences don't say what the derivative is."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A function of arrays that returns a list of arrays, at a point."""

    function: object
    inputs: list
    labels: list  # what each input is called
    name: str
    floors: list  # magnitudes beside which an output that happens to be smaller is rounding error
    taken: tuple = ()  # the modes of the derivatives that led here, the outermost first


def check_gradients(f, *xs, order=2, modes=("forward", "reverse")):
    """Compare derivatives of f, up to an order, with extrapolated differences and the complex step.

    Takes what f takes, trees too; every floating-point leaf is checked, in each of the modes and,
    beyond the first order, in all compositions of them. Returns nothing. Raises WrongDerivative, an
    AssertionError, that says where and how far; Unsettled, another, where differences at smaller
    and smaller steps don't settle; ValueError for an order below 1, an unknown mode, or nothing to
    check. What is allowed is ten times the reference's estimated error and that of rounding.
    """
    if order < 1 or not modes or not set(modes) <= set(MODES):
        raise ValueError(
            f"check_gradients needs an order from 1 and modes among {', '.join(MODES)}; "
            f"got order {order} and {modes!r}"
        )
    _check(_problem(f, xs), order, modes, np.random.default_rng(0))


def _problem(f, xs):
    leaves = [x if isinstance(x, np.ndarray) else np.asarray(x) for x in trees.leaves(xs)]
    places = [i for i, x in enumerate(leaves) if x.dtype.kind == "f" and x.size]
    if not places:
        raise ValueError("check_gradients needs a floating-point argument with an element in it")

    def function(*inputs):
        filled = trees.leaves(xs)
        for i, x in zip(places, inputs, strict=True):
            filled[i] = x
        ys = trees.leaves(f(*trees.rebuild(xs, filled)))
        arrays = [y if isinstance(y, Tracer) else np.asarray(y) for y in ys]
        return [y for y in arrays if y.dtype.kind in "fc"]

    labels = [f"argument {place[1:].replace(']', '', 1)}" for place in trees.places(xs)]
    return Problem(
        function=function,
        inputs=[leaves[i] for i in places],
        labels=[labels[i] for i in places],
        name=getattr(f, "__name__", repr(f)),
        floors=[0.0] * len(function(*(leaves[i] for i in places))),
    )


def _check(problem, order, modes, rng):
    outputs = problem.function(*problem.inputs)
    if not outputs:
        raise ValueError(f"check_gradients needs a floating-point output; {problem.name} has none")
    tangents = [drawn(rng, x, length_of(x)) for x in problem.inputs]
    cotangents = [drawn(rng, y, 1 / length_of(y)) for y in outputs]
    nearby = [[next_to(rng, x) for x in problem.inputs] for _ in range(NEARBY)]
    reference = _reference(problem, tangents)
    magnitudes = [e.magnitude for e in reference]
    checks = {
        "forward": lambda: _forward_check(problem, nearby),
        "reverse": lambda: _reverse_check(problem, nearby, outputs, cotangents),
    }
    for mode in modes:
        check = checks[mode]()
        mismatch = check(tangents, reference)
        if mismatch.ratio > 1:
            where, mismatch = _located(problem, check, tangents, mismatch)
            raise WrongDerivative(sentence(problem.name, (mode, *problem.taken), where, mismatch))
    if order > 1:
        for mode in modes:
            seeds = tangents if mode == "forward" else cotangents
            _check(_derivative(problem, mode, seeds, magnitudes), order - 1, modes, rng)


def _derivative(problem, mode, seeds, magnitudes):
    """The derivative in one mode, as a function of the inputs and of what seeds it."""
    count = len(problem.inputs)

    def forward(*inputs):
        return jvp(problem.function, inputs[:count], inputs[count:])[1]

    def reverse(*inputs):
        return list(vjp(problem.function, *inputs[:count])[1](list(inputs[count:])))

    if mode == "forward":
        labels, floors = [f"the tangent of {label}" for label in problem.labels], magnitudes
    else:
        labels = [f"the cotangent of output {i}" for i in range(len(seeds))]
        total = sum(m * magnitude_of(g) for m, g in zip(magnitudes, seeds, strict=True))
        floors = [total / length_of(x) for x in problem.inputs]
    return Problem(
        function=forward if mode == "forward" else reverse,
        inputs=[*problem.inputs, *seeds],
        labels=[*problem.labels, *labels],
        name=problem.name,
        floors=floors,
        taken=(mode, *problem.taken),
    )


def _reference(problem, vs):
    estimates = derivative_along(problem.function, problem.inputs, vs, problem.floors)
    for i, estimate in enumerate(estimates):
        if not estimate.settled():
            raise Unsettled(
                f"the differences of {described(problem.taken, problem.name)} do not settle here, "
                f"in output {i}: they are known to {estimate.error:.1e} at best, where its values "
                f"are of the magnitude {estimate.magnitude:.1e}; is there a kink, or a jump?"
            )
    return estimates


def _forward_check(problem, nearby):
    """One tangent for each direction, element by element of the output."""

    def mismatch(vs, estimates):
        got = jvp(problem.function, problem.inputs, vs)[1]
        moved = [jvp(problem.function, inputs, vs)[1] for inputs in nearby]
        found = []
        for i, (t, e) in enumerate(zip(got, estimates, strict=True)):
            if t.size:
                scale = max(magnitude_of(e.value), e.magnitude)
                moves = max(magnitude_of(t - m[i]) for m in moved)
                allowed = _allowed(problem, e.error + moves, scale)
                apart = np.abs(t - e.value)
                at = np.unravel_index(np.argmax(apart), apart.shape)
                found.append(compared(t[at], e.value[at], allowed, f"output {i}{at_index(at)}"))
        return max(found, key=lambda m: m.ratio, default=Mismatch(0.0, 0.0, 0.0, 0.0, ""))

    return mismatch


def _reverse_check(problem, nearby, outputs, gs):
    """One pullback for all directions: its product with one is the derivative of <g, f>."""

    def pulled(inputs):
        return vjp(problem.function, *inputs)[1](gs)

    def mismatch(vs, estimates):
        expected = _inner(gs, [e.value for e in estimates])
        error = sum(np.sum(np.abs(g)) * e.error for g, e in zip(gs, estimates, strict=True))
        got = _inner(cotangents, vs)
        moves = max(abs(got - _inner(near, vs)) for near in moved)
        scale = sum(np.sum(np.abs(c * v)) for c, v in zip(cotangents, vs, strict=True))
        for g, y, e in zip(gs, outputs, estimates, strict=True):
            scale += np.sum(np.abs(g * y)) + magnitude_of(g) * e.magnitude
        allowed = _allowed(problem, error + moves, scale)
        return compared(got, expected, allowed, "the output's product with a cotangent")

    cotangents, moved = pulled(problem.inputs), [pulled(inputs) for inputs in nearby]
    return mismatch


def _inner(xs, ys):
    return sum(np.sum(x * y) for x, y in zip(xs, ys, strict=True))


def _allowed(problem, error, scale):
    """What may lie between answer and reference.

    `error` is the reference's and, beside it, how far the answer moves when the inputs do by one
    rounding; `scale` the size of what is added up in it.
    """
    return ERRORS * error + ROUNDINGS * eps_of(problem.inputs) * scale


def _located(problem, check, tangents, whole):
    """The element of the inputs whose derivative is farthest off, and how far."""

    def along(chosen):
        vs = [np.zeros_like(v) for v in tangents]
        for i, at in chosen:
            vs[i][at] = tangents[i][at]
        return check(vs, _reference(problem, vs))

    chosen = [(i, at) for i, v in enumerate(tangents) for at in np.ndindex(v.shape)]
    while len(chosen) > ONE_BY_ONE:
        halves = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
        chosen = max(halves, key=lambda half: along(half).ratio)
    found = [(along([one]), one) for one in chosen]
    worst, (i, at) = max(found, key=lambda pair: pair[0].ratio)
    if worst.ratio <= 1:
        return "along a random direction", whole
    v = tangents[i][at]
    each = worst._replace(
        got=worst.got / v, expected=worst.expected / v, allowed=worst.allowed / abs(v)
    )
    return f"with respect to {problem.labels[i]}{at_index(at)}", each
