"""How an adapter handles arrays and callables: put, get, wait, prepare, release, describe."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from harness.case import COMPOSITIONS, OPERATORS, SECOND_ORDER
from harness.conformance.driving import (
    Array,
    Factory,
    agree,
    answer,
    case_of,
    compare,
    operate,
    ready,
)
from harness.contract import Description, Way
from harness.errors import ConformanceError, Unsupported
from harness.xp import TABLE

Check = Callable[[Factory], None]
EPS = 64 * float(np.finfo("float64").eps)
POINT = np.array([0.5, -1.25, 2.0])
OTHER = np.array([1.5, 0.25, -0.75])


def cubes(xp: Any, x: Array) -> Array:
    return xp.sum(x**3)


def put_keeps(factory: Factory) -> None:
    """Values, dtype and shape come back as they were put, whatever the memory's layout."""
    backend = factory()
    table = np.arange(12.0).reshape(3, 4)
    layouts = {
        "a number": np.array(2.5),
        "float32": table.astype("float32"),
        "integers": np.array([3, 1, 2]),
        "booleans": np.array([True, False]),
        "a transpose": table.T,
        "reversed rows": table[::-1],
        "every second column": table[:, ::2],
        "no element": np.zeros((0, 3)),
    }
    for name, array in layouts.items():
        got, _ = backend.get(backend.put(array))
        compare(f"put and get of {name}", got, array, 0.0)
        if got.dtype != array.dtype:
            raise ConformanceError(f"put of {name}: got {got.dtype}, expected {array.dtype}")


def put_copies(factory: Factory) -> None:
    """Writing to the NumPy array afterwards changes nothing on the device."""
    backend = factory()
    array = POINT.copy()
    held = backend.put(array)
    array[:] = 99.0
    compare("what was put, after its source was written to", backend.get(held)[0], POINT, 0.0)


def get_copies(factory: Factory) -> None:
    """Writing to what `get` returned changes nothing on the device; a read-only array is fine."""
    backend = factory()
    held = backend.put(POINT)
    got = backend.get(held)[0]
    if got.flags.writeable:
        got[:] = 99.0
    compare("what was put, after what was got was written to", backend.get(held)[0], POINT, 0.0)


def get_names_the_device(factory: Factory) -> None:
    backend = factory()
    device = backend.get(backend.put(POINT))[1]
    devices = backend.describe().devices
    if device not in devices:
        raise ConformanceError(f"get's device: got {device!r}, expected one of {sorted(devices)}")


def wait_takes_any_number(factory: Factory) -> None:
    backend = factory()
    for outputs in ((), (backend.put(POINT),), (backend.put(POINT), backend.put(OTHER))):
        got: Any = backend.wait(outputs)
        if got is not None:
            raise ConformanceError(f"wait: got {got!r}, expected None once all is computed")


def point_is_not_baked_in(factory: Factory) -> None:
    """Prepared at zeros, called at one point, another, and the first again."""
    backend = factory()
    for operator, answer_at in (("value", total), ("gradient", slope)):
        case = case_of("a new point", operator, wrt=(0,))
        call = ready(backend, case, cubes, (0,), (POINT,))
        for x in (POINT, OTHER, POINT):
            agree(f"{operator} at {x}", answer(backend, call, (x,)), (answer_at(x),), EPS)


def total(x: Array) -> Array:
    return np.sum(x**3)


def slope(x: Array) -> Array:
    return 3 * x**2


def seeds_are_not_baked_in(factory: Factory) -> None:
    backend = factory()
    for operator in ("vjp", "jvp"):
        case = case_of("a new seed", operator, wrt=(0,))
        call = ready(backend, case, lambda xp, x: x * x, (0,), (POINT,), (POINT,))
        for x, v in ((POINT, OTHER), (OTHER, POINT)):
            agree(f"{operator} along {v}", answer(backend, call, (x, v)), (2 * x * v,), EPS)


def two_prepared_side_by_side(factory: Factory) -> None:
    """A second preparation leaves the first callable as it was; shapes differ on purpose."""
    backend = factory()
    wide = np.array([[1.0, 2.0], [3.0, -1.0]])
    case = case_of("side by side", "gradient", wrt=(0,))
    first = ready(backend, case, cubes, (0,), (POINT,))
    second = ready(backend, case, lambda xp, x: xp.sum(xp.sin(x)), (0,), (wide,))
    agree("the second", answer(backend, second, (wide,)), (np.cos(wide),), EPS)
    agree("the first", answer(backend, first, (POINT,)), (slope(POINT),), EPS)


def earlier_outputs_stay(factory: Factory) -> None:
    """A call does not write into what an earlier call returned."""
    backend = factory()
    call = ready(backend, case_of("outputs", "gradient", wrt=(0,)), cubes, (0,), (POINT,))
    first = call(backend.put(POINT))
    backend.wait(first)
    kept = backend.get(first[0])[0].copy()
    backend.wait(call(backend.put(OTHER)))
    compare("an output, after another call", backend.get(first[0])[0], kept, 0.0)


def exceptions_leave_nothing(factory: Factory) -> None:
    """After an exception deep inside nested derivatives, the next answers are right."""
    backend = factory()

    def breaks(xp: Any, x: Array) -> Array:
        def inner(y: Array) -> Array:
            _ = xp.sum(y * x)
            raise ArithmeticError("on purpose")

        return xp.sum(x * xp.grad(inner)(x))

    for operator, seeds, aim in (
        ("gradient", (), slope(POINT)),
        ("jvp", (OTHER,), np.sum(slope(POINT) * OTHER)),
    ):
        case = case_of("an exception", operator, wrt=(0,))
        try:
            operate(backend, case, breaks, (0,), (POINT,), seeds)
        except Unsupported:
            raise
        except Exception:
            got = operate(backend, case, cubes, (0,), (POINT,), seeds)
            agree(f"{operator} after an exception", got, (aim,), EPS)
        else:
            raise ConformanceError(f"{operator}: got an answer, expected the function's exception")


def grad_refuses_an_array(factory: Factory) -> None:
    """`xp.grad` is of a scalar: the gradient of several numbers would silently be of their sum."""
    backend = factory()
    inner = lambda xp, x: xp.grad(lambda y: y * y)(x)  # noqa: E731
    try:
        operate(backend, case_of("grad of an array"), inner, (), (POINT,))
    except Unsupported:
        raise
    except Exception:
        return
    raise ConformanceError("xp.grad of three numbers: got an answer, expected an exception")


def release_forgets_nothing_needed(factory: Factory) -> None:
    backend = factory()
    held = backend.put(POINT)
    case = case_of("after release", "gradient", wrt=(0,))
    operate(backend, case, cubes, (0,), (OTHER,))
    backend.release()
    compare("what was put, after release", backend.get(held)[0], POINT, 0.0)
    agree(
        "gradient after release",
        operate(backend, case, cubes, (0,), (POINT,)),
        (slope(POINT),),
        EPS,
    )


def description_is_sound(factory: Factory) -> None:
    description = factory().describe()
    back = Description.from_json(json.loads(json.dumps(description.to_json())))
    if back != description:
        raise ConformanceError(f"describe() through JSON: got {back}, expected {description}")
    if not description.version or not description.devices:
        raise ConformanceError("describe(): got no version or no device, expected one at least")
    known: set[Way] = {(operator, None) for operator in OPERATORS if operator not in SECOND_ORDER}
    known |= {(operator, c) for operator in SECOND_ORDER for c in COMPOSITIONS}
    if unknown := set(description.native) - known:
        raise ConformanceError(f"native ways: got {sorted(unknown)}, expected ways of harness.case")
    names = {f"{operator}/{composition}" for operator, composition in known} | set(OPERATORS)
    for way, reason in description.refuses.items():
        if way not in names or not reason.strip():
            raise ConformanceError(f"refuses[{way!r}]: got {reason!r}, expected a way and a reason")


def namespace_has_every_name(factory: Factory) -> None:
    """Each name is there, or declared in `lacks` with a sentence, under every operator."""
    backend = factory()
    for operator in ("value", "gradient", "jvp"):
        xp = backend.namespace(case_of("names", operator))
        for name in TABLE:
            found: Any = xp
            try:
                for part in name.split("."):
                    found = getattr(found, part)
            except Unsupported as reason:
                if not str(reason).strip():
                    raise ConformanceError(
                        f"{name}: got no reason, expected a sentence"
                    ) from reason
            except AttributeError as error:
                raise ConformanceError(
                    f"{name}: missing; lend it or declare it in lacks"
                ) from error


def handlings() -> dict[str, Check]:
    """Return the checks by name."""
    return {
        "put keeps values, dtype and shape": put_keeps,
        "put copies": put_copies,
        "get copies": get_copies,
        "get names the device": get_names_the_device,
        "wait takes any number of outputs": wait_takes_any_number,
        "the point is not baked in": point_is_not_baked_in,
        "seeds are not baked in": seeds_are_not_baked_in,
        "two callables live side by side": two_prepared_side_by_side,
        "earlier outputs stay as they were": earlier_outputs_stay,
        "an exception leaves nothing behind": exceptions_leave_nothing,
        "grad refuses an array": grad_refuses_an_array,
        "release forgets nothing that is needed": release_forgets_nothing_needed,
        "the description is sound": description_is_sound,
        "the namespace has every name": namespace_has_every_name,
    }
