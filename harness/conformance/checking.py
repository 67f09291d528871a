"""Hold a backend's namespace against the samples: values in both dtypes, then derivatives.

A sample's scalar is the sum of all its outputs under fixed weights, so that one gradient and one
jvp look at every element of every form. Both are held against central differences in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.conformance.driving import (
    Array,
    Factory,
    Function,
    agree,
    case_of,
    cast,
    operate,
)
from harness.conformance.reference import reference
from harness.conformance.sample import Form, Sample
from harness.contract import Backend
from harness.errors import ConformanceError, Unsupported
from harness.xp import TABLE

# Correctly rounded answers differ by a few units between libraries; special functions and inverses
# by some tens. The same bound as for a first-order answer in a run: 64 eps.
ULPS = 64
# Four-point differences at h = 2^-10 truncate at h^4/30 f^(5) and round at eps |f| / h: both under
# 1e-10 for these samples (a test says so by halving h), while a wrong rule is wrong by a percent.
STEP = 2.0**-10
DIFFERENCES = 1e-8


def check_sample(factory: Factory, name: str, sample: Sample) -> None:
    """Check value, gradient and jvp; raises `Unsupported` with the reasons at the end.

    What is supported is checked even where something else is not.
    """
    backend = factory()
    reasons = []
    ways = ("value", "gradient", "jvp") if sample.differentiable else ("value",)
    for operator in ways:
        try:
            look_up(backend, name, operator)
            locate(CHECKS[operator], backend, name, sample)
        except Unsupported as reason:
            reasons.append(f"{name}, {operator}: {reason}")
    if reasons:
        raise Unsupported("; ".join(reasons))


def look_up(backend: Backend, name: str, operator: str) -> None:
    """Raise the declared sentence where a namespace lacks the name."""
    if name not in TABLE:
        return
    xp: Any = backend.namespace(case_of(name, operator))
    try:
        for part in name.split("."):
            xp = getattr(xp, part)
    except Unsupported as reason:
        if not str(reason).strip():
            raise ConformanceError(f"{name}: lacking without a reason; give a sentence") from reason
        raise


def locate(check: Function, backend: Backend, name: str, sample: Sample) -> None:
    """Check all forms in one call; where that fails, one by one, so that the error names one."""
    try:
        check(backend, name, sample, sample.forms)
    except Exception:
        if len(sample.forms) > 1:
            for form in sample.forms:
                check(backend, f"{name} ({where(form)})", sample, (form,))
        raise


def where(form: Form) -> str:
    """Name a form by where it stands: `structured.py, line 31`."""
    code = call_of(form).__code__
    return f"{code.co_filename.rpartition('/')[2]}, line {code.co_firstlineno}"


def call_of(form: Form) -> Function:
    return form[0] if isinstance(form, tuple) else form


def expected(forms: Sequence[Form], dtype: str, inputs: Sequence[Array]) -> tuple[Array, ...]:
    """Answer the forms with NumPy and SciPy."""
    xp = reference(dtype)
    return tuple(
        np.asarray(form[1](np, *inputs) if isinstance(form, tuple) else form(xp, *inputs))
        for form in forms
    )


def check_value(backend: Backend, name: str, sample: Sample, forms: Sequence[Form]) -> None:
    function = lambda xp, *inputs: tuple(call_of(form)(xp, *inputs) for form in forms)  # noqa: E731
    for dtype in ("float64", "float32"):
        inputs = cast(sample.inputs, dtype)
        aim = expected(forms, dtype, inputs)
        case = case_of(name, dtype=dtype)
        got = operate(backend, case, function, (), inputs)
        agree(f"{name} in {dtype}", got, aim, ULPS * float(np.finfo(dtype).eps))


def check_gradient(backend: Backend, name: str, sample: Sample, forms: Sequence[Form]) -> None:
    wrt = differentiated(sample)
    function, weights, aim = scalar(forms, sample.inputs)
    if not weights:
        return
    case = case_of(name, "gradient", wrt=wrt)
    got = operate(backend, case, function, wrt, (*sample.inputs, *weights))
    agree(f"gradient of {name}", got, aim, DIFFERENCES)


def check_jvp(backend: Backend, name: str, sample: Sample, forms: Sequence[Form]) -> None:
    wrt = differentiated(sample)
    function, weights, gradient = scalar(forms, sample.inputs)
    if not weights:
        return
    tangents = [weight_of(sample.inputs[position].shape, 3) for position in wrt]
    aim = sum(np.sum(g * v) for g, v in zip(gradient, tangents, strict=True))
    case = case_of(name, "jvp", wrt=wrt)
    got = operate(backend, case, function, wrt, (*sample.inputs, *weights), tangents)
    agree(f"jvp of {name}", got, (aim,), DIFFERENCES)


CHECKS = {"value": check_value, "gradient": check_gradient, "jvp": check_jvp}


def differentiated(sample: Sample) -> tuple[int, ...]:
    return tuple(i for i, x in enumerate(sample.inputs) if x.dtype.kind == "f")


def weight_of(shape: tuple[int, ...], seed: int) -> Array:
    """Draw weights between 1/2 and 3/2: none so small that it hides an element."""
    return np.random.default_rng(seed).uniform(0.5, 1.5, shape)


def scalar(
    forms: Sequence[Form], inputs: Sequence[Array]
) -> tuple[Function, tuple[Array, ...], tuple[Array, ...]]:
    """Make the weighted sum of all float64 outputs; return it, its weights and its gradient.

    The weights are further arguments of it, after the sample's inputs.
    """
    outputs = expected(forms, "float64", inputs)
    real = [form for form, y in zip(forms, outputs, strict=True) if y.dtype == np.float64]
    weights = tuple(weight_of(y.shape, 2) for y in outputs if y.dtype == np.float64)
    count = len(inputs)

    def total(xp: Any, *arguments: Array) -> Array:
        terms = [
            xp.sum(call_of(form)(xp, *arguments[:count]) * weight)
            for form, weight in zip(real, arguments[count:], strict=True)
        ]
        return sum(terms[1:], terms[0])

    def measured(*arguments: Array) -> float:
        ys = expected(real, "float64", arguments)
        return float(sum(np.sum(y * w) for y, w in zip(ys, weights, strict=True)))

    return total, weights, differences(measured, tuple(inputs)) if weights else ()


def differences(f: Function, inputs: tuple[Array, ...], step: float = STEP) -> tuple[Array, ...]:
    """Differentiate scalar f in its float inputs by four-point central differences."""
    gradients = []
    for position, x in enumerate(inputs):
        if x.dtype.kind != "f":
            continue
        gradient = np.zeros_like(x)
        for index in np.ndindex(x.shape):

            def along(t: float, position: int = position, index: Any = index) -> float:
                moved = inputs[position].copy()
                moved[index] += t
                return float(f(*inputs[:position], moved, *inputs[position + 1 :]))

            near, far = along(step) - along(-step), along(2 * step) - along(-2 * step)
            gradient[index] = (8 * near - far) / (12 * step)
        gradients.append(gradient)
    return tuple(gradients)
