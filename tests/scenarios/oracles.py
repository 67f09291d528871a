"""Oracles of a scenario held against each other: closed forms, the engine, differences.

Everything is computed in extended precision at the float64 point that the harness would draw, so
what agrees here does so to far more digits than a backend is asked for. Directional differences
are of fourth order: with h = 1e-4 of the point's scale they are good to about 1e-13.
"""

import numpy as np

from backends.numpy import Numpy
from harness.bind import bind, prepare
from harness.case import Case
from harness.contract import Settings
from harness.draw import arguments_of
from harness.expected import wide

AGREED = 1e-15  # between closed form and engine: float64 answers are asked for 1.4e-14
DIFFERENCES = 1e-11


def case_of(scenario, operator, composition=None, **size):
    return Case(
        scenario=scenario.name,
        size=size,
        point="drawn",
        dtype="longdouble",
        operator=operator,
        composition=composition,
        wrt=scenario.wrt,
        seed=0,
    )


def inputs_of(scenario, **size):
    """The drawn point in extended precision, and a direction for every differentiated argument."""
    case = Case.from_json({**case_of(scenario, "value", **size).to_json(), "dtype": "float64"})
    arguments, rng = arguments_of(scenario, case)
    arguments = tuple(wide(x) if x.dtype.kind == "f" else x for x in arguments)
    places = scenario.positions(scenario.wrt)
    return arguments, [wide(rng.standard_normal(arguments[i].shape)) for i in places]


def engine(scenario, operator, arguments, seeds=(), composition=None):
    """What the NumPy engine computes for an operator, as the harness would derive it."""
    backend = Numpy("eager", "cpu", Settings())
    case = case_of(scenario, operator, composition)
    call, _ = prepare(
        backend,
        (),
        case,
        lambda xp: bind(scenario, case, xp),
        scenario.positions(scenario.wrt),
        (*arguments, *seeds),
        len(arguments),
    )
    return call(*arguments, *seeds)


def closed(scenario, operator, arguments, seeds=()):
    """The closed form's answer in the order of `wrt`, or None."""
    form = scenario.closed_forms.get(operator)
    if form is None:
        return None
    answer = form(np, *arguments, *seeds)
    if operator in ("gradient", "vjp"):
        return tuple(wide(answer[i]) for i in scenario.positions(scenario.wrt))
    return tuple(wide(a) for a in answer)


def along(f, scenario, arguments, directions):
    """The derivative of f(arguments), a tuple, along the directions: a stencil of fourth order."""
    places = scenario.positions(scenario.wrt)
    step = wide("1e-4")

    def at(times):
        moved = list(arguments)
        for place, direction in zip(places, directions, strict=True):
            moved[place] = arguments[place] + times * step * direction
        return f(moved)

    stencil = zip(at(-2), at(-1), at(1), at(2), strict=True)
    return tuple((a - 8 * b + 8 * c - d) / (12 * step) for a, b, c, d in stencil)


def close(got, expected, tolerance, what):
    for a, b in zip(got, expected, strict=True):
        assert np.shape(a) == np.shape(b), f"{what}: shapes {np.shape(a)} and {np.shape(b)}"
        scale = max((float(np.max(np.abs(x), initial=0)) for x in expected), default=0) or 1.0
        error = float(np.max(np.abs(a - b), initial=0)) / scale
        assert error <= tolerance, f"{what}: relative error {error:.2g} over {tolerance:.2g}"


def check_oracles(scenario, tolerance=AGREED, differences=DIFFERENCES, **size):
    """Hold closed forms, engine and differences against each other at one size.

    The value, the gradient or the jvp (which the vjp has to be adjoint to), the hvp and the
    Hessian, as far as the scenario has them. Tolerances are relative to the largest element.
    """
    arguments, vs = inputs_of(scenario, **size)
    scalar = "gradient" in scenario.operators

    def value(at):
        return engine(scenario, "value", tuple(at))

    def slope(at):
        return engine(scenario, "gradient", tuple(at))

    def agree(operator, seeds=(), **way):
        found, known = (
            engine(scenario, operator, arguments, seeds, **way),
            closed(scenario, operator, arguments, seeds),
        )
        assert any(np.any(x) for x in found), f"{operator} is zero: choose another point"
        if known is not None:
            close(found, known, tolerance, f"{operator}: engine and closed form")
        return found

    (y,) = agree("value")
    by_differences = along(value, scenario, arguments, vs)
    if scalar:
        slopes = agree("gradient")
        total = sum(np.sum(g * v) for g, v in zip(slopes, vs, strict=True))
        close((total,), by_differences, differences, "gradient: engine and differences")
    else:
        (tangent,) = agree("jvp", tuple(vs))
        close((tangent,), by_differences, differences, "jvp: engine and differences")
        cotangent = wide(np.random.default_rng(0).standard_normal(y.shape))
        pulled = agree("vjp", (cotangent,))
        total = sum(np.sum(g * v) for g, v in zip(pulled, vs, strict=True))
        close((total,), (np.sum(cotangent * tangent),), differences, "vjp: adjoint to jvp")
    if "hvp" in scenario.operators:
        product = agree("hvp", tuple(vs), composition="forward-over-reverse")
        close(
            product, along(slope, scenario, arguments, vs), differences, "hvp: engine, differences"
        )
        if "hessian" in scenario.operators:
            (matrix,) = agree("hessian", composition="reverse-over-reverse")
            flat = np.concatenate([v.ravel() for v in vs])
            flat_product = np.concatenate([np.ravel(p) for p in product])
            close((matrix @ flat,), (flat_product,), tolerance, "hessian: by a vector, and hvp")
