"""Backends and scenarios are found through entry points; ours come through the same door.

`harness.backends` yields a `Declaration`, `harness.scenarios` a `Scenario` or several. Nothing here
imports a framework or NumPy. A broken plugin costs one sentence and nothing else.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, TypeVar

from harness import own
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


def reference(declared: Mapping[str, Declaration]) -> Declaration:
    """Return the backend whose answers in extended precision are an oracle. Raises UsageError where
    there is none."""
    found = next((one for one in declared.values() if one.reference), None)
    if found is None:
        raise UsageError("no backend serves as the reference; reinstall autodiff-harness")
    return found


def load(locator: str) -> Any:
    """Import what "module:attribute" names."""
    module, _, attribute = locator.partition(":")
    return getattr(importlib.import_module(module), attribute)


def read(locator: str, files: Sequence[str]) -> tuple[dict[str, int], Sequence[Any]]:
    """Read a data file, and its model where a second path names one, by a scenario's own reader:
    return the size and the arguments. Raises UsageError where the reader refuses the file."""
    file, *model = map(Path, files)
    found: tuple[dict[str, int], Sequence[Any]] = load(locator)(file, model[0] if model else None)
    return found


def scenarios_at(locator: str) -> tuple[Scenario, ...]:
    """Load the scenarios of an entry point, or of a user's own file.

    Raises UsageError where the file is missing, can't be imported or holds no scenario.
    """
    if ":" in locator and not locator.endswith(".py"):
        return _scenarios_in(load(locator))
    return own.scenarios_in(Path(locator))


def scenario_at(locator: str, name: str) -> Scenario:
    """Load one scenario, by its full name, from where it was found; a file is executed once in a
    worker's life, so that one run sees one version of it."""
    return next(s for s in _once(locator) if s.name == name)


@lru_cache
def _once(locator: str) -> tuple[Scenario, ...]:
    return scenarios_at(locator)


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
