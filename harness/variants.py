"""Which backends run, in which variants, on which devices; and which can't, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

from harness.case import Runner
from harness.contract import Declaration
from harness.errors import UsageError, unknown
from harness.options import Selection

if TYPE_CHECKING:
    from packaging.version import Version

EXPERT = "expert"


class Named(NamedTuple):
    """What a word of --backend names; `environment` is as in a Runner."""

    backend: str
    variant: str
    environment: str


def runners(selection: Selection, declared: Mapping[str, Declaration]) -> list[Runner]:
    """Turn the words of --backend, --exclude and --device into runners."""
    chosen = _named(selection.backends, declared, demand=True)
    if not chosen or not selection.devices:
        raise UsageError("--backend and --device each need a name; leave them out for all and cpu")
    excluded = set(_named(selection.exclude, declared, demand=False, bare_is_all=True))
    kept = [n for n in chosen if not {n, n._replace(environment="")} & excluded]
    if not kept:
        raise UsageError("--exclude leaves no backend; leave one out of it")
    for device in selection.devices:
        if not re.fullmatch(r"cpu|cuda(:\d+)?", device):
            raise unknown("device", device, ("cpu", "cuda", "cuda:0"))
    devices = dict.fromkeys("cuda" if d == "cuda:0" else d for d in selection.devices)
    return [Runner(n.backend, n.variant, d, n.environment) for d in devices for n in kept]


def _named(
    words: Sequence[str],
    declared: Mapping[str, Declaration],
    *,
    demand: bool,
    bare_is_all: bool = False,
) -> list[Named]:
    """Look up NAME[:VARIANT|:all][@PYTHON|==VERSION] and all[:all]. With `demand`, a backend named
    outright has to be installed."""
    found: dict[Named, None] = {}
    for word in words:
        name, variant, environment = parsed(word)
        names = _backends(name, environment, declared)
        if demand and name != "all" and not environment and not installed(declared[name]):
            raise UsageError(missing(declared[name]))
        for one in names:
            known = tuple(declared[one].variants)
            every = variant == "all" or (bare_is_all and not variant)
            if variant and not every and variant not in known:
                raise unknown(f"variant of {one}", variant, (*known, "all"))
            picked = known if every else (variant or declared[one].default,)
            found |= dict.fromkeys(Named(one, v, environment) for v in picked)
    return list(found)


def _backends(name: str, environment: str, declared: Mapping[str, Declaration]) -> list[str]:
    if name == "all" and environment:
        raise UsageError(f"all{environment} won't do; name the backend, as jax{environment}")
    if name == "all":
        return [d.name for d in declared.values() if d.listed]
    if name not in declared:
        raise unknown("backend", name, (*declared, "all"))
    return [name]


def parsed(word: str) -> Named:
    """Take NAME[:VARIANT][@PYTHON|[EXTRA]==VERSION] apart; no name is looked up."""
    found = re.fullmatch(r"([^:@=<>~!\[]*)(?::([^@=<>~!\[]*))?(.*)", word, re.DOTALL)
    assert found is not None
    return Named(found[1].strip(), (found[2] or "").strip(), _environment(found[3].strip(), word))


def _environment(text: str, word: str) -> str:
    """Write an environment in one way. Raises UsageError for what is none."""
    from packaging.utils import canonicalize_name
    from packaging.version import InvalidVersion, Version

    extra, _, version = text.partition("==")
    if not text or (text[0] == "@" and text[1:].strip()):
        return text
    try:
        if not re.fullmatch(r"(\[[\w.-]+\])?", extra):
            raise InvalidVersion
        extra = f"[{canonicalize_name(extra[1:-1])}]" if extra else ""
        return f"{extra}=={_canonical(Version(version))}"
    except InvalidVersion as error:
        raise UsageError(
            f"{word!r} won't do; behind a backend's name goes one ==VERSION or one @PYTHON, as "
            "jax==0.9.0 or jax@/opt/env/bin/python"
        ) from error


def _canonical(version: Version) -> str:
    """Write a version with three numbers or more: 0.9 and 0.9.0 are the same to every installer
    (PEP 440), so they must not race each other."""
    numbers = list(version.release)
    while len(numbers) > 3 and not numbers[-1]:
        numbers.pop()
    numbers += [0] * (3 - len(numbers))
    epoch = f"{version.epoch}!" if version.epoch else ""
    suffix = str(version)[len(version.base_version) :]
    return f"{epoch}{'.'.join(map(str, numbers))}{suffix}"


def versioned(word: str, declared: Mapping[str, Declaration]) -> tuple[str, str]:
    """Read NAME==VERSION: return the backend's name and the rest."""
    name, variant, environment = parsed(word)
    if variant or not environment or environment.startswith("@"):
        raise UsageError(f"{word!r} won't do; give NAME==VERSION, as jax==0.9.0")
    (backend,) = _backends(name, environment, declared)
    return backend, environment


def racing(chosen: Iterable[Runner]) -> list[str]:
    """Return the backends that run in several environments."""
    environments: dict[str, set[str]] = {}
    for runner in chosen:
        environments.setdefault(runner.backend, set()).add(runner.environment)
    return [backend for backend, several in environments.items() if len(several) > 1]


def beforehand(
    chosen: Iterable[Runner], declared: Mapping[str, Declaration]
) -> dict[Runner, tuple[str, str]]:
    """Settle the runners that can't run: the status and reason that their records get."""
    settled = {}
    for runner in chosen:
        declaration = declared[runner.backend]
        refusal = declaration.no_device.get(runner.device.partition(":")[0])
        if refusal:
            settled[runner] = ("unsupported", refusal)
        elif not runner.environment and not installed(declaration):
            settled[runner] = ("unavailable", missing(declaration))
    return settled


def installed(declaration: Declaration) -> bool:
    """Whether the backend's package can be found, without importing it."""
    try:
        return find_spec(declaration.requires) is not None
    except ValueError:  # a module without a spec, made by hand
        return True


def missing(declaration: Declaration) -> str:
    return (
        f"backend {declaration.name!r} needs the package {declaration.requires}; "
        f"try: {declaration.install}"
    )
