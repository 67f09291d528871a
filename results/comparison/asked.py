"""Whether B was asked for a trial that it has no record of: if it was, something vanished.

One convention: what can't be known counts as asked for, so that nothing vanishes unnoticed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from results.comparison.pairs import Pair
from results.comparison.runners import parts_of, plain, without_variant
from results.comparison.sides import Side, Timing
from results.schema import Run

CASES = ("scenarios", "operators", "compositions", "sizes", "dtypes", "data", "model")
Place = tuple[str, str]  # a runner's name and a device


def unasked(a: Side, b: Side, pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the ids of what A has alone because B was not asked for it: not for the runner on the
    device, or, where B ran that and was not broken off, for other cases than A."""
    alone = [one for one, other in pairs if one and not other]
    if not alone:
        return frozenset()
    met = [a.timings[one] for one, other in pairs if one and other]
    ran = {place(timing) for timing in (*met, *b.timings.values())}
    others = not b.broken_off and other_cases(a.run, b.run)
    wanted = {
        of: not others if of in ran else asks(b.run.selection, *of, b.runners)
        for of in {place(a.timings[one]) for one in alone}
    }
    return frozenset(one for one in alone if not wanted[place(a.timings[one])])


def place(timing: Timing) -> Place:
    return (timing.runner, timing.device)


def other_cases(a: Run, b: Run) -> bool:
    """Say whether both runs are known to have been asked for cases, and for different ones."""
    words = [[run.selection.get(name) for name in CASES] for run in (a, b)]
    return bool(a.selection and b.selection) and words[0] != words[1]


def asks(selection: Mapping[str, Any], runner: str, device: str, ran: Iterable[str]) -> bool:
    """Say whether the words of a run ask for a runner on a device; `ran` are its own runners.

    A bare backend is its default variant, and so the variant of it that ran, where one did.
    """
    if not selection:
        return True
    chosen, left_out = selection.get("backends", ["all"]), selection.get("exclude", ())
    if device.removesuffix(":0") not in {one.removesuffix(":0") for one in devices(selection)}:
        return False
    if any(means(word, runner, bare=True, anywhere=True) for word in left_out):
        return False
    bare = without_variant(runner) not in map(without_variant, ran)
    return any(means(word, runner, bare=bare) for word in chosen)


def devices(selection: Mapping[str, Any]) -> Collection[str]:
    found: Collection[str] = selection.get("devices", ["cpu"])
    return found


def means(word: str, runner: str, *, bare: bool, anywhere: bool = False) -> bool:
    """Say whether a word of --backend or --exclude names a runner; with `bare`, also without its
    variant, with `anywhere`, also without its environment."""
    said, meant = parts_of(word), parts_of(runner)
    return (
        said.backend in ("all", meant.backend)
        and (said.variant in ("all", meant.variant) or (bare and not said.variant))
        and (
            plain(said.environment) == plain(meant.environment)
            or (anywhere and not said.environment)
        )
    )
