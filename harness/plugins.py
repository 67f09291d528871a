"""Backends and scenarios are found through entry points; ours come through the same door.

`harness.backends` yields a `Declaration`, `harness.scenarios` a `Scenario` or several. Nothing here
imports a framework or NumPy. A broken plugin costs one sentence and nothing else.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

from harness.contract import Declaration
from harness.errors import PluginError, UsageError, printable
from harness.scenario import Scenario

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Found(Generic[T]):
    """What a group of entry points holds. `locators` say where a worker finds each item again
    ("module:attribute" or a path); `broken` has a sentence for every plugin that is not usable."""

    items: dict[str, T]
    locators: dict[str, str]
    broken: tuple[str, ...]


def backends() -> Found[Declaration]:
    """Find every declared backend by name."""
    return _find("harness.backends", _declarations)


def scenarios() -> Found[Scenario]:
    """Find every scenario by its full name, family/name."""
    return _find("harness.scenarios", _scenarios_in)


def load(locator: str) -> Any:
    """Import what "module:attribute" names."""
    module, _, attribute = locator.partition(":")
    return getattr(importlib.import_module(module), attribute)


def scenarios_at(locator: str) -> tuple[Scenario, ...]:
    """Load the scenarios of an entry point, or of a user's own file.

    Raises UsageError where the file is missing, can't be imported or holds no scenario.
    """
    if ":" in locator and not locator.endswith(".py"):
        return _scenarios_in(load(locator))
    module = _module_at(Path(locator))
    held = [v for v in vars(module).values() if isinstance(v, Scenario)]
    several = vars(module).get("scenarios", ())
    if isinstance(several, tuple | list):
        held += [s for s in several if isinstance(s, Scenario) and s not in held]
    if not held:
        raise UsageError(
            f"{locator} holds no scenario; define one: scenario = Scenario(name=..., ...)"
        )
    return tuple(held)


def scenario_at(locator: str, name: str) -> Scenario:
    """Load one scenario, by its full name, from where it was found; a file is executed once in a
    worker's life, so that one run sees one version of it."""
    return next(s for s in _once(locator) if s.name == name)


@lru_cache
def _once(locator: str) -> tuple[Scenario, ...]:
    return scenarios_at(locator)


def _module_at(path: Path) -> ModuleType:
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


def _find(group: str, unpack: Callable[[Any], Iterable[T]]) -> Found[T]:
    items: dict[str, T] = {}
    locators: dict[str, str] = {}
    broken: list[str] = []
    for point in sorted(entry_points(group=group), key=_ours_first):
        try:
            for item in unpack(_loaded(point)):
                name = item.name  # type: ignore[attr-defined]
                if name in items:
                    raise PluginError(f"the name {name!r} is taken by {locators[name]}")
                items[name], locators[name] = item, point.value
        except Exception as error:
            broken.append(f"plugin {point.name!r} of {_package(point)} is left out: {error}")
    return Found(items=items, locators=locators, broken=tuple(broken))


def _loaded(point: EntryPoint) -> Any:
    try:
        with redirect_stdout(sys.stderr):  # stdout belongs to --json
            return point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(printable(f"{type(error).__name__}: {error}")) from error


def _declarations(loaded: Any) -> tuple[Declaration, ...]:
    if not isinstance(loaded, Declaration):
        raise PluginError(f"it yields a {type(loaded).__name__}, not a harness Declaration")
    if not loaded.variants:
        raise PluginError("it declares no variant; one is needed, as {'eager': 'what it does'}")
    if not re.fullmatch(r"\w+", loaded.requires):
        raise PluginError(f"requires={loaded.requires!r} should name a package that is imported")
    return (loaded,)


def _scenarios_in(loaded: Any) -> tuple[Scenario, ...]:
    several = loaded if isinstance(loaded, tuple | list) else (loaded,)
    for one in several:
        if not isinstance(one, Scenario):
            raise PluginError(f"it yields a {type(one).__name__}, not a harness Scenario")
    return tuple(several)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def _ours_first(point: EntryPoint) -> tuple[bool, str, str]:
    return (_package(point) != "autodiff-harness", _package(point), point.name)
