"""A user's own file: scenarios, primitives, or as little as a function and a point.

A file that defines `value(xp, ...)` and `point` is a scenario: other fields of `Scenario`, those in
`FIELDS`, may be given by names of the module, and every argument is differentiated unless `wrt`
says otherwise. `point` is a function as in a scenario, whose sizes have defaults, or the numbers
themselves: a tuple with one entry for each argument, or just that of a single one.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.atlas.scenarios import as_scenarios
from harness.case import OPERATORS
from harness.errors import UsageError, printable
from harness.primitive import Primitive
from harness.scenario import Scenario

FIELDS = (  # of Scenario, that a bare file may give by names of its own
    "value",
    "point",
    "name",
    "wrt",
    "operator",
    "operators",
    "dtype",
    "closed_forms",
    "cotangent",
    "zero_expected",
    "conditioning",
    "conditioning_reason",
)
OF_VECTORS = ("value", "vjp", "jvp", "jacobian")


def scenarios_in(path: Path) -> tuple[Scenario, ...]:
    """Load the scenarios of a file.

    Raises UsageError where the file is missing, can't be imported or holds no scenario.
    """
    names = vars(module_at(path))
    held = [item for item in names.values() if isinstance(item, Scenario)]
    several = names.get("scenarios", ())
    if isinstance(several, tuple | list):
        held += [s for s in several if isinstance(s, Scenario) and s not in held]
    held += as_scenarios(item for item in names.values() if isinstance(item, Primitive))
    if not held and callable(names.get("value")) and "point" in names:
        held = [bare(path, names)]
    if not held:
        raise UsageError(
            f"{path} holds no scenario; define a function value(xp, x) and a point, or a Scenario"
        )
    return tuple(held)


def bare(path: Path, names: Mapping[str, Any]) -> Scenario:
    """Make the scenario of a file that holds a function and a point."""
    given = {name: names[name] for name in FIELDS if name in names}
    try:
        arguments = tuple(inspect.signature(given["value"]).parameters)[1:]
    except ValueError as error:  # some of Python's own functions don't tell
        raise UsageError(f"{path}: value should be a function of xp and arrays") from error
    if not arguments:
        raise UsageError(f"{path}: value should take xp and at least one array, as value(xp, x)")
    if not callable(given["point"]):
        given["point"] = fixed(path, given["point"], len(arguments))
    defaults = {
        "name": f"own/{path.stem.replace('_', '-')}",
        "size": sizes_of(path, given["point"]),
        "wrt": arguments,
        "operators": operators_of(names.get("operator")),
    }
    try:
        return Scenario(**{**defaults, **given})
    except (TypeError, ValueError) as error:
        raise UsageError(f"{path}: {error}; mend it first") from error


def operators_of(operator: str | None) -> tuple[str, ...]:
    """All that make sense: a function with an operator for vectors as its own is no scalar."""
    if operator in ("vjp", "jvp", "jacobian"):
        return OF_VECTORS
    return tuple(name for name in OPERATORS if name != "accumulate")


def fixed(path: Path, numbers: Any, count: int) -> Any:
    """The function of a point that is given as numbers."""
    point = numbers if isinstance(numbers, tuple) and len(numbers) == count else (numbers,)
    if len(point) != count:
        raise UsageError(f"{path}: its point needs one entry for each of {count} arguments")
    return lambda rng: point


def sizes_of(path: Path, point: Any) -> dict[str, int]:
    """The sizes that a point takes, with their defaults."""
    sizes = dict(tuple(inspect.signature(point).parameters.items())[1:])
    for name, parameter in sizes.items():
        default = parameter.default
        if type(default) is not int or default < 1:
            raise UsageError(
                f"{path}: give the size {name} of its point a whole number above 0 as its default, "
                f"as {name}=100"
            )
    return {name: parameter.default for name, parameter in sizes.items()}


def module_at(path: Path) -> ModuleType:
    """Execute a file as a module; modules beside it can be imported by it, now and later."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}; give the path of a .py file with a scenario")
    spec = importlib.util.spec_from_file_location(f"user_scenarios_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} can't be imported; give the path of a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # for modules beside it, which its functions may import later
    try:
        with redirect_stdout(sys.stderr):
            spec.loader.exec_module(module)
    except SyntaxError as error:
        raise UsageError(f"{path}, line {error.lineno}: {error.msg}; mend it first") from error
    except (Exception, SystemExit) as error:
        why = printable(f"{type(error).__name__}: {error}")
        raise UsageError(f"{path} can't be imported: {why}; mend it first") from error
    return module
