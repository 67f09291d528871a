"""Which backends run, in which variants, on which devices; and which can't, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec

from harness.case import Runner
from harness.contract import Declaration
from harness.errors import UsageError, unknown
from harness.options import Selection

EXPERT = "expert"


def runners(selection: Selection, declared: Mapping[str, Declaration]) -> list[Runner]:
    """Turn the words of --backend, --exclude and --device into runners."""
    chosen = _variants(selection.backends, declared, demand=True)
    if not chosen or not selection.devices:
        raise UsageError("--backend and --device each need a name; leave them out for all and cpu")
    excluded = set(_variants(selection.exclude, declared, demand=False, bare_is_all=True))
    kept = [pair for pair in chosen if pair not in excluded]
    if not kept:
        raise UsageError("--exclude leaves no backend; leave one out of it")
    for device in selection.devices:
        if not re.fullmatch(r"cpu|cuda(:\d+)?", device):
            raise unknown("device", device, ("cpu", "cuda", "cuda:0"))
    devices = dict.fromkeys("cuda" if d == "cuda:0" else d for d in selection.devices)
    return [Runner(*pair, device) for device in devices for pair in kept]


def _variants(
    words: Sequence[str],
    declared: Mapping[str, Declaration],
    *,
    demand: bool,
    bare_is_all: bool = False,
) -> list[tuple[str, str]]:
    """Turn NAME[:VARIANT|:all] and all[:all] into pairs. With `demand`, a backend named outright
    has to be installed."""
    pairs: dict[tuple[str, str], None] = {}
    for word in words:
        name, _, variant = word.partition(":")
        if name == "all":
            names = [d.name for d in declared.values() if d.listed]
        elif name in declared:
            names = [name]
        else:
            raise unknown("backend", name, (*declared, "all"))
        if demand and name != "all" and not installed(declared[name]):
            raise UsageError(missing(declared[name]))
        for one in names:
            known = tuple(declared[one].variants)
            every = variant == "all" or (bare_is_all and not variant)
            if variant and not every and variant not in known:
                raise unknown(f"variant of {one}", variant, (*known, "all"))
            picked = known if every else (variant or declared[one].default,)
            pairs |= dict.fromkeys((one, v) for v in picked)
    return list(pairs)


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
        elif not installed(declaration):
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
