"""Which source decides a run's numbers, as one hash: it tells whether two records were made by the
same code.

One convention: a hash speaks for a whole run. It covers our packages, plugins that the plan uses
and the user's own files with what they import from beside them; installed frameworks are known by
their versions. Sources are found without importing them, so it takes a hundredth of a second.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from harness.plan import Plan

OURS = ("backends", "harness", "scenarios")
SUMMED_UP_BY = "statistics.py"  # all of `results` that a number goes through


def code_of(plan: Plan) -> str:
    """Return the hash of every source that decides the plan's numbers."""
    digest = hashlib.sha256()
    for name, path in sorted(set(_sources(plan))):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _sources(plan: Plan) -> Iterator[tuple[str, Path]]:
    """Yield each source with a name that does not depend on where it is installed."""
    locators = _locators(plan)
    for word in locators:
        if word.endswith(".py"):
            yield from beside(Path(word))
    packages = {word.partition(":")[0].partition(".")[0] for word in locators if ":" in word}
    for package in {*OURS, *packages}:
        yield from _package(package)
    yield from (pair for pair in _package("results") if pair[1].name == SUMMED_UP_BY)


def _locators(plan: Plan) -> set[str]:
    """Where the workers of a plan find their scenarios, adapters and experts."""
    declarations = [plan.declarations[runner.backend] for runner in plan.runners]
    experts = [expert for declared in declarations for expert in declared.experts.values()]
    return {
        *(plan.locators[case.scenario] for case in plan.cases),
        *(declared.adapter for declared in declarations),
        *(word for one in experts for word in (one.value, one.jacobian) if word),
    }


def _package(name: str) -> Iterator[tuple[str, Path]]:
    """Yield the sources of an installed package or module; none for one made by hand."""
    spec = None
    with suppress(ValueError):
        spec = find_spec(name)
    if spec is None:
        return
    for folder in spec.submodule_search_locations or ():
        yield from _tree(Path(folder))
    if not spec.submodule_search_locations and spec.origin:
        yield Path(spec.origin).name, Path(spec.origin)


def _tree(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*.py"):
        yield path.relative_to(folder.parent).as_posix(), path


def beside(file: Path) -> Iterator[tuple[str, Path]]:
    """Yield a user's own file and what it imports from its own folder, however far down."""
    waiting, seen = [file], set[Path]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        yield path.relative_to(file.parent).as_posix(), path
        for name in _imported(path):
            waiting += [module for module in [file.parent / f"{name}.py"] if module.is_file()]
            waiting += (file.parent / name).rglob("*.py")


def _imported(path: Path) -> set[str]:
    """Name the top-level modules that a file imports, at once or later in a function."""
    names: set[str] = set()
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):  # whoever runs it is told; here it imports nothing
        return names
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names
